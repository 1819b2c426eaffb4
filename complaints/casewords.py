"""What handlers read for the codes of a case: promises, steps, notices, and the answers she gave."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from complaints import carecodes, casecodes, codes, questions
from complaints.casecodes import CheckCode
from complaints.codes import Words

PROMISES: dict[str, Words] = {
    "urgent_contact": _("Urgent contact"),
    "acknowledge": _("First human answer"),
    "triage": _("Triage"),
    "progress_update": _("Word to the complainant on how it goes"),
    "conflict_question": _("Ask who it could be"),
    "interim_measures": _("Decide on interim measures"),
    "interim_measures_urgent": _("Decide on interim measures, urgently"),
    "interim_review": _("Look at the interim measures again"),
    "path_agreed": _("Agree the path"),
    "respondent_told": _("Tell the respondent"),
    "respondent_reply": _("The respondent answers"),
    "inquiry_complete": _("Complete the inquiry"),
    "finding": _("Make the finding"),
    "decision": _("Decide what follows"),
    "outcome_told": _("Tell both sides the outcome"),
    "overall_feedback": _("Overall answer to the complainant"),
    "appeal_window": _("Either side may appeal"),
    "remedy_done": _("A remedy is done"),
    "no_reply_least_intrusive": _("The complainant may answer"),
    "appeal_decision": _("Decide the appeal"),
    "closure_review": _("Look whether it can be closed"),
    "no_contact_close": _("It may be closed because she does not answer"),
    "hold_decision": _("Decision of two leads"),
    "hold_plan": _("Plan with her"),
    "hold_review": _("Look whether others face the same"),
    **{code.value: code.label for code in CheckCode if code.value.startswith("follow_up_")},
    **{code.value: code.label for code in CheckCode if code.value.startswith(("check_", "records_", "stopped_"))},
}
# The step that keeps a promise, so that a list can lead straight to it.
STEP_OF: dict[str, str] = {
    "urgent_contact": "first_look",
    "acknowledge": "acknowledge",
    "triage": "triage",
    "progress_update": "send_message",
    "conflict_question": "ask_conflict_question",
    "interim_measures": "decide_interim",
    "interim_measures_urgent": "decide_interim",
    "interim_review": "review_interim",
    "path_agreed": "agree_path",
    "respondent_told": "tell_respondent",
    "respondent_reply": "note_reply",
    "inquiry_complete": "complete_inquiry",
    "finding": "find",
    "decision": "decide",
    "outcome_told": "tell_outcome",
    "overall_feedback": "give_feedback",
    "remedy_done": "remedy_done",
    "appeal_decision": "decide_appeal",
    "closure_review": "tick_closure",
    "no_contact_close": "close_no_contact",
    "hold_decision": "propose_safety_decision",
    "hold_plan": "plan_safety",
    "hold_review": "note_wider_risk",
    **{code.value: "follow_up" for code in CheckCode if code.value.startswith("follow_up_")},
    **dict.fromkeys(("check_14", "check_30", "check_60", "check_90"), "ask_check"),
    "records_review_180": "review_hr",
}
RISES_AT_FACTORY: dict[str, Words] = {
    "reminder_before": _("a reminder to the handlers"),
    "reminder_due": _("a reminder to the handlers"),
    "L1": _("the committee chair is told"),
    "L2": _("the advisor is told: reference, stage and days late"),
    "L2c": _("the complainant reads that it is late and may move the case outside"),
    "L3": _("a technical expert is told and may write to the complainant"),
    "L4": _("the heads of the programme talk to top management"),
}
RISES_OUTSIDE: dict[str, Words] = {
    **RISES_AT_FACTORY,
    "L1": _("a second person of the outside team is told"),
    "L2": _("the heads of the technical organisation are told: reference, stage and days late"),
    "L2c": _("the complainant reads that it is late"),
    "L4": _("the heads of the programme talk to each other"),
}
NOTICES: dict[str, Words] = {
    "case_filed": _("A new case waits for its first answer"),
    "declaration_false": _("A signed statement of no conflict of interest was found to be false"),
    "message": _("The complainant has written"),
    "not_safe": _("The complainant is not safe now"),
    "moved_outside": _("A case has come to you from the factory"),
    "assigned": _("You were put on a case"),
    "too_few_handlers": _("Too few people at the factory may work on a case: write to the complainant"),
    "thin_case": _("Fewer than two people can open a case"),
    "conflict_possible": _("A possible conflict of interest waits for your decision"),
    "hold_opened": _("A safeguarding hold was opened"),
    "hold_lifted": _("A safeguarding hold has ended and the case is with you"),
    "lift_proposed": _("Another lead proposes to end a hold"),
    "safety_proposed": _("Another lead proposes a decision: read it and agree, or propose another"),
    "safety_agreed": _("The other lead agrees with your decision"),
    "new_key": _("A colleague has a new key. If you did not expect it, tell a technical expert."),
    "recovered": _("A recovery ceremony gave a colleague access to a case again"),
    "provider_check_due": _("A service provider is to be checked in person again"),
    "provider_check_late": _("The check of a service provider is overdue: nobody is sent there"),
    "provider_suspended": _("A service provider is suspended: look into it and decide"),
    "decided": _("It is decided what follows: tell both sides"),
    "sent_back": _("The finding came back with questions: answer them and make it again"),
    "appeal_opened": _("An appeal waits: give it to somebody new"),
    "appeal_given": _("An appeal waits for your decision"),
    "appeal_decided": _("An appeal was decided: read what follows"),
    "reviewer_asks": _("Whoever decides the appeal asks something in the record"),
    "no_reviewer": _("An appeal waits and nobody can decide it: find an appeal reviewer"),
    "handling_concern": _("The complainant says that her case is not handled well"),
    "breach": _("Somebody may have broken confidentiality, or tried to find out who complains: read it at once"),
    "other_helper": _("The complainant wants another outside helper: hand her case on"),
    "expert_review": _("The complainant asks you to check how her case is handled"),
    "closing_to_confirm": _("A case is ready to be closed: look at it and confirm"),
    "closing_answered": _("The complainant has answered whether her case may be closed"),
    "reopened": _("A closed case is open again"),
    "talk_stopped": _("The complainant has stopped the talk: agree another way with her"),
    "words_deleted": _("The complainant has deleted her words"),
    "reminder": _("A step is due"),
    "late_l1": _("A step is late"),
    "late_l2": _("A step is late"),
    "late_l3": _("A step is very late: you may write to the complainant"),
    "late_l4": _("A step is late for weeks: talk to top management about the process"),
    "retaliation": _("Somebody is treated badly because of a case: read it at once"),
    "hr_look": _("The HR data of a case want your eye"),
    "treated_worse": _("The complainant answers that something got worse: look at it today and write to her"),
}
SOMETHING: Words = _("There is something to do")

LIMITS: dict[str, Words] = {
    "discipline_limit_serious": _("Last day for a dismissal for serious misconduct"),
    "discipline_limit_other": _("Last day for any disciplinary measure"),
}
# The fast track of a country's pack, in our words; what is not here stands as its pack says it.
OF_THE_FAST_TRACK: dict[str, Words] = {
    "employer_knowledge": _("the day the factory learned who it was"),
    "conflict check, interim measures, notice, reply, finding, decision": _(
        "conflicts of interest looked at, interim measures, the respondent told, the answer, finding, decision"
    ),
    "respondent known to the factory and conduct could be serious misconduct": _(
        "Where the factory knows who it was, and what is said to have happened could be serious misconduct."
    ),
    "before anyone opens": _("before anybody opens the case"),
}


def promise(code: str) -> Words:
    return PROMISES.get(code, code.replace("_", " "))


def rises(level: str, *, with_factory: bool) -> Words:
    return (RISES_AT_FACTORY if with_factory else RISES_OUTSIDE).get(level, level)


# --- Triage -------------------------------------------------------------------------------------------------------


class InScope(TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No: kindly point to the right channel, do not reject")


class Repeated(TextChoices):
    ONCE = "once", _("Once")
    REPEATED = "repeated", _("More than once")
    NOT_KNOWN = "not_known", _("Not known")


class YesNoNotKnown(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_KNOWN = "not_known", _("Not known")


class SeverityAsSeen(TextChoices):
    A = "a", _("A: danger to life, rape, or somebody especially unprotected")
    B = "b", _("B: touching, pressure, stalking, threats, or repeated")
    C = "c", _("C: a single act of words or looks")


class Evidence(TextChoices):
    CAMERA = "camera", _("Camera recordings")
    MESSAGES = "messages", _("Messages")
    MEDICAL = "medical", _("Medical: offer the information at once, some care has to begin within 72 hours")
    DUTY_LISTS = "duty_lists", _("Duty lists")
    OTHER = "other", _("Other")


class Ground(TextChoices):
    """`Appeal.Ground` as handlers read it."""

    NEW_INFORMATION = "new_information", _("There is new information")
    STEP_NOT_FOLLOWED = "step_not_followed", _("A step was not followed")
    UNFAIR = "unfair", _("It was unfair")
    TOO_WEAK = "too_weak", _("The outcome is too weak")
    TOO_STRONG = "too_strong", _("The outcome is too strong")
    CONFLICT = "conflict", _("Somebody had a conflict of interest")


class Conduct(TextChoices):
    """`ConductType` as those read it to whom it did not happen."""

    VERBAL = "verbal", _("Bad words, sexual jokes, comments on the body")
    VISUAL_GESTURE = "visual_gesture", _("Staring, signs, whistling, showing body parts")
    DIGITAL = "digital", _("Messages, pictures, videos, photos taken of her")
    TOUCH = "touch", _("Touching, hugging, brushing against her")
    QUID_PRO_QUO = "quid_pro_quo", _("Asked for sex or a “date” for work, money or peace")
    STALKING = "stalking", _("Following, waiting for her, blocking her way")
    HOSTILE_ENVIRONMENT = "hostile_environment", _("Songs, pictures, talk that make the place bad for women")
    ASSAULT_ATTEMPTED = "assault_attempted", _("Tried to force her")
    RAPE = "rape", _("Forced her to have sex")
    PHYSICAL_NONSEXUAL = "physical_nonsexual", _("Hitting, pushing, throwing things")
    FORCED_RELATIONSHIP = "forced_relationship", _("Pushing her to be with or marry someone")
    OTHER_UNSURE = "other_unsure", _("Something else, or not sure")


class Place(TextChoices):
    """`PlaceType` as handlers read it."""

    OWN_MACHINE = "own_machine", _("At her machine")
    BETWEEN_LINES = "between_lines", _("Between the lines")
    STORE = "store", _("Store room")
    TOILET = "toilet", _("Toilet")
    STAIRS = "stairs", _("Stairs")
    OFFICE = "office", _("Office")
    CLINIC = "clinic", _("Clinic")
    CANTEEN = "canteen", _("Canteen")
    GATE = "gate", _("Gate")
    TRANSPORT = "transport", _("Bus or truck")
    WAY_HOME = "way_home", _("Way home")
    DORMITORY = "dormitory", _("Dormitory or room")
    PHONE_INTERNET = "phone_internet", _("Phone or internet")
    OTHER = "other", _("Other place")


# --- Safeguarding -------------------------------------------------------------------------------------------------


class SafetyKind(TextChoices):
    """On what a decision of two leads rests. Sealed: it tells age and danger."""

    BEST_INTERESTS = "best_interests", _("Her best interests: she is under 18, or believed to be")
    HER_OWN = "her_own", _("Her own decision: she is 18 or older")
    WITHOUT_CONSENT = "without_consent", _("Without her consent: the life of other people is in immediate danger")


class HerAnswer(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No. It is respected, and contact is offered again")
    NOT_YET = "not_yet", _("Not yet: she thinks about it, or has not answered")


class FollowUpAnswer(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_KNOWN = "not_known", _("Not known")


# --- The inquiry --------------------------------------------------------------------------------------------------


class HeardHow(TextChoices):
    IN_PERSON = "in_person", _("In person, in a place that is safe for them")
    INBOX = "inbox", _("In writing, through her page")
    IN_WRITING = "in_writing", _("In writing, on paper")
    PHONE = "phone", _("By phone, at a time they chose")


class PaperKind(TextChoices):
    DUTY_LISTS = "duty_lists", _("Duty lists")
    MESSAGES = "messages", _("Messages that somebody offered")
    PICTURES = "pictures", _("Pictures")
    DOOR_CAMERA = "door_camera", _("Door or camera records")
    EARLIER_CASES = "earlier_cases", _("Pattern of earlier cases")
    OTHER = "other", _("Something else")


class YesNo(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")


# --- Her answers, as handlers read them ---------------------------------------------------------------------------

ANSWERS: dict[str, tuple[Words, type[TextChoices] | None]] = {
    # Story.
    "complainant_kind": (_("It happened"), codes.ComplainantKind),
    "person_knows": (_("Does the person it happened to know?"), codes.YesNoNotSaid),
    "write_through_me": (_("May we write to her through the one who told?"), codes.YesNoNotSaid),
    "own_words": (_("In her own words"), None),
    "pressure": (_("What was offered or threatened"), codes.PressureType),
    "wishes": (_("What she would like"), codes.Wish),
    "more_words": (_("What else she wrote"), None),
    # Circumstances.
    "place_kind": (_("It is about"), codes.PlaceKind),
    "place_text": (_("The factory, as she typed it"), None),
    "places": (_("Where"), codes.PlaceType),
    "last_time": (_("The last time"), codes.LastTime),
    "frequency": (_("How often"), codes.Frequency),
    # Respondent.
    "respondent_job": (_("Job of the person"), codes.RespondentJob),
    "respondent_name": (_("Who, in her words"), None),
    # Identity.
    "name": (_("Her name"), None),
    "kind": (_("How she may be reached"), codes.ContactKind),
    "reach": (_("Number, account or person"), None),
    "whose": (_("Whose phone it is"), None),
    "others_look": (_("Does anybody else look at it?"), codes.YesNoNotSaid),
    "safe_when": (_("When it is safe"), None),
    "say_instead": (_("What to say if somebody else answers"), None),
    "leave_message": (_("May a message be left?"), codes.YesNoNotSaid),
    "proof_word": (_("The word by which she knows you"), None),
    # Freedom.
    "danger_answer": (_("In danger now or today, in her judgement"), codes.DangerAnswer),
    "danger_level": (_("Danger, from all answers"), codes.DangerLevel),
    "age_band": (_("Age"), codes.AgeBand),
    "not_free": (_("May not be free to leave"), None),
    "severity_full": (_("Severity, from all answers"), codes.Severity),
    "exclude": (_("Must not see it"), codes.Exclude),
    "exclude_roles": (_("Must not see it, by role"), codes.ExcludeRole),
    "exclude_name": (_("A person who must not see it, as she wrote"), None),
    "wrote": (_("A message went to her"), None),
    # The handlers' papers.
    "note": (_("Note"), None),
    "text": (_("Text"), None),
    "in_scope": (_("In scope"), InScope),
    "conduct_types": (_("What happened"), Conduct),
    "place_types": (_("Where"), Place),
    "repeated": (_("Repeated"), Repeated),
    "power_difference": (_("Power over her"), YesNoNotKnown),
    "severity": (_("Severity, as the handlers see it"), SeverityAsSeen),
    "respondent_identified": (_("The respondent can be identified"), None),
    "others_at_risk": (_("Who else may be at risk"), None),
    "evidence": (_("Evidence that could be lost"), Evidence),
    "evidence_text": (_("What to secure"), None),
    "links": (_("Links to earlier cases"), None),
    "link": (_("What the two cases have in common"), casecodes.LinkKind),
    "reference": (_("The other case"), None),
    "severity_set": (_("Severity, set by the expert"), codes.Severity),
    "gbv_class": (_("Class of the incident"), casecodes.GbvClass),
    "question_1": (_("First question to her"), None),
    "question_2": (_("Second question to her"), None),
    "question_3": (_("Third question to her"), None),
    "proposed_path": (_("Proposed path"), codes.Path),
    "path": (_("Path"), codes.Path),
    "reason": (_("Reason"), None),
    "she_agreed": (_("She agreed"), None),
    "she_asked_twice": (_("She asked for it after all paths were explained twice"), None),
    "independent_evidence": (_("Evidence that does not come from her"), None),
    "body": (_("Body it is referred to"), None),
    "told_to_whom": (_("What may be told to whom"), None),
    "safe_contact": (_("How she can be reached safely"), None),
    "referral_offered": (_("A referral was offered to her"), YesNo),
    "at_her_request": (_("At her request"), None),
    "goes_on": (_("It goes on"), None),
    "learning": (_("What is learned"), None),
    "may_close": (_("May it be closed?"), None),
    "safe": (_("Is she safe?"), codes.YesNoUnknown),
    "how": (_("How it was for her, 1 to 5"), None),
    "heard": (_("Was she listened to?"), YesNo),
    "in_time": (_("Was it quick enough?"), YesNo),
    "safe_to_tell": (_("Did she feel safe telling?"), YesNo),
    "fair": (_("Was it fair?"), YesNo),
    "would_tell_again": (_("Would she tell again?"), YesNo),
    # Decision and action.
    "questions": (_("Questions"), None),
    "remedy_codes": (_("What puts the harm right"), casecodes.RemedyCode),
    "sanction_codes": (_("What follows for the respondent"), casecodes.SanctionCode),
    "remedy_code": (_("Remedy"), casecodes.RemedyCode),
    "sanction_code": (_("Sanction"), casecodes.SanctionCode),
    "agreed": (_("What was agreed"), None),
    "changed_because": (_("Why the path changed"), None),
    "written_consent": (_("She agreed in writing"), None),
    "no_answer": (_("She had not answered when her days were over"), None),
    "respondent_not_told": (_("Why the respondent is not told"), None),
    "found": (_("What was found"), None),
    "follows": (_("What follows for the respondent"), None),
    "go_to": (_("Where the respondent can go"), None),
    "until": (_("Until"), None),
    # The inquiry.
    "to_find_out": (_("What must be found out"), None),
    "whom_to_hear": (_("Whom to hear"), None),
    "in_which_order": (_("In which order"), None),
    "to_protect": (_("What to protect"), None),
    "inquirers": (_("Who runs the inquiry"), None),
    "number": (_("Number"), None),
    "answer_by": (_("Day to answer"), None),
    "heard_who": (_("Who"), casecodes.InquirySide),
    "heard_how": (_("How"), HeardHow),
    "accompanied": (_("Who came along"), None),
    "told_to_keep_quiet": (_("Told not to talk about it, and that nothing may happen for helping"), None),
    "came": (_("Came, or said something"), None),
    "paper_kind": (_("Kind of paper"), PaperKind),
    "of_side": (_("Whose side"), casecodes.InquirySide),
    "points": (_("Main points"), None),
    "allegation": (_("What is said to have happened"), None),
    "result": (_("Finding"), codes.FindingResult),
    "complainant_said": (_("What the complainant said to it"), None),
    "respondent_said": (_("What the respondent said to it"), None),
    "reasons": (_("Reasons"), None),
    # Appeals.
    "ground": (_("What is not right"), Ground),
    "appeal_result": (_("The appeal"), casecodes.AppealResult),
    "back_to": (_("It goes back to"), codes.Stage),
    # Safeguarding, and referrals.
    "decision_number": (_("Decision"), None),
    "safety_kind": (_("It rests on"), SafetyKind),
    "options": (_("Options"), None),
    "risks": (_("Risks of each"), None),
    "decided": (_("What is decided"), None),
    "child_view": (_("What the child says and wants"), None),
    "her_answer": (_("Her answer"), HerAnswer),
    "recontact": (_("How and when to get in touch again"), None),
    "others_in_danger": (_("The life of other people is in immediate danger"), None),
    "told_her_on": (_("She was told first, on"), None),
    "least": (_("The least that is passed on"), None),
    "duties_checked": (_("Legal duties were checked"), None),
    "duty_exists": (_("There is a duty to report"), None),
    "safety": (_("Safety"), None),
    "health": (_("Health"), None),
    "legal": (_("Law"), None),
    "place_to_stay": (_("A place to stay"), None),
    "income": (_("Income"), None),
    "papers": (_("Papers"), None),
    "languages": (_("Language"), None),
    "trusted_person": (_("Someone she trusts"), None),
    "with_her": (_("Made with her"), None),
    "duty_holder": (_("Who has the duty"), None),
    "exact_duty": (_("The exact duty"), None),
    "receiving_body": (_("Who receives it"), None),
    "moment": (_("The safest moment"), None),
    "passed_on_on": (_("Passed on by hand, on"), None),
    "others_face_it": (_("Others face the same"), YesNoNotKnown),
    "off_site": (_("Looked into away from the workplace"), None),
    "follow_up": (_("Follow-up"), CheckCode),
    "reached_her": (_("She answered"), None),
    "is_safe": (_("Safe?"), FollowUpAnswer),
    "is_free": (_("Free to come, go, call and leave?"), FollowUpAnswer),
    "income_enough": (_("Is the income enough to live?"), FollowUpAnswer),
    "care_reached": (_("Health care and counselling reached?"), FollowUpAnswer),
    "pushed_back": (_("Pushed to go back?"), FollowUpAnswer),
    "trafficking_signs": (_("Signs of being trafficked again?"), FollowUpAnswer),
    "referral": (_("Referral"), None),
    "provider_name": (_("Service"), None),
    "passed_on": (_("What the service would be told"), None),
    # Checks, and retaliation.
    "check": (_("Check"), CheckCode),
    "feeling": (_("How she is"), carecodes.Feeling),
    "contact": (_("The respondent came near or wrote"), carecodes.YesNo),
    "changed": (_("What has become worse"), carecodes.Changed),
    "promised": (_("Got what was promised"), carecodes.Promised),
    "support": (_("Gets the care and help she needs"), carecodes.YesNo),
    "whom": (_("About"), carecodes.Whom),
    "by_line": (_("For the whole line"), None),
    "her_view": (_("What the affected person says"), None),
    "she_wants": (_("She wants it"), None),
    "shows_nobody": (_("Nobody can tell from it that she spoke"), None),
    "shift": (_("Shifts"), carecodes.AgainstNormal),
    "transfer": (_("Transfers"), carecodes.AgainstNormal),
    "pay": (_("Pay"), carecodes.AgainstNormal),
    "overtime": (_("Overtime"), carecodes.AgainstNormal),
    "warning": (_("Warnings"), carecodes.AgainstNormal),
    "appraisal": (_("Appraisals"), carecodes.AgainstNormal),
    "renewal": (_("Contracts"), carecodes.AgainstNormal),
    "resignation": (_("Resignations"), carecodes.AgainstNormal),
    "resigned": (_("Somebody has resigned"), None),
    "settled": (_("How it ends"), carecodes.Settled),
    "relations": (_("What may be a conflict of interest"), casecodes.Relation),
    "breach": (_("Somebody talked about it, or tried to find out who complained"), None),
}
# How her answers travel; of no use to a reader.
HIDDEN = frozenset({"language", "provider"})


def question_words(code: str) -> Words:
    """The worker's own question behind D1 to D6 and FQ1 to FQ12."""
    found = questions.BY_FIELD.get(code)
    return found.words if found else code
