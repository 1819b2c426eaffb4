"""Every closed list of a complaint and its case. Codes never change; words may.

A label is what people read on a page. Where a worker reads something else than a handler,
the code also has `worker_words`.
"""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class PlaceKind(TextChoices):
    """Q1: what she says the complaint is about."""

    FACTORY = "factory", _("A factory")
    NOT_SURE = "not_sure", _("I am not sure")
    OTHER_PLACE = "other_place", _("Another place")


class ComplainantKind(TextChoices):
    """Q2: whom it happened to."""

    AFFECTED = "affected", _("To me")
    WITNESS = "witness", _("To someone else. I saw or heard it")
    GROUP = "group", _("To several of us")
    NOT_SAID = "not_said", _("I don't want to say")


class DangerAnswer(TextChoices):
    """Q3: danger now or today, in her own judgement."""

    NOW = "now", _("Yes, now")
    MAYBE_SOON = "maybe_soon", _("Maybe soon")
    NO = "no", _("No")
    NOT_SURE = "not_sure", _("I am not sure")
    SKIPPED = "skipped", _("Skip")


class DangerLevel(TextChoices):
    """What Q3 and D1 to D5 add up to. Never shown to her, never shown to a factory."""

    NOW = "now", _("Danger now")
    SOON = "soon", _("Danger soon")
    UNKNOWN = "unknown", _("Not known")
    NOT_NOW = "not_now", _("No danger now")


class YesNoUnknown(TextChoices):
    """Answers to D1 to D6. Empty: skipped."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_KNOWN = "not_known", _("I don't know")


class YesNoNotSaid(TextChoices):
    """Answer to a side question. Empty: skipped."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_SAID = "not_said", _("I don't want to say")


class FreedomAnswer(TextChoices):
    """Answers to FQ1 to FQ12."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    SKIPPED = "skipped", _("Skip")


class AgeBand(TextChoices):
    """Q4: age of the person it happened to."""

    UNDER_15 = "under_15", _("Under 15")
    FROM_15_TO_17 = "15_17", _("15 to 17")
    FROM_18 = "18_plus", _("18 or older")
    NOT_SAID = "not_said", _("I don't want to say")


class ConductType(TextChoices):
    """Q5: what happened. Stands in the clear."""

    VERBAL = "verbal", _("Bad words, sexual jokes, comments on my body")
    VISUAL_GESTURE = "visual_gesture", _("Staring, signs, whistling, showing body parts")
    DIGITAL = "digital", _("Messages, pictures, videos. Took photos of me")
    TOUCH = "touch", _("Touching, hugging, brushing against me")
    QUID_PRO_QUO = "quid_pro_quo", _("Asked for sex or a “date” for work, money or peace")
    STALKING = "stalking", _("Follows me, waits for me, blocks my way")
    HOSTILE_ENVIRONMENT = (
        "hostile_environment",
        _("Songs, pictures, talk that make this place bad for us"),
    )
    ASSAULT_ATTEMPTED = "assault_attempted", _("Tried to force me")
    RAPE = "rape", _("Forced me to have sex")
    PHYSICAL_NONSEXUAL = "physical_nonsexual", _("Hit, pushed, threw things")
    FORCED_RELATIONSHIP = "forced_relationship", _("Pushes me to be with or marry someone")
    OTHER_UNSURE = "other_unsure", _("Something else. I am not sure")


class Severity(TextChoices):
    """For timing only; never shown to the complainant."""

    A = "a", _("Danger to life, rape, a minor or a person who is not free")
    B = "b", _("Touching, pressure, stalking, threats, or repeated")
    C = "c", _("A single act of words or looks")


class PressureType(TextChoices):
    """Q6: what was offered or threatened."""

    WORK_OR_MONEY_FOR_SEX = "work_or_money_for_sex", _("Work or money for sex")
    BETTER_WORK = "better_work", _("Better work or overtime")
    LOSE_WORK = "lose_work", _("Lose my job or overtime")
    HURT = "hurt", _("Hurt me")
    TELL_OTHERS = "tell_others", _("Tell or show others")
    SEND_AWAY = "send_away", _("Send me or someone away")
    NONE = "none", _("Nothing")
    NOT_SAID = "not_said", _("I don't want to say")


class PlaceType(TextChoices):
    """Q7: where."""

    OWN_MACHINE = "own_machine", _("At my machine")
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


class LastTime(TextChoices):
    """Q8: when it was the last time."""

    TODAY = "today", _("Today")
    THIS_WEEK = "this_week", _("This week")
    THIS_MONTH = "this_month", _("This month")
    LONGER_AGO = "longer_ago", _("Longer ago")
    NOT_KNOWN = "not_known", _("I don't remember")


class Frequency(TextChoices):
    """Q9: how often."""

    ONCE = "once", _("Once")
    FEW = "few", _("A few times")
    MANY = "many", _("Many times")
    CONSTANT = "constant", _("All the time")
    NOT_SAID = "not_said", _("I don't want to say")


class RespondentJob(TextChoices):
    """Q10: the job of the person who did it. Decides who may not read, before anyone reads."""

    WORKER_SAME_LINE = "worker_same_line", _("Worker in my line")
    WORKER_OTHER = "worker_other", _("Other worker")
    SUPERVISOR = "supervisor", _("Line leader or supervisor")
    MECHANIC = "mechanic", _("Mechanic")
    GUARD = "guard", _("Guard")
    DRIVER = "driver", _("Driver")
    HR_OFFICE_COMPLIANCE = "hr_office_compliance", _("HR, office or compliance staff")
    COMMITTEE_MEMBER = "committee_member", _("Member of the committee")
    MANAGER_OWNER = "manager_owner", _("Manager or owner")
    BUYER_VISITOR = "buyer_visitor", _("Buyer or visitor")
    DORMITORY_LANDLORD = "dormitory_landlord", _("Landlord or dormitory staff")
    OUTSIDER = "outsider", _("Someone outside")
    SEVERAL = "several", _("Several people")
    NOT_SAID = "not_said", _("I don't want to say")


class Exclude(TextChoices):
    """Q11: who must not see it. Kept only as keyed hashes."""

    NONE = "none", _("Nobody special")
    HR = "hr", _("HR")
    SUPERVISOR = "supervisor", _("My supervisor")
    COMMITTEE = "committee", _("The committee")
    MANAGERS = "managers", _("The managers")
    WHOLE_FACTORY = "whole_factory", _("Anyone in the factory")
    ACCOUNT_HOLDER = "account_holder", _("A person who handles complaints there")
    NAMED_PERSON = "named_person", _("A person. I write who")


class ExcludeRole(TextChoices):
    """Q11 `account_holder`: people with accounts at the factory, offered by role, not by name."""

    CASE_OFFICER = "case_officer", _("The HR person who handles complaints")
    COMMITTEE_CHAIR = "committee_chair", _("The head of the committee")
    COMMITTEE_MEMBER = "committee_member", _("The other people in the committee")
    OUTSIDE_MEMBER = "outside_member", _("The committee member from outside the factory")
    DECISION_MAKER = "decision_maker", _("The manager who decides")


class Route(TextChoices):
    """Q12: who may read."""

    FACTORY_COMMITTEE = "factory_committee", _("The committee of the factory")
    OUTSIDE_ONLY = "outside_only", _("The outside team only")
    OUTSIDE_FIRST = "outside_first", _("The outside team first")
    RECORD_ONLY = "record_only", _("Kept only")

    @property
    def worker_words(self) -> Words:
        return _ROUTE_WORDS[self]

    @property
    def worker_title(self) -> Words:
        return _ROUTE_TITLES[self]


_ROUTE_TITLES: dict[Route, Words] = {
    Route.FACTORY_COMMITTEE: _("The committee in my factory."),
    Route.OUTSIDE_ONLY: _("Only the outside helper."),
    Route.OUTSIDE_FIRST: _("The outside helper first."),
    Route.RECORD_ONLY: _("Just keep it."),
}
_ROUTE_WORDS: dict[Route, Words] = {
    Route.FACTORY_COMMITTEE: _("They can act fastest. People in the factory will know that someone told."),
    Route.OUTSIDE_ONLY: _("Nobody in the factory will see it. The helper can talk with me about what to do."),
    Route.OUTSIDE_FIRST: _("Later, together, we decide whether to tell the factory."),
    Route.RECORD_ONLY: _(
        "Do nothing now. I can come back. If others tell about the same thing, the helper may ask me."
    ),
}


class FactorySide(TextChoices):
    """Which people of the factory handle a case on the factory route."""

    OFFICER_AND_CHAIR = "officer_and_chair", _("Case officer and committee chair")
    CHAIR_AND_OUTSIDE_MEMBER = "chair_and_outside_member", _("Committee chair and outside member")


class ShareChoice(TextChoices):
    """One question that sets the five `share_…` consents at filing; not kept itself."""

    ALL_WRITTEN = "all_written", _("They may read everything I wrote.")
    CONDUCT_ONLY = "conduct_only", _("Only the pictures of what happened.")
    CHOOSE_EACH = "choose_each", _("Let me choose.")


class Consent(TextChoices):
    """One answer about one use of what she told; given and taken back at any time."""

    SHARE_TEXT = "share_text", _("Own words shared with the factory side")
    SHARE_PLACE_TIME = "share_place_time", _("Place and time shared with the factory side")
    SHARE_RESPONDENT = "share_respondent", _("Who it was shared with the factory side")
    SHARE_MY_NAME = "share_my_name", _("Name and contact shared with the factory side")
    SHARE_PICTURES = "share_pictures", _("Added pictures shared with the factory side")
    TELL_RESPONDENT = "tell_respondent", _("The respondent may be told")
    EXPERT_REVIEW = "expert_review", _("The outside team may check the handling")
    REFER_SERVICE = "refer_service", _("A named service may be told")
    MATCH_PATTERN = "match_pattern", _("May be compared with other cases")

    @property
    def worker_words(self) -> Words:
        return _CONSENT_WORDS[self]

    @property
    def worker_remark(self) -> Words:
        """What a no means, or for whom the question is; may be empty."""
        return _CONSENT_REMARKS.get(self, "")


_CONSENT_WORDS: dict[Consent, Words] = {
    Consent.SHARE_TEXT: _("They may read my own words and what I want."),
    Consent.SHARE_PLACE_TIME: _("They may know where, when and how often."),
    Consent.SHARE_RESPONDENT: _("They may know who it was."),
    Consent.SHARE_MY_NAME: _("They may know my name and how to reach me."),
    Consent.SHARE_PICTURES: _("They may see the pictures I add."),
    Consent.TELL_RESPONDENT: _("The person may be told what I said he did."),
    Consent.EXPERT_REVIEW: _("The outside helper may read it to check that it is handled well."),
    Consent.REFER_SERVICE: _("You may tell this service about me."),
    Consent.MATCH_PATTERN: _("You may compare it with what others told about the same person or place."),
}
_CONSENT_REMARKS: dict[Consent, Words] = {
    Consent.SHARE_TEXT: _("No: they see only the pictures of what happened."),
    Consent.SHARE_MY_NAME: _("Only if you give one of them. No: the outside helper keeps it."),
    Consent.SHARE_PICTURES: _("No: only the outside helper sees them."),
}

WORDING = "1.1"  # Version of the sentences she agrees to; each consent keeps the one it was given under.

SHARE_CONSENTS = (
    Consent.SHARE_TEXT,
    Consent.SHARE_PLACE_TIME,
    Consent.SHARE_RESPONDENT,
    Consent.SHARE_MY_NAME,
    Consent.SHARE_PICTURES,
)


class Wish(TextChoices):
    """Q13: what she would like to happen."""

    STOP_IT = "stop_it", _("Stop it")
    KEEP_SAFE = "keep_safe", _("Keep me safe")
    TALK = "talk", _("Someone to talk to")
    HEALTH_OR_COUNSELLING = "health_or_counselling", _("Doctor or counsellor")
    MOVE_RESPONDENT = "move_respondent", _("Move him, not me")
    SANCTION = "sanction", _("Punish him")
    APOLOGY = "apology", _("Apology")
    SOMEONE_KNOWS = "someone_knows", _("Just that someone knows")
    WARN_OTHERS = "warn_others", _("Warn others")
    NOT_KNOWN = "not_known", _("I don't know yet")


class ContactKind(TextChoices):
    """Q16: how she may be reached."""

    NONE = "none", _("Only with my number here. This is the safest.")
    CALL = "call", _("Call")
    MESSAGE = "message", _("Message")
    THROUGH_TRUSTED_PERSON = "through_trusted_person", _("Through a person I trust")


class Channel(TextChoices):
    """How the complaint came."""

    WEB = "web", _("Web page")
    PAPER_BOX = "paper_box", _("Paper box")
    WALK_IN = "walk_in", _("In person")
    PHONE = "phone", _("Phone")
    THIRD_PARTY = "third_party", _("Through somebody else")
    TEST = "test", _("Test")


class CompartmentKind(TextChoices):
    """The parts of a case's words; each has its own key."""

    STORY = "story", _("Story")
    CIRCUMSTANCES = "circumstances", _("Circumstances")
    RESPONDENT = "respondent", _("Respondent")
    IDENTITY = "identity", _("Identity")
    FREEDOM = "freedom", _("Freedom")
    INBOX = "inbox", _("Inbox")
    PICTURES = "pictures", _("Pictures")
    RECORD = "record", _("Record")
    FINDING = "finding", _("Finding")

    @property
    def worker_words(self) -> Words:
        return _COMPARTMENT_WORDS[self]


_COMPARTMENT_WORDS: dict[CompartmentKind, Words] = {
    CompartmentKind.STORY: _("My own words and what I want"),
    CompartmentKind.CIRCUMSTANCES: _("Where, when and how often"),
    CompartmentKind.RESPONDENT: _("Who did it"),
    CompartmentKind.IDENTITY: _("My name and how to reach me"),
    CompartmentKind.FREEDOM: _("Danger, age, freedom, and who must not see it"),
    CompartmentKind.INBOX: _("Messages we write to each other"),
    CompartmentKind.PICTURES: _("Pictures I add"),
    CompartmentKind.RECORD: _("The helpers' own papers"),
    CompartmentKind.FINDING: _("The result"),
}

ANSWER_COMPARTMENTS = (
    CompartmentKind.STORY,
    CompartmentKind.CIRCUMSTANCES,
    CompartmentKind.RESPONDENT,
    CompartmentKind.IDENTITY,
    CompartmentKind.FREEDOM,
)


class Stage(TextChoices):
    """Where a case stands. Only a step changes it."""

    RECEIVED = "received", _("Received")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    TRIAGE = "triage", _("Triage")
    PLANNING = "planning", _("Planning")
    FACT_FINDING = "fact_finding", _("Fact-finding")
    FINDING = "finding", _("Finding")
    DECISION = "decision", _("Decision")
    ACTION = "action", _("Action")
    MONITORING = "monitoring", _("Monitoring")
    CLOSED = "closed", _("Closed")

    @property
    def worker_words(self) -> Words:
        return _STAGE_WORDS[self]


_SORTING: Words = _("We are sorting it with you")
_FINDING_OUT: Words = _("We are finding out what happened")
# What she reads at `decision` once the deadline `outcome_told` is met.
WORKER_HAS_RESULT: Words = _("We have a result")
_STAGE_WORDS: dict[Stage, Words] = {
    Stage.RECEIVED: _("We have it"),
    Stage.ACKNOWLEDGED: _("A person has read it"),
    Stage.TRIAGE: _SORTING,
    Stage.PLANNING: _SORTING,
    Stage.FACT_FINDING: _FINDING_OUT,
    Stage.FINDING: _FINDING_OUT,
    Stage.DECISION: _FINDING_OUT,
    Stage.ACTION: _("Things are being changed"),
    Stage.MONITORING: _("We check that you are safe"),
    Stage.CLOSED: _("Finished (you can write again)"),
}


class Side(TextChoices):
    """What holds a case beside its stage. Empty: nothing."""

    ON_HOLD_BY_COMPLAINANT = "on_hold_by_complainant", _("On hold by the complainant")
    SAFEGUARDING_HOLD = "safeguarding_hold", _("Safeguarding hold")
    APPEAL = "appeal", _("Appeal")
    REOPENED = "reopened", _("Reopened")
    KEPT = "kept", _("Kept")

    @property
    def worker_words(self) -> Words:
        return _SIDE_WORDS[self]


_SIDE_WORDS: dict[Side, Words] = {
    Side.ON_HOLD_BY_COMPLAINANT: _("We wait, as you asked."),
    Side.SAFEGUARDING_HOLD: _("A special helper reads this first."),
    Side.APPEAL: _("Somebody new is looking at it again."),
    Side.REOPENED: _("We have opened it again."),
    Side.KEPT: _("We keep it for you. Nothing else happens."),
}


class ClosingReason(TextChoices):
    COMPLETED = "completed", _("Completed")
    STOPPED_BY_COMPLAINANT = "stopped_by_complainant", _("Stopped by the complainant")
    NO_CONTACT = "no_contact", _("No contact")
    REFERRED_OUT = "referred_out", _("Referred out")
    NOT_IN_SCOPE_REDIRECTED = "not_in_scope_redirected", _("Not in scope, redirected")
    DUPLICATE_LINKED = "duplicate_linked", _("Duplicate, linked")


class Path(TextChoices):
    SUPPORT_ONLY = "support_only", _("Support only")
    WORKPLACE_ACTION = "workplace_action", _("Workplace action")
    INFORMAL_RESOLUTION = "informal_resolution", _("Informal resolution")
    FORMAL_INQUIRY = "formal_inquiry", _("Formal inquiry")
    REFERRED_OUT = "referred_out", _("Referred out")


class FindingResult(TextChoices):
    SUBSTANTIATED = "substantiated", _("Substantiated")
    PARTLY_SUBSTANTIATED = "partly_substantiated", _("Partly substantiated")
    NOT_ENOUGH_INFORMATION = "not_enough_information", _("Not enough information")
    NOT_SUBSTANTIATED = "not_substantiated", _("Not substantiated")
