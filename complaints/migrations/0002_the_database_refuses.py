"""What the database itself refuses, whoever asks: to change what happened, and to delete before its time.

Events and daily heads are append only, frozen figures are written once, entries are never changed. Entries and the
contents of events go when their time is over, or when she asked for it. The age of both is read from the chain, which
nobody can change: a case is over a year after it was closed, or filed or renewed where it was only kept. The day is the
database's own; only a database made for a trial adds the trial's moved clock to it.

TRUNCATE needs no trigger: the runtime role is never granted it.
"""

from typing import Any

from django.conf import settings
from django.db import migrations

DAY = """
-- The day it is, at the latest place there is: who asks knows the exact day, this only keeps away what is too early.
CREATE FUNCTION complaints_day() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT ((now() AT TIME ZONE 'UTC') + interval '14 hours' %s)::date
$$;
"""
MOVED = "+ coalesce((SELECT ahead FROM accounts_clockoffset LIMIT 1), interval '0')"

APPEND_ONLY = """
CREATE FUNCTION complaints_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are append only', TG_TABLE_NAME;
END $$;

CREATE FUNCTION complaints_dailyhead_only_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - 'sent_at') = (to_jsonb(OLD) - 'sent_at') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'heads are append only';
END $$;

CREATE TRIGGER complaints_dailyhead_no_change BEFORE UPDATE ON complaints_dailyhead
    FOR EACH ROW EXECUTE FUNCTION complaints_dailyhead_only_sent();

CREATE TRIGGER complaints_dailyhead_no_delete BEFORE DELETE ON complaints_dailyhead
    FOR EACH ROW EXECUTE FUNCTION complaints_refuse();
CREATE TRIGGER complaints_statquarter_frozen BEFORE UPDATE OR DELETE ON complaints_statquarter
    FOR EACH ROW EXECUTE FUNCTION complaints_refuse();
CREATE TRIGGER complaints_statsnapshot_frozen BEFORE UPDATE OR DELETE ON complaints_statsnapshot
    FOR EACH ROW EXECUTE FUNCTION complaints_refuse();
"""

ONLY_WHEN_OVER = """
-- Whether content of a case is over for `months`: since it was closed, or filed or renewed where it is only kept.
CREATE FUNCTION complaints_over_since(which uuid, months integer) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    last record;
BEGIN
    IF EXISTS (SELECT 1 FROM complaints_legalhold
               WHERE case_id = which AND ended_on IS NULL AND ends_on >= complaints_day()) THEN
        RETURN false;
    END IF;
    SELECT kind, "on" INTO last FROM complaints_event
        WHERE case_id = which AND kind IN ('complaint_filed', 'route_chosen', 'renewed', 'closed', 'reopened')
        ORDER BY number DESC LIMIT 1;
    IF last.kind IS NULL OR (last."on" + make_interval(months => months))::date >= complaints_day() THEN
        RETURN false;
    END IF;
    RETURN last.kind = 'closed' OR (
        last.kind IN ('complaint_filed', 'renewed')
        AND (
            EXISTS (SELECT 1 FROM complaints_event WHERE case_id = which AND kind = 'purged')
            OR EXISTS (
                SELECT 1 FROM complaints_case JOIN complaints_event AS filed ON filed.case_id = complaints_case.id
                WHERE complaints_case.id = which AND side = 'kept'
                    AND filed.kind = 'complaint_filed' AND filed.contents ->> 'route' = 'record_only'
            )
        )
    );
END $$;

CREATE FUNCTION complaints_event_only_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    results text[] := ARRAY[%(results)s];
BEGIN
    IF OLD.contents IS NULL OR NEW.contents IS NOT NULL OR NEW.salt IS NOT NULL THEN
        RAISE EXCEPTION 'events are append only';
    END IF;
    IF OLD.kind = 'compartment_opened' THEN
        -- The access record: who, when and what are forgotten after 24 months; the link in the chain stays.
        IF (OLD."on" + interval '24 months')::date < complaints_day()
           AND NEW.actor_id IS NULL AND NEW.at IS NULL AND NEW.compartment = ''
           AND (to_jsonb(NEW) - '{contents,salt,actor_id,at,compartment}'::text[])
             = (to_jsonb(OLD) - '{contents,salt,actor_id,at,compartment}'::text[]) THEN
            RETURN NEW;
        END IF;
    ELSIF (to_jsonb(NEW) - '{contents,salt}'::text[]) = (to_jsonb(OLD) - '{contents,salt}'::text[])
       AND complaints_over_since(OLD.case_id, CASE WHEN OLD.kind = ANY (results) THEN 60 ELSE 12 END) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'events are append only';
END $$;

CREATE FUNCTION complaints_entry_only_over() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which uuid;
    part text;
    last record;
BEGIN
    SELECT compartment.case_id, compartment.kind INTO which, part
        FROM complaints_compartmentkey AS key
        JOIN complaints_compartment AS compartment ON compartment.id = key.compartment_id
        WHERE key.id = OLD.key_id;
    -- Her name and contact end with the case.
    IF part = 'identity' THEN
        SELECT kind INTO last FROM complaints_event
            WHERE case_id = which AND kind IN ('complaint_filed', 'closed', 'reopened') ORDER BY number DESC LIMIT 1;
        IF last.kind = 'closed' THEN
            RETURN OLD;
        END IF;
    END IF;
    -- What she asked to delete, a day after she asked.
    IF part NOT IN ('record', 'finding') THEN
        SELECT kind, "on" INTO last FROM complaints_event
            WHERE case_id = which AND kind IN ('deletion_asked', 'deletion_taken_back', 'words_deleted')
            ORDER BY number DESC LIMIT 1;
        IF last.kind = 'deletion_asked' AND last."on" < complaints_day() AND NOT EXISTS (
            SELECT 1 FROM complaints_legalhold
            WHERE case_id = which AND ended_on IS NULL AND ends_on >= complaints_day()
        ) THEN
            RETURN OLD;
        END IF;
    END IF;
    IF complaints_over_since(which, 12) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'entries are deleted only when their time is over';
END $$;

CREATE TRIGGER complaints_entry_no_early_delete BEFORE DELETE ON complaints_entry
    FOR EACH ROW EXECUTE FUNCTION complaints_entry_only_over();

CREATE TRIGGER complaints_event_no_change BEFORE UPDATE ON complaints_event
    FOR EACH ROW EXECUTE FUNCTION complaints_event_only_emptied();
CREATE TRIGGER complaints_event_no_delete BEFORE DELETE ON complaints_event
    FOR EACH ROW EXECUTE FUNCTION complaints_refuse();
CREATE TRIGGER complaints_entry_no_change BEFORE UPDATE ON complaints_entry
    FOR EACH ROW EXECUTE FUNCTION complaints_refuse();
"""

BACKWARD = """
DROP TRIGGER complaints_entry_no_change ON complaints_entry;
DROP TRIGGER complaints_event_no_delete ON complaints_event;
DROP TRIGGER complaints_event_no_change ON complaints_event;
DROP TRIGGER complaints_entry_no_early_delete ON complaints_entry;
DROP FUNCTION complaints_entry_only_over();
DROP FUNCTION complaints_event_only_emptied();
DROP FUNCTION complaints_over_since(uuid, integer);
DROP TRIGGER complaints_statsnapshot_frozen ON complaints_statsnapshot;
DROP TRIGGER complaints_statquarter_frozen ON complaints_statquarter;
DROP TRIGGER complaints_dailyhead_no_delete ON complaints_dailyhead;
DROP TRIGGER complaints_dailyhead_no_change ON complaints_dailyhead;
DROP FUNCTION complaints_dailyhead_only_sent();
DROP FUNCTION complaints_refuse();
DROP FUNCTION complaints_day();
"""
# Kept for five years; as in complaints/workflow/retention.py on the day of this migration.
RESULTS = (
    "complaint_filed", "path_agreed", "path_changed", "finding_made", "decided", "recommended", "outcome_told",
    "remedy_added", "remedy_done", "remedy_verified", "sanction_done", "sanction_checked", "appeal_decided", "closed",
    "reopened", "renewed", "legal_hold_set", "legal_hold_ended", "purged",
)  # fmt: skip


def forward(apps: Any, schema_editor: Any) -> None:
    results = ", ".join(f"'{kind}'" for kind in RESULTS)
    schema_editor.execute(DAY % (MOVED if settings.SAMLENG_DEMO else ""), params=None)
    schema_editor.execute(APPEND_ONLY, params=None)
    schema_editor.execute(ONLY_WHEN_OVER.replace("%(results)s", results), params=None)


def backward(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(BACKWARD, params=None)


class Migration(migrations.Migration):
    # Where the tables were made step by step before the first release, they stand already.
    replaces = [
        ("complaints", "0002_append_only"),
        ("complaints", "0003_heads_checked_again"),
        ("complaints", "0004_urgent_shows_at"),
        ("complaints", "0005_late_steps_by_day"),
        ("complaints", "0006_whole_procedure"),
        ("complaints", "0007_false_declarations"),
        ("complaints", "0008_appeals_and_concerns"),
        ("complaints", "0009_how_it_was_for_them"),
        ("complaints", "0010_time_over_by_age"),
        ("complaints", "0011_frozen_figures"),
        ("complaints", "0012_recommendations"),
        ("complaints", "0013_breaches_and_upheld_concerns"),
        ("complaints", "0014_reopens_with_the_release"),
        ("complaints", "0015_fast_track_and_talks"),
    ]
    dependencies = [("complaints", "0001_initial"), ("accounts", "0001_initial")]

    operations = [migrations.RunPython(forward, backward)]
