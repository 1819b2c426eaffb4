"""The shape of a complaint that somebody else writes down, with her or from a paper: the same questions as hers.

Danger, age and freedom are no questions at a factory: there nobody reads, writes or confirms them (workflow, section
16). Whoever worries ticks one box, and the safeguarding leads look first.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints import questions
from complaints.answers import Answers
from complaints.codes import Channel
from complaints.forms import KindChoiceField, TellForm
from complaints.receipts import LARGEST_GROUP

if TYPE_CHECKING:
    from factories.models import Factory

DOORS = (
    (Channel.WALK_IN.value, _("We talked: she sits with me, or told me herself")),
    (Channel.PHONE.value, _("On the phone")),
    (Channel.PAPER_BOX.value, _("A paper from the box, or a letter")),
    (Channel.THIRD_PARTY.value, _("Somebody came for her: a friend, the union, a clinic")),
)
# How an expert tries whether a channel answers: handled like any other, counted as nothing but a test of it.
TEST = (Channel.TEST.value, _("A test of the channel: nobody is behind it"))
HOLDS = (
    ("handed_over", _("I give the slip to her")),
    ("trusted_person", _("A person she trusts keeps it for her")),
)
OUTSIDE_ONLY = {questions.DANGER.field, questions.AGE.field}
OUTSIDE_ONLY |= {question.field for question in (*questions.DANGER_MORE, *questions.FREEDOM)}


class WrittenDownForm(TellForm):
    """What a technical expert writes down for her: every question. `factories`: to choose from instead of typing."""

    tests: ClassVar[bool] = True  # Whether it may be a test of the channel.

    channel = forms.ChoiceField(
        choices=(*DOORS, TEST), label=_("How did it come?"), error_messages={"required": _("Please say how it came.")}
    )
    holds = forms.ChoiceField(
        choices=HOLDS,
        label=_("Who gets the number?"),
        error_messages={"required": _("Please say who gets the number.")},
    )
    her_language = KindChoiceField(choices=[("km", "ខ្មែរ"), ("en", "English")], required=False)
    worry = forms.BooleanField(required=False)
    members = forms.IntegerField(
        min_value=1,
        max_value=LARGEST_GROUP,
        required=False,
        label=_("How many numbers?"),
        help_text=_("For a group that tells together: one for each, up to twenty. Each may leave alone later."),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("A group gets between one number and twenty.")
        ),
    )

    def __init__(self, *args: Any, factories: Sequence[Factory] = (), **kwargs: Any) -> None:
        self.factories = {str(factory.pk): factory for factory in factories}
        if factories:  # The place is chosen from a list here, so her question about it is not asked.
            self.asked = tuple(one for one in self.asked if one not in (questions.PLACE, questions.PLACE_KIND))
        super().__init__(*args, **kwargs)
        if not self.tests:
            cast(forms.ChoiceField, self.fields["channel"]).choices = DOORS
        self.fields["where"] = forms.ChoiceField(
            choices=[(pk, factory.name) for pk, factory in self.factories.items()],
            required=bool(factories),
            label=_("Factory"),
        )

    def add_error(self, field: str | None, error: Any) -> None:
        if field == "place_text" and field not in self.fields:
            return
        super().add_error(field, error)

    def told(self, *, country: str, factory: Factory | None) -> Answers:
        """All answers as one value, marked with the door they came through."""
        answers = self.answers(country=country, factory=factory)
        return dataclasses.replace(
            answers,
            channel=self.said("channel"),
            worry=bool(self.said("worry")),
            language=self.said("her_language") or answers.language,
            place_text=answers.place_text or (factory.name if factory else ""),
        )


class WrittenDownAtFactoryForm(WrittenDownForm):
    """What somebody at a factory writes down for her: nothing about danger, age or freedom."""

    asked = tuple(one for one in questions.ALL if one.field not in OUTSIDE_ONLY)
    tests = False
