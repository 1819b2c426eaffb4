"""Events are append only, and entries are never changed: the database itself refuses it.

TRUNCATE needs no trigger: the runtime role is never granted it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION complaints_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are append only', TG_TABLE_NAME;
END $$;

-- Retention alone may empty an event, and leaves its digest.
CREATE FUNCTION complaints_event_only_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.contents IS NULL AND NEW.salt IS NULL AND OLD.contents IS NOT NULL
       AND (to_jsonb(NEW) - 'contents' - 'salt') = (to_jsonb(OLD) - 'contents' - 'salt') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'events are append only';
END $$;

CREATE TRIGGER complaints_event_no_change BEFORE UPDATE ON complaints_event
    FOR EACH ROW EXECUTE FUNCTION complaints_event_only_emptied();
CREATE TRIGGER complaints_event_no_delete BEFORE DELETE ON complaints_event
    FOR EACH ROW EXECUTE FUNCTION complaints_refuse();
CREATE TRIGGER complaints_entry_no_change BEFORE UPDATE ON complaints_entry
    FOR EACH ROW EXECUTE FUNCTION complaints_refuse();
CREATE TRIGGER complaints_dailyhead_no_delete BEFORE DELETE ON complaints_dailyhead
    FOR EACH ROW EXECUTE FUNCTION complaints_refuse();
"""

BACKWARD = """
DROP TRIGGER complaints_dailyhead_no_delete ON complaints_dailyhead;
DROP TRIGGER complaints_entry_no_change ON complaints_entry;
DROP TRIGGER complaints_event_no_delete ON complaints_event;
DROP TRIGGER complaints_event_no_change ON complaints_event;
DROP FUNCTION complaints_event_only_emptied();
DROP FUNCTION complaints_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
