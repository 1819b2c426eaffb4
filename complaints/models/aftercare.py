"""After the outcome: checks, concerns, links, closing. Codes and days; what was said is sealed."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from complaints.casecodes import CheckCode, CheckResult, ConcernKind, Criterion, LinkKind, ReferralState


class Check(models.Model):
    """One planned look at how somebody is: asked, answered or not, HR data looked at. `no_answer` is never fine."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="checks")
    code = models.CharField(max_length=24, choices=CheckCode)
    number = models.PositiveSmallIntegerField(default=1)  # Another one after a reopening.
    due_on = models.DateField()
    cap_on = models.DateField()
    deadline = models.OneToOneField(
        "complaints.Deadline", null=True, on_delete=models.SET_NULL, related_name="check_of"
    )
    tries = models.PositiveSmallIntegerField(default=0)
    last_try_on = models.DateField(null=True)
    answered_on = models.DateField(null=True)  # The day, never the minute.
    hr_reviewed_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    dropped_on = models.DateField(null=True)  # No longer planned: the case went another way.
    result = models.CharField(max_length=16, choices=CheckResult, blank=True)

    class Meta:
        ordering = ["due_on", "code"]
        constraints = [
            models.UniqueConstraint(fields=["case", "code", "number"], name="check_once"),
            models.CheckConstraint(name="check_code_known", condition=Q(code__in=CheckCode.values)),
            models.CheckConstraint(
                name="check_answered_only_with_answer",
                condition=~Q(result="answered") | Q(answered_on__isnull=False),
            ),
            models.CheckConstraint(
                name="check_done_has_result",
                condition=Q(done_on=None, result="") | Q(done_on__isnull=False, result__in=CheckResult.values),
            ),
        ]


class Concern(models.Model):
    """Word that something goes wrong because of the case: retaliation, its handling, a breach of confidentiality.

    The words are sealed. A breach that somebody recorded asks for nothing more here: it is settled on its day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="concerns")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=ConcernKind)
    raised_on = models.DateField()
    shows_at = models.DateTimeField(null=True)  # From when the factory sees it; empty: never.
    linked_case = models.ForeignKey("complaints.Case", null=True, on_delete=models.SET_NULL, related_name="+")
    settled_on = models.DateField(null=True)
    upheld = models.BooleanField(null=True)  # Of handling, as it is settled: she was right. Lifted only by a no.
    answered_on = models.DateField(null=True)  # Of handling: to what she wrote last.
    offered_on = models.DateField(null=True)  # Of handling: she was offered that somebody else takes the case over.
    wanted_on = models.DateField(null=True)  # Of an outside case: she said yes, and nobody has taken it over yet.
    remedy_verified_on = models.DateField(null=True)

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["case"], name="concern_handling_open", condition=Q(kind="handling", settled_on=None)),
            # Who is kept from new cases at a factory, and what failed there: few rows among all.
            models.Index(fields=["case"], name="concern_handling_bars", condition=Q(kind="handling")),
            models.Index(fields=["raised_on"], name="concern_breach", condition=Q(kind="breach")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="concern_numbered_once"),
            models.CheckConstraint(name="concern_kind_known", condition=Q(kind__in=ConcernKind.values)),
            models.CheckConstraint(
                name="concern_about_handling_never_shows", condition=~Q(kind="handling") | Q(shows_at=None)
            ),
            models.CheckConstraint(
                name="concern_breach_never_shows",
                condition=~Q(kind="breach") | Q(shows_at=None, settled_on__isnull=False),
            ),
            models.CheckConstraint(
                name="concern_upheld_when_settled",
                condition=Q(upheld=None) | Q(kind="handling", settled_on__isnull=False),
            ),
        ]


class CaseLink(models.Model):
    """Two cases that belong together; seen by chair and expert only, and never to an outside case at a factory."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=16, choices=LinkKind)
    by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "other", "kind"], name="caselink_once"),
            models.CheckConstraint(name="caselink_between_two", condition=~Q(case=F("other"))),
            models.CheckConstraint(name="caselink_kind_known", condition=Q(kind__in=LinkKind.values)),
        ]


class ClosureTick(models.Model):
    """One criterion of closing, ticked by the handler and confirmed by somebody else. Workflow, section 11."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="closure_ticks")
    round = models.PositiveSmallIntegerField(default=1)  # Another one after a reopening.
    criterion = models.CharField(max_length=16, choices=Criterion)
    ticked_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    ticked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "criterion"], name="closuretick_once"),
            models.CheckConstraint(name="closuretick_criterion_known", condition=Q(criterion__in=Criterion.values)),
            models.CheckConstraint(
                name="closuretick_confirmed_by_another",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("ticked_by"))),
            ),
        ]


class SafetyDecision(models.Model):
    """What two safeguarding leads decide together; proposed by one, agreed by another. Its words lie in `freedom`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="safety_decisions")
    number = models.PositiveSmallIntegerField()
    proposed_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    agreed_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="safetydecision_numbered_once"),
            models.CheckConstraint(
                name="safetydecision_agreed_by_another",
                condition=Q(agreed_by=None, agreed_at=None)
                | (Q(agreed_by__isnull=False, agreed_at__isnull=False) & ~Q(agreed_by=F("proposed_by"))),
            ),
        ]


class Referral(models.Model):
    """A service for her, only with her consent. Which one is sealed: its kind would tell who she is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="referrals")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=ReferralState, default=ReferralState.OFFERED)
    offered_on = models.DateField()
    answered_on = models.DateField(null=True)  # Her consent or her no: the day.
    sent_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    followed_up_on = models.DateField(null=True)
    reached = models.BooleanField(null=True)  # Whether she says she got the service.

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="referral_numbered_once"),
            models.CheckConstraint(name="referral_state_known", condition=Q(state__in=ReferralState.values)),
            models.CheckConstraint(
                name="referral_sent_only_with_her_answer", condition=Q(sent_on=None) | Q(answered_on__isnull=False)
            ),
        ]
