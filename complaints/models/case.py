"""The case: what stands in the clear, because clocks and counts need it."""

from __future__ import annotations

import secrets
import uuid
from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from complaints.codes import Channel, ClosingReason, ConductType, FactorySide, Path, Route, Side, Stage
from complaints.codes import Consent as ConsentCode
from complaints.querysets import CaseQuerySet
from factories.clock import Calendar, calendar_for

REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def random_reference() -> str:
    """Ten characters without look-alikes: 2.5e14 names, so a clash is refused by the row and never seen."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _i in range(10))


class Burst(models.Model):
    """Filings in a surge, which technical experts may set aside together and take back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    country = models.ForeignKey("factories.CountryPack", on_delete=models.PROTECT, related_name="+")
    noticed_on = models.DateField()
    set_aside_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    set_aside_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)


class Case(models.Model):
    """The handling of one complaint, from filing to closure.

    Everything here is readable to whoever steals the database. Of what she does herself only days are kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Random, so that a gap tells nobody anything.
    reference = models.CharField(max_length=10, unique=True, default=random_reference)
    country = models.ForeignKey("factories.CountryPack", on_delete=models.PROTECT, related_name="+")
    # Empty: she was not sure, or what she typed has not been matched yet.
    factory = models.ForeignKey("factories.Factory", null=True, on_delete=models.PROTECT, related_name="cases")
    channel = models.CharField(max_length=16, choices=Channel, default=Channel.WEB)
    route = models.CharField(max_length=24, choices=Route)
    insist = models.BooleanField(default=False)
    factory_side = models.CharField(max_length=32, choices=FactorySide, blank=True)
    stage = models.CharField(max_length=24, choices=Stage, default=Stage.RECEIVED)
    side = models.CharField(max_length=24, choices=Side, blank=True)  # Empty: nothing holds it.
    side_before = models.CharField(max_length=24, choices=Side, blank=True)  # Comes back when a hold is lifted.
    path = models.CharField(max_length=24, choices=Path, blank=True)
    fast_track = models.BooleanField(default=False)  # The shorter limits of the country's pack count.
    closing_reason = models.CharField(max_length=24, choices=ClosingReason, blank=True)
    conduct_types = ArrayField(models.CharField(max_length=24, choices=ConductType), default=list)
    severity = models.CharField(max_length=1)  # What the conduct types alone give; the true one is sealed.
    urgent_outside = models.BooleanField(default=False)
    urgent_shows_at = models.DateTimeField(null=True)  # From when the factory sees it, where she said it after filing.
    job_not_stated = models.BooleanField(default=False)  # The conflict question must be asked and answered.
    conflict_answered_on = models.DateField(null=True)
    danger_confirmed_at = models.DateTimeField(null=True)  # Outside cases: by an expert or lead.
    filed_on = models.DateField()
    release_at = models.DateTimeField()  # From when factory users see what was filed.
    told_at = models.DateTimeField(null=True)  # From when the factory reads "handled outside".
    employer_knowledge_at = models.DateTimeField(null=True)
    handover_proposed_on = models.DateField(null=True)
    stop_asked_on = models.DateField(null=True)
    stop_final_at = models.DateTimeField(null=True)  # Rounded up to the hour.
    lift_proposed_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    burst = models.ForeignKey(Burst, null=True, on_delete=models.PROTECT, related_name="cases")
    set_aside_at = models.DateTimeField(null=True)
    triaged_at = models.DateTimeField(null=True)
    interim_decided_at = models.DateTimeField(null=True)
    decided_on = models.DateField(null=True)  # The newest decision.
    outcome_told_on = models.DateField(null=True)  # To her.
    respondent_outcome_on = models.DateField(null=True)  # To the respondent.
    monitoring_on = models.DateField(null=True)  # Day 0 of the checks.
    closing_asked_on = models.DateField(null=True)
    closing_answered_on = models.DateField(null=True)
    appeal_shows_at = models.DateTimeField(null=True)  # From when the factory sees that she has appealed.
    came_back_on = models.DateField(null=True)  # Her first visit after the first human message.
    delete_asked_on = models.DateField(null=True)
    delete_final_at = models.DateTimeField(null=True)  # Rounded up to the hour.
    words_deleted_on = models.DateField(null=True)
    talk_ends_at = models.DateTimeField(null=True)  # She stopped an informal talk: over with the daily release.
    reopens_at = models.DateTimeField(null=True)  # Hers, at a factory: the daily release opens it.
    purge_after = models.DateField(null=True)  # The content is deleted after this day, unless a legal hold stands.
    purged_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)  # The earliest open promise; kept by deadlines.py.
    last_event = models.PositiveIntegerField(default=0)
    last_entry = models.PositiveIntegerField(default=0)
    head = models.BinaryField(max_length=32, default=bytes)  # Of its chain of events.

    urgent_waits = False  # Set on what a factory user is shown before the release: see `for_factory`.
    appeal_waits = False  # Likewise.

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["factory", "-filed_on"], name="case_factory_filed"),
            # What time has to end, found without looking at all the others.
            models.Index(
                fields=["purge_after"],
                name="case_purge_due",
                condition=Q(purge_after__isnull=False, purged_at=None),
            ),
            models.Index(
                fields=["delete_final_at"], name="case_deletion_due", condition=Q(delete_final_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(name="case_stage_known", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(name="case_side_known", condition=Q(side="") | Q(side__in=Side.values)),
            models.CheckConstraint(name="case_route_known", condition=Q(route__in=Route.values)),
            models.CheckConstraint(name="case_severity_known", condition=Q(severity__in=["a", "b", "c"])),
            models.CheckConstraint(
                name="case_closed_has_closing_date",
                condition=Q(stage="closed", closed_at__isnull=False) | (~Q(stage="closed") & Q(closed_at=None)),
                violation_error_message=_("Closed cases, and only those, have a closing date."),
            ),
            models.CheckConstraint(
                name="case_factory_route_has_factory",
                condition=~Q(route="factory_committee") | Q(factory__isnull=False, factory_side__gt=""),
            ),
            models.CheckConstraint(
                name="case_kept_only_when_record_only", condition=~Q(side="kept") | Q(route="record_only")
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("casework:case", args=[self.reference])

    @cached_property
    def calendar(self) -> Calendar:
        """The working days and hours that this case's promises follow."""
        return calendar_for(self.factory, self.country)

    def local_day(self, at: datetime) -> date:
        """The day it is where the case is; of whatever she does, this is all that is kept."""
        return self.calendar.local_day(at)

    @property
    def with_factory(self) -> bool:
        """True while the factory handles it; otherwise, for factory users, the case does not exist."""
        return self.route == Route.FACTORY_COMMITTEE and self.side != Side.SAFEGUARDING_HOLD

    def for_factory(self, *, at: datetime) -> None:
        """Let pages for factory users leave out that she is not safe, or appeals, until the daily release."""
        self.urgent_waits = self.urgent_shows_at is not None and self.urgent_shows_at > at
        self.appeal_waits = self.side_for_factory(at) != self.side

    def side_for_factory(self, at: datetime) -> str:
        """The side as the factory may know it: of an appeal of hers it hears at the release; until then it works on."""
        waits = self.appeal_shows_at is not None and self.appeal_shows_at > at
        return "" if waits and self.side == Side.APPEAL else self.side

    @property
    def in_hold(self) -> bool:
        return self.side == Side.SAFEGUARDING_HOLD


class Consent(models.Model):
    """One answer about one use of her information; the newest of each code counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consents")
    code = models.CharField(max_length=24, choices=ConsentCode)
    number = models.PositiveSmallIntegerField(default=1)
    given = models.BooleanField()
    on = models.DateField()
    wording = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "code", "number"], name="consent_numbered_once"),
            models.CheckConstraint(name="consent_code_known", condition=Q(code__in=ConsentCode.values)),
        ]


class InterimMeasure(models.Model):
    """A temporary safety step that is not a sanction; its reason is an entry in `record`."""

    class Code(models.TextChoices):
        NONE_NEEDED = "none_needed", _("None needed")
        NO_CONTACT = "no_contact", _("Written instruction not to contact")
        OTHER_PLACE = "respondent_other_place", _("Respondent: other line, shift or task, no loss of pay")
        PAID_LEAVE = "respondent_paid_leave", _("Respondent: paid leave during the inquiry")
        SUPERVISION = "supervision_change", _("Another supervisor decides overtime, leave, pass, appraisal")
        SECOND_PERSON = "second_person_rule", _("Mechanic, store or clinic visits only with a second person")
        PATROL = "patrol_light_lock", _("Patrol, lighting, locks, keys")
        TRANSPORT = "transport_escort", _("Bus seat, escort, change of stop")
        ROOM = "room_change_on_request", _("Dormitory room, at her request")
        PAID_TIME = "paid_time", _("Time off for health, legal help, rest")
        TRANSFER = "transfer_on_request", _("Transfer, only at her own wish")
        HR_FREEZE = "hr_freeze", _("No warning, transfer or non-renewal without outside agreement, 180 days")
        EVIDENCE = "preserve_evidence", _("Keep recordings and lists, under the chair's key")
        OUTSIDE_CONTACT = "outside_contact", _("Expert calls at an agreed time")

    POINTS_TO_HER = (Code.NO_CONTACT, Code.OTHER_PLACE, Code.PAID_LEAVE)
    BY_LINE = (Code.SUPERVISION, Code.HR_FREEZE)  # Of an anonymous complaint: for everybody on the line.
    AT_HER_WISH = (Code.ROOM, Code.PAID_TIME, Code.TRANSFER, Code.OUTSIDE_CONTACT)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="interim_measures")
    code = models.CharField(max_length=32, choices=Code)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    decided_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="interim_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
            )
        ]
