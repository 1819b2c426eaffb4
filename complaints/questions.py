"""The worker's questions as data: Q1 to Q16, D1 to D6, FQ1 to FQ12. One page shows them all, in this order.

`when` names the answers that lead to a follow-up question (`field=code|code`, alternatives separated by
a blank). A script hides the question until one of them is given; without script everybody sees it, with
`for_whom` above it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from complaints import codes
from complaints.codes import Words

ONE, MANY, TEXT, LINE = "one", "many", "text", "line"


@dataclass(frozen=True)
class Option:
    """One answer to choose: its code, what she reads, and the symbol in the sprite (or none)."""

    code: str
    words: Words
    icon: str = ""


@dataclass(frozen=True)
class Question:
    """One field: the name it travels under, its words, and its answers."""

    code: str  # As in the domain, e.g. "Q5" or "D2".
    field: str  # Its name in the form and in `Answers`.
    kind: str
    words: Words
    options: tuple[Option, ...] = ()
    hint: Words = ""
    icon: str = ""
    required: bool = False
    for_whom: Words = ""
    when: str = ""
    away: bool = False  # Offers "Skip" and "I don't want to say", of equal size and colour.
    rows: int = 4
    longest: int = 200

    @property
    def not_said(self) -> str:
        """The code that stands for "I don't want to say"; empty where only "skipped" exists."""
        return "not_said" if any(option.code == "not_said" for option in self.options) else ""

    @property
    def shown_options(self) -> tuple[Option, ...]:
        """The answers proper, without the two ways around the question."""
        return tuple(option for option in self.options if option.code not in ("not_said", "skipped"))


def options(choices: type, icons: dict[str, str] | bool = False) -> tuple[Option, ...]:
    """Turn a closed list into options; `True` gives each the symbol named like its code."""
    found = []
    for code, words in choices.choices:  # type: ignore[attr-defined]
        icon = code if icons is True else icons.get(code, "") if icons else ""
        found.append(Option(code, words, icon))
    return tuple(found)


LONGEST_TEXT = 8000  # Her own words: far more than anybody types on a phone.

PLACE = Question(
    "Q1", "place_text", LINE, _("Which factory is this about?"),
    hint=_("Type the short code on the poster, or the name."),
    icon="factory", required=True, longest=120,
)  # fmt: skip
PLACE_KIND = Question(
    "Q1", "place_kind", ONE, _("Or choose:"),
    options=(
        Option(codes.PlaceKind.NOT_SURE, codes.PlaceKind.NOT_SURE.label, "not_sure"),
        Option(codes.PlaceKind.OTHER_PLACE, codes.PlaceKind.OTHER_PLACE.label, "other"),
    ),
)  # fmt: skip

WHO = Question(
    "Q2", "complainant_kind", ONE, _("Did this happen to you?"),
    options=options(codes.ComplainantKind, True), icon="affected", away=True,
)  # fmt: skip
PERSON_KNOWS = Question(
    "Q2", "person_knows", ONE, _("Does the person know that you are telling us?"),
    options=options(codes.YesNoNotSaid), away=True,
    hint=_("If not, choose the outside helper later. We pass on nothing that names your friend."),
    for_whom=_("If it happened to someone else:"), when="complainant_kind=witness",
)  # fmt: skip
WRITE_THROUGH_ME = Question(
    "Q2", "write_through_me", ONE, _("May we write to her through you?"),
    options=options(codes.YesNoNotSaid)[:2],
    when="complainant_kind=witness",
)  # fmt: skip

DANGER = Question(
    "Q3", "danger_answer", ONE, _("Are you in danger now, or today?"),
    options=options(
        codes.DangerAnswer,
        {"now": "hand_now", "maybe_soon": "hand_soon", "no": "hand_no", "not_sure": "not_sure"},
    ),
    icon="hand_now", away=True,
)  # fmt: skip
DANGER_WHEN = (
    "danger_answer=now|maybe_soon|not_sure conduct_types=assault_attempted|rape|physical_nonsexual pressure=hurt"
)
_DANGER_MORE: tuple[tuple[str, Words, str], ...] = (
    ("D1", _("Is the person near you now?"), "near"),
    ("D2", _("Are you hurt, or do you need a doctor?"), "plaster"),
    ("D3", _("Did anyone say they will hurt or kill you, or do they have a weapon?"), "weapon"),
    ("D4", _("Are you afraid to go home, to the dormitory, or to work next time?"), "afraid"),
    ("D5", _("Do you think about hurting yourself?"), "dark_cloud"),
    ("D6", _("Is there someone you trust near you?"), "two_hands"),
)
DANGER_MORE = tuple(
    Question(code, code, ONE, words, options=options(codes.YesNoUnknown), icon=icon)
    for code, words, icon in _DANGER_MORE
)

AGE = Question(
    "Q4", "age_band", ONE, _("How old is the person it happened to?"),
    options=options(codes.AgeBand, {"under_15": "age_child", "15_17": "age_young", "18_plus": "age_adult"}),
    hint=_("If under 18, only a helper for young people will read this."),
    icon="age_young", away=True,
)  # fmt: skip

WHAT = Question(
    "Q5", "conduct_types", MANY, _("What happened? Choose all that fit."),
    options=options(codes.ConductType, True), icon="verbal", required=True,
    hint=_("Choose at least one picture, or write some words."),
)  # fmt: skip
OWN_WORDS = Question(
    "Q5", "own_words", TEXT, _("In your own words, if you want"),
    hint=_("Leave out names and things only you could know, unless you want us to know them."),
    longest=LONGEST_TEXT,
)  # fmt: skip

PRESSURE = Question(
    "Q6", "pressure", MANY, _("Was something offered or threatened?"),
    options=options(
        codes.PressureType,
        {
            "work_or_money_for_sex": "quid_pro_quo", "better_work": "better_work", "lose_work": "lose_work",
            "hurt": "physical_nonsexual", "tell_others": "digital", "send_away": "transport", "none": "none",
        },
    ),
    icon="lose_work", away=True,
)  # fmt: skip

PLACES = Question(
    "Q7", "places", MANY, _("Where?"),
    options=options(codes.PlaceType, True), icon="own_machine", away=True,
)  # fmt: skip
LAST_TIME = Question(
    "Q8", "last_time", ONE, _("When was the last time?"),
    options=options(codes.LastTime, True), icon="today", away=True,
)  # fmt: skip
FREQUENCY = Question(
    "Q9", "frequency", ONE, _("How often?"),
    options=options(codes.Frequency, True), icon="many", away=True,
)  # fmt: skip

JOB = Question(
    "Q10", "respondent_job", ONE, _("What job does the person who did it have?"),
    options=options(codes.RespondentJob, True), icon="supervisor", away=True,
    hint=_("So that this person cannot read what you tell."),
)  # fmt: skip
PERSON_NAME = Question(
    "Q10", "respondent_name", LINE, _("You may write who it is. You don't have to."), longest=120,
)  # fmt: skip

EXCLUDE = Question(
    "Q11", "exclude", MANY, _("Is there anyone who must not see this?"),
    options=options(codes.Exclude, {code: "no_see" for code in codes.Exclude.values if code != "none"}),
    icon="no_see", away=True,
)  # fmt: skip
EXCLUDE_ROLES = Question(
    "Q11", "exclude_roles", MANY, _("Which one?"),
    options=options(codes.ExcludeRole),
    for_whom=_("If it is a person who handles complaints there:"), when="exclude=account_holder",
)  # fmt: skip
EXCLUDE_NAME = Question(
    "Q11", "exclude_name", LINE, _("Who is it?"), longest=200,
    hint=_("Only the outside helper sees this name. The helper reads first, to keep this person out."),
    for_whom=_("If you want to write who:"), when="exclude=named_person",
)  # fmt: skip

WISHES = Question(
    "Q13", "wishes", MANY, _("What would you like to happen? Choose all."),
    options=options(codes.Wish, True), icon="keep_safe", away=True,
    hint=_("We can't promise everything. We will tell you what we can do."),
)  # fmt: skip

_FREEDOM: tuple[tuple[str, Words], ...] = (
    ("FQ1", _("Did police, a court, a centre or an organisation send you to this job, "
              "and you could not say no?")),
    ("FQ2", _("Did anyone say you will be sent back, locked up or sent out of the country "
              "if you complain or leave?")),
    ("FQ3", _("Can you leave the factory and your room after work when you want?")),
    ("FQ4", _("Does someone else keep your identity card, passport, bank card or phone?")),
    ("FQ5", _("Do you owe money that you have to work off here?")),
    ("FQ6", _("Is your pay kept back, or lower than for others with the same work?")),
    ("FQ7", _("Is the work different from what you were told?")),
    ("FQ8", _("Are you kept apart from others, or is nobody here who speaks your language?")),
    ("FQ9", _("Do they hit you or force sex to make you work?")),
    ("FQ10", _("Must you work extra hours even if you say no?")),
    ("FQ11", _("Are you made to live or work in very bad conditions?")),
    ("FQ12", _("Is anyone under 15 working there?")),
)  # fmt: skip
FREEDOM = tuple(Question(code, code, ONE, words, options=options(codes.FreedomAnswer)) for code, words in _FREEDOM)

MORE = Question(
    "Q15", "more_words", TEXT, _("Do you want to add anything that helps to understand?"),
    icon="pencil", hint=_("You can add pictures after you have sent this."), longest=LONGEST_TEXT, away=True,
)  # fmt: skip

CONTACT_KIND = Question(
    "Q16", "contact_kind", ONE, _("How may we reach you?"),
    options=options(codes.ContactKind), icon="envelope",
    hint=_("You don't need to give a name or number. With the receipt you can read answers and write again."),
)  # fmt: skip
_REACH = "contact_kind=call|message|through_trusted_person"
CONTACT = (
    Question("Q16", "contact_reach", LINE, _("Which number, or which person?"), when=_REACH),
    Question("Q16", "contact_whose", LINE, _("Whose phone is it?"), when=_REACH),
    Question("Q16", "contact_others_look", ONE, _("Does anyone else look at it?"),
             options=options(codes.YesNoNotSaid)[:2], when=_REACH),
    Question("Q16", "contact_safe_when", LINE, _("When is it safe?"), when=_REACH),
    Question("Q16", "contact_say_instead", LINE, _("What should we say if someone else answers?"),
             hint=_("If you leave this empty, we say: a survey about bus service."), when=_REACH),
    Question("Q16", "contact_leave_message", ONE, _("May we leave a message?"),
             options=options(codes.YesNoNotSaid)[:2], hint=_("If you leave this empty: no."), when=_REACH),
    Question("Q16", "contact_language", LINE, _("In which language?"), when=_REACH, longest=60),
    Question("Q16", "contact_proof_word", LINE, _("A word that proves it is really us"), when=_REACH,
             longest=60),
)  # fmt: skip
NAME = Question("Q16", "name", LINE, _("Your name"), hint=_("Most people leave this empty."), longest=120)

SHARES = tuple(
    Question("Q12", code.value, ONE, code.worker_words, hint=code.worker_remark,
             options=options(codes.YesNoNotSaid)[:2])
    for code in codes.SHARE_CONSENTS
)  # fmt: skip

# Every field but Q12, whose words stand in the template of their own.
ALL: tuple[Question, ...] = (
    PLACE, PLACE_KIND, WHO, PERSON_KNOWS, WRITE_THROUGH_ME, DANGER, *DANGER_MORE, AGE, WHAT, OWN_WORDS,
    PRESSURE, PLACES, LAST_TIME, FREQUENCY, JOB, PERSON_NAME, EXCLUDE, EXCLUDE_ROLES, EXCLUDE_NAME,
    WISHES, *FREEDOM, MORE, CONTACT_KIND, *CONTACT, NAME, *SHARES,
)  # fmt: skip
BY_FIELD = {question.field: question for question in ALL}
