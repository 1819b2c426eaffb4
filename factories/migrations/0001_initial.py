import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import factories.models.people
import factories.names


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CountryPack",
            fields=[
                ("code", models.CharField(max_length=2, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                (
                    "status",
                    models.CharField(
                        choices=[("template", "Template"), ("draft", "Draft"), ("live", "Live")],
                        default="template",
                        max_length=8,
                    ),
                ),
                ("time_zone", models.CharField(default="UTC", max_length=40)),
                ("language", models.CharField(default="en", max_length=8)),
                ("legal_review_by", models.CharField(blank=True, max_length=120)),
                ("legal_review_on", models.DateField(blank=True, null=True)),
                ("legal_review_note", models.TextField(blank=True)),
                ("review_is_fictional", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["template", "draft", "live"])),
                        name="countrypack_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Z]{2}$")), name="countrypack_code_is_iso"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "live"), _negated=True),
                            models.Q(
                                ("legal_review_on__isnull", False), models.Q(("legal_review_by", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="countrypack_live_was_reviewed",
                        violation_error_message="A country is live only with a legal review: name and date.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Factory",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="factories",
                        to="factories.countrypack",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("name_key", models.CharField(editable=False, max_length=200)),
                (
                    "short_code",
                    models.CharField(default=factories.names.new_short_code, editable=False, max_length=6, unique=True),
                ),
                ("address", models.CharField(blank=True, max_length=500)),
                (
                    "status",
                    models.CharField(choices=[("listed", "Listed"), ("live", "Live")], default="listed", max_length=8),
                ),
                ("time_zone", models.CharField(blank=True, max_length=40)),
                (
                    "advisor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="portfolio",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "headcount",
                    models.PositiveIntegerField(
                        blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "factories",
                "ordering": ["name_key", "id"],
                "indexes": [
                    models.Index(fields=["name_key", "id"], name="factory_by_name"),
                    models.Index(fields=["country", "name_key", "id"], name="factory_by_country_name"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["listed", "live"])), name="factory_status_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("name_key", ""), _negated=True)
                        ),
                        name="factory_has_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FactoryDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="days", to="factories.factory"
                    ),
                ),
                ("day", models.DateField()),
                ("works", models.BooleanField()),
            ],
            options={
                "ordering": ["day"],
                "constraints": [models.UniqueConstraint(fields=("factory", "day"), name="factoryday_once")],
            },
        ),
        migrations.CreateModel(
            name="TrainingCount",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="training_counts",
                        to="factories.factory",
                    ),
                ),
                ("quarter", models.CharField(max_length=6)),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("workers", "Workers"),
                            ("supervisors", "Supervisors and line leaders"),
                            ("mechanics", "Mechanics"),
                            ("guards", "Guards"),
                            ("drivers", "Drivers"),
                            ("managers", "Managers"),
                            ("new_hires", "Hired in the quarter, without its last 30 days"),
                        ],
                        max_length=12,
                    ),
                ),
                ("people", models.PositiveIntegerField()),
                ("trained", models.PositiveIntegerField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("recorded_on", models.DateField()),
            ],
            options={
                "ordering": ["-quarter", "group"],
                "constraints": [
                    models.UniqueConstraint(fields=("factory", "quarter", "group"), name="trainingcount_once"),
                    models.CheckConstraint(
                        condition=models.Q(("trained__lte", models.F("people"))),
                        name="trainingcount_within",
                        violation_error_message="More people were trained than there are.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KnowledgeTest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="knowledge_tests",
                        to="factories.factory",
                    ),
                ),
                ("on", models.DateField()),
                ("people", models.PositiveIntegerField()),
                ("mean_before", models.DecimalField(decimal_places=1, max_digits=4)),
                ("mean_after", models.DecimalField(decimal_places=1, max_digits=4)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mean_after__gte", 0),
                            ("mean_after__lte", 100),
                            ("mean_before__gte", 0),
                            ("mean_before__lte", 100),
                        ),
                        name="knowledgetest_in_points",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CommitteeCount",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="committee_counts",
                        to="factories.factory",
                    ),
                ),
                ("quarter", models.CharField(max_length=6)),
                ("meetings_planned", models.PositiveSmallIntegerField()),
                ("meetings_held", models.PositiveSmallIntegerField()),
                ("members", models.PositiveSmallIntegerField()),
                ("members_trained", models.PositiveSmallIntegerField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("recorded_on", models.DateField()),
            ],
            options={
                "ordering": ["-quarter"],
                "constraints": [
                    models.UniqueConstraint(fields=("factory", "quarter"), name="committeecount_once"),
                    models.CheckConstraint(
                        condition=models.Q(("members_trained__lte", models.F("members"))), name="committeecount_within"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Drill",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drills", to="factories.factory"
                    ),
                ),
                ("on", models.DateField()),
                ("passed", models.BooleanField()),
                ("gaps", models.TextField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-on"],
                "constraints": [models.UniqueConstraint(fields=("factory", "on"), name="drill_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="ChannelTest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="channel_tests",
                        to="factories.factory",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("platform", "Platform"),
                            ("box", "Box"),
                            ("committee", "Committee"),
                            ("phone", "Telephone"),
                        ],
                        max_length=12,
                    ),
                ),
                ("anonymous", models.BooleanField()),
                ("sent_on", models.DateField()),
                ("answer_due_on", models.DateField()),
                ("answered_on", models.DateField(blank=True, null=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-sent_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_on", None), ("answered_on__gte", models.F("sent_on")), _connector="OR"
                        ),
                        name="channeltest_answered_after_sent",
                        violation_error_message="It was answered on the day it was sent, or later.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer_due_on__gte", models.F("sent_on"))),
                        name="channeltest_due_after_sent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkerSurvey",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="worker_surveys",
                        to="factories.factory",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("baseline", "At the beginning"), ("pulse", "Half-way"), ("end", "At the end")],
                        max_length=10,
                    ),
                ),
                ("on", models.DateField()),
                ("answers", models.PositiveIntegerField()),
                ("know_a_way", models.PositiveIntegerField()),
                ("trust", models.PositiveIntegerField()),
                ("told_workers_on", models.DateField(blank=True, null=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-on"],
                "constraints": [
                    models.UniqueConstraint(fields=("factory", "on"), name="survey_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answers__gt", 0),
                            ("know_a_way__lte", models.F("answers")),
                            ("trust__lte", models.F("answers")),
                        ),
                        name="survey_parts_within_answers",
                        violation_error_message="A part of the answers is not more than all answers.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaceCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="place_checks", to="factories.factory"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[("policy", "Policy"), ("committee", "Committee"), ("channels", "Ways to complain")],
                        max_length=10,
                    ),
                ),
                ("yes", models.BooleanField()),
                ("checked_on", models.DateField()),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-checked_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("factory", "what", "checked_on"), name="placecheck_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="IndustryEvent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "level",
                    models.CharField(choices=[("national", "National"), ("regional", "Regional")], max_length=10),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="factories.countrypack",
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("on", models.DateField()),
                ("hosts", models.CharField(max_length=200)),
                ("participants", models.JSONField(blank=True, default=dict)),
                ("topics", models.TextField(blank=True)),
                ("figures_shown", models.TextField(blank=True)),
                ("follow_up_on", models.DateField()),
                ("followed_up_on", models.DateField(blank=True, null=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("follow_up_on__gte", models.F("on"))),
                        name="event_follow_up_after",
                        violation_error_message="The follow-up comes after the event.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", "national"), _negated=True), ("country__isnull", False), _connector="OR"
                        ),
                        name="event_national_has_country",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventCommitment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitments",
                        to="factories.industryevent",
                    ),
                ),
                ("who", models.CharField(max_length=120)),
                (
                    "factory",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="commitments",
                        to="factories.factory",
                    ),
                ),
                ("written_yes_on", models.DateField(blank=True, null=True)),
                ("what", models.CharField(max_length=300)),
                ("due_on", models.DateField()),
                ("done_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["due_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("factory", None), ("written_yes_on__isnull", False), _connector="OR"),
                        name="commitment_names_with_yes",
                        violation_error_message="A factory is named only with its written yes.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SharedPractice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shared_practices",
                        to="factories.factory",
                    ),
                ),
                (
                    "indicators",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6), blank=True, default=list, size=None
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("what", models.TextField()),
                ("did_not_work", models.TextField(blank=True)),
                ("agreed_on", models.DateField()),
                ("named", models.BooleanField(default=False)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-agreed_on"],
            },
        ),
        migrations.CreateModel(
            name="Introduction",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="introductions",
                        to="factories.factory",
                    ),
                ),
                ("on", models.DateField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("meeting", "A meeting at the factory"),
                            ("event", "A national or regional event"),
                            ("visit", "A visit for another reason"),
                            ("peer", "Another factory"),
                            ("phone", "A call"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="introductions",
                        to="factories.industryevent",
                    ),
                ),
                ("with_decider", models.BooleanField(default=False)),
                (
                    "answer",
                    models.CharField(
                        blank=True, choices=[("yes", "Yes"), ("later", "Later"), ("no", "No")], max_length=8
                    ),
                ),
                ("answer_on", models.DateField(blank=True, null=True)),
                ("later_on", models.DateField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answer_on", None)),
                            models.Q(("answer_on", None), _negated=True),
                            _connector="OR",
                        ),
                        name="introduction_answer_has_its_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "later"), _negated=True), ("later_on__isnull", False), _connector="OR"
                        ),
                        name="introduction_later_has_a_day",
                        violation_error_message="Give the day on which to ask again.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "no"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="introduction_no_has_a_reason",
                        violation_error_message="Write why the factory said no.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Package",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="package", to="factories.factory"
                    ),
                ),
                ("began_on", models.DateField()),
                ("mou_on", models.DateField(blank=True, null=True)),
                (
                    "mou_points",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("free_access", "Free access to workers"),
                                ("paid_time", "Training and interviews in paid time"),
                                ("no_hunting", "No searching for who complained"),
                                ("no_zero_target", "No target of zero complaints"),
                                ("who_sees_what", "What is shared with whom"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("team_on", models.DateField(blank=True, null=True)),
                ("focal_point_role", models.CharField(blank=True, max_length=120)),
                ("stand_in_role", models.CharField(blank=True, max_length=120)),
                ("hours_a_week", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("languages", models.CharField(blank=True, max_length=200)),
                ("plan_on", models.DateField(blank=True, null=True)),
                ("paused_until", models.DateField(blank=True, null=True)),
                ("numbers_reminded_on", models.DateField(blank=True, null=True)),
                (
                    "end_agreed_advisory_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "end_agreed_technical_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("end_message", models.TextField(blank=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["began_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mou_on", None),
                            (
                                "mou_points__contains",
                                ["free_access", "paid_time", "no_hunting", "no_zero_target", "who_sees_what"],
                            ),
                            _connector="OR",
                        ),
                        name="package_mou_has_every_point",
                        violation_error_message="The understanding holds every point, or it is not signed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None),
                            models.Q(
                                ("end_agreed_advisory_by__isnull", False),
                                ("end_agreed_technical_by__isnull", False),
                                models.Q(("end_message", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="package_ended_by_both",
                        violation_error_message="Support ends only when both organisations agree and workers are told.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="activities", to="factories.factory"
                    ),
                ),
                ("code", models.CharField(max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("agreed", "Agreed"),
                            ("done", "Done"),
                            ("postponed", "Postponed"),
                            ("dropped", "Dropped"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("first_agreed_on", models.DateField(blank=True, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("done_on", models.DateField(blank=True, null=True)),
                ("evidence", models.TextField(blank=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("dropped_reason", models.TextField(blank=True)),
            ],
            options={
                "verbose_name_plural": "activities",
                "ordering": ["factory", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("factory", "code"), name="activity_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["planned", "agreed", "done", "postponed", "dropped"])),
                        name="activity_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(models.Q(("state", "done"), _negated=True), ("done_on", None)),
                            models.Q(
                                ("done_on__isnull", False), ("state", "done"), models.Q(("evidence", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="activity_done_has_evidence",
                        violation_error_message="Say what shows that it is done.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "agreed"), _negated=True),
                            models.Q(("due_on__isnull", False), ("first_agreed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="activity_agreed_has_a_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dropped"), _negated=True),
                            models.Q(("dropped_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="activity_dropped_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActivityOccasion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="occasions", to="factories.activity"
                    ),
                ),
                ("on", models.DateField()),
                ("evidence", models.TextField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-on"],
                "constraints": [models.UniqueConstraint(fields=("activity", "on"), name="occasion_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="ActivityRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="requests", to="factories.activity"
                    ),
                ),
                ("kind", models.CharField(choices=[("move", "Move the date"), ("done", "It is done")], max_length=4)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("peak_shipment", "Peak season, shipment, overtime"),
                            ("order_change", "Sudden order, buyer change"),
                            ("key_person_away", "Focal point or manager absent or left"),
                            ("management_change", "New owner or manager"),
                            ("no_room_or_time", "No room or paid time found"),
                            ("other_audit", "Another audit or visit"),
                            ("holiday_season", "Public holiday, harvest, festival"),
                            ("dispute_or_strike", "Labour dispute"),
                            ("low_orders_closure", "Lack of orders, lay-off, closing, moving"),
                            ("emergency", "Fire, flood, epidemic, power"),
                            ("legal_approval", "Waiting for approval of work rules"),
                            ("case_pending", "A case makes it delicate now"),
                            ("no_reason", "None given"),
                            ("other", "Other"),
                            ("trainer_unavailable", "No trainer or interpreter (the programme)"),
                            ("materials_not_ready", "Materials or translation not ready (the programme)"),
                            ("programme_delay", "Our own planning, funding, travel (the programme)"),
                        ],
                        max_length=20,
                    ),
                ),
                ("day", models.DateField(blank=True, null=True)),
                ("words", models.TextField(blank=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("asked_on", models.DateField()),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("taken", models.BooleanField(blank=True, null=True)),
                ("answer", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-asked_on"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_on", None)), fields=("activity",), name="activityrequest_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["move", "done"])), name="activityrequest_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "move"), models.Q(("reason", ""), _negated=True)),
                            models.Q(("day__isnull", False), ("kind", "done"), models.Q(("words", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="activityrequest_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                frozenset(["materials_not_ready", "programme_delay", "trainer_unavailable"]),
                            ),
                            _negated=True,
                        ),
                        name="activityrequest_factory_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_by", None), ("answered_on", None), ("taken", None)),
                            models.Q(
                                ("answered_by__isnull", False), ("answered_on__isnull", False), ("taken__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="activityrequest_answered_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Postponement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="postponements",
                        to="factories.activity",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("peak_shipment", "Peak season, shipment, overtime"),
                            ("order_change", "Sudden order, buyer change"),
                            ("key_person_away", "Focal point or manager absent or left"),
                            ("management_change", "New owner or manager"),
                            ("no_room_or_time", "No room or paid time found"),
                            ("other_audit", "Another audit or visit"),
                            ("holiday_season", "Public holiday, harvest, festival"),
                            ("dispute_or_strike", "Labour dispute"),
                            ("low_orders_closure", "Lack of orders, lay-off, closing, moving"),
                            ("emergency", "Fire, flood, epidemic, power"),
                            ("legal_approval", "Waiting for approval of work rules"),
                            ("case_pending", "A case makes it delicate now"),
                            ("no_reason", "None given"),
                            ("other", "Other"),
                            ("trainer_unavailable", "No trainer or interpreter (the programme)"),
                            ("materials_not_ready", "Materials or translation not ready (the programme)"),
                            ("programme_delay", "Our own planning, funding, travel (the programme)"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("offered", models.TextField()),
                ("from_on", models.DateField()),
                ("to_on", models.DateField(blank=True, null=True)),
                ("by_programme", models.BooleanField()),
                (
                    "request",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="postponement",
                        to="factories.activityrequest",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                [
                                    "peak_shipment",
                                    "order_change",
                                    "key_person_away",
                                    "management_change",
                                    "no_room_or_time",
                                    "other_audit",
                                    "holiday_season",
                                    "dispute_or_strike",
                                    "low_orders_closure",
                                    "emergency",
                                    "legal_approval",
                                    "case_pending",
                                    "no_reason",
                                    "other",
                                    "trainer_unavailable",
                                    "materials_not_ready",
                                    "programme_delay",
                                ],
                            )
                        ),
                        name="postponement_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_programme", True),
                                (
                                    "reason__in",
                                    frozenset(["materials_not_ready", "programme_delay", "trainer_unavailable"]),
                                ),
                            ),
                            models.Q(
                                ("by_programme", False),
                                models.Q(
                                    (
                                        "reason__in",
                                        frozenset(["materials_not_ready", "programme_delay", "trainer_unavailable"]),
                                    ),
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="postponement_side_follows_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to_on", None), ("to_on__gt", models.F("from_on")), _connector="OR"),
                        name="postponement_moves_later",
                        violation_error_message="The new date lies after the old one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JointReview",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joint_reviews",
                        to="factories.factory",
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joint_reviews",
                        to="factories.activity",
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("twice", "The same activity was moved twice"),
                            ("three_in_90", "Three activities were moved within 90 days"),
                            ("sixty_late", "An activity is more than 60 days later than first agreed"),
                            ("no_date", "An activity was moved without a new date"),
                        ],
                        max_length=12,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("opened_on", models.DateField()),
                ("due_on", models.DateField()),
                ("advisor_told_on", models.DateField(blank=True, null=True)),
                ("talked_on", models.DateField(blank=True, null=True)),
                (
                    "causes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("fear_of_numbers", "Fear that complaints will hurt the assessment, licence or buyers"),
                                ("fear_of_exposure", "Someone powerful could be named"),
                                ("taboo_or_denial", "The topic is seen as shameful or foreign"),
                                ("cost_of_time", "Paid training time is the problem"),
                                ("production_planning", "No planning ahead, constant fire-fighting"),
                                ("no_authority", "The focal point cannot decide"),
                                ("turnover_of_people", "Those who know leave"),
                                ("overload_of_programmes", "Too many projects and audits"),
                                ("distrust_of_programme", "Bad experience, fear of leaks"),
                                ("worker_side_concern", "Union or workers were not consulted"),
                                ("language_or_literacy", "Materials do not fit"),
                                ("financial_distress", "Survival comes first"),
                                ("bad_faith", "Wants the name, not the work"),
                                ("programme_cause", "We caused it"),
                                ("unclear", "Not yet known"),
                            ],
                            max_length=24,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new_dates", "New dates"),
                            ("smaller_step", "A smaller step"),
                            ("meeting_with_decider", "A meeting with whoever decides"),
                            ("peer_contact", "Contact with a factory that has done it"),
                            ("extra_support", "Extra support"),
                            ("pause_with_end_date", "A pause with an end date"),
                            ("end_support", "The end of support"),
                        ],
                        max_length=24,
                    ),
                ),
                ("step_on", models.DateField(blank=True, null=True)),
                (
                    "held_by_advisor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "held_by_expert",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("held_on", models.DateField(blank=True, null=True)),
                ("look_again_on", models.DateField(blank=True, null=True)),
                ("looked_again_on", models.DateField(blank=True, null=True)),
                ("looked_again_at", models.DateTimeField(blank=True, null=True)),
                ("solved", models.BooleanField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-opened_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("looked_again_on", None)), fields=("factory",), name="jointreview_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rule__in", ["twice", "three_in_90", "sixty_late", "no_date"])),
                        name="jointreview_rule_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("held_on", None),
                            models.Q(
                                ("causes__len__gte", 1),
                                ("held_by_advisor__isnull", False),
                                ("held_by_expert__isnull", False),
                                ("look_again_on__isnull", False),
                                models.Q(("step", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="jointreview_held_by_both",
                        violation_error_message="A review is held when advisor and expert name a cause, a step and a date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("looked_again_at", None), ("looked_again_on", None), ("solved", None)),
                            models.Q(
                                ("looked_again_at__isnull", False),
                                ("looked_again_on__isnull", False),
                                ("solved__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="jointreview_looked_again_says_how",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PackageDeadline",
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
                        related_name="package_deadlines",
                        to="factories.factory",
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="factories.activity",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="factories.jointreview",
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="factories.eventcommitment",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("starts_at"))),
                        name="factories_packagedeadline_due_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("met_at", None), ("dropped_at", None), _connector="OR"),
                        name="factories_packagedeadline_met_or_dropped",
                    ),
                    models.UniqueConstraint(
                        fields=("factory", "activity", "review", "commitment", "code", "ordinal"),
                        name="packagedeadline_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PackageRung",
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
                        to="factories.packagedeadline",
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
                        name="factories_packagerung_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__in", ["reminder_before", "reminder_due", "L1", "L2", "L2c", "L3", "L4"])
                        ),
                        name="factories_packagerung_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("raised_at", None), ("dropped_at", None), _connector="OR"),
                        name="factories_packagerung_raised_or_dropped",
                    ),
                    models.UniqueConstraint(fields=("deadline", "level"), name="factories_packagerung_level_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("advisory", "Advisory organisation"),
                            ("technical", "Technical organisation"),
                            ("platform", "Platform"),
                            ("service_provider", "Service provider"),
                            ("industry_body", "Industry body"),
                            ("government", "Government"),
                            ("union", "Union"),
                            ("buyer", "Buyer"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "advisory",
                                    "technical",
                                    "platform",
                                    "service_provider",
                                    "industry_body",
                                    "government",
                                    "union",
                                    "buyer",
                                ],
                            )
                        ),
                        name="organisation_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "factory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="factories.factory"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("case_officer", "Case officer"),
                            ("committee_member", "Committee member"),
                            ("committee_chair", "Committee chair"),
                            ("decision_maker", "Decision maker"),
                            ("outside_member", "Outside member"),
                        ],
                        max_length=20,
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=60)),
                ("is_stand_in", models.BooleanField(default=False)),
                ("since", models.DateField(default=factories.models.people.today)),
                ("until", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["factory", "role", "is_stand_in"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("until", None)), fields=["factory", "role"], name="membership_current"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "case_officer",
                                    "committee_member",
                                    "committee_chair",
                                    "decision_maker",
                                    "outside_member",
                                ],
                            )
                        ),
                        name="membership_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="membership_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("person", "factory", "role"),
                        name="membership_current_once",
                        violation_error_message="This person already has this role in this factory.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="positions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="factories.organisation",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("advisor", "Advisor"),
                            ("technical_expert", "Technical expert"),
                            ("safeguarding_lead", "Safeguarding lead"),
                            ("programme_lead", "Programme lead"),
                            ("platform_admin", "Administrator"),
                            ("appeal_reviewer", "Appeal reviewer"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="factories.countrypack",
                    ),
                ),
                ("is_lead", models.BooleanField(default=False)),
                ("since", models.DateField(default=factories.models.people.today)),
                ("until", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["role", "-is_lead"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("until", None)), fields=["role", "country"], name="position_current"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "advisor",
                                    "technical_expert",
                                    "safeguarding_lead",
                                    "programme_lead",
                                    "platform_admin",
                                    "appeal_reviewer",
                                ],
                            )
                        ),
                        name="position_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="position_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("person", "organisation", "role", "country"),
                        name="position_current_once",
                        nulls_distinct=False,
                        violation_error_message="This person already has this role in this organisation.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_lead", True), ("until", None)),
                        fields=("role", "country"),
                        name="position_one_lead",
                        nulls_distinct=False,
                        violation_error_message="Somebody already leads for this role and country.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterSlot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="roster", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="roster", to="factories.countrypack"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ]
                    ),
                ),
                ("start", models.TimeField()),
                ("end", models.TimeField()),
            ],
            options={
                "ordering": ["country", "weekday", "start"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="rosterslot_weekday_known"),
                    models.CheckConstraint(
                        condition=models.Q(("end__gt", models.F("start"))),
                        name="rosterslot_ends_after_start",
                        violation_error_message="The hours end after they begin.",
                    ),
                    models.UniqueConstraint(fields=("person", "country", "weekday", "start"), name="rosterslot_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("language", models.CharField(default="en", max_length=8)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("case_officer", "Case officer"),
                            ("committee_member", "Committee member"),
                            ("committee_chair", "Committee chair"),
                            ("decision_maker", "Decision maker"),
                            ("outside_member", "Outside member"),
                            ("advisor", "Advisor"),
                            ("technical_expert", "Technical expert"),
                            ("safeguarding_lead", "Safeguarding lead"),
                            ("programme_lead", "Programme lead"),
                            ("platform_admin", "Administrator"),
                            ("appeal_reviewer", "Appeal reviewer"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "factory",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="factories.factory",
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=60)),
                ("is_stand_in", models.BooleanField(default=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="factories.organisation",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="factories.countrypack",
                    ),
                ),
                ("is_lead", models.BooleanField(default=False)),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-made_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("country", None),
                                ("factory__isnull", False),
                                ("organisation", None),
                                (
                                    "role__in",
                                    [
                                        "case_officer",
                                        "committee_member",
                                        "committee_chair",
                                        "decision_maker",
                                        "outside_member",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("factory", None),
                                ("organisation__isnull", False),
                                (
                                    "role__in",
                                    [
                                        "advisor",
                                        "technical_expert",
                                        "safeguarding_lead",
                                        "programme_lead",
                                        "platform_admin",
                                        "appeal_reviewer",
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="invitation_role_has_its_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))), name="invitation_ends_later"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceProvider",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="services", to="factories.countrypack"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
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
                ("phone", models.CharField(blank=True, max_length=60)),
                ("reach", models.CharField(blank=True, max_length=200)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("languages", models.CharField(blank=True, max_length=120)),
                ("hours", models.CharField(blank=True, max_length=120)),
                ("cost", models.CharField(blank=True, max_length=120)),
                ("retired_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["country", "name", "id"],
                "constraints": [
                    models.CheckConstraint(
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
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="service_has_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderVetting",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vettings",
                        to="factories.serviceprovider",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("checked_on", models.DateField()),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("next_check_on", models.DateField()),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "number"), name="vetting_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("next_check_on__gt", models.F("checked_on"))),
                        name="vetting_next_check_is_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VettingAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "vetting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="factories.providervetting",
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(fields=("vetting", "code"), name="vettinganswer_once"),
                    models.CheckConstraint(
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
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderWord",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="factories.serviceprovider",
                    ),
                ),
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
                (
                    "looked_at_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("looked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-on", "code"],
                "constraints": [
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("looked_at", None), ("looked_at_by", None)),
                            models.Q(("looked_at__isnull", False), ("looked_at_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="providerword_looked_at_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderSuspension",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suspensions",
                        to="factories.serviceprovider",
                    ),
                ),
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
                    "begun_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-since", "-decided_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["word", "news", "not_there"])),
                        name="suspension_reason_known",
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None),
                            models.Q(models.Q(("decision", ""), _negated=True), ("ended_on__gte", models.F("since"))),
                            _connector="OR",
                        ),
                        name="suspension_ends_only_decided",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("decision", "")), fields=("provider",), name="suspension_one_undecided"
                    ),
                ],
            },
        ),
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
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="factories.serviceprovider",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("starts_at"))),
                        name="factories_providerdeadline_due_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("met_at", None), ("dropped_at", None), _connector="OR"),
                        name="factories_providerdeadline_met_or_dropped",
                    ),
                    models.UniqueConstraint(fields=("provider", "code", "ordinal"), name="providerdeadline_once"),
                ],
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
                (
                    "deadline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rungs",
                        to="factories.providerdeadline",
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
                        name="factories_providerrung_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__in", ["reminder_before", "reminder_due", "L1", "L2", "L2c", "L3", "L4"])
                        ),
                        name="factories_providerrung_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("raised_at", None), ("dropped_at", None), _connector="OR"),
                        name="factories_providerrung_raised_or_dropped",
                    ),
                    models.UniqueConstraint(fields=("deadline", "level"), name="factories_providerrung_level_once"),
                ],
            },
        ),
    ]
