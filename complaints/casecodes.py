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
    ALLEGATION = "allegation", _("Allegation")
    INQUIRY_PLAN = "inquiry_plan", _("Plan of the inquiry")
    RESPONDENT_NOTICE = "respondent_notice", _("What the respondent is told")
    RESPONDENT_REPLY = "respondent_reply", _("The respondent's answer")
    INTERVIEW = "interview", _("Somebody was heard")
    PAPER = "paper", _("Paper looked at")
    COMMENT = "comment", _("Comment of one side")
    FINDING = "finding", _("Finding")
    QUESTIONS_BACK = "questions_back", _("Questions of the decision maker")
    DECISION = "decision", _("Decision")
    OUTCOME_LETTER = "outcome_letter", _("Outcome, as told to the respondent")
    REMEDY = "remedy", _("Remedy")
    SANCTION = "sanction", _("Sanction")
    AGREEMENT = "agreement", _("What was agreed")
    APPEAL = "appeal", _("Appeal")
    APPEAL_DECISION = "appeal_decision", _("Decision on the appeal")
    HANDLING_CONCERN = "handling_concern", _("Concern about handling")
    CHECK_ANSWER = "check_answer", _("Answer to a check")
    CHECK_NOTE = "check_note", _("Check made")
    HR_REVIEW = "hr_review", _("Review of HR data")
    RETALIATION = "retaliation", _("Retaliation")
    LEARNING_NOTE = "learning_note", _("Learning note")
    CLOSURE = "closure", _("Closing")
    CLOSING_ANSWER = "closing_answer", _("Her answer to the closing")
    SAFETY_DECISION = "safety_decision", _("Decision of two leads")
    SAFETY_PLAN = "safety_plan", _("Safety plan")
    LEGAL_DUTY = "legal_duty", _("Legal duty")
    FOLLOW_UP = "follow_up", _("Follow-up")
    WIDER_RISK = "wider_risk", _("Risk to others")
    REFERRAL = "referral", _("Referral")
    CLASSIFIED = "classified", _("Severity and class, by the expert")
    LINK = "link", _("Link to another case")


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


class Relation(TextChoices):
    """What makes a conflict of interest, asked one by one before a handler signs. Workflow, section 6."""

    SAME_LINE = "same_line", _("I work in the same line or section as somebody concerned.")
    UNDER = "under", _("I work under somebody concerned.")
    RELATIVE = "relative", _("Somebody concerned is a relative of mine.")
    FRIEND = "friend", _("Somebody concerned is a friend of mine.")
    DEBT = "debt", _("I am in debt to somebody concerned, or they to me.")
    RELATIONSHIP = "relationship", _("I am, or was, in a relationship with somebody concerned.")
    WITNESS = "witness", _("I saw or heard something of it happen.")
    EARLIER = "earlier", _("I handled an earlier case, and somebody complained about how.")


class EventKind(TextChoices):
    COMPLAINT_FILED = "complaint_filed", _("Complaint filed")
    COMPARTMENT_OPENED = "compartment_opened", _("Opened")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    CONFLICT_DECLARED = "conflict_declared", _("Conflict of interest declared")
    CONFLICT_DECIDED = "conflict_decided", _("Possible conflict decided")
    DECLARATION_FALSE = "declaration_false", _("Conflict declaration found to be false")
    BREACH_NOTED = "breach_noted", _("Breach of confidentiality noted")
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
    FILED_FOR_HER = "filed_for_her", _("Written down by somebody else")
    INQUIRY_BEGUN = "inquiry_begun", _("Inquiry begun")
    RESPONDENT_TOLD = "respondent_told", _("Respondent told")
    RESPONDENT_REPLIED = "respondent_replied", _("Respondent's answer noted")
    HEARD = "heard", _("Somebody was heard")
    PAPER_ADDED = "paper_added", _("Paper looked at")
    COMMENTS_ASKED = "comments_asked", _("Comments asked for")
    COMMENTED = "commented", _("Comment noted")
    INQUIRY_COMPLETED = "inquiry_completed", _("Inquiry complete")
    FINDING_MADE = "finding_made", _("Finding made")
    SENT_BACK = "sent_back", _("Sent back with questions")
    DECISION_PASSED = "decision_passed", _("Given to the outside member to decide")
    DECIDED = "decided", _("Decided")
    RECOMMENDED = "recommended", _("Recommended")
    RECOMMENDATION_ANSWERED = "recommendation_answered", _("Answered whether the factory may read the recommendation")
    RECOMMENDATION_PASSED = "recommendation_passed", _("Recommendation given to the factory")
    OUTCOME_TOLD = "outcome_told", _("Outcome told")
    FEEDBACK_GIVEN = "feedback_given", _("Overall answer given")
    PATH_CHANGED = "path_changed", _("Path changed")
    FAST_TRACK = "fast_track", _("Fast track taken")
    TALK_STOPPED = "talk_stopped", _("Talk stopped: she chooses another way")
    WAIT_ENDED = "wait_ended", _("What waited for her answer goes on")
    PROMISE_KEPT = "promise_kept", _("Promise kept, as she confirmed")
    ACTION_BEGUN = "action_begun", _("Action begun")
    REMEDY_ADDED = "remedy_added", _("Remedy added")
    REMEDY_DONE = "remedy_done", _("Remedy said to be done")
    REMEDY_ASKED = "remedy_asked", _("Asked whether a remedy was done")
    REMEDY_VERIFIED = "remedy_verified", _("Remedy verified")
    REMEDY_NOT_DONE = "remedy_not_done", _("Remedy not done yet, says the affected person")
    SANCTION_DONE = "sanction_done", _("Sanction carried out")
    SANCTION_CHECKED = "sanction_checked", _("Sanction checked")
    MONITORING_BEGUN = "monitoring_begun", _("Monitoring begun")
    APPEAL_OPENED = "appeal_opened", _("Appeal opened")
    APPEAL_GIVEN = "appeal_given", _("Appeal given to a reviewer")
    APPEAL_DECIDED = "appeal_decided", _("Appeal decided")
    HANDLING_CONCERN = "handling_concern", _("Concern about handling")
    CONCERN_ANSWERED = "concern_answered", _("Concern about handling answered")
    CHECK_ASKED = "check_asked", _("Asked how she is")
    CHECK_ANSWERED = "check_answered", _("Check answered")
    HR_REVIEWED = "hr_reviewed", _("HR data reviewed")
    CHECK_DONE = "check_done", _("Check done")
    RETALIATION_CONCERN = "retaliation_concern", _("Retaliation told of")
    RETALIATION_SETTLED = "retaliation_settled", _("Retaliation put right")
    LEARNING_WRITTEN = "learning_written", _("Learning note written")
    CLOSURE_TICKED = "closure_ticked", _("Ready to close, says the handler")
    CLOSURE_CONFIRMED = "closure_confirmed", _("Ready to close, says a second person")
    CLOSING_ASKED = "closing_asked", _("Asked whether it may be closed")
    CLOSING_ANSWERED = "closing_answered", _("Answered whether it may be closed")
    REOPENED = "reopened", _("Opened again")
    SAFETY_PROPOSED = "safety_proposed", _("Decision proposed by one lead")
    SAFETY_DECIDED = "safety_decided", _("Decision of two leads")
    SAFETY_PLANNED = "safety_planned", _("Safety plan written")
    DUTY_NOTED = "duty_noted", _("Legal duty noted")
    FOLLOWED_UP = "followed_up", _("Followed up")
    WIDER_RISK = "wider_risk", _("Risk to others looked at")
    REFERRAL_OFFERED = "referral_offered", _("Referral offered")
    REFERRAL_ANSWERED = "referral_answered", _("Referral answered")
    REFERRAL_NOTED = "referral_noted", _("Referral went on")
    CLASSIFIED = "classified", _("Severity and class set")
    CASE_LINKED = "case_linked", _("Linked to another case")
    RECEIPT_GIVEN = "receipt_given", _("Another receipt given")
    RECEIPT_LEFT = "receipt_left", _("Somebody of the group left")
    DELETION_ASKED = "deletion_asked", _("Deletion of own words asked")
    DELETION_TAKEN_BACK = "deletion_taken_back", _("Deletion of own words taken back")
    WORDS_DELETED = "words_deleted", _("Own words deleted")
    RENEWED = "renewed", _("Kept for another year")
    LEGAL_HOLD_SET = "legal_hold_set", _("Legal hold set")
    LEGAL_HOLD_ENDED = "legal_hold_ended", _("Legal hold ended")
    PURGED = "purged", _("Content deleted")


class InquirySide(TextChoices):
    """Who was heard, or comments, or is told."""

    COMPLAINANT = "complainant", _("Complainant")
    AFFECTED_PERSON = "affected_person", _("Affected person")
    RESPONDENT = "respondent", _("Respondent")
    WITNESS = "witness", _("Witness")


class RemedyScope(TextChoices):
    PERSON = "person", _("For the affected person")
    WORKPLACE = "workplace", _("For the workplace")


class RemedyCode(TextChoices):
    """What puts the harm right. Workflow, section 8."""

    ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement that it happened")
    APOLOGY = "apology", _("Apology, in writing, if she wants one")
    PAY_RESTORED = "pay_restored", _("Pay, bonus, leave or position restored")
    COMPENSATION = "compensation", _("Compensation")
    PAID_CARE = "paid_care", _("Paid health care and counselling")
    PLACE_CHANGED = "place_changed", _("Change of place, at her wish")
    RECORD_CORRECTED = "record_corrected", _("Record corrected")
    CONTRACT_RENEWED = "contract_renewed", _("Contract renewed")
    NO_CONTACT_PROMISE = "no_contact_promise", _("Written no-contact promise")
    RIGHTS_TOLD = "rights_told", _("Information about outside rights")
    SUPERVISION_CHANGED = "supervision_changed", _("Supervision changed")
    SECOND_PERSON_RULE = "second_person_rule", _("Second-person rule")
    LAYOUT = "layout", _("Layout changed")
    LIGHT = "light", _("Light")
    TRANSPORT = "transport", _("Transport")
    TARGET_RULES = "target_rules", _("Target or bonus rules")
    GROUP_TRAINING = "group_training", _("Training for a group")
    POLICY_CHANGE = "policy_change", _("Policy changed")
    OTHERS_SAFE = "others_safe", _("Other workers' safety")

    @property
    def scope(self) -> str:
        return RemedyScope.PERSON if self in _FOR_HER else RemedyScope.WORKPLACE

    @property
    def at_her_wish(self) -> bool:
        """Only where she asked for it: nobody is moved, and nobody is said sorry to, against her wish."""
        return self in (RemedyCode.APOLOGY, RemedyCode.PLACE_CHANGED)


_FOR_HER = (
    RemedyCode.ACKNOWLEDGEMENT,
    RemedyCode.APOLOGY,
    RemedyCode.PAY_RESTORED,
    RemedyCode.COMPENSATION,
    RemedyCode.PAID_CARE,
    RemedyCode.PLACE_CHANGED,
    RemedyCode.RECORD_CORRECTED,
    RemedyCode.CONTRACT_RENEWED,
    RemedyCode.NO_CONTACT_PROMISE,
    RemedyCode.RIGHTS_TOLD,
)


class SanctionCode(TextChoices):
    """What follows for the respondent; the same scale for every rank. Workflow, section 8."""

    LEARNING_TALK = "learning_talk", _("Learning conversation")
    VERBAL_WARNING = "verbal_warning", _("Verbal warning")
    WRITTEN_WARNING = "written_warning", _("Written warning")
    FINAL_WARNING = "final_warning", _("Final warning")
    POWER_TAKEN = "power_taken", _("Loss of power over others")
    TRANSFER = "transfer", _("Transfer")
    SUSPENSION = "suspension", _("Suspension within the law")
    DISMISSAL = "dismissal", _("Dismissal within the law")
    REMOVED_FROM_SITE = "removed_from_site", _("For outsiders: removal from the site")
    CONTRACT_ENDED = "contract_ended", _("For outsiders: end of the contract")


class VerifiedBy(TextChoices):
    """Who said that a remedy is really done. Workflow, section 3.8."""

    COMPLAINANT = "complainant", _("The affected person")
    EXPERT = "expert", _("The expert for her")
    EVIDENCE = "evidence", _("Other evidence, after two unanswered requests")


class AppealSide(TextChoices):
    COMPLAINANT = "complainant", _("Complainant")
    RESPONDENT = "respondent", _("Respondent")


class AppealResult(TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    CHANGED = "changed", _("Changed")
    SENT_BACK = "sent_back", _("Sent back with directions")
    WITHDRAWN = "withdrawn", _("Nobody decides it any more: the case was stopped")


class CheckCode(TextChoices):
    """One planned look at how somebody is. Workflow, sections 10 to 12; each is a deadline of the same code."""

    CHECK_14 = "check_14", _("Check after 14 days")
    CHECK_30 = "check_30", _("Check after 30 days")
    CHECK_60 = "check_60", _("Check after 60 days")
    CHECK_90 = "check_90", _("Check after 90 days")
    RECORDS_REVIEW_180 = "records_review_180", _("HR data after 180 days")
    STOPPED_CHECK_30 = "stopped_check_30", _("Check 30 days after she stopped")
    STOPPED_CHECK_90 = "stopped_check_90", _("Check 90 days after she stopped")
    FOLLOW_UP_7 = "follow_up_7", _("Follow-up after 7 days")
    FOLLOW_UP_30 = "follow_up_30", _("Follow-up after 30 days")
    FOLLOW_UP_60 = "follow_up_60", _("Follow-up after 60 days")
    FOLLOW_UP_90 = "follow_up_90", _("Follow-up after 90 days")
    FOLLOW_UP_180 = "follow_up_180", _("Follow-up after 180 days")
    FOLLOW_UP_365 = "follow_up_365", _("Follow-up after 365 days")


class CheckResult(TextChoices):
    ANSWERED = "answered", _("Answered")
    NO_ANSWER = "no_answer", _("No answer; never counted as fine")


class ConcernKind(TextChoices):
    RETALIATION = "retaliation", _("Retaliation")
    HANDLING = "handling", _("Handling")
    BREACH = "breach", _("Breach of confidentiality")


class LinkKind(TextChoices):
    PLACE = "place", _("The same place")
    JOB = "job", _("The same job")
    PERSON = "person", _("The same respondent")
    RETALIATION = "retaliation", _("Retaliation because of it")
    DUPLICATE = "duplicate", _("The same complaint")


class GbvClass(TextChoices):
    """The six core incident classes of the GBV information system, in the order in which the first that fits counts."""

    RAPE = "rape", _("Rape")
    SEXUAL_ASSAULT = "sexual_assault", _("Sexual assault")
    PHYSICAL_ASSAULT = "physical_assault", _("Physical assault")
    FORCED_MARRIAGE = "forced_marriage", _("Forced marriage")
    DENIAL_OF_RESOURCES = "denial_of_resources", _("Denial of resources")
    PSYCHOLOGICAL = "psychological_emotional_abuse", _("Psychological or emotional abuse")


class Criterion(TextChoices):
    """What must hold before a case is closed. Workflow, section 11."""

    FINDINGS = "findings", _("Every part of the complaint has a finding, or a recorded reason why not")
    DECISION_TOLD = "decision_told", _("Decision and reasons are recorded, and both sides were told")
    REMEDIES = "remedies", _("Remedies are done and verified, or have a dated plan with an owner outside the line")
    CHECKS = "checks", _("The 30, 60 and 90-day checks are made: an answer, or at least two tries each")
    NOTHING_OPEN = "nothing_open", _("No retaliation concern, appeal, safeguarding hold or interim measure is open")
    REFERRALS = "referrals", _("Referrals were followed up once")
    SHE_WAS_ASKED = "she_was_asked", _("She was asked whether it may be closed, and how it was for her")
    LEARNING = "learning", _("A learning note without names is written")
    RETENTION = "retention", _("The day on which the content is deleted is set")


class ReferralState(TextChoices):
    OFFERED = "offered", _("Offered to her")
    AGREED = "agreed", _("She agreed")
    DECLINED = "declined", _("She said no")
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
    DONE = "done", _("Done")
    REVOKED = "revoked", _("Taken back by her")


class HoldReason(TextChoices):
    """Why content is kept longer than its time. Workflow, section 15."""

    COURT = "court", _("A court or tribunal has asked for it")
    INSPECTION = "inspection", _("The labour inspection has asked for it")
    APPEAL_OUTSIDE = "appeal_outside", _("An outside appeal or arbitration is open")
    SANCTION_OPEN = "sanction_open", _("A sanction that rests on it is not final yet")
    HER_WISH = "her_wish", _("She asked us to keep it longer")
