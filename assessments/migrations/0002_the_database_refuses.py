"""How factories get on is frozen each quarter: written once, never changed or deleted. The database itself refuses it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION assessments_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are append only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER assessments_progressquarter_frozen BEFORE UPDATE OR DELETE ON assessments_progressquarter
    FOR EACH ROW EXECUTE FUNCTION assessments_refuse();
CREATE TRIGGER assessments_progressfigure_frozen BEFORE UPDATE OR DELETE ON assessments_progressfigure
    FOR EACH ROW EXECUTE FUNCTION assessments_refuse();
"""
BACKWARD = """
DROP TRIGGER assessments_progressfigure_frozen ON assessments_progressfigure;
DROP TRIGGER assessments_progressquarter_frozen ON assessments_progressquarter;
DROP FUNCTION assessments_refuse();
"""


class Migration(migrations.Migration):
    # Where the tables were made step by step before the first release, they stand already.
    replaces = [
        ("assessments", "0002_frozen_progress"),
        ("assessments", "0003_expert_decides_level"),
    ]
    dependencies = [("assessments", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
