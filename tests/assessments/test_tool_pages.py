"""The pages of the tool, the guidance and the course: who reads them, who changes what, what a mistake is told."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Person
from assessments import course, tool, tool_changes
from assessments.models import CourseAttempt, ToolVersion
from factories import clock
from tests.builders import World, make_world, sign_in

pytestmark = pytest.mark.django_db
OURS = course.course()
RIGHT = {one.code: str(one.right) for one in OURS.questions}


@pytest.fixture
def world(db) -> World:
    return make_world()


def signed_in(person: Person) -> Client:
    client = Client()
    sign_in(client, person)
    return client


def page(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def upload(client: Client, content: Any, *, note: str = "Larger samples.", days: int = 0) -> Any:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(
        "/assessments/tool/new/",
        {
            "file": SimpleUploadedFile("tool.json", raw, "application/json"),
            "change_note": note,
            "in_force_on": (clock.now().date() + timedelta(days=days)).isoformat(),
        },
    )


def changed(**other: Any) -> dict[str, Any]:
    return copy.deepcopy(tool.bundled()) | {"version": "2.0"} | other


# --- Who ------------------------------------------------------------------------------------------

READERS = ("admin", "advisor", "expert", "lead", "programme_lead")


@pytest.mark.parametrize("who", [*READERS, "officer", "chair", "decision_maker"])
def test_whoever_assesses_or_leads_reads_and_the_factory_does_not(who, world):
    client, version = signed_in(getattr(world, who)), tool.current(clock.now().date())
    for path in ("tool/", f"tool/{version.pk}/", f"tool/{version.pk}/file/", "guidance/", "course/"):
        assert client.get(f"/assessments/{path}").status_code == (200 if who in READERS else 404), path


@pytest.mark.parametrize("who", ["advisor", "expert", "lead", "programme_lead", "officer"])
def test_only_administrators_add_or_withdraw(who, world):
    client, version = signed_in(getattr(world, who)), tool.current(clock.now().date())
    assert client.get("/assessments/tool/new/").status_code == 404
    assert upload(client, changed()).status_code == 404
    assert client.post(f"/assessments/tool/{version.pk}/withdraw/").status_code == 404
    assert ToolVersion.objects.count() == 1
    assert "Withdraw" not in client.get(f"/assessments/tool/{version.pk}/").content.decode()


# --- The tool -------------------------------------------------------------------------------------


def test_an_administrator_takes_the_file_changes_it_and_reads_what_is_different(world):
    client = signed_in(world.admin)
    first = tool.current(clock.now().date())
    content = json.loads(client.get(f"/assessments/tool/{first.pk}/file/").content)
    content["version"] = "2.0"
    content["interview_sample"][0]["min_interviews"] = 14
    content["indicators"][0]["anchors"][0] = "Nothing is written."
    del content["safeguarding_screen"][1]
    answer = upload(client, content)
    made = ToolVersion.objects.get(version="2.0")
    assert answer["Location"] == f"/assessments/tool/{made.pk}/"
    shown = page(client.get(answer["Location"]))
    for words in ("Different from version 1.1", "12, 4, 1", "14, 4, 1", "Nothing is written.", "Larger samples."):
        assert words in shown
    listed = page(client.get("/assessments/tool/"))
    assert (
        listed.index(">2.0<") < listed.index("in force") < listed.index(">1.1<") < listed.index("followed by another")
    )


def test_every_fault_of_a_file_stands_on_the_page_and_nothing_is_added(world):
    content = changed(scale={})
    content["signals"][0]["grade"] = "weak"
    shown = page(upload(signed_in(world.admin), content))
    assert "2 things are wrong in the file" in shown
    assert "S01 must stay strong" in shown
    assert not ToolVersion.objects.filter(version="2.0").exists()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\xff\xfe\x00", "not a JSON file"),
        (b"{", "not a JSON file"),
        (b"[" * 200_000, "not a JSON file"),
        (b" " * 1_000_001, "larger than 1 MB"),
        (b"3", "1 thing is wrong"),
    ],
    ids=["no text", "torn", "deep", "large", "a number"],
)
def test_a_file_that_is_no_tool_is_refused_in_a_sentence(raw, says, world):
    assert says in page(upload(signed_in(world.admin), raw))


def test_a_version_needs_its_note_and_no_day_in_the_past(world):
    client = signed_in(world.admin)
    assert "Say what is different" in page(upload(client, changed(), note=""))
    assert "cannot begin in the past" in page(upload(client, changed(), days=-1))
    upload(client, changed())
    assert "There is a version 2.0 already" in page(upload(client, changed()))


def test_withdrawing_is_said_on_the_page_and_refused_for_the_last_one(world):
    client, first = signed_in(world.admin), tool.current(clock.now().date())
    answer = client.post(f"/assessments/tool/{first.pk}/withdraw/", follow=True)
    assert "Without this version no visit could begin" in page(answer)
    upload(client, changed())
    assert "Withdrawn on" in page(client.post(f"/assessments/tool/{first.pk}/withdraw/", follow=True))
    assert client.get(f"/assessments/tool/{first.pk}/withdraw/").status_code == 405


def test_what_an_administrator_writes_is_text_and_no_markup(world):
    client = signed_in(world.admin)
    content = changed()
    content["indicators"][0]["title"] = "<script>x</script>"
    upload(client, content, note="<b>100%</b> %(x)s")
    made = ToolVersion.objects.get(version="2.0")
    shown = page(client.get(f"/assessments/tool/{made.pk}/"))
    assert "<script>x" not in shown
    assert "&lt;b&gt;100%&lt;/b&gt; %(x)s" in shown


def test_versions_that_are_the_same_have_no_differences():
    one = tool.read(tool.bundled())
    assert tool_changes.between(one, tool.read(changed())) == []


def test_what_is_new_or_gone_is_one_line():
    old = tool.read(tool.bundled())
    content = changed()
    content["indicators"][0]["code"] = "PC9"
    [gone, new] = tool_changes.between(old, tool.read(content))
    assert (gone.of, gone.after, new.of, new.before) == ("PC1", "", "PC9", "")
    assert gone.before == new.after == old.indicators[0].title


# --- The course -----------------------------------------------------------------------------------


def test_an_advisor_reads_the_course_and_passes_its_test(world):
    client = signed_in(world.advisor)
    assert "Go to the test" in page(client.get("/assessments/course/"))
    assert client.post("/assessments/course/test/", RIGHT)["Location"] == "/assessments/course/"
    shown = page(client.get("/assessments/course/"))
    assert "You may assess" in shown and "Go to the test" not in shown
    assert course.may_assess(world.advisor, clock.now())
    assert client.get("/assessments/course/test/").status_code == 302  # Nothing more to pass.
    client.post("/assessments/course/test/", RIGHT)
    assert CourseAttempt.objects.count() == 1


def test_a_wrong_answer_is_told_why_and_where_to_read_it_again(world):
    must = next(one for one in OURS.questions if one.must)
    client = signed_in(world.expert)
    shown = page(client.post("/assessments/course/test/", RIGHT | {must.code: str((must.right + 1) % 3)}))
    assert "12 of 13 answers are right" in shown
    assert shown.count("Read again:") == 1 and f"/assessments/course/#{must.lesson}" in shown
    assert not course.may_assess(world.expert, clock.now())


@pytest.mark.parametrize("answer", [None, "7", "x"])
def test_an_answer_left_out_or_made_up_counts_as_no_try(answer, world):
    code = OURS.questions[0].code
    answers = {key: value for key, value in RIGHT.items() if key != code} | ({code: answer} if answer else {})
    shown = page(signed_in(world.advisor).post("/assessments/course/test/", answers))
    assert "1 question has no answer." in shown
    assert shown.count("checked") == 12  # The others are kept.
    assert not CourseAttempt.objects.exists()


def test_after_three_tries_the_page_says_to_come_back_tomorrow(world):
    client, must = signed_in(world.advisor), next(one for one in OURS.questions if one.must)
    bad = RIGHT | {must.code: str((must.right + 1) % 3)}
    for _try in range(3):
        client.post("/assessments/course/test/", bad)
    shown = page(client.post("/assessments/course/test/", RIGHT, follow=True))
    assert "come back tomorrow" in shown
    assert CourseAttempt.objects.count() == 3


@pytest.mark.parametrize("who", ["admin", "programme_lead", "lead", "officer"])
def test_who_does_not_assess_takes_no_test(who, world):
    client = signed_in(getattr(world, who))
    assert client.get("/assessments/course/test/").status_code == 404
    assert client.post("/assessments/course/test/", RIGHT).status_code == 404
