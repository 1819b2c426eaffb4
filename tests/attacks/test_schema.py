"""What anybody types is an entry: every text column of a case says here why no typed word can be in it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models import CheckConstraint

from complaints.casecodes import EventKind
from complaints.models import Event
from factories.clock import Level
from tests.builders import make_world

pytestmark = pytest.mark.django_db
CODE = "a code of a closed list"
# table.column -> why it holds no typed words.
TEXT_COLUMNS = {
    "complaints_assignment.ended_because": CODE,
    "complaints_assignment.role": CODE,
    "complaints_case.channel": CODE,
    "complaints_case.closing_reason": CODE,
    "complaints_case.conduct_types": "codes of a closed list: the pictures she chose",
    "complaints_case.country_id": "the code of a country pack",
    "complaints_case.factory_side": CODE,
    "complaints_case.path": CODE,
    "complaints_case.reference": "ten random characters",
    "complaints_case.route": CODE,
    "complaints_case.severity": CODE,
    "complaints_case.side": CODE,
    "complaints_case.side_before": CODE,
    "complaints_case.stage": CODE,
    "complaints_burst.country_id": "the code of a country pack",
    "complaints_compartment.kind": CODE,
    "complaints_conflictdeclaration.answer": CODE,
    "complaints_consent.code": CODE,
    "complaints_consent.wording": "the version of the sentences she agreed to",
    "complaints_deadline.code": "a code of data/deadlines.json",
    "complaints_deadline.owner": "a code of data/deadlines.json",
    "complaints_entry.author_kind": CODE,
    "complaints_entry.kind": CODE,
    "complaints_event.actor_kind": CODE,
    "complaints_event.compartment": CODE,
    "complaints_event.contents": "codes, ids, numbers and yes or no: see the tests below",
    "complaints_event.kind": CODE,
    "complaints_grant.reason": "a code of data/grants.json",
    "complaints_interimmeasure.code": CODE,
    "complaints_rung.level": CODE,
    "complaints_allegation.result": CODE,
    "complaints_remedy.scope": CODE,
    "complaints_remedy.code": CODE,
    "complaints_remedy.verified_by": CODE,
    "complaints_sanction.code": CODE,
    "complaints_appeal.side": CODE,
    "complaints_appeal.ground": CODE,
    "complaints_appeal.result": CODE,
    "complaints_check.code": CODE,
    "complaints_check.result": CODE,
    "complaints_concern.kind": CODE,
    "complaints_caselink.kind": CODE,
    "complaints_closuretick.criterion": CODE,
    "complaints_referral.state": CODE,
    "complaints_legalhold.reason": CODE,
    "complaints_satisfactiontally.quarter": "a quarter, as 2026Q3",
    "complaints_satisfactiontally.country_id": "the code of a country pack",
    "complaints_statquarter.quarter": "a quarter, as 2026Q3",
    "complaints_statquarter.version": "the version of the formulas",
    "complaints_statsnapshot.quarter_id": "a quarter, as 2026Q3",
    "complaints_statsnapshot.scope": CODE,
    "complaints_statsnapshot.country_id": "the code of a country pack",
    "complaints_statsnapshot.code": "the code of a figure",
    "complaints_statsnapshot.part": "a code of a closed list: channel or finding",
}
TEXT = ("text", "character varying", "character", "json", "jsonb", "ARRAY", "xml", "USER-DEFINED")


def columns() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND table_name LIKE 'complaints\\_%%' AND data_type = ANY(%s)",
            [list(TEXT)],
        )
        return {name for (name,) in cursor.fetchall()}


def test_every_text_column_of_a_case_is_on_the_list():
    assert columns() == set(TEXT_COLUMNS)


def test_a_code_of_a_closed_list_says_which_list():
    fields = {
        f"{model._meta.db_table}.{field.column}": field
        for model in apps.get_app_config("complaints").get_models()
        for field in model._meta.local_fields
    }
    levels = {value for value, _label in Level.choices}
    for name, why in TEXT_COLUMNS.items():
        if why != CODE or name in ("complaints_case.severity", "complaints_rung.level"):
            continue
        assert fields[name].choices, name
    assert levels and isinstance(fields["complaints_rung.level"], models.CharField)
    severity = [one for one in fields["complaints_case.severity"].model._meta.constraints if "severity" in one.name]
    assert isinstance(severity[0], CheckConstraint)


def check_contents(value: object, key: str) -> None:
    """Codes, ids and numbers: nothing with a space, nothing long, nothing outside plain letters."""
    if value is None or isinstance(value, bool | int):
        return
    assert isinstance(value, str), (key, value)
    assert len(value) <= 40 and value.isascii(), (key, value)
    assert all(sign.isalnum() or sign in "_-+" for sign in value), (key, value)


def test_no_event_of_a_whole_case_holds_a_typed_word():
    """A walk through the steps that take words; each of them is typed with a marker."""
    from datetime import timedelta

    from complaints import receipts, slots, workflow
    from complaints.compartments import Holder
    from complaints.models import Receipt
    from tests.builders import WEDNESDAY, file, make_answers, reader_of

    word = "Zq marker words with spaces, long enough to be an answer to her."
    world = make_world()
    at = WEDNESDAY + timedelta(days=1)
    done = file(make_answers(world.factory, own_words=word, respondent_name=word))
    case = done.case
    keys = receipts.keys_of(done.receipt, waiting=slots.RECEIPT)
    her = Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))
    workflow.declare_conflict(case, by=world.chair, answer="none", at=at)
    workflow.declare_conflict(case, by=world.officer, answer="possible", text=word, at=at)
    helper = case.assignments.get(role="technical_expert").person
    workflow.decide_conflict(case, by=helper, about=world.officer, may_handle=True, at=at)
    workflow.acknowledge(case, by=world.officer, text=word, at=at)
    workflow.triage(case, by=world.officer, fields={"links": word, "respondent_identified": True},
                    second=world.chair, at=at)  # fmt: skip
    workflow.decide_interim(
        case, by=world.chair, code="patrol_light_lock", reason=word, effect_on_pay=False, at_her_request=False, at=at
    )
    measure = case.interim_measures.get()
    workflow.review_interim(case, by=world.chair, measure=measure, goes_on=False, note=word, at=at)
    workflow.agree_path(case, by=world.chair, path="support_only", fields={"reason": word}, at=at)
    workflow.add_note(case, by=world.chair, text=word, at=at)
    workflow.send_message(case, by=world.chair, text=word, at=at)
    workflow.write(case, text=word, at=at)
    workflow.say_not_safe(case, text=word, at=at)
    workflow.first_look(case, by=helper, note=word, wrote_to_her=True, at=at)
    workflow.move_outside(case, her, at=at)
    workflow.confirm_danger(case, by=helper, danger_level="soon", age_band="18_plus", not_free=False, note=word, at=at)
    workflow.propose_handover(case, by=helper, text=word, at=at)
    workflow.match_factory(case, by=helper, factory=world.factory, at=at)
    workflow.match_name(case, by=helper, person=world.officer, at=at)
    workflow.open_hold(case, reader_of(helper), at=at)
    assert Event.objects.count() > 15
    for event in Event.objects.all():
        for key, value in event.contents.items():
            check_contents(value, key)
    with connection.cursor() as cursor:
        for name in columns():
            table, column = name.split(".")
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}"::text LIKE %s', ["%marker%"])
            assert cursor.fetchone()[0] == 0, name


def test_an_event_of_who_was_matched_or_excluded_names_nobody():
    """Which account the name she wrote belongs to, the hash knows and the event does not."""
    from tests.builders import WEDNESDAY, make_case

    world = make_world()
    case = make_case(world, route="outside_first", exclude=frozenset({"named_person"}), exclude_name="x")
    from complaints import workflow

    workflow.match_name(case, by=world.expert, person=world.officer, at=WEDNESDAY)
    workflow.match_name(case, by=world.expert, person=None, at=WEDNESDAY)
    told = case.events.filter(kind=EventKind.NAME_MATCHED)
    assert [event.contents for event in told] == [{}, {}]
