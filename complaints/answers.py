"""What a complainant answered, as one value that is passed on and never stored in this shape."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from complaints.codes import (
    SHARE_CONSENTS,
    Channel,
    ContactKind,
    DangerAnswer,
    FreedomAnswer,
    PlaceKind,
    ShareChoice,
)

if TYPE_CHECKING:
    from factories.models import Factory

DANGER_QUESTIONS = ("D1", "D2", "D3", "D4", "D5", "D6")
FREEDOM_QUESTIONS = tuple(f"FQ{number}" for number in range(1, 13))


@dataclass(frozen=True)
class Contact:
    """Q16 and her name: how she may be reached, if she wants that."""

    kind: str = ContactKind.NONE
    reach: str = ""  # The number, the account or the person to go through.
    whose: str = ""  # Whose phone it is.
    others_look: str = ""  # yes, no, not_said: does anyone else look at it.
    safe_when: str = ""
    say_instead: str = ""  # What to say if someone else answers.
    leave_message: str = ""  # yes or no.
    language: str = ""
    proof_word: str = ""
    name: str = ""

    @property
    def given(self) -> bool:
        """She gave a name or a way to reach her."""
        return bool(self.name or self.reach)


@dataclass(frozen=True)
class Answers:
    """All answers of one complaint. Codes are those of `complaints.codes`; empty means skipped."""

    country: str  # Country code of the page she used, e.g. "KH".
    language: str = "en"  # Of the form.

    # Q1. `factory` is set only where what she typed fits one factory for certain.
    place_kind: str = PlaceKind.FACTORY
    place_text: str = ""
    factory: Factory | None = field(default=None, compare=False)

    complainant_kind: str = ""  # Q2
    person_knows: str = ""  # Q2, witness: does the person know (yes, no, not_said).
    write_through_me: str = ""  # Q2, witness: may we write to her through you (yes, no).

    danger_answer: str = DangerAnswer.SKIPPED  # Q3
    danger: dict[str, str] = field(default_factory=dict)  # D1 to D6: yes, no, not_known; absent: skipped.

    age_band: str = ""  # Q4

    conduct_types: frozenset[str] = frozenset()  # Q5
    own_words: str = ""  # Q5

    pressure: frozenset[str] = frozenset()  # Q6
    places: frozenset[str] = frozenset()  # Q7
    last_time: str = ""  # Q8
    frequency: str = ""  # Q9

    respondent_job: str = ""  # Q10
    respondent_name: str = ""  # Q10

    exclude: frozenset[str] = frozenset()  # Q11, codes of `Exclude`
    exclude_roles: frozenset[str] = frozenset()  # Q11 `account_holder`, codes of `ExcludeRole`
    exclude_name: str = ""  # Q11 `named_person`
    struck_out: frozenset[str] = frozenset()  # Roles she struck out in the preview.

    route: str = ""  # Q12
    insist: bool = False
    share_choice: str = ""
    share_text: bool = False
    share_place_time: bool = False
    share_respondent: bool = False
    share_my_name: bool = False
    share_pictures: bool = False

    wishes: frozenset[str] = frozenset()  # Q13
    freedom: dict[str, str] = field(default_factory=dict)  # FQ1 to FQ12: yes, no; absent: skipped.
    more_words: str = ""  # Q15
    contact: Contact = field(default_factory=Contact)  # Q16 and her name

    channel: str = Channel.WEB
    worry: bool = False  # Somebody wrote it down for her and worries: danger, age or freedom. Opens a hold.

    def danger_said(self, question: str) -> str:
        """The answer to D1 … D6; empty when skipped."""
        return self.danger.get(question, "")

    def freedom_said(self, question: str) -> str:
        """The answer to FQ1 … FQ12; `skipped` when skipped."""
        return self.freedom.get(question, FreedomAnswer.SKIPPED)

    @property
    def consents(self) -> dict[str, bool]:
        """The five `share_…` consents as `share_choice` sets them; all no outside the factory route."""
        from complaints.codes import Consent, Route

        if self.route != Route.FACTORY_COMMITTEE:
            return {code.value: False for code in SHARE_CONSENTS}
        if self.share_choice == ShareChoice.ALL_WRITTEN:
            written = {Consent.SHARE_TEXT, Consent.SHARE_PLACE_TIME, Consent.SHARE_RESPONDENT}
            return {code.value: code in written for code in SHARE_CONSENTS}
        if self.share_choice == ShareChoice.CHOOSE_EACH:
            return {code.value: bool(getattr(self, code.value)) for code in SHARE_CONSENTS}
        return {code.value: False for code in SHARE_CONSENTS}

    def canonical(self) -> bytes:
        """The same bytes for the same answers, to tell a second press of Send from other words."""
        plain = dataclasses.asdict(dataclasses.replace(self, factory=None))
        plain["factory"] = str(self.factory.pk) if self.factory else None
        return json.dumps(plain, sort_keys=True, default=sorted, ensure_ascii=False).encode()
