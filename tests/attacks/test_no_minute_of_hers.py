"""Of what she does the day is kept, at most the hour: no column holds the minute of any of her steps."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection

from accounts import notices
from complaints import intake, receipts, slots, visits, workflow
from complaints.compartments import Holder
from complaints.models import Receipt
from complaints.workflow import checks
from tests.builders import WEDNESDAY, make_answers, make_world
from tests.complaints.test_appeals import told

pytestmark = pytest.mark.django_db
ODD = timedelta(minutes=37, seconds=41, microseconds=123457)  # Nobody else's minute.
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _daily_release(settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False


def minutes_kept() -> list[str]:
    """Every moment anywhere in the database that shares the odd minute, as table.column."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type LIKE 'timestamp%'"
            " AND table_name <> 'django_migrations'"  # When this test database was made.
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE extract(minute FROM "{column}") = 37')
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found


def test_no_step_of_hers_leaves_its_minute_anywhere():
    world = make_world()

    def come(**answers) -> tuple[intake.Filed, Holder]:
        at = WEDNESDAY + ODD
        done = intake.file_complaint(make_answers(world.factory, **answers), token=intake.mint(at).token, at=at)
        keys = receipts.keys_of(done.receipt, waiting=slots.RECEIPT)
        return done, Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))

    def step(act, *args, n: int = 1, **kwargs) -> datetime:
        at = WEDNESDAY + DAY * n + ODD
        act(*args, at=at, **kwargs)
        assert minutes_kept() == [], act.__name__
        return at

    case, her = come()[0].case, None
    assert minutes_kept() == []
    come(danger_answer="now")
    come(route="outside_only")
    come(age_band="15_17")
    assert minutes_kept() == []
    done, her = come()
    case = done.case
    step(workflow.write, case, text="more")
    step(workflow.add_picture, case, picture=b"x" * 100)
    step(workflow.change_consents, case, her, wanted={"share_place_time": False, "share_my_name": True})
    step(workflow.say_not_safe, case, text="he waits")
    assert notices.deliver(case.assignments.get(role="technical_expert").person_id, at=WEDNESDAY + DAY + ODD)
    assert minutes_kept() == []
    step(workflow.stop, case)
    step(workflow.take_stop_back, case, n=2)
    number = workflow.offer_new_number(case, her, at=WEDNESDAY + DAY * 2 + ODD)
    assert minutes_kept() == []
    keys = receipts.keys_of(number, waiting=slots.RECEIPT)
    receipt = Receipt.objects.get(lookup=keys.lookup)
    step(workflow.first_use, receipt)
    her = Holder(keys.pair.private, receipt=receipt)
    step(workflow.move_outside, case, her, n=2)
    case.refresh_from_db()
    workflow.propose_handover(case, by=world.expert, text="shall we", at=WEDNESDAY + DAY * 3)
    step(workflow.accept_handover, case, her, consents={"share_text": True}, n=3)
    step(workflow.raise_concern, case, her, text="nobody answers", n=3)
    workflow.answer_concern(case, by=world.expert, text="x" * 50, offers=True, settled=False, at=WEDNESDAY + DAY * 3)
    step(workflow.change_consents, case, her, wanted={"expert_review": True, "match_pattern": True}, n=3)
    step(workflow.change_consents, case, her, wanted={"expert_review": False}, n=3)
    done, her = come()
    told(world, done.case)
    step(workflow.appeal, done.case, ground="unfair", text="no", n=2)
    step(workflow.add_to_appeal, done.case, text="more", n=2)
    done, her = come(route="outside_only")
    step(workflow.raise_concern, done.case, her, text="nobody answers")
    workflow.answer_concern(done.case, by=world.expert, text="x" * 50, offers=True, settled=False, at=WEDNESDAY + DAY)
    step(workflow.want_other_helper, done.case)
    done, her = come(route="record_only")
    step(workflow.choose_route, done.case, her, route="outside_only", consents={})
    done, her = come(route="record_only")
    step(workflow.choose_route, done.case, her, route="factory_committee", consents={"share_text": True})
    for route in ("factory_committee", "outside_first"):
        done, her = come(route=route)
        checks.plan(done.case, at=WEDNESDAY - DAY * 30)
        step(workflow.answer_check, done.case, check=done.case.checks.get(code="check_30"), answers={"feeling": "bad"})
        step(workflow.raise_retaliation, done.case, her, text="the worst machine", changed=["pay"])
    done, _her = come(route="outside_only")
    step(workflow.stop, done.case)
    workflow.finish_stops(at=WEDNESDAY + DAY * 9)
    assert minutes_kept() == []


def test_a_visit_leaves_no_time_and_no_case_in_the_cache(client, settings):
    import redis

    world = make_world()
    at = WEDNESDAY
    done = intake.file_complaint(make_answers(world.factory), token=intake.mint(at).token, at=at)
    response = client.post("/my/", {"number": done.receipt})
    assert response.status_code == 303 and visits.cookie_name() in client.cookies
    with redis.Redis.from_url(settings.REDIS_URL) as store:
        kept = {key: store.get(key) for key in store.scan_iter("samleng:*")}
    spelled = b" ".join(key + b"=" + (value or b"") for key, value in kept.items())
    for secret in (done.receipt, str(done.case.pk), done.case.pk.hex, done.case.reference):
        assert secret.encode() not in spelled
