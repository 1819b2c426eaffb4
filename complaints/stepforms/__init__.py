"""The forms of a case's steps, one room a subject. `FORMS` names the form of each step."""

from __future__ import annotations

from complaints.stepforms import appeals, checks, conflicts, early, inquiry, outside, places, referrals, safeguarding
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
        inquiry.BeginInquiry,
        inquiry.TellRespondent,
        inquiry.NoteReply,
        inquiry.Hear,
        inquiry.AddPaper,
        inquiry.AskComments,
        inquiry.NoteComment,
        inquiry.CompleteInquiry,
        inquiry.Find,
        early.AddNote,
        early.SendMessage,
        places.Assign,
        places.HandOn,
        places.ShareAgain,
        appeals.NoteAppeal,
        appeals.GiveToReviewer,
        appeals.DecideAppeal,
        appeals.AnswerConcern,
        outside.ConfirmDanger,
        outside.FirstLook,
        outside.OpenHold,
        outside.ProposeLift,
        outside.LiftHold,
        outside.ProposeHandover,
        outside.MatchFactory,
        outside.MatchName,
        safeguarding.ProposeSafetyDecision,
        safeguarding.AgreeSafetyDecision,
        safeguarding.PlanSafety,
        safeguarding.NoteLegalDuty,
        safeguarding.NoteWiderRisk,
        safeguarding.FollowUp,
        referrals.OfferReferral,
        referrals.SendReferral,
        referrals.NoteReferral,
        checks.AskCheck,
        checks.ReviewHr,
        checks.NoteCheck,
        checks.CompleteCheck,
        checks.NoteRetaliation,
        checks.SettleRetaliation,
    )
}
