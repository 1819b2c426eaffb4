"""Every figure of how factories get on: what it is called, what it means, how it is shown, and to whom.

Source: indicators.md, sections 2 (F15 to F28) and 3 (A1 to A13).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.statistics import Audience, Direction, Figure, Kind

Words = str | Promise
PEOPLE_FOR_GAIN = 30  # F19.
TESTS_AT_LEAST = 3  # F20.
PAIRS_AT_LEAST = 80  # A3.
MEMBER = "in"  # A row of each factory that was counted at all, so that a group knows who came and who went.


class Way(StrEnum):
    """How a figure is shown."""

    SHARE = "share"  # Of activities, dates, visits: no number of people stands behind it.
    PEOPLE = "people"  # A share of people: not below the audience's denominator.
    SURVEY = "survey"  # A share of answers, with its interval and what changed.
    COMPOSITE = "composite"  # Per cent made of several parts (F15).
    POINTS = "points"
    COUNT = "count"  # Of patterns, or of workers reached. Never of complaints.
    FLAG = "flag"
    IN_PLACE = "in_place"
    MEDIAN = "median"  # Of working days.
    KAPPA = "kappa"


@dataclass(frozen=True)
class Made:
    """One figure of this app, and how it is made into words."""

    figure: Figure
    way: Way
    spans: tuple[int, ...] = (1,)
    least: int = 1  # What its own formula wants as a denominator.

    @property
    def code(self) -> str:
        return self.figure.code


def _made(
    code: str,
    name: Words,
    says: Words,
    way: Way,
    *,
    spans: tuple[int, ...] = (1,),
    least: int = 1,
    direction: Direction = Direction.UP,
) -> Made:
    parts = way in (Way.IN_PLACE, Way.KAPPA) or code == "F17"
    return Made(Figure(code, name, says, Kind.TABLE if parts else Kind.SHARE, direction), way, spans, least)


BOTH = (1, 4)
MADE: Mapping[str, Made] = {
    one.code: one
    for one in (
        _made(
            "F15",
            _("The committee works"),
            _("Four tenths for meetings held, three tenths for members trained, three tenths for conflicts of interest"
              " declared before a case was opened. Where there were few cases or none, the practice case stands for"
              " them."),
            Way.COMPOSITE,
            spans=(4,),
        ),
        _made(
            "F16",
            _("Trained: workers"),
            _("Of all workers at the end of the quarter: how many were trained in the last 24 months."),
            Way.PEOPLE,
        ),
        _made(
            "F17",
            _("Trained: people with power"),
            _("The same for supervisors, mechanics, guards, drivers and managers."),
            Way.PEOPLE,
        ),
        _made(
            "F18",
            _("New people trained within 30 days"),
            _("Of all who were hired in the quarter, without its last 30 days: how many were trained within 30 days."),
            Way.PEOPLE,
        ),
        _made(
            "F19",
            _("Knowledge gained"),
            _("The mean of ten questions after a training less the mean before, in points of 100. It takes at least 30"
              " people who answered both."),
            Way.POINTS,
            spans=(4,),
            least=PEOPLE_FOR_GAIN,
        ),
        _made(
            "F20",
            _("Channels answer"),
            _("Of all test complaints sent in six months: how many were answered on time. It takes at least three."),
            Way.SHARE,
            least=TESTS_AT_LEAST,
        ),
        _made(
            "F21",
            _("Workers know a way to complain"),
            _("Of all answers in the last survey: how many name a way to complain and an act that is not allowed."),
            Way.SURVEY,
            spans=(4,),
        ),
        _made(
            "F22",
            _("Workers trust it"),
            _("Of all answers in the last survey: how many agree that it would be safe and that something would be"
              " done."),
            Way.SURVEY,
            spans=(4,),
        ),
        _made("F23", _("Activities done"), _("Of the thirteen core activities: how many are done."), Way.SHARE),
        _made(
            "F24",
            _("Dates kept"),
            _("Of all core activities first agreed for this time: how many were done by that date. Delays that the"
              " programme caused are left out."),
            Way.SHARE,
            spans=BOTH,
        ),
        _made(
            "F25",
            _("Patterns of postponing"),
            _("Patterns that were open at the end of the quarter."),
            Way.COUNT,
            direction=Direction.DOWN,
        ),
        _made(
            "F26",
            _("Very few complaints"),
            _("Fewer than one for 1,000 workers in a year. That can mean that people cannot or dare not complain. It is"
              " a question, and changes no score."),
            Way.FLAG,
            spans=(4,),
            direction=Direction.NONE,
        ),
        _made(
            "F27",
            _("Policy, committee and ways to complain are in place"),
            _("What somebody from outside found, and when."),
            Way.IN_PLACE,
        ),
        _made(
            "A1",
            _("Assessments in time"),
            _("Of all factories whose visit was due: how many had it final within 30 days of that day."),
            Way.SHARE,
            spans=BOTH,
        ),
        _made("A2", _("Joint visits"), _("Of all visits: how many were joint visits."), Way.SHARE, spans=(4,)),
        _made(
            "A3",
            _("Agreement between assessors"),
            _("How well two assessors who score alone agree (weighted kappa); 0.6 or more is wanted. It takes at least"
              " 80 pairs of scores."),
            Way.KAPPA,
            spans=BOTH,
            least=PAIRS_AT_LEAST,
        ),
        _made(
            "A4",
            _("Evidence complete"),
            _("Of all assessments: how many had enough interviews, groups and kinds of evidence."),
            Way.SHARE,
            spans=BOTH,
        ),
        _made("A5", _("Interviews off-site"), _("Of all interviews: how many were held away from the factory."),
              Way.SHARE, spans=BOTH),
        _made(
            "A6",
            _("Departures explained"),
            _("Of all conclusions that differ from the rule: how many have reasons and the technical expert's"
              " agreement."),
            Way.SHARE,
            spans=BOTH,
        ),
        _made(
            "A7",
            _("Days to the expert's review"),
            _("The middle number of working days from asking for a review to its end; 10 or fewer are wanted."),
            Way.MEDIAN,
            spans=BOTH,
            direction=Direction.DOWN,
        ),
        _made(
            "A8",
            _("Introductions that lead on"),
            _("Of all introductions: after how many the factory signed the understanding within 90 days. For learning"
              " only."),
            Way.SHARE,
            spans=BOTH,
            direction=Direction.NONE,
        ),
        _made(
            "A9",
            _("Workers reached"),
            _("Workers of all factories whose ways to complain are open and whose handlers are trained."),
            Way.COUNT,
            direction=Direction.NONE,
        ),
        _made(
            "A10",
            _("Agreed actions done"),
            _("Of all agreed actions that were due: how many were done by then."),
            Way.SHARE,
            spans=BOTH,
        ),
        _made(
            "A11",
            _("Postponing talked about in time"),
            _("Of all patterns of postponing: how many were reviewed together within ten working days."),
            Way.SHARE,
            spans=BOTH,
        ),
        _made(
            "A12",
            _("Postponing solved"),
            _("Of all reviews 60 days old: after how many the activity was done within 60 days."),
            Way.SHARE,
            spans=BOTH,
        ),
        _made(
            "A13",
            _("Silence followed up"),
            _("Of all questions about very few complaints 60 days old: for how many the cause was found within 60"
              " days."),
            Way.SHARE,
            spans=BOTH,
        ),
    )
}  # fmt: skip

OF_FACTORY = ("F15", "F16", "F17", "F18", "F19", "F20", "F21", "F22", "F23", "F24", "F25", "F26", "F27")
# Sums over factories. F15 and F26 are of one factory: the one is made of parts, the other of a flag.
OF_GROUP = ("F16", "F17", "F18", "F20", "F21", "F22", "F23", "F24", "F25")
ABOUT_US = tuple(f"A{number}" for number in range(1, 14))
# F28 comes from `complaints.statistics` as it is shown there.
SEEN_OF_FACTORY: Mapping[Audience, tuple[str, ...]] = {
    Audience.FACTORY: OF_FACTORY,
    Audience.ADVISOR: OF_FACTORY,
    Audience.EXPERT: OF_FACTORY,
}
SEEN_OF_GROUP: Mapping[Audience, tuple[str, ...]] = {
    Audience.EXPERT: ABOUT_US,
    Audience.PROGRAMME: (*OF_GROUP, *ABOUT_US),
}
