"""Country packs as data: what they say, what is refused in them, and what a country needs before it can go live."""

import copy
import json
from datetime import date, timedelta

import pytest
from django.core import checks
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import PersonKey
from complaints.selectors.discipline import legal_dates
from factories import clock, pack_faults, packs, packwords, readiness
from factories.models import CountryPack, Factory, Position, RosterSlot
from factories.packpromises import PROMISES
from tests.builders import WEDNESDAY, make_case, make_country, make_factory, make_provider, make_world

CODES = packs.codes()


def raw(code: str = "KH") -> dict:
    return json.loads((packs.FOLDER / f"{code}.json").read_text("utf-8"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Let packs be read from a folder in which a test may break them."""
    for code in CODES:
        (tmp_path / f"{code}.json").write_text(json.dumps(raw(code)), "utf-8")
    monkeypatch.setattr(packs, "FOLDER", tmp_path)
    packs.pack.cache_clear()
    clock.limits.cache_clear()
    yield tmp_path
    packs.pack.cache_clear()
    clock.limits.cache_clear()


def write(folder, **change):
    (folder / "KH.json").write_text(json.dumps(raw_of(change)), "utf-8")


def raw_of(change):
    return raw() | change


# --- What they say -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_every_pack_is_sound(code):
    pack = packs.load(code)
    clock.check_pack(pack)
    assert pack.outside_roads[0].code == "expert"


def test_cambodia_asks_for_a_quick_answer_and_keeps_every_other_promise():
    here, default = clock.limits("KH"), clock.limits(packs.DEFAULT)
    assert {code for code in default if here[code] != default[code]} == {"respondent_reply"}
    assert (here["respondent_reply"].value, here["respondent_reply"].unit) == (2, "working_days")


def test_a_country_without_a_pack_has_the_default():
    assert packs.pack("ZZ").code == packs.DEFAULT
    assert clock.limits("ZZ") == clock.limits(packs.DEFAULT)
    assert not packs.has_file("ZZ") and packs.legal_limits("ZZ") == ()
    assert [road.code for road in packs.outside_roads("ZZ")] == ["expert", "union", "labour_inspection", "court"]


def test_the_fast_track_and_the_clock_of_discipline_are_cambodias():
    track = packs.fast_track("KH")
    assert track.counted_from == "employer_knowledge"
    assert track.steps["respondent_told"] == packs.Length(1, "working_days")
    assert track.steps["conflict_check"] == "before anyone opens"
    rule = packs.discipline("KH")
    assert [(limit.value, limit.unit, limit.roll) for limit in rule.limits] == [
        (7, "calendar_days", "backward"), (15, "calendar_days", "backward"),
    ]  # fmt: skip
    assert rule.red_days_before == 3
    assert all(packs.fast_track(code) is None and packs.discipline(code) is None for code in CODES if code != "KH")


def test_every_legal_limit_names_its_source_and_how_sure_we_are():
    for code in CODES:
        for limit in (*packs.load(code).legal_limits, *packs.load(code).legal_notes):
            assert limit.source and limit.confidence and limit.text


def test_every_promise_of_the_table_is_called_by_a_name():
    assert set(clock.limits(packs.DEFAULT)) <= set(PROMISES)


def test_each_road_has_words_and_no_pack_is_live_by_itself():
    assert all(str(label) and str(what) for label, what in packwords.ROADS.values())
    assert {packs.load(code).status for code in CODES} == {"draft", "template"}


# --- What is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"overrides": {"respond": {"value": 1, "unit": "working_days"}}}, "a promise that nobody knows"),
        ({"overrides": {"respondent_reply": {"value": 11, "unit": "working_days"}}}, "goes beyond its cap"),
        ({"overrides": {"respondent_reply": {"value": 40, "unit": "calendar_days"}}}, "goes beyond its cap"),
        ({"overrides": {"finding": {"value": 11, "unit": "working_days"}}}, "goes beyond its cap"),
        ({"overrides": {"decision": {"value": 5, "unit": "calendar_months"}}}, "goes beyond its cap"),
        (
            {"overrides": {"decision": {"cap_value": 90, "cap_unit": "calendar_days"}}},
            "goes beyond its cap",
        ),
        ({"overrides": {"decision": {"value": 5}}}, "value and unit together"),
        ({"overrides": {"decision": {"value": 0, "unit": "working_days"}}}, "at least 1"),
        ({"overrides": {"decision": {"value": 5, "unit": "weeks"}}}, "unknown unit"),
        ({"overrides": {"decision": {"owner": "nobody"}}}, "unknown part"),
        ({"status": "live"}, "Nobody knows the status"),
        ({"status": "template"}, "not ready to be live"),
        ({"code": "VN"}, "It says that it is"),
        ({"time_zone": "Asia/Nowhere"}, "time zone"),
        ({"week": []}, "at least one working day"),
        ({"week": ["monday"]}, "weekday"),
        ({"outside_roads": [{"code": "police_raid", "confidence": "x"}]}, "Nobody knows the road"),
        ({"outside_roads": [{"code": "court", "confidence": "x"}]}, "outside helper is a road in every country"),
        ({"legal_notes": [{"text": "x", "source": "", "confidence": "x"}]}, "needs its source"),
        ({"colour": "red"}, "Nobody knows the part"),
        ({"fast_track": {"steps": {}}}, "fast track needs"),
    ],
)  # fmt: skip
def test_a_broken_pack_is_refused_with_a_sentence_and_found_by_the_check(folder, change, words):
    write(folder, **change)
    with pytest.raises(packs.PackBroken, match=words) as broken:
        clock.limits("KH")
    assert "KH.json" in str(broken.value)
    found = checks.run_checks(tags=["packs"])
    assert any(words in one.msg and one.id == "factories.E001" for one in found)


def test_a_discipline_clock_that_pauses_or_counts_something_else_is_refused():
    for change, words in (
        ({"pauses": True}, "never pauses"),
        ({"limits": ["court_after_non_conciliation"]}, "does not"),
        ({"limits": ["nothing"]}, "no legal limit of this pack"),
        ({"red_days_before": 0}, "at least one day"),
    ):
        broken = raw()
        broken["discipline"] = broken["discipline"] | change
        assert any(words in fault for fault in pack_faults.of(broken, "KH")), words


@pytest.mark.parametrize("part", sorted(pack_faults.PARTS))
def test_no_part_may_be_left_out(part):
    broken = raw()
    del broken[part]
    assert any(f"“{part}”" in fault for fault in pack_faults.of(broken, "KH"))


def test_what_is_no_pack_at_all_is_refused(folder):
    (folder / "KH.json").write_text("{", "utf-8")
    with pytest.raises(packs.PackBroken, match="no JSON"):
        packs.load("KH")
    assert pack_faults.of([], "KH") == ["It holds no object."]


def test_the_check_finds_nothing_in_what_we_ship():
    assert checks.run_checks(tags=["packs"]) == []


@settings(max_examples=80, deadline=None)
@given(value=st.integers(min_value=1, max_value=120), unit=st.sampled_from(pack_faults.UNITS))
def test_whatever_a_pack_says_no_promise_is_due_after_its_cap(value, unit):
    """What the check lets through because it depends on holidays, the clock still caps."""
    rows = [row for row in clock.deadline_table()["deadlines"] if row["code"] == "respondent_reply"]
    faults = pack_faults.of_lengths({"respondent_reply": {"value": value, "unit": unit}}, {}, rows)
    if unit == "working_days":
        assert bool(faults) == (value > 10)
    if faults or unit in ("minutes", "clock_hours"):
        return
    start = WEDNESDAY
    calendar = clock.calendar_for(country="KH")
    default = clock.limits(packs.DEFAULT)["respondent_reply"]
    changed = clock.replace(default, value=value, unit=unit)
    assert clock.due(changed, start, calendar) <= clock.cap(default, start, calendar)


# --- Going live --------------------------------------------------------------------------------------------------


def sign(pack, **other):
    values = {"by": "A. Lawyer", "on": date(2026, 6, 1), "note": "", "at": WEDNESDAY} | other
    return readiness.sign_review(pack, **values)


def as_draft(pack) -> CountryPack:
    readiness.close_country(pack)
    pack.refresh_from_db()
    return pack


@pytest.mark.django_db
def test_a_country_that_has_everything_goes_live_with_its_review():
    world = make_world()
    pack = as_draft(world.country)
    assert readiness.missing(pack, at=WEDNESDAY).must == ()
    assert sign(pack).is_live


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "words"),
    [("BD", "template"), ("LA", "not been looked into far enough"), ("TR", "Nobody has described this country")],
)
def test_a_template_a_draft_that_is_not_ready_or_no_pack_never_goes_live(code, words):
    country = make_country(code, name=code, status="draft", language="en")
    make_world(country=as_live_people(country))
    country = as_draft(country)
    with pytest.raises(readiness.NotReady, match=words):
        sign(country)
    country.refresh_from_db()
    assert not country.is_live


def as_live_people(country):
    """Let builders make a live factory there, as if somebody had forced it in the database."""
    CountryPack.objects.filter(pk=country.pk).update(status="live")
    country.refresh_from_db()
    return country


@pytest.mark.django_db
def test_without_two_experts_and_two_leads_with_vouched_keys_a_country_stays_a_draft():
    world = make_world()
    pack = as_draft(world.country)
    PersonKey.objects.filter(person=world.second_expert).update(state="pending", vouched_at=None)
    Position.objects.filter(person=world.second_lead).update(until=WEDNESDAY.date())
    with pytest.raises(readiness.NotReady) as refused:
        sign(pack)
    assert "two technical experts" in refused.value.message
    assert "two safeguarding leads" in refused.value.message


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["draft", "template"])
def test_a_factory_in_a_country_that_is_not_live_offers_no_route(status):
    world = make_world()
    factory = make_factory(country=world.country, status="listed")
    as_draft(world.country)
    CountryPack.objects.update(status=status)
    with pytest.raises(readiness.NotReady, match="The country is not live"):
        readiness.make_live(factory)
    assert not Factory.objects.live().exists()


@pytest.mark.django_db
def test_what_workers_will_miss_is_said_and_stops_nothing():
    world = make_world()
    said = " ".join(readiness.missing(world.country, at=WEDNESDAY).better)
    assert "Nobody is on the roster" in said
    assert "Legal help" in said and "Safe place to stay" in said
    assert "No native speaker's review of Khmer" in said
    RosterSlot.objects.create(person=world.expert, country=world.country, weekday=0, start="08:00", end="09:00")
    kinds = ("hotline", "health", "counselling", "mental_health", "shelter", "child_protection", "legal", "livelihood")
    make_provider(country=world.country, kinds=kinds, checked_on=WEDNESDAY.date(), by=world.expert)
    said = " ".join(readiness.missing(world.country, at=WEDNESDAY).better)
    assert "roster" not in said and "provider" not in said
    later = WEDNESDAY + timedelta(days=900)
    assert "public holidays of 2028" in " ".join(readiness.missing(world.country, at=later).better)


# --- Where they show ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_dates_of_discipline_come_from_the_pack(folder):
    world = make_world()
    case = make_case(world)
    case.employer_knowledge_at = WEDNESDAY
    dates = legal_dates(case, at=WEDNESDAY)
    assert [one.day for one in dates] == [date(2026, 6, 17), date(2026, 6, 25)]
    assert [one.is_near for one in legal_dates(case, at=WEDNESDAY + timedelta(days=4))] == [True, False]
    changed = copy.deepcopy(raw())
    changed["legal_limits"][0]["value"] = 5
    changed["discipline"]["red_days_before"] = 5
    (folder / "KH.json").write_text(json.dumps(changed), "utf-8")
    packs.pack.cache_clear()
    [first, _second] = legal_dates(case, at=WEDNESDAY)
    assert (first.day, first.is_near) == (date(2026, 6, 15), True)


@pytest.mark.django_db
def test_the_page_of_a_country_shows_its_pack_and_what_is_missing(client):
    world = make_world()
    as_draft(world.country)
    client.force_login(world.admin)
    page = " ".join(client.get("/administration/countries/KH/").content.decode().split())
    for words in (
        "Labour Law 1997, Article 26", "Country pack", "Only the legal review is missing.",
        "2 working days", "shows its dates in red from 3 days before", "Fast track", "Arbitration", "Khmer",
        "What workers will miss", "Asia/Phnom_Penh",
    ):  # fmt: skip
        assert words in page, words
    make_country("LA", name="Lao PDR", status="draft", legal_review_by="", legal_review_on=None)
    page = client.get("/administration/countries/LA/").content.decode()
    assert "What is missing before it can go live" in page
    response = client.post("/administration/countries/LA/review/", {"by": "A. Lawyer", "on": "2026-06-01"}, follow=True)
    assert "not been looked into far enough" in response.content.decode()
    assert not CountryPack.objects.get(pk="LA").is_live


@pytest.mark.django_db
def test_workers_read_the_roads_outside_and_that_it_is_never_too_late(client):
    make_world()
    page = " ".join(client.get("/kh/rights/?lang=en").content.decode().split())
    for words in (
        "Ways outside the factory", "The labour inspection", "Arbitration", "You decide whether you use one of these",
        "two months to go to court", "Here it is never too late.", "No lawyer has read these sentences.",
    ):  # fmt: skip
        assert words in page, words
    assert "Article" not in page and "dismiss" not in page
    everywhere = client.get("/rights/?lang=en").content.decode()
    assert "Ways outside the factory" not in everywhere


@pytest.mark.django_db
def test_in_myanmar_she_is_warned_before_she_goes_to_an_office(client):
    country = make_country("MM", name="Myanmar", time_zone="Asia/Yangon", language="my", review_is_fictional=False)
    page = client.get(f"/{country.pk.lower()}/rights/?lang=en").content.decode()
    assert "Going to an office of the government can be unsafe." in page
    assert "This is a trial" not in page
    assert "Here it is never too late." in page
