"""What her answers alone say: danger, age, freedom, severity. Pure rules; nothing here is stored in the clear.

Sources: intake.md sections 3 (danger) and 6 (freedom), glossary section 3 (severity).
"""

from __future__ import annotations

from dataclasses import dataclass

from complaints.answers import FREEDOM_QUESTIONS, Answers
from complaints.codes import AgeBand, ConductType, DangerAnswer, DangerLevel, Frequency, PressureType

# FQ3 asks "Can you leave …?", so there a no is the indicator; everywhere else a yes is.
STRONG_FREEDOM = frozenset({"FQ1", "FQ2", "FQ3", "FQ4", "FQ9", "FQ12"})
SEVERITY_OF = {
    ConductType.RAPE: "a",
    ConductType.ASSAULT_ATTEMPTED: "a",
    ConductType.TOUCH: "b",
    ConductType.QUID_PRO_QUO: "b",
    ConductType.STALKING: "b",
    ConductType.PHYSICAL_NONSEXUAL: "b",
    ConductType.FORCED_RELATIONSHIP: "b",
}
THREATS = frozenset({PressureType.LOSE_WORK, PressureType.HURT, PressureType.TELL_OTHERS, PressureType.SEND_AWAY})
POWER_PRESSURE = frozenset({PressureType.WORK_OR_MONEY_FOR_SEX, PressureType.BETTER_WORK})


@dataclass(frozen=True)
class Flags:
    """The three screenings; `urgent` is the one code that stands in the clear."""

    danger: str
    minor: bool
    not_free: bool

    @property
    def urgent(self) -> bool:
        return self.danger == DangerLevel.NOW or self.minor or self.not_free

    @property
    def hold(self) -> bool:
        """Age and freedom open a safeguarding hold; danger alone does not."""
        return self.minor or self.not_free


def danger_level(answers: Answers) -> str:
    """Return the danger level of section 3. D1 alone makes nothing `now`: it counts with D4, or unless Q3 is no."""

    def yes(question: str) -> bool:
        return answers.danger_said(question) == "yes"

    said = answers.danger_answer or DangerAnswer.SKIPPED
    near = yes("D1") and (yes("D4") or said != DangerAnswer.NO)
    if said == DangerAnswer.NOW or yes("D2") or yes("D3") or yes("D5") or near:
        return DangerLevel.NOW
    if said == DangerAnswer.MAYBE_SOON or yes("D4"):
        return DangerLevel.SOON
    if said in (DangerAnswer.NOT_SURE, DangerAnswer.SKIPPED):
        return DangerLevel.UNKNOWN
    return DangerLevel.NOT_NOW


def freedom_indicators(answers: Answers) -> set[str]:
    """Return the questions whose answer points to a lack of freedom."""
    return {q for q in FREEDOM_QUESTIONS if answers.freedom_said(q) == ("no" if q == "FQ3" else "yes")}


def flags(answers: Answers) -> Flags:
    """Compute all three screenings; they are computed on every route."""
    indicators = freedom_indicators(answers)
    return Flags(
        danger=danger_level(answers),
        minor=answers.age_band in (AgeBand.UNDER_15, AgeBand.FROM_15_TO_17),
        # A helper's worry counts as a strong answer: whoever worries opens a hold. Workflow, section 3.3.
        not_free=answers.worry or bool(indicators & STRONG_FREEDOM) or len(indicators) >= 2,
    )


def severity_in_the_clear(conduct_types: frozenset[str]) -> str:
    """Return what the conduct types alone give: a, b or c."""
    return min((SEVERITY_OF.get(ConductType(code), "c") for code in conduct_types), default="c")


def severity_full(answers: Answers) -> str:
    """Return the severity from all answers; it is sealed in `freedom`."""
    found = flags(answers)
    if found.urgent:
        return "a"
    repeated = answers.frequency in (Frequency.FEW, Frequency.MANY, Frequency.CONSTANT)
    pressed = bool(answers.pressure & (THREATS | POWER_PRESSURE))
    return min(severity_in_the_clear(answers.conduct_types), "b" if repeated or pressed else "c")
