"""Where the deciding and the remedies of a case stand, read from its chain and its rows.

What she says about a remedy counts for factory users from the release on; before, nothing of theirs tells it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from complaints import reading
from complaints.casecodes import EventKind, VerifiedBy
from complaints.models import Case, Event, Remedy, Sanction
from complaints.workflow.step import Words
from factories import clock


def remedy_rows(case: Case) -> list[Remedy]:
    return reading.remedies(case)


def sanction_rows(case: Case) -> list[Sanction]:
    return reading.sanctions(case)


# --- The deciding -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """What was decided of a case and what happened to it, read from its chain."""

    decided: bool = False  # On the newest finding.
    recommendation: bool = False  # That decision is one.
    sent_back: bool = False  # Once, ever.
    may_pass_on: bool | None = None  # Her answer about the recommendation; empty: not said yet.
    passed_on: bool = False


_ABOUT_DECIDING = (
    EventKind.FINDING_MADE,
    EventKind.DECIDED,
    EventKind.RECOMMENDED,
    EventKind.SENT_BACK,
    EventKind.RECOMMENDATION_ANSWERED,
    EventKind.RECOMMENDATION_PASSED,
)


def standing_of(case: Case) -> Standing:
    """Read where the deciding stands."""
    return _standing(reading.events(case, *_ABOUT_DECIDING))


def _standing(chain: Iterable[Event]) -> Standing:
    decided = recommendation = sent_back = passed_on = False
    may_pass_on: bool | None = None
    for event in chain:
        if event.kind == EventKind.FINDING_MADE:
            decided = recommendation = passed_on = False
            may_pass_on = None
        elif event.kind in (EventKind.DECIDED, EventKind.RECOMMENDED):
            decided, recommendation = True, event.kind == EventKind.RECOMMENDED
            passed_on, may_pass_on = False, None
        elif event.kind == EventKind.SENT_BACK:
            sent_back = True
        elif event.kind == EventKind.RECOMMENDATION_ANSWERED:
            may_pass_on = bool((event.contents or {}).get("given"))
        else:
            passed_on = True
    return Standing(decided, recommendation, sent_back, may_pass_on, passed_on)


# --- The remedies -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RemedyState:
    """One remedy as one reader sees it: of her answers a factory user knows what the release has reached."""

    remedy: Remedy
    verified: bool
    not_yet_on: date | None  # She said last that it has not happened; empty once its owner has done it again.
    asked_on: date | None  # Last.
    planned: bool  # Planned again, with an owner outside the line.
    today: date

    @property
    def claimed(self) -> bool:
        """Its owner says that it is done, and she has not said otherwise since."""
        return self.remedy.done_on is not None and self.not_yet_on is None

    @property
    def is_late(self) -> bool:
        return not self.verified and not self.claimed and self.remedy.due_on < self.today

    @property
    def settled(self) -> bool:
        """Verified, or with a dated plan whose owner is outside the line."""
        return self.verified or (self.planned and self.remedy.due_on >= self.today)


_ABOUT_REMEDIES = (EventKind.REMEDY_DONE, EventKind.REMEDY_NOT_DONE, EventKind.REMEDY_ASKED, EventKind.REMEDY_ADDED)


def remedies_of(case: Case, *, at_factory: bool, at: datetime) -> list[RemedyState]:
    """Return the remedies of a case with how each stands: two queries."""
    rows = remedy_rows(case)
    if not rows:
        return []
    until = released_until(case, at) if at_factory else case.local_day(at)
    said: dict[str, date] = {}
    asked: dict[str, date] = {}
    planned: set[str] = set()
    for event in reading.events(case, *_ABOUT_REMEDIES):
        pk = str((event.contents or {}).get("remedy", ""))
        if event.kind == EventKind.REMEDY_ASKED:
            asked[pk] = event.on
        elif event.kind == EventKind.REMEDY_DONE:
            said.pop(pk, None)
        elif event.kind == EventKind.REMEDY_ADDED:
            if (event.contents or {}).get("outside_line"):
                planned.add(pk)
            else:
                planned.discard(pk)
        elif event.kind == EventKind.REMEDY_NOT_DONE and event.on <= until:
            said[pk] = event.on
            planned.discard(pk)
    return [
        RemedyState(
            remedy,
            verified=remedy.verified_on is not None
            and (remedy.verified_by != VerifiedBy.COMPLAINANT or remedy.verified_on <= until),
            not_yet_on=said.get(str(remedy.pk)),
            asked_on=asked.get(str(remedy.pk)),
            planned=str(remedy.pk) in planned,
            today=case.local_day(at),
        )
        for remedy in rows
    ]


def released_until(case: Case, at: datetime) -> date:
    """The last whole day of hers that the daily release has reached."""
    day = case.local_day(at)
    while case.calendar.release_after(case.calendar.at_hour(day, clock.END_OF_DAY)) > at:
        day -= timedelta(days=1)
    return day


# --- What still stands open ---------------------------------------------------------------------------------------


def open_words(case: Case, *, at_factory: bool, at: datetime) -> list[Words]:
    """What is still open of remedies and sanctions, in sentences; empty when monitoring may begin.

    A recommendation that she did not let go binds nobody and holds nothing up.
    """
    now = standing_of(case)
    if now.recommendation and not now.passed_on:
        return []
    missing: list[Words] = []
    states = remedies_of(case, at_factory=at_factory, at=at)
    if any(not state.settled for state in states):
        missing.append(
            _("A remedy is neither confirmed nor planned with a day and an owner outside the line of either side.")
        )
    sanctions = sanction_rows(case)
    if any(one.done_on is None for one in sanctions):
        missing.append(_("A sanction is not carried out yet."))
    elif any(one.checked_on is None for one in sanctions):
        missing.append(_("A sanction is not checked yet by somebody else."))
    return missing
