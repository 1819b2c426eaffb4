"""The legal clock that begins when the employer learns of misconduct. Shown on the case, never paused.

Its limits, from how many days before they are red, and the fast track beside it stand in the pack of the country.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from complaints import fasttrack
from complaints.casewords import LIMITS, OF_THE_FAST_TRACK
from complaints.codes import Path, Words
from complaints.models import Case
from factories import countrypage, packs


@dataclass(frozen=True)
class LegalDate:
    """One legal limit: the last day, and whether it is near."""

    label: Words
    day: date
    is_near: bool
    is_over: bool


def legal_dates(case: Case, *, at: datetime) -> Sequence[LegalDate]:
    """Return the dates of the country's law counted from the day the employer knew; empty before that."""
    rule = packs.discipline(case.country_id)
    if case.employer_knowledge_at is None or rule is None:
        return ()
    known, today = case.local_day(case.employer_knowledge_at), case.local_day(at)
    found = []
    for limit in rule.limits:
        day = case.calendar.roll(known + timedelta(days=limit.value), limit.roll)
        label = LIMITS.get(limit.code, limit.text)
        found.append(LegalDate(label, day, today >= day - timedelta(days=rule.red_days_before), today > day))
    return sorted(found, key=lambda one: one.day)


@dataclass(frozen=True)
class FastTrackCard:
    """The quicker order of the steps, on a case where it may be taken or was."""

    taken: bool
    counted_from: Words
    since: date
    order: Words
    when: Words
    steps: Sequence[countrypage.StepLine]


def fast_track_card(case: Case) -> FastTrackCard | None:
    """Return the fast track of a case that is still to be decided; None where there is none, or another path goes."""
    track = fasttrack.offered(case)
    if track is None or case.employer_knowledge_at is None or case.decided_on or case.closed_at:
        return None
    if case.path not in ("", Path.FORMAL_INQUIRY):
        return None

    def words(said: Words) -> Words:
        return OF_THE_FAST_TRACK.get(str(said), said)

    return FastTrackCard(
        taken=case.fast_track,
        counted_from=words(track.counted_from),
        since=case.local_day(case.employer_knowledge_at),
        order=words(track.order),
        when=words(track.when),
        steps=[replace(one, remark=words(one.remark)) for one in countrypage.fast_steps(track)],
    )
