"""The shape of what a worker sends: what is asked for, what may stay empty, what is kept of bad input."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from complaints import codes, questions, typed
from complaints.answers import Answers
from complaints.forms import TellForm

THREE = {"place_kind": "not_sure", "conduct_types": "touch", "route": "outside_only"}


def form_of(**fields: object) -> TellForm:
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return TellForm(data)


def answers_of(**fields: object) -> Answers:
    form = form_of(**fields)
    form.is_valid()
    return form.answers(country="KH", factory=None)


def test_three_answers_are_enough():
    assert form_of(**THREE).is_valid()


@pytest.mark.parametrize("missing", THREE)
def test_each_of_the_three_is_asked_for_with_a_sentence(missing):
    form = form_of(**{name: value for name, value in THREE.items() if name != missing})
    assert not form.is_valid()
    (error,) = [str(error) for errors in form.errors.values() for error in errors]
    assert error.startswith("Please ")


def test_own_words_stand_for_a_picture():
    assert form_of(**THREE | {"conduct_types": [], "own_words": "He waits for me."}).is_valid()


def test_the_committee_route_asks_what_it_may_read():
    chosen = THREE | {"route": "factory_committee"}
    assert "share_choice" in form_of(**chosen).errors
    assert form_of(**chosen, share_choice="conduct_only").is_valid()


def test_every_other_question_may_be_skipped():
    assert answers_of(**THREE) == Answers(
        country="KH",
        place_kind="not_sure",
        conduct_types=frozenset({"touch"}),
        route="outside_only",
    )


def test_skip_and_not_saying_are_taken_for_every_question_that_offers_them():
    offering = [question for question in questions.ALL if question.away]
    assert {question.code for question in offering} >= {f"Q{n}" for n in (2, 3, 4, 6, 7, 8, 9, 10, 11, 13, 15)}
    for question in offering:
        name = question.field if question.kind == questions.ONE else f"{question.field}_away"
        for value in ("skip", "skipped", "", "not_said"):
            assert form_of(**THREE, **{name: value}).is_valid()


def test_not_wanting_to_say_stands_above_what_was_ticked_and_skip_does_not():
    assert answers_of(**THREE, places=["toilet"], places_away="not_said").places == frozenset()
    assert answers_of(**THREE, pressure=["hurt"], pressure_away="not_said").pressure == {"not_said"}
    assert answers_of(**THREE, places=["toilet"], places_away="skip").places == {"toilet"}


def test_every_code_of_the_closed_lists_reaches_the_answers():
    every = answers_of(
        **THREE | {"conduct_types": codes.ConductType.values},
        pressure=codes.PressureType.values,
        places=codes.PlaceType.values,
        exclude=codes.Exclude.values,
        wishes=codes.Wish.values,
    )
    assert every.conduct_types == set(codes.ConductType.values)
    assert every.pressure == set(codes.PressureType.values)
    assert every.places == set(codes.PlaceType.values)
    assert every.exclude == set(codes.Exclude.values)
    assert every.wishes == set(codes.Wish.values)


@pytest.mark.parametrize("code", codes.RespondentJob.values)
def test_every_job_is_taken(code):
    assert answers_of(**THREE, respondent_job=code).respondent_job == code


def test_a_name_to_keep_out_counts_also_without_its_box():
    assert answers_of(**THREE, exclude_name="Dara in the office").exclude == {"named_person"}
    assert answers_of(**THREE, exclude_roles=["committee_chair"]).exclude == {"account_holder"}


def test_contact_goes_where_it_belongs():
    contact = answers_of(
        **THREE, contact_kind="call", contact_reach="012 345 678", contact_leave_message="no", name="Srey"
    ).contact
    assert (contact.kind, contact.reach, contact.leave_message, contact.name) == ("call", "012 345 678", "no", "Srey")
    assert not answers_of(**THREE).contact.given


@pytest.mark.parametrize(
    ("choice", "yes"),
    [
        ("all_written", {"share_text", "share_place_time", "share_respondent"}),
        ("conduct_only", set()),
        ("choose_each", {"share_my_name"}),
    ],
)
def test_one_choice_sets_the_five_consents(choice, yes):
    said = answers_of(**THREE | {"route": "factory_committee"}, share_choice=choice, share_my_name="yes")
    assert {code for code, given_ in said.consents.items() if given_} == yes
    outside = answers_of(**THREE, share_choice=choice, share_my_name="yes")
    assert not any(outside.consents.values())


def test_unknown_codes_count_as_no_answer():
    said = answers_of(**THREE, age_band="17 and a half", places=["moon", "gate"], D1="perhaps", FQ1="x")
    assert (said.age_band, said.places, said.danger, said.freedom) == ("", {"gate"}, {}, {})


def test_a_very_long_text_is_kept_as_far_as_it_fits_and_said_so():
    form = form_of(**THREE, own_words="ខ្មែរ " * 200_000)
    assert not form.is_valid()
    assert len(form.said("own_words")) == questions.LONGEST_TEXT
    assert "first part" in form.errors["own_words"][0]


def test_text_of_just_the_right_length_is_taken():
    assert form_of(**THREE, own_words="a" * questions.LONGEST_TEXT).is_valid()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\x00b\x07c\x1b[0m", "abc[0m"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("safe\u202etxt.exe\u202c\u200f\u2066", "safetxt.exe"),
        ("\ud83d lone", "lone"),
        ("👩‍🏭 ខ្ញុំ\u200bភ័យ 😢", "👩‍🏭 ខ្ញុំ\u200bភ័យ 😢"),
        ("  \n ", ""),
    ],
)
def test_bad_marks_go_and_words_stay(sent, kept):
    assert answers_of(**THREE, own_words=sent).own_words == kept


def test_a_name_has_one_line():
    assert answers_of(**THREE, respondent_name="Mr\nX\tY").respondent_name == "Mr X Y"


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing_more(text):
    once = typed.clean(text)
    assert typed.clean(once) == once
    once.encode()  # No half characters are left.


def test_zawgyi_is_recognised_and_other_scripts_are_not():
    zawgyi, unicode = "ေက်းဇူးတင္ပါတယ္", "ကျေးဇူးတင်ပါတယ်"
    assert typed.looks_like_zawgyi(zawgyi)
    assert not typed.looks_like_zawgyi(unicode)
    assert not typed.looks_like_zawgyi("សំឡេង voice 声")
    assert answers_of(**THREE, own_words=zawgyi).own_words == zawgyi  # Stored as typed.


def test_what_is_never_asked_is_not_in_the_form():
    names = " ".join(TellForm().fields)
    for never in ("birth", "badge", "employee", "address", "nationality", "religion", "married", "pregnan", "union"):
        assert never not in names
