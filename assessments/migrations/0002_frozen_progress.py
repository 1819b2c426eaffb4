"""How factories get on is frozen each quarter: written once, never changed or deleted. The database itself refuses it."""

import django.db.models.deletion
from django.db import migrations, models

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
    dependencies = [
        ("assessments", "0001_initial"),
        ("factories", "0006_package"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="progressfigure", name="progress_once"),
        migrations.AddField(
            model_name="progressfigure",
            name="behind",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="progressfigure",
            name="largest",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="progressfigure",
            name="on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="progressfigure",
            name="span",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="progressfigure",
            name="factory",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="progress_figures",
                to="factories.factory",
            ),
        ),
        migrations.AddConstraint(
            model_name="progressfigure",
            constraint=models.UniqueConstraint(
                fields=("quarter", "span", "factory", "country", "code", "part"),
                name="progress_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="progressfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(("span__in", [1, 4])), name="progress_one_or_four_quarters"
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
