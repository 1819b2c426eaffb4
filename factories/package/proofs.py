"""What shows that an activity is done, beyond words: surveys, counts of training, test complaints, a practice case.

Prevention package, section 2, last column. Apps above add what only they know (`register`), as a final assessment.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from factories.models import ChannelTest, Drill, Factory, KnowledgeTest, StaffGroup, SurveyKind, WorkerSurvey
from factories.package import catalogue

# Says in a sentence what is missing for this activity in this factory on this day, or nothing.
Check = Callable[[Factory, date], str]

_checks: dict[str, list[Check]] = {}


def register(code: str, check: Check) -> None:
    """Let an app above ask for something more before an activity counts as done."""
    if check not in _checks.setdefault(code, []):
        _checks[code].append(check)


def lacking(code: str, factory: Factory, on: date) -> list[str]:
    """Return, in sentences, which records are missing that would show that this activity is done."""
    found = [_missing(shows, factory, on) for shows in catalogue.steps()[code].shows]
    found += [check(factory, on) for check in _checks.get(code, ())]
    return [sentence for sentence in found if sentence]


def is_trained(factory: Factory, group: str, share: int) -> bool:
    """Say whether at least this share of a group is trained, by its latest count; nobody in a group counts as all."""
    latest = factory.training_counts.filter(group=group).order_by("-quarter").first()
    return latest is not None and latest.trained * 100 >= latest.people * share


def _missing(shows: str, factory: Factory, on: date) -> str:
    match shows.split(":"):
        case ["survey", kind]:
            return _survey(kind, factory, on)
        case ["channel_tests"]:
            return _tests(factory, on)
        case ["trained", group, share]:
            if is_trained(factory, group, int(share)):
                return ""
            return _("Record the count of this group first: %(group)s, at least %(share)s of 100 trained.") % {
                "group": StaffGroup(group).label,
                "share": share,
            }
        case ["knowledge"]:
            if KnowledgeTest.objects.filter(factory=factory, on__lte=on).exists():
                return ""
            return _("Record what workers knew before and after the training first.")
        case ["drill"]:
            if Drill.objects.filter(factory=factory, on__lte=on).exists():
                return ""
            return _("Record the practice case first, with its gaps.")
    raise ValueError(f"Nobody knows what shows {shows}.")


def _survey(kind: str, factory: Factory, on: date) -> str:
    needed = catalogue.enough_answers(factory.headcount)
    found = WorkerSurvey.objects.filter(factory=factory, kind=SurveyKind(kind), on__lte=on, answers__gte=needed)
    if found.exists():
        return ""
    return _("Record the survey of workers first (%(kind)s), with at least %(count)s answers.") % {
        "kind": SurveyKind(kind).label,
        "count": needed,
    }


def _tests(factory: Factory, on: date) -> str:
    needed, anonymous = catalogue.tests_needed()
    found = ChannelTest.objects.filter(factory=factory, sent_on__lte=on, answered_on__lte=on)
    answered = [test for test in found if test.in_time]
    if len(answered) >= needed and sum(test.anonymous for test in answered) >= anonymous:
        return ""
    return _("Send test complaints first: three answered in time, at least one of them without a name.")
