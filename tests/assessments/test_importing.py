"""Old assessments from a list: whole or not at all, and nothing that stays out is lost."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments import importing, tool
from assessments.models import Assessment, AssessmentDeadline
from tests.assessments.visitworld import AT
from tests.builders import make_world, sign_in

pytestmark = pytest.mark.django_db


def lines_of(factory: str, day: str = "2025-06-10", **other: str) -> list[list[str]]:
    base = {"factory": factory, "kind": "regular", "visit_from": day, "visit_to": day, "tool": "1.1",
            "headcount": "400", "level_factory": "possible", "confidence": "medium", "not_assessed": "",
            "score": "3", "sources": "D W"}  # fmt: skip
    rows = [base | {"indicator": one.code} | other for one in tool.read(tool.bundled()).indicators]
    return [[row[name] for name in importing.COLUMNS] for row in rows]


def as_file(rows: list[list[str]], head: tuple[str, ...] = importing.COLUMNS) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode()


def test_what_is_whole_comes_in_and_the_rest_is_handed_back_with_reasons():
    world = make_world()
    code = world.factory.short_code
    broken = lines_of(code, "2024-06-10")
    broken[3][importing.COLUMNS.index("indicator")] = "ZZ9"
    broken[4][importing.COLUMNS.index("sources")] = ""
    done = importing.carry_out(importing.read(as_file([*lines_of(code), *broken])), by=world.admin, at=AT)
    made = Assessment.objects.get()
    assert done.made == [made] and (made.overall_score, made.level_factory, made.stage) == (75, "possible", "final")
    assert made.final_at < AT and made.level == ""
    assert AssessmentDeadline.objects.filter(factory=world.factory, code="next_visit").exists()
    assert len(done.left) == 40
    assert done.faults == [
        "Line 45: Version 1.1 of the tool has no indicator “ZZ9”.",
        "Line 46: Say what this score rests on: choose at least one source.",
    ]
    # What was handed back, mended, comes in; what is in already does not come in twice.
    mended = done.leftover().replace("ZZ9", "PC4").replace(",3,,,", ",3,,D W,")
    again = importing.carry_out(importing.read(mended.encode()), by=world.admin, at=AT)
    assert (len(again.made), again.left) == (1, [])
    twice = importing.carry_out(importing.read(as_file(lines_of(code))), by=world.admin, at=AT)
    assert twice.made == [] and "already" in twice.faults[0] and Assessment.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"factory": "NOPE"}, "no factory"),
        ({"kind": "self"}, "no kind of visit"),
        ({"tool": "0.3"}, "no version"),
        ({"visit_from": "10/06/25"}, "both days"),
        ({"visit_to": "2025-01-01"}, "ends on the day"),
        ({"visit_from": "2030-01-01", "visit_to": "2030-01-02"}, "in the future"),
        ({"headcount": "0"}, "more than 0"),
        ({"level_factory": "sure"}, "no level"),
        ({"confidence": "very"}, "no confidence"),
        ({"score": "2.5"}, "whole number"),
        ({"score": ""}, "say why there is none"),
        ({"not_assessed": "no_time"}, "not both"),
        ({"sources": "D Q"}, "no source"),
        ({"indicator": "PC1"}, "twice"),
    ],
)
def test_each_fault_has_its_sentence(change, words):
    world = make_world()
    code = change.get("factory", world.factory.short_code)
    rows = lines_of(code, **{name: value for name, value in change.items() if name != "factory"})
    done = importing.carry_out(importing.read(as_file(rows)), by=world.admin, at=AT)
    assert done.made == [] and len(done.left) == 40
    assert words in " ".join(done.faults)
    assert all(fault.endswith(".") for fault in done.faults)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"a,b\n1,2", "columns are missing"), (b"\xff\xfe\x00", "UTF-8")],
)
def test_what_is_no_such_list_is_refused_whole(content, words):
    with pytest.raises(importing.ListRefused) as refusal:
        importing.read(content)
    assert words in refusal.value.message


def test_the_administrator_brings_a_list_in_by_the_page_and_nobody_else():
    world = make_world()
    client = Client()
    sign_in(client, world.admin)
    rows = lines_of(world.factory.short_code)
    rows[0][importing.COLUMNS.index("indicator")] = "=1+1"
    answer = client.post("/assessments/old/", {"list": SimpleUploadedFile("old.csv", as_file(rows))})
    text = answer.content.decode()
    assert "40 lines stayed out" in text and "no indicator “=1+1”" in text and "&#x27;=1+1" in text
    rows[0][importing.COLUMNS.index("indicator")] = "PC1"
    text = client.post("/assessments/old/", {"list": SimpleUploadedFile("old.csv", as_file(rows))}).content.decode()
    assert "1 assessment was brought in." in text
    sign_in(client, world.advisor)
    assert client.get("/assessments/old/").status_code == 404
