"""What the codes of the package say to people: activities, needs, causes and what helps, and how to talk of numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from factories.models import RootCause

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise


class About(NamedTuple):
    """An activity in words: its name, what happens, and what shows that it is done."""

    name: Words
    what: Words
    evidence: Words


ACTIVITIES: dict[str, About] = {
    "BASE": About(
        _("Baseline"),
        _(
            "An assessment from outside, and a short survey of workers without names: what they know, whether they "
            "trust, what they have lived through in general terms."
        ),
        _("The assessment is final; the survey has answers of at least a tenth of the workers, or of 100 people."),
    ),
    "POLICY": About(
        _("Policy"),
        _(
            "A draft from the country's template, talks with groups of workers and the union, then into the work "
            "rules. Where approval is asked for, it may take up to 60 days."
        ),
        _("The signed policy, a note of what workers changed in it, and the day it was filed."),
    ),
    "COMM": About(
        _("Committee"),
        _(
            "Members are chosen: at least half of them women, production members chosen by workers, one member from "
            "outside, stand-ins, and rules of work."
        ),
        _("A list by role, without names, and the signed rules on conflicts of interest."),
    ),
    "T-COMM": About(
        _("Training for committee and handlers"),
        _(
            "Two days and practice cases: listening, consent, danger, fair inquiry, confidentiality, conflicts, "
            "referral, care for oneself."
        ),
        _("Who was there by role; each passed a practice case."),
    ),
    "REFER": About(
        _("Help map"),
        _("Services are found, visited and checked: people can come, go, call and leave. The cost is settled."),
        _("The checked list with the next day of checking, or an honest “none”."),
    ),
    "CHAN": About(
        _("Channels open"),
        _(
            "Platform, box, committee and the way outside are set up; accounts made and their keys vouched for; "
            "posters with the link and the factory's short code; test complaints from outside."
        ),
        _("Three test complaints answered in time, one of them without a name."),
    ),
    "T-MGMT": About(
        _("Managers"),
        _("Half a day: duties, why complaints are a good sign, retaliation, pressure of production."),
        _("All top and middle managers took part."),
    ),
    "T-SUP": About(
        _("Supervisors, mechanics, guards, drivers"),
        _("Two half days, by role: behaviour at the machine, power, stepping in."),
        _("At least 90 of 100 in each group took part."),
    ),
    "T-WORK": About(
        _("Workers"),
        _(
            "60 to 90 minutes in paid hours, in groups of about 30, with practice and pictures, an option for women "
            "only, in all shifts and languages."
        ),
        _("At least 90 of 100 took part; what they knew before and after."),
    ),
    "AWARE": About(
        _("Awareness"),
        _("Audio at breaks, posters in unwatched places, small theatre, contests, pay-slip notes, made with workers."),
        _("The materials and their days; something new at least twice a year."),
    ),
    "WALK": About(
        _("Safety walk and risk plan"),
        _("Women workers map places and times; repairs, light, locks, transport, the rule of a second person."),
        _("A map without names, and a list with days."),
    ),
    "PRESS": About(
        _("Pressure and rewards review"),
        _("Who grants overtime, bonus and renewal; targets; lead times; a talk with buyers."),
        _("The rules that were changed."),
    ),
    "DRILL": About(
        _("Practice case"),
        _("A case made up outside goes through the whole process."),
        _("Times and gaps are written down."),
    ),
    "QREV": About(
        _("Quarterly review"),
        _("Committee, focal point and advisor look at figures with small numbers hidden, and at open actions."),
        _("Minutes without cases."),
    ),
    "COACH": About(
        _("Coaching"),
        _("The expert helps with real cases, with consent, and with minutes."),
        _("Notes of the visits, without cases."),
    ),
    "PULSE": About(
        _("Mid-way pulse"),
        _("Ten questions on trust and knowledge; workers are told what came out."),
        _("The survey, and the poster with its results."),
    ),
    "END": About(
        _("End assessment"),
        _("A joint visit, compared with the baseline."),
        _("The assessment is final."),
    ),
    "KEEP": About(
        _("Handing over"),
        _("The factory's own trainers, budget, yearly calendar, refreshers, a session for new hires."),
        _("A plan for the next twelve months."),
    ),
    "SHARE": About(
        _("Sharing"),
        _("The factory tells its peers at an event what worked and what did not."),
        _("The record of the event, with commitments."),
    ),
}

ENTRY: dict[str, Words] = {
    "MOU": _("the understanding"),
    "TEAM": _("focal point and team"),
    "draft:POLICY": _("a draft of the policy, recorded on its page"),
    "half:T-WORK": _("half of the workers trained, by the latest count"),
}

# What each step of entry asks for. Prevention package, section 1.
ENTRY_ABOUT: dict[str, Words] = {
    "INTRO": _(
        "The advisor introduces, the expert joins. It is done when somebody who can decide was there and the factory "
        "has answered. Introductions are counted for learning, never as a target of anybody."
    ),
    "ANSWER": _("Yes; later, with the day on which to ask again; or no, with the reason. A no is an answer too."),
    "MOU": _(
        "One page, signed by top management: free access to workers, paid time, no searching for who complained, no "
        "target of zero complaints, and what is shared with whom. One point missing, and it is not signed."
    ),
    "TEAM": _(
        "The factory names a focal point and a stand-in, by their jobs, and sets time aside for them. Write no names."
    ),
    "PLAN": _(
        "A date for every activity, on days on which the factory works and outside its peaks. A usual run is filled "
        "in: change what does not fit. More complaints after channels open and workers are trained are expected: the "
        "plan works."
    ),
}


def name(code: str) -> str:
    """Return the name of an activity, or of something else that comes before one."""
    return str(ACTIVITIES[code].name if code in ACTIVITIES else ENTRY[code])


def names(codes: Iterable[str]) -> str:
    return ", ".join(name(code) for code in codes)


class CauseWords(NamedTuple):
    """By what a cause shows, and what helps."""

    signs: Words
    helps: Words


CAUSES: dict[str, CauseWords] = {
    RootCause.FEAR_OF_NUMBERS: CauseWords(
        _("Asks how many complaints are “normal”, wants counts removed."),
        _(
            "Show the compliance view. A written statement by the advisory organisation. Another factory tells "
            "its story."
        ),
    ),
    RootCause.FEAR_OF_EXPOSURE: CauseWords(
        _("Resists only the channels or the outside member."),
        _("A talk with the owner. The outside way first, the outside member. Safeguarding if needed."),
    ),
    RootCause.TABOO_OR_DENIAL: CauseWords(
        _("“Not here”, jokes."),
        _("Evidence from the country, the business case, a respected local voice, a start with respect and safety."),
    ),
    RootCause.COST_OF_TIME: CauseWords(
        _("Asks for shorter sessions."),
        _("Spread it over months, shorter parts, a contribution of buyers, weeks of low season."),
    ),
    RootCause.PRODUCTION_PLANNING: CauseWords(
        _("All activities slip equally."),
        _("A fixed weekly hour, agreed with the head of production; the review of pressure early."),
    ),
    RootCause.NO_AUTHORITY: CauseWords(
        _("“I have to ask”, each time."),
        _("A meeting with whoever decides. A written mandate."),
    ),
    RootCause.TURNOVER_OF_PEOPLE: CauseWords(
        _("The third focal point in a year."),
        _("A stand-in, a sheet for handing over, the training for the committee once more."),
    ),
    RootCause.OVERLOAD_OF_PROGRAMMES: CauseWords(
        _("Signs of other programmes everywhere."),
        _("One calendar together with the other visits."),
    ),
    RootCause.DISTRUST_OF_PROGRAMME: CauseWords(
        _("Asks who sees what."),
        _("The table of who sees what, a word of another factory, a smaller first step."),
    ),
    RootCause.WORKER_SIDE_CONCERN: CauseWords(
        _("The union is absent or against it."),
        _("A meeting together, members chosen by workers."),
    ),
    RootCause.LANGUAGE_OR_LITERACY: CauseWords(
        _("Few migrants come to sessions."),
        _("Translations, audio, trainers among the workers."),
    ),
    RootCause.FINANCIAL_DISTRESS: CauseWords(
        _("Wages late, orders down."),
        _(
            "Keep to what protects: channels, help map, no changes in personnel records. Watch for signs of forced "
            "labour."
        ),
    ),
    RootCause.BAD_FAITH: CauseWords(
        _("Signs everything, does nothing."),
        _("Clear steps and days. The end of support is recorded; the channels of workers stay open."),
    ),
    RootCause.PROGRAMME_CAUSE: CauseWords(
        _("A delay for a reason of ours."),
        _("Own it, put it right."),
    ),
    RootCause.UNCLEAR: CauseWords(
        _("The reasons given do not fit together."),
        _("A second talk within 30 days."),
    ),
}

# Sentences that all roles use. Prevention package, section 5.
ON_NUMBERS: tuple[Words, ...] = (
    _("A factory where nobody complains is a factory we know little about."),
    _("We look at how complaints are handled, not at how many there are."),
    _("The first year usually brings more complaints. That is people trusting you."),
)


def still_complain(short_code: str, country: str) -> str:
    """Return a first message to workers for the end of support, to be changed by whoever sends it."""
    return _now(
        "We no longer work with this factory. You can still complain, and nobody here sees it unless you want. "
        "Open the link on the poster (/%(country)s/) and give the code %(code)s. "
        "An outside helper reads it."
    ) % {"country": country.lower(), "code": short_code}
