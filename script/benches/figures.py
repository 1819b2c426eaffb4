"""Freezing a quarter: five hundred factories and a hundred thousand cases, each with a history."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter

from script.benches.results import Results
from script.benches.world import World

FACTORIES, CASES = 500, 100_000


def snapshot(results: Results, world: World) -> None:
    """Compute and keep the figures of the quarter before this one."""
    from complaints.statistics import Quarter, beside, snapshots

    quarter = Quarter.of(date.today()).before()
    first = quarter.before(5).start
    values = {
        "cases": CASES,
        "factories": FACTORIES,
        "country": world.factory.country_id,
        "quarter": str(quarter),
        "first": first,
        "days": (quarter.end - first).days,
        "person": world.people.officer.pk.hex,
        "expert": world.people.expert.pk.hex,
    }
    world.servers.sql(HISTORY, values)
    world.servers.sql("ANALYZE")
    begun = perf_counter()
    made = snapshots.freeze(quarter, at=datetime.combine(quarter.due_on + timedelta(days=1), time(9), UTC))
    results.at_most(f"snapshot_{FACTORIES}_factories_{CASES}_cases", perf_counter() - begun, "s", 60)
    results.told("snapshot_figures", made or 0, "rows")
    begun = perf_counter()
    more = beside.freeze_followers(datetime.combine(quarter.due_on + timedelta(days=1), time(9), UTC))
    results.at_most(f"snapshot_progress_{FACTORIES}_factories", perf_counter() - begun, "s", 60)
    results.told("snapshot_progress_figures", more, "rows")


# Of each ten cases one moved outside, one came to the factory later and one is in a hold; half went on to an outcome.
HISTORY = """
INSERT INTO factories_factory (id, country_id, name, name_key, short_code, address, status, time_zone, headcount)
SELECT md5('figures' || n)::uuid, %(country)s, 'Figures ' || n, 'figures ' || n,
    upper(substr(md5('code' || n), 1, 6)), '', 'live', '', 1000
FROM generate_series(1, %(factories)s) AS n ON CONFLICT DO NOTHING;
INSERT INTO factories_membership (id, person_id, factory_id, role, unit, is_stand_in, since)
SELECT gen_random_uuid(), %(person)s::uuid, md5('figures' || n)::uuid, 'case_officer', '', false, %(first)s
FROM generate_series(1, %(factories)s) AS n;
INSERT INTO factories_package (id, factory_id, began_on, mou_points, focal_point_role, stand_in_role, languages,
    end_message)
SELECT gen_random_uuid(), md5('figures' || n)::uuid, %(first)s, '{}', '', '', '', ''
FROM generate_series(1, %(factories)s) AS n;
INSERT INTO factories_activity (id, factory_id, code, state, first_agreed_on, due_on, done_on, evidence, dropped_reason)
SELECT gen_random_uuid(), md5('figures' || n)::uuid, code, 'done', %(first)s::date + n %% 400,
    %(first)s::date + n %% 400, %(first)s::date + (n * 7) %% 420, 'seen', ''
FROM generate_series(1, %(factories)s) AS n, unnest(ARRAY['BASE', 'POLICY', 'COMM', 'T-COMM', 'REFER', 'CHAN', 'T-MGMT',
    'T-SUP', 'T-WORK', 'WALK', 'DRILL', 'QREV', 'END']) AS code;
INSERT INTO factories_trainingcount (id, factory_id, quarter, "group", people, trained, recorded_by_id, recorded_on)
SELECT gen_random_uuid(), md5('figures' || n)::uuid, %(quarter)s, staff, 900, n %% 900, %(person)s::uuid, %(first)s
FROM generate_series(1, %(factories)s) AS n, unnest(ARRAY['workers', 'supervisors', 'mechanics', 'guards', 'drivers',
    'managers', 'new_hires']) AS staff;
CREATE TABLE figures_n AS SELECT n, md5('figured' || n)::uuid AS id,
    %(first)s::date + (n %% %(days)s)::int AS filed FROM generate_series(1, %(cases)s) AS n;
INSERT INTO complaints_case (id, reference, country_id, factory_id, channel, route, insist, factory_side, stage, side,
    side_before, path, closing_reason, conduct_types, severity, urgent_outside, job_not_stated, filed_on, release_at,
    last_event, last_entry, head, fast_track, decided_on, outcome_told_on, monitoring_on, came_back_on)
SELECT id, upper(substr(md5('figured' || n), 1, 10)), %(country)s, md5('figures' || (n %% %(factories)s + 1))::uuid,
    'web', CASE WHEN n %% 10 IN (0, 2) THEN 'outside_first' ELSE 'factory_committee' END, false, 'officer_and_chair',
    'monitoring', CASE WHEN n %% 10 = 2 THEN 'safeguarding_hold' ELSE '' END, '', 'formal_inquiry', '', '{verbal}',
    'c', false, false, filed, filed, 4, 8, '', false, filed + 50,
    CASE WHEN n %% 2 = 0 THEN filed + 60 END, CASE WHEN n %% 2 = 0 THEN filed + 60 END, filed + 9
FROM figures_n;
INSERT INTO complaints_event (id, case_id, number, kind, actor_kind, actor_id, "on", at, compartment, contents, digest,
    mac)
SELECT gen_random_uuid(), id, place, CASE WHEN place = 3 AND n %% 10 = 0 THEN 'moved_outside'
        WHEN place = 3 AND n %% 10 = 1 THEN 'handed_to_factory' WHEN place = 3 THEN 'message_sent'
        WHEN place = 1 THEN 'complaint_filed' WHEN place = 2 THEN 'acknowledged' ELSE 'compartment_opened' END,
    'handler', %(person)s::uuid, filed + place, filed + place, '', '{}', '', ''
FROM figures_n, generate_series(1, 6) AS place;
INSERT INTO complaints_assignment (id, case_id, person_id, role, standing_by, since, visible_from, ended_because,
    next_due_at, closed)
SELECT gen_random_uuid(), id, person::uuid, role, false, filed, filed, '', filed, false
FROM figures_n, unnest(ARRAY[%(person)s, %(expert)s], ARRAY['case_officer', 'technical_expert']) AS who (person, role);
INSERT INTO complaints_deadline (id, case_id, code, ordinal, starts_at, due_at, met_at, owner)
SELECT md5('figured' || n || code)::uuid, id, code, 1, filed, filed + due, filed + due + (n %% 7 - 5), 'committee_chair'
FROM figures_n, unnest(ARRAY['acknowledge', 'triage', 'interim_measures', 'inquiry_complete', 'outcome_told',
    'urgent_contact'], ARRAY[2, 3, 6, 40, 55, 1]) AS promised (code, due);
INSERT INTO complaints_rung (id, deadline_id, level, rises_at, raised_at, held)
SELECT gen_random_uuid(), md5('figured' || n || 'triage')::uuid, 'L3', filed + 9, filed + 9, false
FROM figures_n WHERE n %% 20 = 0;
INSERT INTO complaints_check (id, case_id, code, number, due_on, cap_on, tries, answered_on, result)
SELECT gen_random_uuid(), id, code, 1, filed + 60 + after, filed + 67 + after, 1,
    CASE WHEN n %% 3 = 0 THEN filed + 62 + after END, ''
FROM figures_n, unnest(ARRAY['check_30', 'check_60', 'check_90'], ARRAY[30, 60, 90]) AS planned (code, after);
INSERT INTO complaints_concern (id, case_id, number, kind, raised_on, shows_at, remedy_verified_on)
SELECT gen_random_uuid(), id, 1, 'retaliation', filed + 80, filed + 81, filed + 100 FROM figures_n WHERE n %% 20 = 0;
INSERT INTO complaints_exclusion (id, case_id, mark)
SELECT gen_random_uuid(), id, decode(md5('mark' || n || place), 'hex') FROM figures_n, generate_series(1, 16) AS place;
DROP TABLE figures_n;
"""
