"""What she answered, in her words, sorted by the compartment it will lie in: the heart of the preview."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from complaints import codes, questions
from complaints.answers import Answers
from complaints.codes import CompartmentKind, Words
from complaints.questions import Question


@dataclass(frozen=True)
class Said:
    """One answer: the question, what she answered, and where on the page to change it."""

    question: Words
    answer: tuple[Words, ...]
    anchor: str


# In the order of the page. The fields are those of `Answers`.
_PLACES: dict[CompartmentKind, tuple[str, ...]] = {
    CompartmentKind.STORY: ("complainant_kind", "person_knows", "write_through_me", "own_words", "pressure",
                            "wishes", "more_words"),
    CompartmentKind.CIRCUMSTANCES: ("place_text", "places", "last_time", "frequency"),
    CompartmentKind.RESPONDENT: ("respondent_job", "respondent_name"),
    CompartmentKind.FREEDOM: ("danger_answer", "age_band", "exclude_name"),
}  # fmt: skip
# Where on the page the answers of a compartment can be changed.
ANCHORS: dict[str, str] = {
    CompartmentKind.STORY: "q5",
    CompartmentKind.CIRCUMSTANCES: "q7",
    CompartmentKind.RESPONDENT: "q10",
    CompartmentKind.IDENTITY: "q16",
    CompartmentKind.FREEDOM: "q3",
}


def conduct(answers: Answers) -> list[Words]:
    """The pictures of what happened that she chose, in words; everybody on the case sees them."""
    return [label for code, label in codes.ConductType.choices if code in answers.conduct_types]


def by_compartment(answers: Answers) -> dict[str, list[Said]]:
    """Return every answer that is not empty, by compartment."""
    found: dict[str, list[Said]] = {}
    for kind, fields in _PLACES.items():
        pairs = [(questions.BY_FIELD[name], getattr(answers, name)) for name in fields]
        if kind == CompartmentKind.FREEDOM:
            pairs += [(questions.BY_FIELD[code], said) for code, said in answers.danger.items()]
            pairs += [(questions.BY_FIELD[code], said) for code, said in answers.freedom.items()]
        found[kind] = [said for question, value in pairs if (said := _said(question, value))]
    found[CompartmentKind.IDENTITY] = list(_identity(answers))
    return found


def _said(question: Question, value: object) -> Said | None:
    if not value or value == "skipped":
        return None
    anchor = "d" if question.code.startswith("D") else question.code.lower()
    anchor = "q14" if anchor.startswith("fq") else anchor
    if not question.options:
        return Said(question.words, (str(value),), anchor)
    chosen = value if isinstance(value, frozenset) else {value}
    return Said(question.words, tuple(option.words for option in question.options if option.code in chosen), anchor)


def _identity(answers: Answers) -> list[Said]:
    contact = answers.contact
    found = []
    if contact.kind != codes.ContactKind.NONE:
        found.append(_said(questions.CONTACT_KIND, contact.kind))
        for question in questions.CONTACT:
            found.append(_said(question, getattr(contact, question.field.removeprefix("contact_"))))
    found.append(_said(questions.NAME, contact.name))
    return [said for said in found if said]


NOTHING_SAID: Words = _("You left this empty.")
