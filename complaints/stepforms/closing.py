"""Forms of closing a case, and of opening it again."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from complaints import workflow
from complaints.casecodes import Criterion
from complaints.codes import ClosingReason
from complaints.stepforms.base import StepForm, many_of, one_of, text_field, tick


class WriteLearning(StepForm):
    step = "write_learning"
    title = _("Write what is learned from it")
    lead = _(
        "One or more sentences for the quarterly review: what would have kept this from happening, or made it stop "
        "sooner? No name, no job that only one person has, no day, nothing by which somebody could be known."
    )
    button = _("Save the note")
    done = _("The note is sealed in the record.")
    to_tab = "casework:closing"
    text = text_field(_("What is learned"), rows=4)
    no_names = tick(_("I have read it once more: nothing in it points to a person."))

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.write_learning(
            self.case, by=self.desk.person, text=said["text"], no_names=said["no_names"], at=at
        )  # fmt: skip


class AskClosing(StepForm):
    step = "ask_closing"
    title = _("Ask her whether it may be closed")
    lead = _(
        "She answers on her page: may it be closed, is she safe, and if she likes how it was for her. A no keeps the "
        "case open. Without an answer, ask once more on another day; a week later it may be closed without one."
    )
    button = _("Send the question")
    done = _("The question was sent. Her page has the answer ready.")
    to_tab = "casework:closing"
    text = text_field(
        _("Message to the complainant"),
        rows=7,
        initial=_(
            "We think that what was promised is done. Before we finish, we ask you: may we close your case, and are "
            "you safe? You find the question on your page. If you say no, it stays open and we go on. If we close it, "
            "you can write here for another twelve months and ask us to open it again."
        ),
    )

    def take(self, at: datetime) -> None:
        workflow.ask_closing(self.case, by=self.desk.person, text=self.cleaned_data["text"], at=at)


class TickClosure(StepForm):
    step = "tick_closure"
    title = _("Tick what holds")
    lead = _("What the system can see, it looks at itself. A second person confirms what you tick.")
    button = _("Tick these")
    done = _("Ticked. Now a second person confirms it.")
    to_tab = "casework:closing"
    criteria = many_of(_("These criteria hold"), Criterion.choices)

    def prepare(self) -> None:
        done = set(workflow.ticks_of(self.case).values_list("criterion", flat=True))
        self.offer("criteria", [(code, words) for code, words in Criterion.choices if code not in done])

    def take(self, at: datetime) -> None:
        workflow.tick_closure(self.case, by=self.desk.person, criteria=self.cleaned_data["criteria"], at=at)


class ConfirmClosure(StepForm):
    step = "confirm_closure"
    title = _("Confirm what a colleague has ticked")
    lead = _("Look for yourself before you confirm: you answer for it together.")
    button = _("Confirm these")
    done = _("Confirmed.")
    to_tab = "casework:closing"
    criteria = many_of(_("I have looked, and these hold"), Criterion.choices)

    def prepare(self) -> None:
        waiting = workflow.ticks_of(self.case).filter(confirmed_by=None).exclude(ticked_by=self.desk.person)
        codes = set(waiting.values_list("criterion", flat=True))
        self.offer("criteria", [(code, words) for code, words in Criterion.choices if code in codes])

    def take(self, at: datetime) -> None:
        workflow.confirm_closure(self.case, by=self.desk.person, criteria=self.cleaned_data["criteria"], at=at)


class Close(StepForm):
    step = "close"
    title = _("Close the case")
    lead = _(
        "Every criterion was ticked by one person and confirmed by another. Her contact is deleted now, the content "
        "after twelve months. She can write here until then, and have it opened again."
    )
    button = _("Close the case")
    done = _("The case is closed. Her inbox stays open for twelve months.")
    grave = True

    def take(self, at: datetime) -> None:
        workflow.close(self.case, by=self.desk.person, at=at)


class CloseNoContact(StepForm):
    step = "close_no_contact"
    title = _("Close it because she does not answer")
    lead = _(
        "Three messages on different days over at least sixty days stayed without an answer. It opens again by itself "
        "with her next message."
    )
    button = _("Close it")
    done = _("The case is closed. It opens again with her next message.")
    grave = True

    def take(self, at: datetime) -> None:
        workflow.close_no_contact(self.case, by=self.desk.person, at=at)


class CloseRedirected(StepForm):
    step = "close_redirected"
    title = _("Close it and say where it goes on")
    lead = _(
        "Nothing is rejected. Point her kindly to the right place, say how she gets there and that telling was right. "
        "She reads it on her page, and can have it opened again."
    )
    button = _("Send and close")
    done = _("She was told where it goes on, and the case is closed.")
    grave = True
    reason = one_of(
        _("Where it goes on"),
        [
            (ClosingReason.NOT_IN_SCOPE_REDIRECTED, _("Another channel is the right one")),
            (ClosingReason.DUPLICATE_LINKED, _("In the case it is linked to: it is the same complaint")),
            (ClosingReason.REFERRED_OUT, _("At the body she chose")),
        ],
    )
    text = text_field(_("Message to the complainant"), rows=7)

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.close_redirected(self.case, by=self.desk.person, reason=said["reason"], text=said["text"], at=at)


class Reopen(StepForm):
    step = "reopen"
    title = _("Open the case again")
    lead = _("She has written since it was closed. The work goes on where it stood, with new days, and she is told.")
    button = _("Open it again")
    done = _("The case is open again.")

    def take(self, at: datetime) -> None:
        workflow.reopen(self.case, by=self.desk.person, at=at)


FORMS: tuple[type[StepForm], ...] = (
    WriteLearning,
    AskClosing,
    TickClosure,
    ConfirmClosure,
    Close,
    CloseNoContact,
    CloseRedirected,
    Reopen,
)
