"""The checks of a case as a handler reads them: asked, answered, looked at, what is missing, and what is next.

A factory user reads of her answer from the release of its day on, and of a hold's follow-ups nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from complaints import reading, workflow
from complaints.casecodes import CheckResult, ConcernKind, LinkKind, Role
from complaints.codes import Stage, Words
from complaints.models import Case, Check
from complaints.workflow import checks
from complaints.workflow.retaliation import open_word

OUTSIDE = (Role.TECHNICAL_EXPERT, Role.SAFEGUARDING_LEAD)
STEPS = (
    "settle_retaliation",
    "complete_check",
    "review_hr",
    "ask_check",
    "note_check",
    "note_retaliation",
)
NEXT = STEPS[:4]  # These can be the next step; the others stand beside.


@dataclass(frozen=True)
class CheckLine:
    """One check as this reader may know it."""

    check: Check
    label: Words
    answered: bool
    near: bool  # Its day is three days away or less: her page asks her by itself.
    result: Words
    missing: Sequence[Words]

    @property
    def asks_her(self) -> bool:
        return self.check.code not in checks.PAPERS_ONLY

    @property
    def is_open(self) -> bool:
        return self.check.done_on is None and self.check.dropped_on is None


@dataclass(frozen=True)
class ConcernLine:
    """Word of retaliation. Of the linked case only the outside team reads that there is one."""

    number: int
    on: date
    settled_on: date | None
    linked: Case | None


def lines_of(case: Case, actor: workflow.Actor, *, at: datetime) -> list[CheckLine]:
    """Every check of the case that is this reader's to know, by its day. One query."""
    planned = reading.checks(case)
    if actor.at_factory:
        planned = [one for one in planned if one.code not in checks.FOLLOW_UPS]
    return [_line(check, case, actor, at=at) for check in planned]


def _line(check: Check, case: Case, actor: workflow.Actor, *, at: datetime) -> CheckLine:
    answered = checks.answered_for(check, case, actor, at=at)
    is_open = check.done_on is None
    return CheckLine(
        check=check,
        label=check.get_code_display(),
        answered=answered,
        near=check.due_on <= case.local_day(at) + checks.NEAR,
        result="" if is_open else _result(check, answered),
        missing=checks.missing_of(check, case, actor, at=at) if is_open else [],
    )


def _result(check: Check, answered: bool) -> Words:
    if check.code in checks.PAPERS_ONLY:
        return _("HR data looked at")
    # Made before the release of her answer: until then it reads as made, and no more.
    if check.answered_on and not answered:
        return _("Made")
    return CheckResult(check.result).label


def concerns_of(case: Case, actor: workflow.Actor, *, at: datetime) -> list[ConcernLine]:
    """Word of retaliation about this case: a factory user's from when it shows, not the linked case. Two queries."""
    found = case.concerns.filter(kind=ConcernKind.RETALIATION).select_related("linked_case")
    if actor.at_factory:
        found = found.filter(shows_at__lte=at)
    outside = actor.role in OUTSIDE
    reads = set()
    if outside and actor.person:
        linked = [one.linked_case_id for one in found if one.linked_case_id]
        reads = set(Case.objects.visible_to(actor.person, at=at).filter(pk__in=linked).values_list("pk", flat=True))
    return [
        ConcernLine(
            one.number,
            one.raised_on,
            one.settled_on,
            one.linked_case if one.linked_case_id in reads else None,
        )
        for one in found
    ]


def first_case(case: Case, actor: workflow.Actor) -> Case | None:
    """The case because of which this one was opened, for the outside team only."""
    if actor.role not in OUTSIDE:
        return None
    links = (one for one in reading.links(case) if one.other_id == case.pk and one.kind == LinkKind.RETALIATION)
    return next((one.case for one in links), None)


@dataclass(frozen=True)
class Now:
    """Which of the steps about checks nobody needs now, and which are really next."""

    unwanted: frozenset[str]
    due: frozenset[str]


def now(case: Case, actor: workflow.Actor, could: set[str], *, at: datetime) -> Now:
    """Read what the checks of a case ask for. Follow-ups of a hold are steps of their own."""
    lines = [one for one in lines_of(case, actor, at=at) if one.is_open and one.check.code not in checks.FOLLOW_UPS]
    near = [one for one in lines if one.near]
    today = case.local_day(at)
    due: set[str] = set()
    wanted = {"note_retaliation"}
    if near:
        wanted.add("note_check")
    for one in near:
        check = one.check
        if one.asks_her and not one.answered and check.tries < checks.ENOUGH_TRIES:
            wanted.add("ask_check")
            # Her page asks by itself: a handler asks when the day has come and nothing was heard.
            if check.due_on <= today and (not check.last_try_on or check.last_try_on + checks.BETWEEN_TRIES <= today):
                due.add("ask_check")
        if not one.missing and one.asks_her:
            wanted.add("complete_check")
            due.add("complete_check")
    papers = [one for one in near if _may_look(one, case, actor)]
    if papers and actor.person and "review_hr" in could and not _had_a_hand(case, actor):
        wanted.add("review_hr")
        if any(one.missing and one.check.due_on <= today + timedelta(days=1) for one in papers):
            due.add("review_hr")
    if "settle_retaliation" in could and any(one.settled_on is None for one in reading.concerns_elsewhere(case)):
        wanted.add("settle_retaliation")
        if case.stage in (Stage.ACTION, Stage.MONITORING):
            due.add("settle_retaliation")
    return Now(frozenset(STEPS) - wanted, frozenset(due))


def _may_look(line: CheckLine, case: Case, actor: workflow.Actor) -> bool:
    if line.check.hr_reviewed_on:
        return False
    if line.check.code in checks.PAPERS_ONLY:
        return not actor.at_factory
    return actor.at_factory or not case.with_factory


def told_open(case: Case, *, at_factory: bool, at: datetime) -> bool:
    """Whether word of retaliation is open that this reader may know of."""
    return bool(open_word(case, at_factory=at_factory, at=at))


def _had_a_hand(case: Case, actor: workflow.Actor) -> bool:
    return actor.at_factory and actor.person is not None and checks.had_a_hand(case, actor.person)
