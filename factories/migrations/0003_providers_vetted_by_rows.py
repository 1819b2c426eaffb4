"""A check in person is a row with its twelve answers, and a provider may do several things."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("factories", "0002_live_factory_needs_live_country"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProviderDeadline",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40)),
                ("ordinal", models.PositiveSmallIntegerField(default=1)),
                ("starts_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("met_at", models.DateTimeField(blank=True, null=True)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["due_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProviderRung",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("reminder_before", "Reminder, one working day before"),
                            ("reminder_due", "Reminder, on the day"),
                            ("L1", "Level 1: second person"),
                            ("L2", "Level 2: advisor or programme lead"),
                            ("L2c", "Level 2: word to the complainant"),
                            ("L3", "Level 3: technical expert"),
                            ("L4", "Level 4: programme leads"),
                        ],
                        max_length=16,
                    ),
                ),
                ("rises_at", models.DateTimeField()),
                ("raised_at", models.DateTimeField(blank=True, null=True)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                ("held", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["rises_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProviderSuspension",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("word", "Somebody who was referred says something grave"),
                            ("news", "The outside team has heard something worrying"),
                            ("not_there", "It cannot be reached at the moment"),
                        ],
                        max_length=12,
                    ),
                ),
                ("since", models.DateField()),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("open_again", "Open for referrals again: it was looked into and is put right"),
                            ("check_first", "Closed until it was checked in person again, with every answer yes"),
                        ],
                        max_length=12,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-since", "-decided_at"],
            },
        ),
        migrations.CreateModel(
            name="ProviderVetting",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("checked_on", models.DateField()),
                ("next_check_on", models.DateField()),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="ProviderWord",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("helped", "It helped"),
                            ("not_reached", "Nobody could be reached"),
                            ("turned_away", "They sent the person away"),
                            ("no_language", "Nobody spoke the person's language"),
                            ("not_believed", "The person was not believed"),
                            ("had_to_pay", "The person had to pay"),
                            ("could_not_leave", "The person could not leave, or call"),
                            ("papers_kept", "They kept phone or papers"),
                            ("had_to_work", "The person had to work or train"),
                            ("told_others", "They told others"),
                            ("handed_over", "They handed the person over, or threatened to"),
                            ("harm", "The person was harmed or threatened there"),
                        ],
                        max_length=20,
                    ),
                ),
                ("on", models.DateField()),
                ("looked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-on", "code"],
            },
        ),
        migrations.CreateModel(
            name="VettingAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        choices=[
                            (
                                "v_free_exit",
                                "May people leave at any time, are doors open, may they keep phone and papers?",
                            ),
                            (
                                "v_voluntary",
                                "Is entry and every activity voluntary, without threat of detention or return?",
                            ),
                            (
                                "v_no_forced_training",
                                "Is job training a free choice, paid or unpaid as told, and not tied to one factory or sector?",
                            ),
                            ("v_no_police_tie", "Does it not depend on raids or on numbers delivered by police?"),
                            ("v_confidential", "Does it keep records private and share only with consent?"),
                            ("v_health_mh", "Does it provide or reach health, counselling and mental-health care?"),
                            ("v_child", "Separate, qualified child service, or clearly none?"),
                            ("v_language_foreign", "Interpreters; no handing over for deportation?"),
                            (
                                "v_income",
                                "Does it look at whether the planned work pays enough to live, and at what the person wants?",
                            ),
                            ("v_complaints", "Can people complain about the service, and were complaints handled?"),
                            ("v_follow_up", "Does it follow up for at least a year?"),
                            ("v_no_fee_debt", "No fee, deposit or debt?"),
                        ],
                        max_length=24,
                    ),
                ),
                ("yes", models.BooleanField()),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="serviceprovider",
            name="service_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="serviceprovider",
            name="service_vetted_has_next_check",
        ),
        migrations.AddField(
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
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="serviceprovider",
            name="reach",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="serviceprovider",
            name="retired_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="providerdeadline",
            name="provider",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="deadlines", to="factories.serviceprovider"
            ),
        ),
        migrations.AddField(
            model_name="providerrung",
            name="deadline",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="rungs", to="factories.providerdeadline"
            ),
        ),
        migrations.AddField(
            model_name="providersuspension",
            name="begun_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="providersuspension",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="providersuspension",
            name="provider",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="suspensions", to="factories.serviceprovider"
            ),
        ),
        migrations.AddField(
            model_name="providervetting",
            name="checked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="providervetting",
            name="provider",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="vettings", to="factories.serviceprovider"
            ),
        ),
        migrations.AddField(
            model_name="providerword",
            name="looked_at_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="providerword",
            name="provider",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="words", to="factories.serviceprovider"
            ),
        ),
        migrations.AddField(
            model_name="vettinganswer",
            name="vetting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="factories.providervetting"
            ),
        ),
        migrations.AddConstraint(
            model_name="providerdeadline",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gte", models.F("starts_at"))),
                name="factories_providerdeadline_due_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="providerdeadline",
            constraint=models.CheckConstraint(
                condition=models.Q(("met_at", None), ("dropped_at", None), _connector="OR"),
                name="factories_providerdeadline_met_or_dropped",
            ),
        ),
        migrations.AddConstraint(
            model_name="providerdeadline",
            constraint=models.UniqueConstraint(fields=("provider", "code", "ordinal"), name="providerdeadline_once"),
        ),
        migrations.AddIndex(
            model_name="providerrung",
            index=models.Index(
                condition=models.Q(("dropped_at", None), ("held", False), ("raised_at", None)),
                fields=["rises_at"],
                name="factories_providerrung_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="providerrung",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["reminder_before", "reminder_due", "L1", "L2", "L2c", "L3", "L4"])),
                name="factories_providerrung_level_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="providerrung",
            constraint=models.CheckConstraint(
                condition=models.Q(("raised_at", None), ("dropped_at", None), _connector="OR"),
                name="factories_providerrung_raised_or_dropped",
            ),
        ),
        migrations.AddConstraint(
            model_name="providerrung",
            constraint=models.UniqueConstraint(fields=("deadline", "level"), name="factories_providerrung_level_once"),
        ),
        migrations.AddConstraint(
            model_name="providersuspension",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__in", ["word", "news", "not_there"])), name="suspension_reason_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="providersuspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("decision", "")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("decision__in", ["open_again", "check_first"]),
                    ),
                    _connector="OR",
                ),
                name="suspension_decision_has_its_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="providersuspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on", None),
                    models.Q(models.Q(("decision", ""), _negated=True), ("ended_on__gte", models.F("since"))),
                    _connector="OR",
                ),
                name="suspension_ends_only_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="providersuspension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decision", "")), fields=("provider",), name="suspension_one_undecided"
            ),
        ),
        migrations.AddConstraint(
            model_name="providervetting",
            constraint=models.UniqueConstraint(fields=("provider", "number"), name="vetting_number_once"),
        ),
        migrations.AddConstraint(
            model_name="providervetting",
            constraint=models.CheckConstraint(
                condition=models.Q(("next_check_on__gt", models.F("checked_on"))), name="vetting_next_check_is_later"
            ),
        ),
        migrations.AddConstraint(
            model_name="providerword",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        [
                            "helped",
                            "not_reached",
                            "turned_away",
                            "no_language",
                            "not_believed",
                            "had_to_pay",
                            "could_not_leave",
                            "papers_kept",
                            "had_to_work",
                            "told_others",
                            "handed_over",
                            "harm",
                        ],
                    )
                ),
                name="providerword_code_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="providerword",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("looked_at", None), ("looked_at_by", None)),
                    models.Q(("looked_at__isnull", False), ("looked_at_by__isnull", False)),
                    _connector="OR",
                ),
                name="providerword_looked_at_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="vettinganswer",
            constraint=models.UniqueConstraint(fields=("vetting", "code"), name="vettinganswer_once"),
        ),
        migrations.AddConstraint(
            model_name="vettinganswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        [
                            "v_free_exit",
                            "v_voluntary",
                            "v_no_forced_training",
                            "v_no_police_tie",
                            "v_confidential",
                            "v_health_mh",
                            "v_child",
                            "v_language_foreign",
                            "v_income",
                            "v_complaints",
                            "v_follow_up",
                            "v_no_fee_debt",
                        ],
                    )
                ),
                name="vettinganswer_code_known",
            ),
        ),
    ]
