"""The shape of input about a factory's way through the prevention package."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factories.forms import DayField, LaidOut
from factories.models import (
    PROGRAMME_REASONS,
    CountryPack,
    EventLevel,
    Factory,
    IndustryEvent,
    InPlace,
    IntroductionAnswer,
    IntroductionWay,
    MouPoint,
    ReviewStep,
    RootCause,
    StaffGroup,
    StatedReason,
    SurveyKind,
    TestWay,
)
from factories.package import catalogue, events, words

NO_NAMES = _("No names of workers, and nothing about a case.")
LONG = {"rows": 3, "maxlength": 2000}


def day(label: Any, *, required: bool = True, **other: Any) -> forms.DateField:
    return DayField(label=label, required=required, **other)


def text(label: Any, *, required: bool = True, help_text: Any = NO_NAMES) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=2000, widget=forms.Textarea(attrs=LONG), help_text=help_text
    )


class Sent(LaidOut, forms.Form):
    """A form with its own button, the same whether it stands alone on a page or among others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Several forms stand on one page: each has ids of its own.
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}_%s")
        super().__init__(*args, **kwargs)
        self.lay_out()


# --- Entry ----------------------------------------------------------------------------------------------


class AnswerForm(Sent):
    send_label = _("Record the answer")

    answer = forms.ChoiceField(label=_("What the factory said"), choices=IntroductionAnswer.choices)
    answer_on = day(_("Day of the answer"))
    later_on = day(_("With “later”: when to ask again"), required=False)
    reason = text(_("With “no”: why"), required=False)


class IntroductionForm(Sent):
    send_label = _("Record the introduction")

    on = day(_("Day"))
    way = forms.ChoiceField(label=_("Through what"), choices=IntroductionWay.choices)
    event = forms.ModelChoiceField(label=_("At which event"), queryset=IndustryEvent.objects.none(), required=False)
    with_decider = forms.BooleanField(label=_("Somebody who can decide was there"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["event"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = IndustryEvent.objects.order_by("-on")


class UnderstandingForm(Sent):
    send_label = _("It is signed")

    on = day(_("Day on which top management signed"))
    points = forms.MultipleChoiceField(
        label=_("What stands in it"), choices=MouPoint.choices, widget=forms.CheckboxSelectMultiple
    )


class TeamForm(Sent):
    on = day(_("Day"))
    focal_point_role = forms.CharField(
        label=_("Job of the focal point"), max_length=120, help_text=_("The job, not the name.")
    )
    stand_in_role = forms.CharField(
        label=_("Job of the stand-in"), max_length=120, help_text=_("The job, not the name.")
    )
    hours_a_week = forms.IntegerField(label=_("Hours a week set aside"), min_value=1, max_value=80)
    languages = forms.CharField(label=_("Languages workers need"), max_length=200)


class PlanForm(Sent):
    """A date for every activity that has none yet."""

    send_label = _("Agree on these dates")

    on = day(_("Day on which the plan was agreed"))

    def __init__(self, *args: Any, dates: dict[str, date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = list(dates)
        for code, suggested in dates.items():
            about = words.ACTIVITIES[code]
            self.fields[code] = day(f"{catalogue.steps()[code].number}. {about.name}", initial=suggested)
        self.fields["peaks"] = forms.BooleanField(
            label=_("We asked the factory for its peaks, and no date lies in one"),
            error_messages={"required": _("Ask the factory for its peaks first.")},
        )
        self.lay_out(self.send_label)

    def dates(self) -> dict[str, date]:
        return {code: self.cleaned_data[code] for code in self.codes}


# --- Activities -----------------------------------------------------------------------------------------


class DateForm(Sent):
    send_label = _("Agree on this date")

    on = day(_("Agreed date"))


class PostponeForm(Sent):
    send_label = _("Move the date")

    seen = forms.DateField(widget=forms.HiddenInput)  # The date that was read when this was filled in.
    reason = forms.ChoiceField(
        label=_("Stated reason"),
        choices=[
            ("", _("Choose a reason")),
            (_("The factory's"), [one for one in StatedReason.choices if one[0] not in PROGRAMME_REASONS]),
            (_("Ours: never counted against the factory"), [
                one for one in StatedReason.choices if one[0] in PROGRAMME_REASONS
            ]),
        ],
    )  # fmt: skip
    to_on = day(_("New date"), required=False, help_text=_("Without a new date a joint review begins."))
    offered = text(_("What was offered instead"))
    words = text(_("More about the reason"), required=False)


class DoneForm(Sent):
    send_label = _("It is done")

    on = day(_("Day"))
    evidence = text(_("What shows it"))


class OccasionForm(Sent):
    send_label = _("Record this time")

    on = day(_("Day"))
    evidence = text(_("What was done, and what shows it"))


class DropForm(Sent):
    send_label = _("Leave it out")

    reason = text(_("Why it is left out"))


class AskMoveForm(Sent):
    send_label = _("Ask for another date")

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason"))] + [one for one in StatedReason.choices if one[0] not in PROGRAMME_REASONS],
    )
    to_on = day(_("New date you ask for"), required=False)
    words = text(_("More about the reason"), required=False)


class SayDoneForm(DoneForm):
    send_label = _("Tell your advisor that it is done")


class TakeUpForm(Sent):
    send_label = _("Agree")

    offered = text(_("What was offered instead"))


class TurnDownForm(Sent):
    send_label = _("Not agreed")

    answer = text(_("Why not, or what is missing first"))


# --- Reviews --------------------------------------------------------------------------------------------


class TalkedForm(Sent):
    send_label = _("We have talked")

    on = day(_("Day of the talk with the factory"))


class ProposeForm(Sent):
    send_label = _("Propose this")

    causes = forms.MultipleChoiceField(
        label=_("The cause behind the stated reason"),
        choices=RootCause.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("As you found it after the talk. There may be several."),
    )
    step = forms.ChoiceField(label=_("One step"), choices=ReviewStep.choices, widget=forms.RadioSelect)
    step_on = day(_("By when"), help_text=_("Of a pause: the day on which it ends."))


class NewDateForm(Sent):
    send_label = _("Set this date")

    activity = forms.ChoiceField(label=_("Activity"))
    on = day(_("Date that the review agreed on"))

    def __init__(self, *args: Any, codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["activity"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, words.name(code)) for code in codes]


class LookAgainForm(Sent):
    send_label = _("Close this review")

    solved = forms.ChoiceField(
        label=_("Is it solved?"), choices=(("yes", _("Yes")), ("no", _("No: another review begins"))),
        widget=forms.RadioSelect,
    )  # fmt: skip


class EndForm(Sent):
    send_label = _("Propose to end support")

    message = forms.CharField(
        label=_("What workers are told"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("How they can still complain. Short and plain; it is printed and hung up."),
    )


# --- Learning -------------------------------------------------------------------------------------------


class QuarterForm(Sent):
    """A form about a quarter that may still be recorded."""

    quarter = forms.ChoiceField(label=_("Quarter"))

    def __init__(self, *args: Any, quarters: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["quarter"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one, one) for one in quarters]


def count(label: Any, *, most: int = 200_000) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most)


class TrainingForm(QuarterForm):
    group = forms.ChoiceField(label=_("Group"), choices=StaffGroup.choices)
    people = count(_("Employed at the end of the quarter (of new hires: hired)"))
    trained = count(_("Of them trained in the last 24 months (of new hires: within 30 days)"))


class CommitteeForm(QuarterForm):
    meetings_planned = count(_("Meetings planned"), most=100)
    meetings_held = count(_("Meetings held"), most=100)
    members = count(_("Members"), most=100)
    members_trained = count(_("Of them trained"), most=100)


class KnowledgeForm(Sent):
    on = day(_("Day"))
    people = count(_("People who took both tests"))
    mean_before = forms.DecimalField(
        label=_("Mean before, of 100"), min_value=0, max_value=100, max_digits=4, decimal_places=1
    )
    mean_after = forms.DecimalField(
        label=_("Mean after, of 100"), min_value=0, max_value=100, max_digits=4, decimal_places=1
    )


class SurveyForm(Sent):
    kind = forms.ChoiceField(label=_("Which survey"), choices=SurveyKind.choices)
    on = day(_("Day"))
    answers = count(_("Answers"))
    know_a_way = count(_("Of them: can name a way to complain and one banned act"))
    trust = count(_("Of them: “it would be safe” and “something would be done”"))
    told_workers_on = day(_("Day on which workers were told the result"), required=False)


class DrillForm(Sent):
    on = day(_("Day"))
    passed = forms.TypedChoiceField(
        label=_("Did the process hold?"),
        choices=(("yes", _("Yes")), ("no", _("No"))),
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    gaps = text(_("Times and gaps"))


class ChannelTestForm(Sent):
    way = forms.ChoiceField(label=_("Way"), choices=TestWay.choices)
    anonymous = forms.BooleanField(label=_("Without a name"), required=False)
    sent_on = day(_("Sent on"))
    answered_on = day(_("Answered on"), required=False, help_text=_("Leave this empty until it is answered."))


class PlaceForm(Sent):
    what = forms.ChoiceField(label=_("What"), choices=InPlace.choices)
    yes = forms.TypedChoiceField(
        label=_("Is it in place?"),
        choices=(("yes", _("Yes")), ("no", _("No"))),
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    checked_on = day(_("Seen on"))


class OnForm(Sent):
    on = day(_("Day"))


# --- Events and practices -------------------------------------------------------------------------------


class EventForm(Sent):
    send_label = _("Record the event")

    level = forms.ChoiceField(label=_("Level"), choices=EventLevel.choices)
    country = forms.ModelChoiceField(
        label=_("Country"), queryset=CountryPack.objects.all(), required=False, help_text=_("Of a national event.")
    )
    title = forms.CharField(label=_("Title"), max_length=160)
    on = day(_("Day"))
    hosts = forms.CharField(label=_("Hosts"), max_length=200)
    topics = text(
        _("Topics"), required=False, help_text=_("No case is ever told, and no factory named without its written yes.")
    )
    figures_shown = text(_("Figures shown"), required=False, help_text=_("Which ones, by their names."))
    figures_are_published = forms.BooleanField(
        label=_("Only published figures, with small numbers hidden"), required=False
    )
    follow_up_on = day(_("When to ask what became of it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in events.PARTICIPANTS.items():
            field = count(label, most=100_000)
            field.required = False
            self.fields[f"n_{kind}"] = field
        self.lay_out(self.send_label)

    def participants(self) -> dict[str, int]:
        return {kind: self.cleaned_data[f"n_{kind}"] or 0 for kind in events.PARTICIPANTS}


class CommitmentForm(Sent):
    send_label = _("Record this commitment")

    who = forms.CharField(label=_("Who"), max_length=120, help_text=_("An organisation, or a kind of participant."))
    factory = forms.ModelChoiceField(label=_("A factory"), queryset=Factory.objects.none(), required=False)
    written_yes_on = day(_("Its written yes to be named, of"), required=False)
    what = forms.CharField(label=_("What"), max_length=300)
    due_on = day(_("By when"))

    def __init__(self, *args: Any, factories: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["factory"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = factories


class PracticeForm(Sent):
    send_label = _("Share it")

    title = forms.CharField(label=_("Title"), max_length=120)
    what = text(_("What worked"))
    did_not_work = text(_("What did not work"), required=False)
    indicators = forms.CharField(
        label=_("Indicators it serves"), required=False, max_length=60, help_text=_("Their codes, with spaces between.")
    )
    agreed_on = day(_("Day of the factory's written yes"))
    named = forms.BooleanField(label=_("The factory agreed to be named as well"), required=False)
