"""How it was for them, counted without a case; and the days on which content is over, found without looking at all."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0008_appeals_and_concerns"),
        ("factories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SatisfactionTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quarter", models.CharField(max_length=6)),
                ("answers", models.PositiveIntegerField(default=0)),
                ("good", models.PositiveIntegerField(default=0)),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="factories.countrypack"
                    ),
                ),
                (
                    "factory",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="factories.factory"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("factory", "country", "quarter"),
                        name="satisfaction_once_per_quarter",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__regex", "^20\\d\\dQ[1-4]$")), name="satisfaction_quarter_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("good__lte", models.F("answers"))), name="satisfaction_good_among_answers"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("purge_after__isnull", False), ("purged_at", None)),
                fields=["purge_after"],
                name="case_purge_due",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("delete_final_at__isnull", False)),
                fields=["delete_final_at"],
                name="case_deletion_due",
            ),
        ),
    ]
