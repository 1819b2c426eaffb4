"""The forms of a case's steps, one room a subject. `FORMS` names the form of each step."""

from __future__ import annotations

from complaints.stepforms import conflicts, early, outside, places
from complaints.stepforms.base import Desk, StepForm

__all__ = ["FORMS", "Desk", "StepForm"]

FORMS: dict[str, type[StepForm]] = {
    form.step: form
    for form in (
        conflicts.DeclareConflict,
        conflicts.DecideConflict,
        conflicts.FindDeclarationFalse,
        conflicts.AskConflictQuestion,
        conflicts.AnswerConflictQuestion,
        early.Acknowledge,
        early.Triage,
        early.DecideInterim,
        early.ReviewInterim,
        early.AgreePath,
        early.AddNote,
        early.SendMessage,
        places.Assign,
        places.HandOn,
        places.ShareAgain,
        outside.ConfirmDanger,
        outside.FirstLook,
        outside.OpenHold,
        outside.ProposeLift,
        outside.LiftHold,
        outside.ProposeHandover,
        outside.MatchFactory,
        outside.MatchName,
    )
}
