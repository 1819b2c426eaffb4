"""A head keeps which chains it seals, so that it can be checked again; the database lets only its mailing be noted."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION complaints_dailyhead_only_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - 'sent_at') = (to_jsonb(OLD) - 'sent_at') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'heads are append only';
END $$;

CREATE TRIGGER complaints_dailyhead_no_change BEFORE UPDATE ON complaints_dailyhead
    FOR EACH ROW EXECUTE FUNCTION complaints_dailyhead_only_sent();
"""

BACKWARD = """
DROP TRIGGER complaints_dailyhead_no_change ON complaints_dailyhead;
DROP FUNCTION complaints_dailyhead_only_sent();
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_append_only")]

    operations = [
        migrations.AddField("dailyhead", "ends", models.BinaryField(default=bytes)),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
