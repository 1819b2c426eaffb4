"""The pages anybody may open: the neutral first page, the one page on which she tells, and the ways out."""

import gzip
import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import OperationalError

from complaints import intake, receipts, slots
from complaints.codes import ConductType
from complaints.models import Case
from complaints.views import worker
from factories import clock
from factories.models import CountryPack, RosterSlot, ServiceProvider
from script.collect_messages import FOR_WORKERS, LANGUAGES, ROOT, merged, template
from tests.builders import WEDNESDAY, make_country, make_provider, make_world

TELL = "/kh/tell/"
THREE = {"place_kind": "not_sure", "conduct_types": "touch", "route": "outside_only", "language": "en"}


@pytest.fixture
def world(db):
    return make_world()


def text_of(response):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def token_of(response):
    return re.search(r'name="token" value="([^"]+)"', response.content.decode())[1]


def number_of(response):
    found = re.search(r'id="number">(.*?)</p>', response.content.decode())[1]
    return re.sub(r"\D", "", re.sub(r"<[^>]+>", "", found))


def post(client, address, answers):
    """Send a form as browsers do, without a file: percent-encoded."""
    return client.post(address, urlencode(answers, doseq=True), content_type="application/x-www-form-urlencoded")


def told(world, **more):
    """What she answered about the world's factory, on the factory's own route."""
    return {
        "place_text": world.factory.short_code,
        "conduct_types": ["touch", "verbal"],
        "own_words": "He touches my back at the machine.",
        "respondent_job": "mechanic",
        "danger_answer": "no",
        "route": "factory_committee",
        "share_choice": "all_written",
        "language": "en",
    } | more


def send(client, answers, press="send", **more):
    page = client.get(TELL + "?lang=en")
    return post(client, TELL, answers | {"token": token_of(page), press: "1"} | more)


# --- The neutral pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/", "/kh/", "/kh/rights/", "/kh/help/", "/kh/holidays/", "/rights/", "/holidays/"]
)
@pytest.mark.parametrize("language", ["en", "km"])
def test_a_neutral_page_opens_without_leaving_a_trace(client, world, address, language):
    response = client.get(address, {"lang": language})
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    assert "harass" not in text_of(response).lower()


def test_the_pages_of_a_country_speak_its_language_unless_asked(client, world):
    assert '<html lang="km">' in client.get("/kh/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en">' in client.get("/kh/?lang=en").content.decode()


def test_with_several_countries_the_first_page_asks_which(client, world):
    make_country("VN", name="Viet Nam", language="vi")
    page = client.get("/?lang=en").content.decode()
    assert "/kh/" in page
    assert "/vn/" in page


@pytest.mark.parametrize("address", ["/xx/", "/xx/tell/", "/xx/help/", "/kh/tell/more/"])
def test_a_country_that_is_not_live_does_not_exist(client, world, address):
    make_country("XX", status="draft", legal_review_by="", legal_review_on=None)
    assert client.get(address).status_code == 404


def test_help_lists_only_services_checked_for_this_country(client, world):
    vietnam = make_country("VN", name="Viet Nam")
    today = clock.now().date()
    fresh = {"checked_on": today - timedelta(days=30), "by": world.expert}
    stale = {"checked_on": today - timedelta(days=300), "by": world.expert}
    for name, country, dates in [
        ("Open door (fictional)", world.country, fresh),
        ("Unchecked door", world.country, {}),
        ("Late door", world.country, stale),
        ("Far door", vietnam, fresh),
        ("Shut door", world.country, fresh | {"noes": ("v_free_exit",)}),
    ]:
        make_provider(name, country=country, **dates)
    for address in ("/kh/help/", TELL):
        page = text_of(client.get(address + "?lang=en"))
        assert "Open door (fictional)" in page
        assert "Unchecked door" not in page
        assert "Late door" not in page
        assert "Far door" not in page
        assert "Shut door" not in page


def test_without_a_service_the_page_says_so(client, world):
    make_provider("Unchecked door", country=world.country)
    page = text_of(client.get("/kh/help/?lang=en"))
    assert "no checked service in this list yet" in page
    assert "Unchecked door" not in page


def test_help_groups_services_by_what_they_do_and_says_what_is_missing(client, world):
    make_provider(
        "Open door (fictional)", country=world.country, kinds=("counselling", "legal"),
        checked_on=clock.now().date(), by=world.expert, phone="000 111", reach="Ask for the night desk",
    )  # fmt: skip
    page = text_of(client.get("/kh/help/?lang=en"))
    assert page.count("Open door (fictional)") == 2  # Under each thing it does.
    assert "Ask for the night desk" in page
    missing = page.split("For these we have no checked service yet:")[1].split("Tell what happened")[0]
    assert all(word in missing for word in ("Telephone help", "Health", "Mental health", "Safe place to stay"))
    assert "Counselling" not in missing and "Legal help" not in missing


def test_the_neutral_page_shows_coming_holidays_in_her_language(client, world):
    page = text_of(client.get("/kh/holidays/"))
    assert "ថ្ងៃឈប់សម្រាក" in page
    assert len(re.findall(r"<tr>", client.get("/kh/holidays/").content.decode())) == 8


@pytest.mark.parametrize("method", ["get", "post"])
def test_leaving_clears_the_phone_and_shows_the_neutral_page(client, world, method):
    response = getattr(client, method)("/leave/?c=kh&lang=en")
    assert response.status_code == 303
    assert response["Location"] == "/kh/holidays/?lang=en"
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'


# --- The form ------------------------------------------------------------------------------------------------


def test_the_form_is_one_page_without_a_cookie_and_each_has_its_own_number(client, world):
    first, second = client.get(TELL), client.get(TELL)
    assert not first.cookies
    assert first["Cache-Control"] == "no-store"
    assert number_of(first) != number_of(second)
    assert receipts.read_number(number_of(first))
    assert number_of(first) not in token_of(first)


def test_the_form_holds_every_text_that_must_be_right(client, world):
    page = text_of(client.get(TELL + "?lang=en"))
    for sentence in (
        "It is not your fault. You decide.",
        "About 5 minutes. You can skip almost everything. You can stop.",
        "Close this page if you stop.",
        "Leave out names and things only you could know, unless you want us to know them.",
        "If only a few people could have seen this, they may guess that you told us. "
        "The outside helper can read it first.",
        "If under 18, only a helper for young people will read this.",
        "Almost always nothing is passed on without your yes. "
        "If a life is in danger or the law forces a helper, they will tell you first.",
        "Your safety comes first. Here is help you can use now.",
        "You don't have to report to get help.",
        "Without it you cannot come back here, and we cannot give you a new one.",
    ):
        assert sentence in page


def test_three_answers_open_a_case(client, world):
    response = send(client, THREE)
    assert response.status_code == 200
    case = Case.objects.get()
    assert (case.route, case.factory, case.conduct_types) == ("outside_only", None, ["touch"])
    assert "It has arrived." in text_of(response)
    assert not response.cookies


def test_the_short_code_sets_the_factory_and_the_arrival_page_says_by_when(client, world):
    response = send(client, told(world))
    case = Case.objects.get()
    assert (case.factory, case.route) == (world.factory, "factory_committee")
    answer_by = intake.answer_by(case)
    assert f"By {answer_by:%A} {answer_by.day} {answer_by:%B} you will find an answer here." in text_of(response)
    assert re.search(r'http-equiv="refresh" content="600;url=/leave/\?c=kh', response.content.decode())


def test_the_number_before_sending_is_the_number_after(client, world):
    page = client.get(TELL)
    response = post(client, TELL, THREE | {"token": token_of(page), "send": "1"})
    assert number_of(page) == number_of(response)


def test_a_factory_that_does_not_exist_goes_outside_and_the_preview_says_so(client, world):
    answers = told(world, place_text="Dream Textile No. 9")
    preview = text_of(send(client, answers, press="show"))
    assert "Because of your answers, the outside helper will read it first." in preview
    assert "not sure which factory" in preview
    assert "Dream Textile No. 9" in preview
    send(client, answers)
    assert (Case.objects.get().route, Case.objects.get().factory) == ("outside_first", None)


@pytest.mark.parametrize("press", ["send", "show", "lang"])
def test_what_was_typed_is_kept_whatever_is_pressed(client, world, press):
    answers = told(world, route="", age_band="18_plus", exclude=["hr"], D2="no", FQ5="yes", contact_kind="call")
    page = send(client, answers, press=press, lang="km" if press == "lang" else "en").content.decode()
    assert "He touches my back at the machine." in page
    for name, value in [
        ("conduct_types", "touch"),
        ("age_band", "18_plus"),
        ("exclude", "hr"),
        ("D2", "no"),
        ("FQ5", "yes"),
        ("contact_kind", "call"),
    ]:
        assert f'name="{name}" value="{value}" checked' in page
    assert not Case.objects.exists()


def test_the_language_switch_keeps_number_and_words(client, world):
    page = client.get(TELL + "?lang=en")
    switched = post(client, TELL, told(world) | {"token": token_of(page), "lang": "km"})
    assert '<html lang="km">' in switched.content.decode()
    assert number_of(switched) == number_of(page)
    assert "Please" not in text_of(switched)
    assert 'class="problems"' not in switched.content.decode()


def test_an_incomplete_form_says_what_is_missing_at_the_top_and_at_the_question(client, world):
    response = send(client, {"own_words": "only words", "language": "en"})
    page = response.content.decode()
    assert response.status_code == 422
    assert page.index("Please choose who may read this.") < page.index('id="start"')
    assert '<a href="#q12">Please choose who may read this.</a>' in page
    assert 'id="e-route"' in page
    assert not Case.objects.exists()


# --- The preview ---------------------------------------------------------------------------------------------


def test_the_preview_shows_each_reader_what_the_keys_will_open(client, world):
    page = send(client, told(world, share_choice="choose_each", share_text="yes"), press="show").content.decode()
    readers = page.split('<section class="reader">')[1:]
    assert len(readers) == 2
    for reader in readers:
        reader = reader.split("</section>")[0]
        assert "He touches my back at the machine." in reader
        opened, closed = reader.split('class="closed"', 1)
        assert "Mechanic" not in reader
        assert "Who did it" in closed
        assert "My own words" in opened


def test_the_preview_for_the_script_is_the_same_and_stores_nothing(client, world):
    whole = send(client, told(world), press="show").content.decode()
    part = send(client, told(world), press="show", part="1").content.decode()
    assert "<html" not in part
    assert part.strip() in whole
    assert not Case.objects.exists()


def test_a_reader_she_strikes_out_is_gone_and_can_be_taken_back(client, world):
    page = send(client, told(world, struck_out=["case_officer"]), press="show").content.decode()
    readers = page.split('<section class="reader">')[1:]
    assert not any("The person in HR who works on complaints" in reader.split("</section>")[0] for reader in readers)
    assert 'name="struck_out" value="case_officer" checked' in page


def test_where_the_rules_change_her_choice_she_is_told_and_may_insist(client, world):
    answers = told(world, danger_answer="now")
    page = text_of(send(client, answers, press="show"))
    assert "the outside helper will read it first. This is to protect you." in page
    insisted = post(client, TELL, answers | {"token": intake.mint(clock.now()).token, "insist": "show"})
    assert 'name="insist" value="yes" checked' in insisted.content.decode()
    assert "This is to protect you." not in text_of(insisted)
    send(client, answers | {"insist": "yes"})
    assert Case.objects.get().route == "factory_committee"


def test_under_18_she_is_told_who_reads(client, world):
    page = text_of(send(client, told(world, age_band="15_17"), press="show"))
    assert "Only a helper for young people will read this. They will talk with you first." in page


def test_where_everything_is_closed_the_preview_says_nobody_can_read(client, world):
    page = text_of(send(client, told(world, share_choice="conduct_only"), press="show"))
    assert "Nobody can read your words. They see only the pictures of what happened." in page


def test_zawgyi_is_said_and_kept(client, world):
    page = text_of(send(client, told(world, own_words="ေက်းဇူးတင္ပါတယ္"), press="show"))
    assert "Zawgyi" in page
    assert "ေက်းဇူးတင္ပါတယ္" in page


def test_what_she_typed_is_shown_as_text_and_never_as_a_page(client, world):
    page = send(client, told(world, own_words="</textarea><script>alert(1)</script>"), press="show").content.decode()
    assert "<script>alert" not in page


def test_help_in_danger_says_when_somebody_outside_reads_next(client, world):
    def help_now():
        return client.get(TELL + "?lang=en").content.decode().split('id="help-now"')[1].split("</section>")[0]

    assert "We cannot say yet when an outside helper reads it." in help_now()
    every_day = [RosterSlot(person=world.expert, country=world.country, weekday=n, start="09:00", end="17:00")
                 for n in range(7)]  # fmt: skip
    RosterSlot.objects.bulk_create(every_day)
    with time_machine.travel(WEDNESDAY):
        assert "An outside helper reads today until 17:00." in help_now()
    with time_machine.travel(WEDNESDAY + timedelta(hours=12)):
        assert "An outside helper reads next on Thursday 11 June, from 09:00." in help_now()


# --- Sent twice, too late, too much --------------------------------------------------------------------------


def test_the_same_words_sent_twice_are_one_case_with_the_same_number(client, world):
    page = client.get(TELL + "?lang=en")
    answers = told(world) | {"token": token_of(page), "send": "1"}
    first, second = post(client, TELL, answers), post(client, TELL, answers)
    assert Case.objects.count() == 1
    assert number_of(first) == number_of(second)
    assert "We have it once." in text_of(second)


def test_after_a_quarter_of_an_hour_the_number_is_not_shown_again(client, world):
    from django.core.cache import cache

    page = client.get(TELL + "?lang=en")
    answers = told(world) | {"token": token_of(page), "send": "1"}
    number = number_of(post(client, TELL, answers))
    cache.clear()
    again = post(client, TELL, answers)
    assert "It has arrived. Use the number you wrote down." in text_of(again)
    assert number[:4] + "</span>" not in again.content.decode()


def test_other_words_under_the_same_number_are_a_new_case_with_a_new_number(client, world):
    page = client.get(TELL + "?lang=en")
    answers = told(world) | {"token": token_of(page), "send": "1"}
    post(client, TELL, answers)
    other = post(client, TELL, answers | {"own_words": "Something else."})
    assert Case.objects.count() == 2
    assert number_of(other) != number_of(page)
    assert "new report with a new number" in text_of(other)


@pytest.mark.parametrize("token", ["", "foreign", "WyIxMjM0IiwgMV0:forged"])
def test_a_foreign_token_gives_a_new_number_and_keeps_her_words(client, world, token):
    response = post(client, TELL, told(world) | {"token": token, "send": "1"})
    assert response.status_code == 409
    assert "This page has a new number now." in text_of(response)
    assert "He touches my back at the machine." in response.content.decode()
    assert not Case.objects.exists()
    again = post(client, TELL, told(world) | {"token": token_of(response), "send": "1"})
    assert again.status_code == 200
    assert Case.objects.count() == 1


def test_an_expired_token_gives_a_new_number(client, world):
    old = intake.mint(clock.now() - timedelta(hours=13)).token
    assert post(client, TELL, told(world) | {"token": old, "send": "1"}).status_code == 409
    assert not Case.objects.exists()


def test_when_all_slots_are_taken_the_form_stays_as_it_is(client, world, monkeypatch):
    def full(*_, **__):
        raise slots.Full

    monkeypatch.setattr(intake, "file_complaint", full)
    response = send(client, told(world))
    assert response.status_code == 503
    assert "press the button again" in text_of(response)
    assert "He touches my back at the machine." in response.content.decode()


@pytest.mark.parametrize("place", ["file_complaint", "preview"])
def test_a_database_that_is_away_sends_her_words_back_to_her_phone(client, world, monkeypatch, place):
    def away(*_, **__):
        raise OperationalError("gone")

    monkeypatch.setattr(intake, place, away)
    response = send(client, told(world), press="send" if place == "file_complaint" else "show")
    assert response.status_code == 503
    assert "Your words are still on this page." in text_of(response)
    assert "He touches my back at the machine." in response.content.decode()


def test_the_form_is_shown_again_while_the_whole_database_is_away(client, world, monkeypatch):
    page = client.get(TELL + "?lang=en")

    def away(*_, **__):
        raise OperationalError("gone")

    monkeypatch.setattr(CountryPack.objects, "live", away)
    monkeypatch.setattr("factories.matching.find", away)
    monkeypatch.setattr(ServiceProvider.objects, "referable", away)
    response = post(client, TELL, told(world) | {"token": token_of(page), "send": "1"})
    assert response.status_code == 503
    assert "He touches my back at the machine." in response.content.decode()


def test_a_page_without_a_database_says_it_in_her_language(client, world, monkeypatch):
    def away(*_, **__):
        raise OperationalError("gone")

    worker._seen.clear()
    monkeypatch.setattr(CountryPack.objects, "live", away)
    response = client.get("/kh/help/?lang=km")
    assert response.status_code == 503
    assert "នេះជាកំហុសយើង" in response.content.decode()


def test_a_megabyte_of_text_is_answered_with_a_sentence_and_kept_as_far_as_it_fits(client, world):
    response = send(client, told(world, own_words="ខ្ញុំ" * 70_000))
    assert response.status_code == 422
    assert "Your text was too long. We kept the first part." in text_of(response)
    assert "ខ្ញុំ" * 1000 in response.content.decode()


def test_more_than_the_page_can_hold_is_answered_with_a_sentence(client, world):
    response = post(client, TELL + "?lang=en", told(world, own_words="x" * 5_000_000))
    assert response.status_code == 413
    assert "Please write it shorter." in text_of(response)


@pytest.mark.parametrize("words", ["a\x00b", "\u202eevil", "😀" * 50, "'; DROP TABLE x; --"])
def test_odd_marks_are_filed_without_an_error(client, world, words):
    assert send(client, told(world, own_words=words + " he")).status_code == 200
    assert Case.objects.count() == 1


@pytest.mark.parametrize("code", ConductType.values)
def test_every_picture_alone_can_be_sent(client, world, code):
    assert send(client, THREE | {"conduct_types": code}).status_code == 200


# --- The number, typed back ----------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", ["0123456789", "០១២៣៤៥៦៧៨៩", "໐໑໒໓໔໕໖໗໘໙", "၀၁၂၃၄၅၆၇၈၉", "๐๑๒๓๔๕๖๗๘๙"])
def test_the_number_can_be_typed_back_in_five_kinds_of_digits(client, world, digits):
    minted = intake.mint(clock.now())
    typed = receipts.grouped(minted.receipt).translate(str.maketrans("0123456789", digits))
    page = post(client, "/kh/tell/number/", {"token": minted.token, "typed": typed, "language": "en"})
    assert "Yes. It is the right number." in text_of(page)


def test_a_slip_is_only_shown(client, world):
    minted = intake.mint(clock.now())
    for typed in ("", "1234", "not a number", intake.mint(WEDNESDAY).receipt):
        page = post(client, "/kh/tell/number/", {"token": minted.token, "typed": typed, "language": "en"})
        assert page.status_code == 200
        assert "There is a slip." in text_of(page)


# --- Sizes and languages -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "km"])
def test_pages_are_small(client, world, language):
    def size(response):
        return len(gzip.compress(response.content, 6))

    form = client.get(f"{TELL}?lang={language}")
    asked = re.findall(r'(?:href|src)="/static/([^"#]+)"|href="/static/([^"]+)#', form.content.decode())
    files = {re.sub(r"\.[0-9a-f]{12}\.", ".", one or two) for one, two in asked}
    assert len(files) <= 3  # With the page itself four requests.
    static = sum(len(gzip.compress((ROOT / "static" / file).read_bytes(), 6)) for file in files)
    assert size(form) + static <= 40_000
    answers = told(world, language=language)
    assert size(send(client, answers, press="show")) <= 15_000
    assert size(send(client, answers)) <= 15_000
    assert size(client.get(f"/kh/?lang={language}")) <= 15_000


def test_every_sentence_for_workers_is_said_in_every_language():
    from babel.messages.pofile import read_po

    wanted = template()
    for language in LANGUAGES:
        with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
            catalogue = merged(wanted, read_po(file, locale=language), language)
        missing = [
            message.id
            for message in catalogue
            if message.id
            and not any(message.string if isinstance(message.string, tuple) else (message.string,))
            and any(FOR_WORKERS.search(file) for file, _line in message.locations)
        ]
        assert not missing


def test_translations_keep_what_is_filled_in():
    from babel.messages.pofile import read_po

    for language in LANGUAGES:
        with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
            for message in read_po(file, locale=language):
                string = message.string if isinstance(message.string, str) else message.string[0]
                if message.id and string:
                    source = message.id if isinstance(message.id, str) else message.id[1]
                    assert set(re.findall(r"%\(\w+\)s", source)) == set(re.findall(r"%\(\w+\)s", string)), source
