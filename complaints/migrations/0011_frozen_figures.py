"""Figures are frozen: written once, never changed or deleted. The database itself refuses it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER complaints_statquarter_frozen BEFORE UPDATE OR DELETE ON complaints_statquarter
    FOR EACH ROW EXECUTE FUNCTION complaints_refuse();
CREATE TRIGGER complaints_statsnapshot_frozen BEFORE UPDATE OR DELETE ON complaints_statsnapshot
    FOR EACH ROW EXECUTE FUNCTION complaints_refuse();
"""
BACKWARD = """
DROP TRIGGER complaints_statsnapshot_frozen ON complaints_statsnapshot;
DROP TRIGGER complaints_statquarter_frozen ON complaints_statquarter;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0010_time_over_by_age"),
        ("factories", "0005_provider_kind_gone"),
    ]

    operations = [
        migrations.CreateModel(
            name="StatQuarter",
            fields=[
                ("quarter", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("computed_on", models.DateField()),
                ("version", models.CharField(max_length=8)),
            ],
            options={
                "ordering": ["quarter"],
            },
        ),
        migrations.CreateModel(
            name="StatSnapshot",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("span", models.PositiveSmallIntegerField()),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("factory", "Factory"),
                            ("experts", "Cases handled outside"),
                            ("country", "Country"),
                            ("programme", "Programme"),
                            ("safeguarding", "Safeguarding"),
                        ],
                        max_length=16,
                    ),
                ),
                ("code", models.CharField(max_length=12)),
                ("part", models.CharField(blank=True, max_length=24)),
                ("num", models.PositiveIntegerField()),
                ("den", models.PositiveIntegerField()),
                ("value", models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ("behind", models.PositiveIntegerField(default=0)),
                ("largest", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.AddConstraint(
            model_name="statquarter",
            constraint=models.CheckConstraint(
                condition=models.Q(("quarter__regex", "^20\\d\\dQ[1-4]$")), name="statquarter_is_a_quarter"
            ),
        ),
        migrations.AddField(
            model_name="statsnapshot",
            name="country",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="factories.countrypack"
            ),
        ),
        migrations.AddField(
            model_name="statsnapshot",
            name="factory",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="factories.factory"
            ),
        ),
        migrations.AddField(
            model_name="statsnapshot",
            name="quarter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.statquarter"
            ),
        ),
        migrations.AddConstraint(
            model_name="statsnapshot",
            constraint=models.UniqueConstraint(
                fields=("quarter", "scope", "factory", "country", "code", "part", "span"),
                name="statsnapshot_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="statsnapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(("scope__in", ["factory", "experts", "country", "programme", "safeguarding"])),
                name="statsnapshot_scope_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="statsnapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(("span__in", [1, 4])), name="statsnapshot_one_or_four_quarters"
            ),
        ),
        migrations.AddConstraint(
            model_name="statsnapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("country", None), ("factory__isnull", False), ("scope", "factory")),
                    models.Q(("country__isnull", False), ("factory", None), ("scope__in", ["experts", "country"])),
                    models.Q(("country", None), ("factory", None), ("scope__in", ["programme", "safeguarding"])),
                    _connector="OR",
                ),
                name="statsnapshot_scope_has_its_place",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
