"""The fictional factory of one run, what a worker sends there, and thin rows by the hundred thousand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from script.benches import clients
from script.benches.servers import Servers

# One open case, as far as indexes and clocks see it: five people, three promises with their ladders, a receipt.
LEVELS = ("reminder_before", "reminder_due", "L1", "L2", "L2c", "L3", "L4")
CODES = ("acknowledge", "triage", "progress_update")


class World:
    """A live factory with everybody who acts for it, on the database of this run."""

    def __init__(self, servers: Servers) -> None:
        from factories import clock
        from tests.builders import PASSWORD, make_world

        self.servers = servers
        self.password = PASSWORD
        self.people = make_world(password=PASSWORD)
        self.factory = self.people.factory
        self.calendar = clock.calendar_for(self.factory)
        self.thin = 0

    @property
    def path(self) -> str:
        """Where workers of this country tell."""
        return f"/{self.factory.country_id.lower()}/tell/"

    def bodies(self, count: int, *, words: str = "He says things every day.", token: str = "") -> list[str]:
        """Give so many complete complaints, each under a number of its own."""
        from complaints import intake
        from factories import clock

        at = clock.now()
        return [
            clients.body(
                token or intake.mint(at).token,
                place_text=self.factory.short_code,
                complainant_kind="affected",
                danger_answer="no",
                age_band="18_plus",
                conduct_types=["verbal", "touch"],
                own_words=f"{words} {number}",
                places=["own_machine"],
                last_time="this_week",
                frequency="many",
                respondent_job="mechanic",
                wishes=["keep_safe"],
                route="factory_committee",
                share_choice="all_written",
            )
            for number in range(count)
        ]

    def cases(self) -> int:
        """Count what was filed through the form."""
        return int(self.servers.sql("SELECT count(*) FROM complaints_receipt WHERE length(lookup) = 32")[0][0])

    def fill(self, total: int) -> None:
        """Add thin cases until there are so many, and let Postgres look at them."""
        step = 100_000
        while self.thin < total:
            count = min(step, total - self.thin)
            self._add(count)
            self.thin += count
        self.servers.sql("ANALYZE")

    def _add(self, count: int) -> None:
        from factories import clock

        at = clock.now()
        on = self.calendar.local_day(at)
        people = self.people
        on_case = [
            (people.officer, "case_officer", False),
            (people.chair, "committee_chair", False),
            (people.expert, "technical_expert", True),
        ]
        values: dict[str, Any] = {
            "from": self.thin,
            "to": self.thin + count,
            "country": self.factory.country_id,
            "factory": self.factory.pk.hex,
            "on": on,
            "release": self.calendar.at_hour(on, 0),
            # Nothing of it is due: the first reminder rises in a week.
            "due": at + timedelta(days=10),
            "codes": list(CODES),
            "levels": list(LEVELS),
            "people": [person.pk.hex for person, _role, _standing_by in on_case],
            "roles": [role for _person, role, _standing_by in on_case],
            "standing_by": [standing_by for _person, _role, standing_by in on_case],
        }
        self.servers.sql(THIN, values)


# The n-th case and promise have names made of n, so that one statement can write them all without looking back.
THIN = """
INSERT INTO complaints_case (id, reference, country_id, factory_id, channel, route, insist, factory_side, stage, side,
    side_before, path, closing_reason, conduct_types, severity, urgent_outside, job_not_stated, filed_on, release_at,
    next_due_at, last_event, last_entry, head)
SELECT md5('case' || n)::uuid, upper(substr(md5('reference' || n), 1, 10)), %(country)s, %(factory)s::uuid, 'web',
    'factory_committee', false, 'officer_and_chair', 'received', '', '', '', '', '{verbal}', 'c', false, false,
    %(on)s::date - (n %% 600)::int, %(release)s, %(due)s + n * interval '1 second', 1, 8, md5('head' || n)::bytea
FROM generate_series(%(from)s + 1, %(to)s) AS n
ON CONFLICT (reference) DO NOTHING;
INSERT INTO complaints_receipt (id, case_id, lookup, public_key, resend_check, must_be_replaced, is_next)
SELECT gen_random_uuid(), md5('case' || n)::uuid, decode(md5('lookup' || n) || '00', 'hex'), '', '', false, false
FROM generate_series(%(from)s + 1, %(to)s) AS n;
INSERT INTO complaints_assignment (id, case_id, person_id, role, standing_by, since, visible_from, ended_because,
    next_due_at, closed)
SELECT gen_random_uuid(), md5('case' || n)::uuid, person::uuid, role, standing_by, %(on)s, %(release)s, '',
    %(due)s + n * interval '1 second', false
FROM generate_series(%(from)s + 1, %(to)s) AS n,
    unnest(%(people)s, %(roles)s, %(standing_by)s) AS someone (person, role, standing_by);
INSERT INTO complaints_deadline (id, case_id, code, ordinal, starts_at, due_at, owner)
SELECT md5('deadline' || n || code)::uuid, md5('case' || n)::uuid, code, 1, %(release)s,
    %(due)s + n * interval '1 second', 'case_officer_or_technical_expert'
FROM generate_series(%(from)s + 1, %(to)s) AS n, unnest(%(codes)s) AS code;
INSERT INTO complaints_rung (id, deadline_id, level, rises_at, held)
SELECT gen_random_uuid(), md5('deadline' || n || code)::uuid, level, %(due)s + n * interval '1 second', false
FROM generate_series(%(from)s + 1, %(to)s) AS n, unnest(%(codes)s) AS code, unnest(%(levels)s) AS level;
INSERT INTO complaints_compartment (id, case_id, kind)
SELECT md5('compartment' || n)::uuid, md5('case' || n)::uuid, 'story'
FROM generate_series(%(from)s + 1, %(to)s) AS n;
INSERT INTO complaints_compartmentkey (id, compartment_id, generation, public_key)
SELECT md5('key' || n)::uuid, md5('compartment' || n)::uuid, 1, ''
FROM generate_series(%(from)s + 1, %(to)s) AS n;
INSERT INTO complaints_event (id, case_id, number, kind, actor_kind, "on", compartment, contents, digest, mac)
SELECT gen_random_uuid(), md5('case' || n)::uuid, 1, 'complaint_filed', 'complainant', %(on)s, '', '{}', '', ''
FROM generate_series(%(from)s + 1, %(to)s) AS n;
"""
