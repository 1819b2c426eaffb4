"""Codes that only handlers meet: kinds of entry and event, roles on a case, declarations."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from complaints.codes import ANSWER_COMPARTMENTS, CompartmentKind

HER_KINDS = (*ANSWER_COMPARTMENTS, CompartmentKind.INBOX, CompartmentKind.PICTURES)


class EntryKind(TextChoices):
    ANSWERS = "answers", _("Answers")
    SEVERITY_FULL = "severity_full", _("Severity from all answers")
    EXCLUSION_TEXT = "exclusion_text", _("A person who must not see it")
    MESSAGE = "message", _("Message")
    PICTURE = "picture", _("Picture")
    NOTE = "note", _("Note")
    TRIAGE = "triage", _("Triage")
    CONFLICT_TEXT = "conflict_text", _("Conflict of interest, in words")
    INTERIM = "interim", _("Interim measure")
    PATH = "path", _("Path")
    FIRST_LOOK = "first_look", _("First look")
    DANGER_CONFIRMED = "danger_confirmed", _("Danger, age and freedom confirmed")
    NOT_SAFE = "not_safe", _("She is not safe now")


class Author(TextChoices):
    COMPLAINANT = "complainant", _("Complainant")
    HANDLER = "handler", _("Handler")
    SYSTEM = "system", _("System")


class Role(TextChoices):
    """What a person is on a case (an assignment), and whom a grant at filing may name."""

    CASE_OFFICER = "case_officer", _("Case officer")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    COMMITTEE_CHAIR = "committee_chair", _("Committee chair")
    OUTSIDE_MEMBER = "outside_member", _("Outside member")
    DECISION_MAKER = "decision_maker", _("Decision maker")
    APPEAL_REVIEWER = "appeal_reviewer", _("Appeal reviewer")
    TECHNICAL_EXPERT = "technical_expert", _("Technical expert")
    SAFEGUARDING_LEAD = "safeguarding_lead", _("Safeguarding lead")


FACTORY_ROLES = (
    Role.CASE_OFFICER,
    Role.COMMITTEE_MEMBER,
    Role.COMMITTEE_CHAIR,
    Role.OUTSIDE_MEMBER,
    Role.DECISION_MAKER,
)


class Declaration(TextChoices):
    NONE = "none", _("No conflict of interest")
    POSSIBLE = "possible", _("Possibly; somebody else should decide")
    YES = "yes", _("Yes; I must not handle this case")


class EventKind(TextChoices):
    COMPLAINT_FILED = "complaint_filed", _("Complaint filed")
    COMPARTMENT_OPENED = "compartment_opened", _("Opened")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    CONFLICT_DECLARED = "conflict_declared", _("Conflict of interest declared")
    CONFLICT_DECIDED = "conflict_decided", _("Possible conflict decided")
    CONFLICT_QUESTION = "conflict_question", _("Conflict question asked")
    CONFLICT_ANSWERED = "conflict_answered", _("Conflict question answered")
    TRIAGED = "triaged", _("Triage done")
    DANGER_CONFIRMED = "danger_confirmed", _("Safety confirmed outside")
    INTERIM_DECIDED = "interim_decided", _("Interim measure decided")
    INTERIM_REVIEWED = "interim_reviewed", _("Interim measure reviewed")
    PATH_AGREED = "path_agreed", _("Path agreed")
    NOTE_ADDED = "note_added", _("Note added")
    MESSAGE_SENT = "message_sent", _("Message from a handler")
    MESSAGE_RECEIVED = "message_received", _("Message from the complainant")
    PICTURE_ADDED = "picture_added", _("Picture added")
    CONSENT_CHANGED = "consent_changed", _("Consent changed")
    NEW_NUMBER = "new_number", _("New receipt number")
    NOT_SAFE = "not_safe", _("Urgent, outside")
    MOVED_OUTSIDE = "moved_outside", _("Moved outside the factory")
    STOP_ASKED = "stop_asked", _("Paused at the complainant's wish")
    STOP_TAKEN_BACK = "stop_taken_back", _("Goes on at the complainant's wish")
    CLOSED = "closed", _("Closed")
    FIRST_LOOK = "first_look", _("First look")
    URGENT_CONTACTED = "urgent_contacted", _("Urgent contact made")
    HOLD_OPENED = "hold_opened", _("Safeguarding hold opened")
    HOLD_LIFT_PROPOSED = "hold_lift_proposed", _("End of the hold proposed")
    HOLD_LIFTED = "hold_lifted", _("Safeguarding hold ended")
    HANDOVER_PROPOSED = "handover_proposed", _("Handing over proposed")
    HANDED_TO_FACTORY = "handed_to_factory", _("Handed to the factory")
    ROUTE_CHOSEN = "route_chosen", _("Route chosen later")
    ASSIGNED = "assigned", _("Handler added")
    ASSIGNMENT_ENDED = "assignment_ended", _("Handler ended")
    EXCLUDED = "excluded", _("Excluded")
    GRANT_SHARED = "grant_shared", _("Shared again by a colleague")
    RECOVERED = "recovered", _("Brought back by the recovery ceremony")
    SET_ASIDE = "set_aside", _("Set aside with a burst")
    TAKEN_OUT = "taken_out", _("Taken out of a burst")
    RUNG_RAISED = "rung_raised", _("Late: told to the next level")
    NAME_MATCHED = "name_matched", _("Excluded name matched")
    FACTORY_MATCHED = "factory_matched", _("Factory matched")
