"""The single kind and the two bare days of a vetting go: without its twelve answers no check counts."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("factories", "0004_provider_kinds_filled"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="serviceprovider",
            options={"ordering": ["country", "name", "id"]},
        ),
        # A default, so that this migration can be undone while there are rows.
        migrations.AlterField(
            model_name="serviceprovider",
            name="kind",
            field=models.CharField(max_length=20, default=""),
        ),
        migrations.RemoveField(
            model_name="serviceprovider",
            name="kind",
        ),
        migrations.RemoveField(
            model_name="serviceprovider",
            name="next_check_on",
        ),
        migrations.RemoveField(
            model_name="serviceprovider",
            name="vetted_on",
        ),
        migrations.AddConstraint(
            model_name="serviceprovider",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kinds__contained_by",
                        [
                            "hotline",
                            "health",
                            "counselling",
                            "mental_health",
                            "shelter",
                            "child_protection",
                            "legal",
                            "livelihood",
                        ],
                    ),
                    ("kinds__len__gte", 1),
                ),
                name="service_kinds_known",
                violation_error_message="A provider does at least one thing of the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceprovider",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="service_has_name"),
        ),
        migrations.AlterField(
            model_name="serviceprovider",
            name="kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("hotline", "Telephone help"),
                        ("health", "Health"),
                        ("counselling", "Counselling"),
                        ("mental_health", "Mental health"),
                        ("shelter", "Safe place to stay"),
                        ("child_protection", "Child protection"),
                        ("legal", "Legal help"),
                        ("livelihood", "Work and income"),
                    ],
                    max_length=20,
                ),
                size=None,
            ),
        ),
    ]
