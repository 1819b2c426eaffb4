"""Each assessor scores alone: scores, signals and counts, from a form or from a tablet that had no connection.

Who changes a mark names the version they saw. Where another device was faster with something else, nothing is
written and the answer says what stands there now. A batch has the number its device gave it: sent twice, it counts
once. Time is the server's; what a device believes is never asked. Assessment, sections 3, 7.2 and 9.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import comparing, concluding, course, tool, visits
from assessments.holding import VisitRefused, holding, seat_of
from assessments.models import (
    Assessment,
    AssessmentStage,
    Assessor,
    FirstScore,
    Level,
    Looked,
    NotAssessed,
    SignalMark,
    Source,
    Synced,
)
from assessments.tool import Tool
from factories import people

if TYPE_CHECKING:
    from accounts.models import Person

SILENCE = "S24"  # The software knows whether the silence flag is on; nobody is asked.
EXPERTS_KNOW = frozenset({"S13", "S14"})  # Outside informants and platform totals: the technical expert's. Section 7.3.
MAY_BE_OUTSIDE = frozenset({"S04", "S06", "S15"})
SEVERE = "S03"
FAULTS = {
    "no_evidence": gettext_lazy("Say what this score rests on: choose at least one source."),
    "no_score": gettext_lazy("Choose a score, or say why there is none."),
    "two_answers": gettext_lazy("Give either a score or the reason why there is none, not both."),
    "scale": gettext_lazy("A score is a whole number from 0 to 4."),
    "unknown": gettext_lazy("This version of the tool does not know this. Load the page again."),
    "no_source": gettext_lazy("Say where this signal comes from: choose at least one source."),
    "experts": gettext_lazy("Only a technical expert can mark this."),
    "number": gettext_lazy("Give whole numbers that can be true, from 0 upwards."),
    "headcount": gettext_lazy("Give the number of workers; it is more than 0."),
    "women": gettext_lazy("There cannot be more women than workers."),
    "parts": gettext_lazy("Interviews off-site, or with women, cannot be more than all interviews."),
}


@dataclass(frozen=True)
class ScoreMark:
    """What one assessor gives one indicator; `version` is the one seen, 0 where there was none."""

    indicator: str
    score: int | None = None
    not_assessed: str = ""
    sources: tuple[str, ...] = ()
    version: int = 0


@dataclass(frozen=True)
class SignalAnswer:
    """What became of looking for one signal; `version` is the one seen, 0 where there was none."""

    signal: str
    looked: str
    sources: tuple[str, ...] = ()
    severe: bool = False
    outside_only: bool = False
    version: int = 0


@dataclass
class Outcome:
    """What became of each mark: saved with its version now, in conflict with what stands there, or faulty (a code)."""

    saved: dict[str, int] = field(default_factory=dict)
    conflicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        return not self.conflicts and not self.faults

    def sentences(self) -> dict[str, str]:
        return {code: str(FAULTS[fault]) for code, fault in self.faults.items()}


def record(
    assessment: Assessment,
    *,
    by: Person,
    at: datetime,
    scores: Iterable[ScoreMark] = (),
    signals: Iterable[SignalAnswer] = (),
    counts: Mapping[str, Any] | None = None,
) -> Outcome:
    """Keep what one assessor scores; each mark stands or falls alone, so that nothing that is right is lost."""
    with holding(assessment, AssessmentStage.SCORING) as held:
        return _record(held, _my_seat(held, by, at), list(scores), list(signals), counts, at)


def sync(
    assessment: Assessment,
    batch: UUID,
    *,
    by: Person,
    at: datetime,
    scores: Iterable[ScoreMark] = (),
    signals: Iterable[SignalAnswer] = (),
    counts: Mapping[str, Any] | None = None,
) -> Outcome:
    """Keep a batch of a device, once: the second time it is told what it was told before."""
    with holding(assessment) as held:
        seat = seat_of(held, by)
        before = Synced.objects.filter(pk=batch).first()
        if before is not None:
            if before.assessor_id != seat.pk:
                raise VisitRefused(_("This batch belongs to somebody else. Load the page again."))
            return Outcome(**before.answer)
        if held.stage != AssessmentStage.SCORING:
            raise VisitRefused(
                _("Scores are not taken any more for this visit. What this device still holds is shown, not sent.")
            )
        outcome = _record(held, _my_seat(held, by, at), list(scores), list(signals), counts, at)
        answer = {"saved": outcome.saved, "conflicts": outcome.conflicts, "faults": outcome.faults}
        Synced.objects.create(pk=batch, assessor=seat, received_at=at, answer=answer)
        return outcome


def hand_in(assessment: Assessment, *, by: Person, at: datetime, level_alone: str = "") -> Assessment:
    """Say that one's own scores stand. After the second assessor both see both, and compare."""
    with holding(assessment, AssessmentStage.SCORING) as held:
        seat = _my_seat(held, by, at)
        missing = unanswered(held, seat)
        if missing:
            words = _("These indicators have no answer yet: %(codes)s. Give a score, or say why there is none.")
            raise VisitRefused(words % {"codes": ", ".join(missing)})
        if not held.is_self and level_alone not in Level.values:
            raise VisitRefused(_("Choose the level that you reach alone, before you see the other's."))
        seat.submitted_at = at
        seat.level_alone = "" if held.is_self else level_alone
        seat.save(update_fields=["submitted_at", "level_alone"])
        if not held.assessors.filter(submitted_at=None).exists():
            comparing.begin(held, at=at)
            if held.is_self:
                concluding.close_self(held, at=at)
        return held


def unanswered(assessment: Assessment, seat: Assessor) -> list[str]:
    """Return the indicators this assessor has said nothing about yet, in the order of the tool."""
    answered = set(seat.first_scores.values_list("indicator", flat=True))
    return [one.code for one in tool.of_assessment(assessment).indicators if one.code not in answered]


def signals_for(person: Person, used: Tool) -> list[tool.Signal]:
    """Return the signals this person is asked about: not those which the software or only experts know."""
    hidden = {SILENCE} if people.is_expert(person) else {SILENCE, *EXPERTS_KNOW}
    return [signal for signal in used.signals if signal.code not in hidden]


# ---------------------------------------------------------------------------------------------------------


def _my_seat(held: Assessment, by: Person, at: datetime) -> Assessor:
    seat = seat_of(held, by)
    if seat.submitted_at is not None:
        raise VisitRefused(_("You have handed in your scores. What you scored alone stays as it was."))
    if not held.is_self and not course.may_assess(by, at):
        raise VisitRefused(_("Pass the course for assessors first; then you may score."))
    return seat


def _record(
    held: Assessment,
    seat: Assessor,
    scores: list[ScoreMark],
    signals: list[SignalAnswer],
    counts: Mapping[str, Any] | None,
    at: datetime,
) -> Outcome:
    used, outcome = tool.of_assessment(held), Outcome()
    _put(
        outcome,
        [(mark.indicator, mark, _score_fault(used, mark)) for mark in scores],
        {row.indicator: row for row in seat.first_scores.all()} if scores else {},
        lambda mark: FirstScore(assessor=seat, indicator=mark.indicator),
        ("score", "not_assessed", "sources"),
        at,
    )
    expert = people.is_expert(seat.person)
    if not held.is_self:
        _put(
            outcome,
            [(mark.signal, mark, _signal_fault(used, mark, expert)) for mark in signals],
            {row.signal: row for row in seat.signals.all()} if signals else {},
            lambda mark: SignalMark(assessor=seat, signal=mark.signal),
            ("looked", "sources", "severe", "outside_only"),
            at,
        )
    if counts is not None and not held.is_self:
        said = visits.put_counts(held, counts)
        if said == "saved":
            outcome.saved["counts"] = held.counts_version
        elif said == "conflict":
            outcome.conflicts["counts"] = visits.counts_of(held)
        else:
            outcome.faults["counts"] = said
    return outcome


def _put(
    outcome: Outcome, marks: list[Any], rows: dict[str, Any], new: Any, fields: tuple[str, ...], at: datetime
) -> None:
    """Write the marks that are sound and were made on what stands there now."""
    made: dict[str, Any] = {}
    changed: dict[str, Any] = {}
    for code, mark, fault in marks:
        if fault:
            outcome.faults[code] = fault
            continue
        row = rows.get(code)
        wanted = {name: _plain(getattr(mark, name)) for name in fields}
        stands = {name: _plain(getattr(row, name)) for name in fields} if row else None
        if stands == wanted and row is not None:
            outcome.saved[code] = row.version
            continue
        if mark.version != (row.version if row else 0):
            outcome.conflicts[code] = (stands or {}) | {"version": row.version if row else 0}
            continue
        if row is None:
            row = rows[code] = made[code] = new(mark)
            row.version = 1
        else:
            row.version += 1
            if code not in made:
                changed[code] = row
        for name, value in wanted.items():
            setattr(row, name, value)
        row.changed_at = at
        outcome.saved[code] = row.version
    for those, is_new in ((made, True), (changed, False)):
        if those:
            table = type(next(iter(those.values()))).objects
            if is_new:
                table.bulk_create(those.values())
            else:
                table.bulk_update(those.values(), [*fields, "version", "changed_at"])


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list | tuple) else value


def _score_fault(used: Tool, mark: ScoreMark) -> str:
    if not used.has_indicator(mark.indicator) or any(one not in Source.values for one in mark.sources):
        return "unknown"
    if mark.score is None:
        return "" if mark.not_assessed in NotAssessed.values else "no_score"
    if isinstance(mark.score, bool) or not isinstance(mark.score, int) or not 0 <= mark.score <= 4:
        return "scale"
    if mark.not_assessed:
        return "two_answers"
    return "" if mark.sources else "no_evidence"


def _signal_fault(used: Tool, mark: SignalAnswer, expert: bool) -> str:
    known = used.has_signal(mark.signal) and mark.signal != SILENCE and mark.looked in Looked.values
    if not known or any(one not in Source.values for one in mark.sources):
        return "unknown"
    if (mark.signal in EXPERTS_KNOW or mark.outside_only) and not expert:
        return "experts"
    if (mark.severe and mark.signal != SEVERE) or (mark.outside_only and mark.signal not in MAY_BE_OUTSIDE):
        return "unknown"
    return "no_source" if mark.looked == Looked.PRESENT and not mark.sources else ""
