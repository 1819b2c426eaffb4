"""What handlers read for the codes of a case: promises, steps, notices, and the answers she gave."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from complaints import codes, questions
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
    "new_key": _("A colleague has a new key. If you did not expect it, tell a technical expert."),
    "recovered": _("A recovery ceremony gave a colleague access to a case again"),
    "provider_check_due": _("A service provider is to be checked in person again"),
    "provider_check_late": _("The check of a service provider is overdue: nobody is sent there"),
    "provider_suspended": _("A service provider is suspended: look into it and decide"),
    "reminder": _("A step is due"),
    "late_l1": _("A step is late"),
    "late_l2": _("A step is late"),
    "late_l3": _("A step is very late: you may write to the complainant"),
    "late_l4": _("A step is late for weeks: talk to top management about the process"),
}
SOMETHING: Words = _("There is something to do")

LIMITS: dict[str, Words] = {
    "discipline_limit_serious": _("Last day for a dismissal for serious misconduct"),
    "discipline_limit_other": _("Last day for any disciplinary measure"),
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
    "at_her_request": (_("At her request"), None),
    "goes_on": (_("It goes on"), None),
}
# How her answers travel; of no use to a reader.
HIDDEN = frozenset({"language"})


def question_words(code: str) -> Words:
    """The worker's own question behind D1 to D6 and FQ1 to FQ12."""
    found = questions.BY_FIELD.get(code)
    return found.words if found else code
