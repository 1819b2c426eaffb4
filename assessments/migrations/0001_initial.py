import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("factories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ToolVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.CharField(max_length=12, unique=True)),
                ("content", models.JSONField()),
                ("change_note", models.TextField()),
                ("in_force_on", models.DateField()),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-in_force_on", "-added_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("change_note", ""), _negated=True),
                        name="tool_has_change_note",
                        violation_error_message="Say what is different in this version, and why.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_on", None), ("withdrawn_on__gte", models.F("in_force_on")), _connector="OR"
                        ),
                        name="tool_withdrawn_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assessments", to="factories.factory"
                    ),
                ),
                (
                    "tool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="assessments.toolversion",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("regular", "Regular visit"),
                            ("joint", "Joint visit"),
                            ("follow_up", "Follow-up visit"),
                            ("self", "Self-assessment of the factory"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("scoring", "Each assessor scores alone"),
                            ("comparing", "The assessors compare"),
                            ("review", "The technical expert reviews"),
                            ("final", "Final"),
                            ("dropped", "Not held"),
                        ],
                        default="planned",
                        max_length=12,
                    ),
                ),
                ("visit_from", models.DateField()),
                ("visit_to", models.DateField()),
                ("unannounced", models.BooleanField(default=False)),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="followed_by",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("headcount", models.PositiveIntegerField(blank=True, null=True)),
                ("women", models.PositiveIntegerField(blank=True, null=True)),
                ("interviews", models.PositiveSmallIntegerField(default=0)),
                ("interviews_with_women", models.PositiveSmallIntegerField(default=0)),
                ("interviews_off_site", models.PositiveSmallIntegerField(default=0)),
                ("women_only_groups", models.PositiveSmallIntegerField(default=0)),
                ("supervisor_groups", models.PositiveSmallIntegerField(default=0)),
                ("mechanics_included", models.BooleanField(default=False)),
                ("young_workers_included", models.BooleanField(default=False)),
                (
                    "restrictions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("not_let_in", "The assessors were kept waiting or not let in"),
                                ("areas_closed", "Parts of the site stayed closed"),
                                ("papers_withheld", "Papers were not shown"),
                                ("manager_chose", "Managers chose who was interviewed"),
                                ("manager_listened", "Managers could see or hear an interview"),
                                ("people_away", "People who were to be interviewed had been sent away"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("counts_version", models.PositiveIntegerField(default=0)),
                ("overall_score", models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True)),
                (
                    "strength",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("absent", "absent"),
                            ("starting", "starting"),
                            ("working", "working"),
                            ("trusted", "trusted"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "rule_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_assessable", "We could not gather enough evidence to conclude."),
                            (
                                "no_indication_found",
                                "On this visit we found no indication. This does not mean it does not happen.",
                            ),
                            ("possible", "It may be happening here; we could not rule it out."),
                            ("likely", "It is likely to be happening here."),
                            ("established", "It has happened here in the last 12 months."),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_assessable", "We could not gather enough evidence to conclude."),
                            (
                                "no_indication_found",
                                "On this visit we found no indication. This does not mean it does not happen.",
                            ),
                            ("possible", "It may be happening here; we could not rule it out."),
                            ("likely", "It is likely to be happening here."),
                            ("established", "It has happened here in the last 12 months."),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "confidence",
                    models.CharField(
                        blank=True, choices=[("low", "low"), ("medium", "medium"), ("high", "high")], max_length=8
                    ),
                ),
                ("level_reasons", models.TextField(blank=True)),
                (
                    "level_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("level_at", models.DateTimeField(blank=True, null=True)),
                (
                    "rule_level_factory",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_assessable", "We could not gather enough evidence to conclude."),
                            (
                                "no_indication_found",
                                "On this visit we found no indication. This does not mean it does not happen.",
                            ),
                            ("possible", "It may be happening here; we could not rule it out."),
                            ("likely", "It is likely to be happening here."),
                            ("established", "It has happened here in the last 12 months."),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "level_factory",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_assessable", "We could not gather enough evidence to conclude."),
                            (
                                "no_indication_found",
                                "On this visit we found no indication. This does not mean it does not happen.",
                            ),
                            ("possible", "It may be happening here; we could not rule it out."),
                            ("likely", "It is likely to be happening here."),
                            ("established", "It has happened here in the last 12 months."),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "confidence_factory",
                    models.CharField(
                        blank=True, choices=[("low", "low"), ("medium", "medium"), ("high", "high")], max_length=8
                    ),
                ),
                ("reasons", models.TextField(blank=True)),
                ("departure_reasons", models.TextField(blank=True)),
                ("complete", models.BooleanField(default=False)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("final_at", models.DateTimeField(blank=True, null=True)),
                ("given_back_on", models.DateField(blank=True, null=True)),
                ("dropped_reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-visit_from", "-made_at"],
                "indexes": [models.Index(fields=["factory", "-final_at"], name="assessment_of_factory")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["regular", "joint", "follow_up", "self"])),
                        name="assessment_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage__in", ["planned", "scoring", "comparing", "review", "final", "dropped"])
                        ),
                        name="assessment_stage_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("visit_to__gte", models.F("visit_from"))),
                        name="assessment_ends_after_start",
                        violation_error_message="The visit ends on the day it begins, or later.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("headcount", None), ("headcount__gt", 0), _connector="OR"),
                        name="assessment_headcount_above_zero",
                        violation_error_message="Give the number of workers; it is more than 0.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("women", None), ("headcount", None), ("women__lte", models.F("headcount")), _connector="OR"
                        ),
                        name="assessment_women_within_headcount",
                        violation_error_message="There cannot be more women than workers.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("interviews_off_site__lte", models.F("interviews")),
                            ("interviews_with_women__lte", models.F("interviews")),
                        ),
                        name="assessment_parts_within_interviews",
                        violation_error_message="Interviews off-site, or with women, cannot be more than all interviews.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", ""), ("level_at", None), ("level_by", None)),
                            models.Q(
                                models.Q(("level", ""), _negated=True),
                                ("level_at__isnull", False),
                                ("level_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="assessment_level_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("final_at__isnull", False), ("stage", "final")),
                            models.Q(models.Q(("stage", "final"), _negated=True), ("final_at", None)),
                            _connector="OR",
                        ),
                        name="assessment_final_has_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "self"), _negated=True),
                            models.Q(
                                ("level", ""), ("level_factory", ""), ("rule_level", ""), ("rule_level_factory", "")
                            ),
                            _connector="OR",
                        ),
                        name="assessment_self_has_no_level",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("stage", "dropped"), _negated=True),
                        fields=("factory", "kind", "visit_from"),
                        name="assessment_once_a_day",
                        violation_error_message="A visit of this kind to this factory begins on that day already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessor",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessors",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessing",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("is_woman", models.BooleanField(default=False)),
                ("no_conflict_on", models.DateField(blank=True, null=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "level_alone",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_assessable", "We could not gather enough evidence to conclude."),
                            (
                                "no_indication_found",
                                "On this visit we found no indication. This does not mean it does not happen.",
                            ),
                            ("possible", "It may be happening here; we could not rule it out."),
                            ("likely", "It is likely to be happening here."),
                            ("established", "It has happened here in the last 12 months."),
                        ],
                        max_length=24,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("assessment", "person"), name="assessor_once")],
            },
        ),
        migrations.CreateModel(
            name="FirstScore",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "assessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="first_scores",
                        to="assessments.assessor",
                    ),
                ),
                ("indicator", models.CharField(max_length=6)),
                ("score", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "not_assessed",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_access", "We were not given access"),
                            ("no_time", "There was not enough time"),
                            ("not_applicable", "It does not apply to this factory"),
                            ("too_few", "Too few people could answer"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("D", "documents"),
                                ("M", "management interview"),
                                ("W", "worker interview on site"),
                                ("WO", "worker interview off-site"),
                                ("O", "observation"),
                                ("C", "committee and case records"),
                                ("T", "table-top case"),
                                ("X", "outside informants"),
                                ("P", "platform totals"),
                            ],
                            max_length=2,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["indicator"],
                "constraints": [
                    models.UniqueConstraint(fields=("assessor", "indicator"), name="firstscore_once"),
                    models.CheckConstraint(
                        condition=models.Q(("score", None), ("score__lte", 4), _connector="OR"),
                        name="firstscore_within_scale",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("not_assessed__in", ["no_access", "no_time", "not_applicable", "too_few"]),
                                ("score", None),
                            ),
                            models.Q(("not_assessed", ""), ("score__isnull", False)),
                            _connector="OR",
                        ),
                        name="firstscore_score_or_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score", None), ("sources__len__gte", 1), _connector="OR"),
                        name="firstscore_has_evidence",
                        violation_error_message="Say what this score rests on: choose at least one source.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sources__contained_by", ["D", "M", "W", "WO", "O", "C", "T", "X", "P"])),
                        name="firstscore_sources_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scores", to="assessments.assessment"
                    ),
                ),
                ("indicator", models.CharField(max_length=6)),
                ("given", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("score", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "not_assessed",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_access", "We were not given access"),
                            ("no_time", "There was not enough time"),
                            ("not_applicable", "It does not apply to this factory"),
                            ("too_few", "Too few people could answer"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("D", "documents"),
                                ("M", "management interview"),
                                ("W", "worker interview on site"),
                                ("WO", "worker interview off-site"),
                                ("O", "observation"),
                                ("C", "committee and case records"),
                                ("T", "table-top case"),
                                ("X", "outside informants"),
                                ("P", "platform totals"),
                            ],
                            max_length=2,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "cap",
                    models.CharField(
                        blank=True, choices=[("paper", "paper cap"), ("table_top", "table-top")], max_length=10
                    ),
                ),
                ("reasons", models.JSONField(blank=True, default=dict)),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["indicator"],
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "indicator"), name="score_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given", None), ("score", None)),
                            models.Q(("given__lte", 4), ("score__lte", models.F("given"))),
                            _connector="OR",
                        ),
                        name="score_within_scale",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cap__in", ["", "paper", "table_top"])), name="score_cap_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("settled_by", None)),
                            models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="score_settled_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DomainScore",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="domain_scores",
                        to="assessments.assessment",
                    ),
                ),
                ("domain", models.CharField(max_length=4)),
                ("score", models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "domain"), name="domainscore_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("score", None), models.Q(("score__gte", 0), ("score__lte", 100)), _connector="OR"
                        ),
                        name="domainscore_within_scale",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndicatorNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "assessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="assessments.assessor"
                    ),
                ),
                ("indicator", models.CharField(max_length=6)),
                ("text", models.TextField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["indicator"],
                "constraints": [models.UniqueConstraint(fields=("assessor", "indicator"), name="indicatornote_once")],
            },
        ),
        migrations.CreateModel(
            name="Synced",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "assessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="synced", to="assessments.assessor"
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("answer", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="SignalMark",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "assessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="signals", to="assessments.assessor"
                    ),
                ),
                ("signal", models.CharField(max_length=4)),
                (
                    "looked",
                    models.CharField(
                        choices=[("present", "Present"), ("not_found", "Not found"), ("not_looked", "Not looked for")],
                        max_length=12,
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("D", "documents"),
                                ("M", "management interview"),
                                ("W", "worker interview on site"),
                                ("WO", "worker interview off-site"),
                                ("O", "observation"),
                                ("C", "committee and case records"),
                                ("T", "table-top case"),
                                ("X", "outside informants"),
                                ("P", "platform totals"),
                            ],
                            max_length=2,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("severe", models.BooleanField(default=False)),
                ("outside_only", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["signal"],
                "constraints": [
                    models.UniqueConstraint(fields=("assessor", "signal"), name="signalmark_once"),
                    models.CheckConstraint(
                        condition=models.Q(("looked__in", ["present", "not_found", "not_looked"])),
                        name="signalmark_looked_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("looked", "present"), _negated=True), ("sources__len__gte", 1), _connector="OR"
                        ),
                        name="signalmark_present_has_source",
                        violation_error_message="Say where this signal comes from: choose at least one source.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sources__contained_by", ["D", "M", "W", "WO", "O", "C", "T", "X", "P"])),
                        name="signalmark_sources_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GoodPractice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="good_practices",
                        to="assessments.assessment",
                    ),
                ),
                ("text", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.CreateModel(
            name="ExpertReview",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "assessment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="expert_review",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("high_level", "The level is likely or established"),
                                ("assessors_differ", "The assessors differ by more than one level"),
                                ("departs", "The assessors depart from the rule"),
                                ("falls", "The level falls by two or more since the last visit"),
                                ("low_again", "Confidence is low for the second time running"),
                                ("scores_differ", "The assessors differ by two or more on an indicator"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("agrees", models.BooleanField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["requested_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agrees", None), ("done_at", None), ("done_by", None)),
                            models.Q(("agrees__isnull", False), ("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="expertreview_done_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reasons__len__gte", 1)), name="expertreview_has_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SilenceFlag",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="silence_flags",
                        to="factories.factory",
                    ),
                ),
                (
                    "version",
                    models.CharField(
                        choices=[("all", "Every complaint"), ("factory", "Complaints the factory itself handled")],
                        max_length=8,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("channel_not_working", "The ways to complain do not work"),
                            ("channel_not_known", "People do not know the ways to complain"),
                            ("channel_not_trusted", "People do not trust the ways to complain"),
                            ("unexplained", "We do not know why yet"),
                        ],
                        max_length=24,
                    ),
                ),
                ("quarter", models.CharField(max_length=6)),
                ("raised_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("channel_not_working", "The ways to complain do not work"),
                            ("channel_not_known", "People do not know the ways to complain"),
                            ("channel_not_trusted", "People do not trust the ways to complain"),
                            ("unexplained", "We do not know why yet"),
                        ],
                        max_length=24,
                    ),
                ),
                ("cause_note", models.TextField(blank=True)),
                (
                    "cause_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("cause_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-raised_on"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)), fields=("factory", "version"), name="silence_one_up"
                    ),
                    models.UniqueConstraint(fields=("factory", "version", "quarter"), name="silence_once_a_quarter"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cause", ""), ("cause_by", None), ("cause_on", None)),
                            models.Q(
                                models.Q(("cause", ""), _negated=True),
                                ("cause_by__isnull", False),
                                ("cause_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="silence_cause_has_its_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaceReview",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "assessment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="place_review",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="factories.countrypack"
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                ("answer_sealed", models.BinaryField(blank=True, null=True)),
                ("looked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "looked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["received_at"],
            },
        ),
        migrations.CreateModel(
            name="PlaceGrant",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="assessments.placereview"
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("wrapped_key", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("review", "holder"), name="placegrant_once")],
            },
        ),
        migrations.CreateModel(
            name="AgreedAction",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreed_actions",
                        to="factories.factory",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="actions", to="assessments.assessment"
                    ),
                ),
                ("indicator", models.CharField(blank=True, max_length=6)),
                ("what", models.CharField(max_length=300)),
                (
                    "owner",
                    models.CharField(
                        choices=[
                            ("top_manager", "Top manager"),
                            ("hr", "HR or compliance"),
                            ("committee", "Committee"),
                            ("production", "Head of production"),
                            ("advisor", "Advisor"),
                            ("expert", "Technical expert"),
                        ],
                        max_length=12,
                    ),
                ),
                ("agreed_on", models.DateField()),
                ("due_on", models.DateField()),
                ("done_on", models.DateField(blank=True, null=True)),
                ("evidence", models.TextField(blank=True)),
                ("verified_on", models.DateField(blank=True, null=True)),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("dropped_on", models.DateField(blank=True, null=True)),
                ("dropped_reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("what", ""), _negated=True), name="action_says_what"),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("agreed_on"))), name="action_due_after_agreed"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_on", None), models.Q(("evidence", ""), _negated=True), _connector="OR"
                        ),
                        name="action_done_has_evidence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified_by", None), ("verified_on", None)),
                            models.Q(
                                ("done_on__isnull", False),
                                ("verified_by__isnull", False),
                                ("verified_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="action_verified_when_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dropped_on", None), models.Q(("dropped_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="action_dropped_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlainVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plain_versions",
                        to="assessments.assessment",
                    ),
                ),
                ("language", models.CharField(max_length=8)),
                ("found", models.TextField()),
                ("will_be_done", models.TextField()),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("published_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["language"],
                "constraints": [models.UniqueConstraint(fields=("assessment", "language"), name="plainversion_once")],
            },
        ),
        migrations.CreateModel(
            name="SharedNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shared_notes", to="factories.factory"
                    ),
                ),
                ("text", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="CourseAttempt",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="course_attempts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("course_version", models.CharField(max_length=12)),
                ("right", models.PositiveSmallIntegerField()),
                ("of", models.PositiveSmallIntegerField()),
                ("passed", models.BooleanField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("right__lte", models.F("of"))), name="course_right_within"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AssessmentDeadline",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40)),
                ("ordinal", models.PositiveSmallIntegerField(default=1)),
                ("starts_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("met_at", models.DateTimeField(blank=True, null=True)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessment_deadlines",
                        to="factories.factory",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="assessments.agreedaction",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("starts_at"))),
                        name="assessments_assessmentdeadline_due_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("met_at", None), ("dropped_at", None), _connector="OR"),
                        name="assessments_assessmentdeadline_met_or_dropped",
                    ),
                    models.UniqueConstraint(
                        fields=("factory", "assessment", "action", "code", "ordinal"),
                        name="assessmentdeadline_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AssessmentRung",
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
                (
                    "deadline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rungs",
                        to="assessments.assessmentdeadline",
                    ),
                ),
            ],
            options={
                "ordering": ["rises_at"],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("dropped_at", None), ("held", False), ("raised_at", None)),
                        fields=["rises_at"],
                        name="assessments_assessmentrung_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__in", ["reminder_before", "reminder_due", "L1", "L2", "L2c", "L3", "L4"])
                        ),
                        name="assessments_assessmentrung_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("raised_at", None), ("dropped_at", None), _connector="OR"),
                        name="assessments_assessmentrung_raised_or_dropped",
                    ),
                    models.UniqueConstraint(fields=("deadline", "level"), name="assessments_assessmentrung_level_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgressQuarter",
            fields=[
                ("quarter", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("computed_on", models.DateField()),
                ("code_version", models.CharField(max_length=40)),
            ],
            options={
                "ordering": ["-quarter"],
            },
        ),
        migrations.CreateModel(
            name="ProgressFigure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "quarter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="assessments.progressquarter",
                    ),
                ),
                ("span", models.PositiveSmallIntegerField(default=1)),
                (
                    "factory",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="progress_figures",
                        to="factories.factory",
                    ),
                ),
                ("country", models.CharField(blank=True, max_length=2)),
                ("code", models.CharField(max_length=12)),
                ("part", models.CharField(blank=True, max_length=24)),
                ("num", models.IntegerField(default=0)),
                ("den", models.IntegerField(default=0)),
                ("value", models.DecimalField(blank=True, decimal_places=3, max_digits=9, null=True)),
                ("on", models.DateField(blank=True, null=True)),
                ("behind", models.PositiveIntegerField(default=0)),
                ("largest", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["code", "part"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("quarter", "span", "factory", "country", "code", "part"),
                        name="progress_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("span__in", [1, 4])), name="progress_one_or_four_quarters"
                    ),
                ],
            },
        ),
    ]
