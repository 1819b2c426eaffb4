"""Line 6 of the walk: each kind of complaint goes where it should, and the factory's people find no trace of it."""

from __future__ import annotations

import re
import time

import pytest

from accounts import clock
from complaints.models import Case
from factories import sweep
from tests.builders import make_world
from tests.walk.by_hand import let_in, tell

pytestmark = pytest.mark.django_db(transaction=True)
MARK = "ZqWordsOfHers"
AWAY = {"conduct_types": "touch", "own_words": MARK}
TO_FACTORY = AWAY | {"route": "factory_committee", "share_choice": "all_written"}
# What she answers, and who may open the case then: the experts, or in a hold the safeguarding leads alone.
KINDS = {
    "about HR": (TO_FACTORY | {"respondent_job": "hr_office_compliance"}, "experts"),
    "about the top manager": (TO_FACTORY | {"respondent_job": "manager_owner"}, "experts"),
    "a name to keep out": (TO_FACTORY | {"exclude": "named_person", "exclude_name": f"{MARK} Sok"}, "experts"),
    "too young": (TO_FACTORY | {"age_band": "15_17"}, "leads"),
    "not free": (TO_FACTORY | {"FQ4": "yes"}, "leads"),
    "danger now": (TO_FACTORY | {"danger_answer": "now"}, "experts"),
    "kept only": (AWAY | {"route": "record_only"}, "experts"),
    "outside only": (AWAY | {"route": "outside_only"}, "experts"),
    "outside first": (AWAY | {"route": "outside_first"}, "experts"),
}
# Form tokens, and the number that the form for workers offers to whoever opens it.
ANEW_EACH_TIME = re.compile(r'\b[A-Za-z0-9]{64}\b|value="[\w-]{22}"|name="token" value="[^"]+"|<span>\d{4}</span>')


def everything(page) -> dict[str, str]:
    """Every page that links lead to from the first one, as the server sends it."""
    seen: dict[str, str] = {}
    waiting = ["/staff/", "/cases/?stage=&q=", "/notices/", "/portfolio/", "/keys/", "/bursts/", "/overdue/"]
    while waiting:
        path = waiting.pop(0).split("#")[0]
        if path in seen or path.startswith(("/static/", "/staff/sign-out", "/staff/second-factor", "/staff/sessions")):
            continue
        answer = page.request.get(path)
        seen[path] = f"{answer.status} {len(answer.headers)} " + ANEW_EACH_TIME.sub("", answer.text())
        waiting += re.findall(r'href="(/[^"]*)"', answer.text())
    return seen


def test_what_is_not_theirs_leaves_no_trace_with_the_factory(queue, make_page):
    for path in queue.mail.glob("*"):
        path.unlink()
    world = make_world()
    sweep.sweep(clock.now(), sources=[])
    her = make_page(script=False)
    tell(her, world.factory.short_code, route="factory_committee", share_choice="all_written")
    theirs = Case.objects.get()
    pages = {}
    for name in ("officer", "chair", "expert", "lead"):
        pages[name] = make_page((1280, 900))
        let_in(pages[name], getattr(world, name))
    before = {name: everything(pages[name]) for name in ("officer", "chair")}
    assert any(theirs.reference in text for text in before["officer"].values())

    references = {}
    known = {theirs.pk}
    for kind, (answers, _readers) in KINDS.items():
        tell(her, world.factory.short_code, **answers)
        case = Case.objects.exclude(pk__in=known).get()
        known.add(case.pk)
        references[kind] = case.reference

    for name in ("officer", "chair"):
        after = everything(pages[name])
        assert after.keys() == before[name].keys()
        for path, text in after.items():
            assert text == before[name][path], (name, path)
            assert MARK not in text
    nowhere = pages["officer"].request.get("/cases/ZZZZZZZZZZ/")
    for kind, reference in references.items():
        for path in ("", "words/", "messages/", "record/", "openings/", "steps/send-message/"):
            answer = pages["officer"].request.get(f"/cases/{reference}/{path}")
            assert answer.status == 404, (kind, path)
            assert answer.text().replace(reference, "") == nowhere.text().replace("ZZZZZZZZZZ", "")
            assert answer.headers.keys() == nowhere.headers.keys()
        found = pages["officer"].request.get(f"/cases/?q={reference}&reference={reference}&begins={reference}")
        assert f"/cases/{reference}/" not in found.text()

    for kind, (_answers, readers) in KINDS.items():
        at_expert = pages["expert"].request.get(f"/cases/{references[kind]}/words/")
        at_lead = pages["lead"].request.get(f"/cases/{references[kind]}/words/")
        with_words = {"experts": at_expert, "leads": at_lead}
        assert MARK in with_words.pop(readers).text(), kind
        (other,) = with_words.values()
        assert other.status == 404, kind
        assert MARK not in other.text(), kind

    # Mail: the outside team is told, the factory hears of its own case alone.
    end = time.monotonic() + 30
    while time.monotonic() < end and len(list(queue.mail.glob("*"))) < 2:
        time.sleep(0.2)
    sent = [path.read_text() for path in queue.mail.glob("*")]
    assert any(f"To: {world.expert.email}" in mail for mail in sent)
    for mail in sent:
        assert MARK not in mail
        assert not any(reference in mail for reference in references.values())
    for person in (world.officer, world.chair):
        heard = set(person.notices.exclude(topic_id=theirs.pk).values_list("kind", flat=True))
        assert heard <= {"new_key"}
