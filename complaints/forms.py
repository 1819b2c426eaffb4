"""The shape of what a worker sends. What follows from her answers is decided in `intake`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from complaints import codes, questions, typed
from complaints.answers import DANGER_QUESTIONS, FREEDOM_QUESTIONS, Answers, Contact
from complaints.questions import LINE, MANY, TEXT, Option, Question

if TYPE_CHECKING:
    from factories.models import Factory

STRIKEABLE = ("case_officer", "committee_member", "committee_chair", "outside_member", "decision_maker",
              "technical_expert", "safeguarding_lead")  # fmt: skip


class KindChoiceField(forms.ChoiceField):
    """One code of a closed list. An unknown code counts as no answer: a stale page never stops her."""

    def clean(self, value: Any) -> str:
        return value if isinstance(value, str) and self.valid_value(value) else ""


class KindChoicesField(forms.MultipleChoiceField):
    """Several codes of a closed list; unknown ones are left out."""

    def clean(self, value: Any) -> list[str]:
        return [code for code in value or [] if self.valid_value(code)]


class KindTextField(forms.CharField):
    """Text that is kept as far as it fits; `cut` tells afterwards that some did not."""

    def __init__(self, *, longest: int, lines: bool) -> None:
        super().__init__(required=False, strip=False)
        self.longest, self.lines = longest, lines

    def clean(self, value: Any) -> str:
        return typed.clean(str(value or "")[: self.longest * 2], lines=self.lines)[: self.longest]

    def too_long(self, value: str) -> bool:
        return (
            len(value[: self.longest * 4].strip()) > self.longest
            and len(typed.clean(value[: self.longest * 4], lines=self.lines)) > self.longest
        )


def _field(question: Question) -> forms.Field:
    if question.kind in (TEXT, LINE):
        return KindTextField(longest=question.longest, lines=question.kind == TEXT)
    choices = [(option.code, option.words) for option in question.options]
    if question.kind == MANY:
        return KindChoicesField(choices=choices, required=False)
    return KindChoiceField(choices=choices, required=False)


class TellForm(forms.Form):
    """The one page on which a complaint is told. Three answers are asked for; all others may be empty."""

    asked: tuple[Question, ...] = questions.ALL

    token = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    language = KindChoiceField(choices=[("en", "English"), ("km", "Khmer")], required=False)
    route = KindChoiceField(choices=codes.Route.choices, required=False)
    insist = KindChoiceField(choices=[("yes", "yes")], required=False)
    share_choice = KindChoiceField(choices=codes.ShareChoice.choices, required=False)
    struck_out = KindChoicesField(choices=[(role, role) for role in STRIKEABLE], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in self.asked:
            self.fields[question.field] = _field(question)
            if question.away and question.kind != questions.ONE:
                self.fields[f"{question.field}_away"] = KindChoiceField(
                    choices=[("skip", "skip"), ("not_said", "not_said")], required=False
                )

    def clean(self) -> dict[str, Any]:
        """Ask for the three answers that are needed, and say what was cut."""
        said = self.cleaned_data
        self._leave_out_what_she_does_not_want_to_say(said)
        for question in self.asked:
            field = self.fields[question.field]
            if isinstance(field, KindTextField) and field.too_long(str(self.data.get(question.field, ""))):
                self.add_error(
                    question.field,
                    _("Your text was too long. We kept the first part. Please look at the end of it."),
                )
        if not said.get("place_text") and not said.get("place_kind"):
            self.add_error("place_text", _("Please say which factory. “I am not sure” is fine too."))
        if not said.get("conduct_types") and not said.get("own_words"):
            self.add_error("conduct_types", _("Please choose at least one picture, or write some words."))
        if not said.get("route"):
            self.add_error("route", _("Please choose who may read this."))
        elif said["route"] == codes.Route.FACTORY_COMMITTEE and not said.get("share_choice"):
            self.add_error("share_choice", _("Please choose what the committee may read."))
        return said

    def _leave_out_what_she_does_not_want_to_say(self, said: dict[str, Any]) -> None:
        """ "I don't want to say" stands above what was ticked or typed before it; "Skip" does not."""
        for question in self.asked:
            if said.get(f"{question.field}_away", "") == "not_said":
                keep = [question.not_said] if question.not_said else []
                said[question.field] = "" if question.kind == TEXT else keep

    def add_error(self, field: str | None, error: Any) -> None:
        """Keep what was typed beside its error; Django would drop it."""
        kept = self.cleaned_data.get(field) if field else None
        super().add_error(field, error)
        if field and kept is not None:
            self.cleaned_data[field] = kept

    def said(self, field: str) -> Any:
        """What stands in a field now, cleaned if it was sent; for showing the page again."""
        if not self.is_bound:
            return self.initial.get(field, "")
        if not hasattr(self, "cleaned_data"):
            self.full_clean()
        return self.cleaned_data.get(field, "")

    def answers(self, *, country: str, factory: Factory | None) -> Answers:
        """Return all answers as one value; also of a page that is not complete, for the preview."""
        said = self.said

        def chosen(field: str) -> frozenset[str]:
            return frozenset(said(field) or ())

        exclude = chosen("exclude")
        if said("exclude_name"):
            exclude |= {codes.Exclude.NAMED_PERSON.value}
        if chosen("exclude_roles"):
            exclude |= {codes.Exclude.ACCOUNT_HOLDER.value}
        contact = {name.removeprefix("contact_"): said(name) for name in _CONTACT_FIELDS}
        contact["kind"] = contact["kind"] or codes.ContactKind.NONE.value
        return Answers(
            country=country,
            language=said("language") or "en",
            place_kind=said("place_kind") or codes.PlaceKind.FACTORY.value,
            factory=factory,
            danger_answer=said("danger_answer") or codes.DangerAnswer.SKIPPED.value,
            danger={code: said(code) for code in DANGER_QUESTIONS if said(code)},
            freedom={code: said(code) for code in FREEDOM_QUESTIONS if said(code) in ("yes", "no")},
            conduct_types=chosen("conduct_types"),
            pressure=chosen("pressure"),
            places=chosen("places"),
            wishes=chosen("wishes"),
            exclude=exclude,
            exclude_roles=chosen("exclude_roles"),
            struck_out=chosen("struck_out"),
            route=said("route") or "",
            insist=said("insist") == "yes",
            share_choice=said("share_choice") or "",
            contact=Contact(**contact, name=said("name")),
            **{field: said(field) == "yes" for field in codes.SHARE_CONSENTS},
            **{field: said(field) for field in _PLAIN_FIELDS},
        )


_PLAIN_FIELDS = ("place_text", "complainant_kind", "person_knows", "write_through_me", "age_band",
                 "own_words", "last_time", "frequency", "respondent_job", "respondent_name", "exclude_name",
                 "more_words")  # fmt: skip
_CONTACT_FIELDS = ("contact_kind", *(question.field for question in questions.CONTACT))


class Asked:
    """A question with what she answered so far, as the page shows it."""

    def __init__(self, question: Question, form: TellForm) -> None:
        self.question, self.form = question, form
        self.value = form.said(question.field)
        self.errors: list[str] = [str(error) for error in form.errors.get(question.field, [])] if form.is_bound else []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.question, name)

    @property
    def id(self) -> str:
        return self.question.field.replace("_", "-").lower()

    @property
    def choices(self) -> list[tuple[Option, bool]]:
        """Each answer, and whether it is chosen."""
        return [(option, self._is(option.code)) for option in self.question.shown_options]

    @property
    def layout(self) -> str:
        """How the answers stand: as pictures, side by side, or below one another."""
        shown = self.question.shown_options
        if any(option.icon for option in shown):
            return "pics"
        return {1: "one", 2: "two", 3: "three"}.get(len(shown), "one")

    @property
    def away_name(self) -> str:
        one = self.question.kind == questions.ONE
        return self.question.field if one else f"{self.question.field}_away"

    @property
    def skip_code(self) -> str:
        """The value of "Skip": the question's own code where it has one."""
        if self.question.kind != questions.ONE:
            return "skip"
        return "skipped" if any(option.code == "skipped" for option in self.question.options) else ""

    @property
    def away_code(self) -> str:
        """The value of "I don't want to say"."""
        if self.question.kind != questions.ONE:
            return "not_said"
        return self.question.not_said or "not_said"

    @property
    def away_chosen(self) -> str:
        return str(self.form.said(self.away_name) or "") if self.question.kind != questions.ONE else self.value

    def _is(self, code: str) -> bool:
        return code in self.value if isinstance(self.value, list | set | frozenset) else code == self.value
