"""What was found and decided, told to each side, and the overall answer. Workflow, sections 3.7, 5 and 8.

What the complainant is told is kept in parts: the sentences around them are said in her language when she reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints import compartments, deadlines, events
from complaints.casecodes import EntryKind, EventKind
from complaints.codes import CompartmentKind
from complaints.models import Case, Entry
from complaints.workflow import checks, letters
from complaints.workflow.step import StepRefused
from complaints.workflow.table import taking

SHORTEST_PART = 20  # Characters: a part that says something.


# --- Steps --------------------------------------------------------------------------------------------------------


def tell_outcome(case: Case, *, by: Person, found: str, done: str, at: datetime) -> Case:
    """Tell her what was found and what will be done that concerns her, how to appeal, and that retaliation is
    forbidden. Meets the outcome and the overall feedback; the appeal window and the checks begin."""
    _require(found, done)
    with taking("tell_outcome", case, at=at, by=by) as (case, actor):
        case.outcome_told_on = case.local_day(at)
        case.save(update_fields=["outcome_told_on"])
        deadlines.meet(case, "outcome_told", "overall_feedback", at=at)
        window = _window(case, at=at)
        parts = {"found": found, "done": done, "until": window.isoformat()}
        content = {"text": words_to_her(parts), "outcome": parts}
        compartments.put(case, CompartmentKind.INBOX, EntryKind.MESSAGE, content, by=by, at=at)
        events.record(case, EventKind.OUTCOME_TOLD, by=by, at=at, contents={"to": "complainant"})
        if deadlines.meet(case, "progress_update", at=at):
            deadlines.set_next(case, "progress_update", at=at)
        checks.plan(case, at=at)
    return case


def tell_outcome_to_respondent(
    case: Case, *, by: Person, found: str, follows: str, contact: str, at: datetime
) -> Entry:
    """Write the respondent's letter with what concerns them only; it is printed and handed over."""
    _require(found, follows)
    if not contact.strip():
        raise StepRefused(_("Write to whom the respondent can go with an appeal or a question."))
    with taking("tell_outcome_to_respondent", case, at=at, by=by) as (case, actor):
        today = case.local_day(at)
        case.respondent_outcome_on = today
        case.save(update_fields=["respondent_outcome_on"])
        until = deadlines.last_window_day(case, "appeal_window", at=at)
        content = {
            "to": "respondent",
            "found": found,
            "follows": follows,
            "go_to": contact,
            "until": until.isoformat(),
            "on": today.isoformat(),
        }
        letter = compartments.put(case, CompartmentKind.FINDING, EntryKind.OUTCOME_LETTER, content, by=by, at=at)
        events.record(case, EventKind.OUTCOME_TOLD, by=by, at=at, contents={"to": "respondent"})
    return letter


def give_feedback(case: Case, *, by: Person, text: str, at: datetime) -> None:
    """Tell her, within three months, what was done and what is still to come, where there is no outcome yet."""
    letters.require_human(text)
    with taking("give_feedback", case, at=at, by=by) as (case, actor):
        letters.to_her(case, by, text, at=at)
        events.record(case, EventKind.FEEDBACK_GIVEN, by=by, at=at)
        deadlines.meet(case, "overall_feedback", at=at)
        if deadlines.meet(case, "progress_update", at=at):
            deadlines.set_next(case, "progress_update", at=at)


def _require(*parts: str) -> None:
    if any(len(part.strip()) < SHORTEST_PART for part in parts):
        raise StepRefused(_("Write both parts in whole sentences: what was found, and what will be done."))


def _window(case: Case, *, at: datetime) -> date:
    deadlines.drop(case, "appeal_window", at=at)
    return case.local_day(deadlines.set_next(case, "appeal_window", at=at).due_at)


# --- Words --------------------------------------------------------------------------------------------------------


def words_to_her(parts: Mapping[str, Any]) -> str:
    """The whole message in the language of whoever reads now; her parts stay as the handler wrote them."""
    until = parse_date(str(parts.get("until", "")))
    day = date_format(until, "l j F") if until else ""
    return "\n\n".join(
        [
            _now("We have a result."),
            _now("What we found:") + "\n" + str(parts.get("found", "")),
            _now("What will be done that concerns you:") + "\n" + str(parts.get("done", "")),
            _now(
                "If you do not agree, you can ask that somebody new looks at it again, until %(day)s. You do that on "
                "this page. It costs nothing."
            )
            % {"day": day},
            _now(
                "Nobody may treat you badly because you told. That is forbidden. If anybody does it, say it here on "
                "this page at once."
            ),
        ]
    )
