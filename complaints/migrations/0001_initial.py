import datetime
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import complaints.models.case


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("factories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Burst",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="factories.countrypack"
                    ),
                ),
                ("noticed_on", models.DateField()),
                (
                    "set_aside_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("set_aside_at", models.DateTimeField(null=True)),
                ("taken_back_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "reference",
                    models.CharField(default=complaints.models.case.random_reference, max_length=10, unique=True),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="factories.countrypack"
                    ),
                ),
                (
                    "factory",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="factories.factory",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "Web page"),
                            ("paper_box", "Paper box"),
                            ("walk_in", "In person"),
                            ("phone", "Phone"),
                            ("third_party", "Through somebody else"),
                            ("test", "Test"),
                        ],
                        default="web",
                        max_length=16,
                    ),
                ),
                (
                    "route",
                    models.CharField(
                        choices=[
                            ("factory_committee", "The committee of the factory"),
                            ("outside_only", "The outside team only"),
                            ("outside_first", "The outside team first"),
                            ("record_only", "Kept only"),
                        ],
                        max_length=24,
                    ),
                ),
                ("insist", models.BooleanField(default=False)),
                (
                    "factory_side",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("officer_and_chair", "Case officer and committee chair"),
                            ("chair_and_outside_member", "Committee chair and outside member"),
                        ],
                        max_length=32,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("acknowledged", "Acknowledged"),
                            ("triage", "Triage"),
                            ("planning", "Planning"),
                            ("fact_finding", "Fact-finding"),
                            ("finding", "Finding"),
                            ("decision", "Decision"),
                            ("action", "Action"),
                            ("monitoring", "Monitoring"),
                            ("closed", "Closed"),
                        ],
                        default="received",
                        max_length=24,
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("on_hold_by_complainant", "On hold by the complainant"),
                            ("safeguarding_hold", "Safeguarding hold"),
                            ("appeal", "Appeal"),
                            ("reopened", "Reopened"),
                            ("kept", "Kept"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "side_before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("on_hold_by_complainant", "On hold by the complainant"),
                            ("safeguarding_hold", "Safeguarding hold"),
                            ("appeal", "Appeal"),
                            ("reopened", "Reopened"),
                            ("kept", "Kept"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "path",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("support_only", "Support only"),
                            ("workplace_action", "Workplace action"),
                            ("informal_resolution", "Informal resolution"),
                            ("formal_inquiry", "Formal inquiry"),
                            ("referred_out", "Referred out"),
                        ],
                        max_length=24,
                    ),
                ),
                ("fast_track", models.BooleanField(default=False)),
                (
                    "closing_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("completed", "Completed"),
                            ("stopped_by_complainant", "Stopped by the complainant"),
                            ("no_contact", "No contact"),
                            ("referred_out", "Referred out"),
                            ("not_in_scope_redirected", "Not in scope, redirected"),
                            ("duplicate_linked", "Duplicate, linked"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "conduct_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("verbal", "Bad words, sexual jokes, comments on my body"),
                                ("visual_gesture", "Staring, signs, whistling, showing body parts"),
                                ("digital", "Messages, pictures, videos. Took photos of me"),
                                ("touch", "Touching, hugging, brushing against me"),
                                ("quid_pro_quo", "Asked for sex or a “date” for work, money or peace"),
                                ("stalking", "Follows me, waits for me, blocks my way"),
                                ("hostile_environment", "Songs, pictures, talk that make this place bad for us"),
                                ("assault_attempted", "Tried to force me"),
                                ("rape", "Forced me to have sex"),
                                ("physical_nonsexual", "Hit, pushed, threw things"),
                                ("forced_relationship", "Pushes me to be with or marry someone"),
                                ("other_unsure", "Something else. I am not sure"),
                            ],
                            max_length=24,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("severity", models.CharField(max_length=1)),
                ("urgent_outside", models.BooleanField(default=False)),
                ("urgent_shows_at", models.DateTimeField(null=True)),
                ("job_not_stated", models.BooleanField(default=False)),
                ("conflict_answered_on", models.DateField(null=True)),
                ("danger_confirmed_at", models.DateTimeField(null=True)),
                ("filed_on", models.DateField()),
                ("release_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("employer_knowledge_at", models.DateTimeField(null=True)),
                ("handover_proposed_on", models.DateField(null=True)),
                ("stop_asked_on", models.DateField(null=True)),
                ("stop_final_at", models.DateTimeField(null=True)),
                (
                    "lift_proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "burst",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="complaints.burst",
                    ),
                ),
                ("set_aside_at", models.DateTimeField(null=True)),
                ("triaged_at", models.DateTimeField(null=True)),
                ("interim_decided_at", models.DateTimeField(null=True)),
                ("decided_on", models.DateField(null=True)),
                ("outcome_told_on", models.DateField(null=True)),
                ("respondent_outcome_on", models.DateField(null=True)),
                ("monitoring_on", models.DateField(null=True)),
                ("closing_asked_on", models.DateField(null=True)),
                ("closing_answered_on", models.DateField(null=True)),
                ("appeal_shows_at", models.DateTimeField(null=True)),
                ("came_back_on", models.DateField(null=True)),
                ("delete_asked_on", models.DateField(null=True)),
                ("delete_final_at", models.DateTimeField(null=True)),
                ("words_deleted_on", models.DateField(null=True)),
                ("talk_ends_at", models.DateTimeField(null=True)),
                ("reopens_at", models.DateTimeField(null=True)),
                ("purge_after", models.DateField(null=True)),
                ("purged_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("next_due_at", models.DateTimeField(null=True)),
                ("last_event", models.PositiveIntegerField(default=0)),
                ("last_entry", models.PositiveIntegerField(default=0)),
                ("head", models.BinaryField(default=bytes, max_length=32)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["factory", "-filed_on"], name="case_factory_filed"),
                    models.Index(
                        condition=models.Q(("purge_after__isnull", False), ("purged_at", None)),
                        fields=["purge_after"],
                        name="case_purge_due",
                    ),
                    models.Index(
                        condition=models.Q(("delete_final_at__isnull", False)),
                        fields=["delete_final_at"],
                        name="case_deletion_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                [
                                    "received",
                                    "acknowledged",
                                    "triage",
                                    "planning",
                                    "fact_finding",
                                    "finding",
                                    "decision",
                                    "action",
                                    "monitoring",
                                    "closed",
                                ],
                            )
                        ),
                        name="case_stage_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("side", ""),
                            ("side__in", ["on_hold_by_complainant", "safeguarding_hold", "appeal", "reopened", "kept"]),
                            _connector="OR",
                        ),
                        name="case_side_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("route__in", ["factory_committee", "outside_only", "outside_first", "record_only"])
                        ),
                        name="case_route_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__in", ["a", "b", "c"])), name="case_severity_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("stage", "closed")),
                            models.Q(models.Q(("stage", "closed"), _negated=True), ("closed_at", None)),
                            _connector="OR",
                        ),
                        name="case_closed_has_closing_date",
                        violation_error_message="Closed cases, and only those, have a closing date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("route", "factory_committee"), _negated=True),
                            models.Q(("factory__isnull", False), ("factory_side__gt", "")),
                            _connector="OR",
                        ),
                        name="case_factory_route_has_factory",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("side", "kept"), _negated=True), ("route", "record_only"), _connector="OR"
                        ),
                        name="case_kept_only_when_record_only",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Concern",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="concerns", to="complaints.case"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("retaliation", "Retaliation"),
                            ("handling", "Handling"),
                            ("breach", "Breach of confidentiality"),
                        ],
                        max_length=16,
                    ),
                ),
                ("raised_on", models.DateField()),
                ("shows_at", models.DateTimeField(null=True)),
                (
                    "linked_case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="complaints.case"
                    ),
                ),
                ("settled_on", models.DateField(null=True)),
                ("upheld", models.BooleanField(null=True)),
                ("answered_on", models.DateField(null=True)),
                ("offered_on", models.DateField(null=True)),
                ("wanted_on", models.DateField(null=True)),
                ("remedy_verified_on", models.DateField(null=True)),
            ],
            options={
                "ordering": ["number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("kind", "handling"), ("settled_on", None)),
                        fields=["case"],
                        name="concern_handling_open",
                    ),
                    models.Index(
                        condition=models.Q(("kind", "handling")), fields=["case"], name="concern_handling_bars"
                    ),
                    models.Index(condition=models.Q(("kind", "breach")), fields=["raised_on"], name="concern_breach"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="concern_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["retaliation", "handling", "breach"])),
                        name="concern_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "handling"), _negated=True), ("shows_at", None), _connector="OR"
                        ),
                        name="concern_about_handling_never_shows",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "breach"), _negated=True),
                            models.Q(("settled_on__isnull", False), ("shows_at", None)),
                            _connector="OR",
                        ),
                        name="concern_breach_never_shows",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("upheld", None),
                            models.Q(("kind", "handling"), ("settled_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="concern_upheld_when_settled",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="complaints.case"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="linked_from", to="complaints.case"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("place", "The same place"),
                            ("job", "The same job"),
                            ("person", "The same respondent"),
                            ("retaliation", "Retaliation because of it"),
                            ("duplicate", "The same complaint"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("on", models.DateField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "other", "kind"), name="caselink_once"),
                    models.CheckConstraint(
                        condition=models.Q(("case", models.F("other")), _negated=True), name="caselink_between_two"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["place", "job", "person", "retaliation", "duplicate"])),
                        name="caselink_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosureTick",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="closure_ticks", to="complaints.case"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "criterion",
                    models.CharField(
                        choices=[
                            ("findings", "Every part of the complaint has a finding, or a recorded reason why not"),
                            ("decision_told", "Decision and reasons are recorded, and both sides were told"),
                            (
                                "remedies",
                                "Remedies are done and verified, or have a dated plan with an owner outside the line",
                            ),
                            ("checks", "The 30, 60 and 90-day checks are made: an answer, or at least two tries each"),
                            (
                                "nothing_open",
                                "No retaliation concern, appeal, safeguarding hold or interim measure is open",
                            ),
                            ("referrals", "Referrals were followed up once"),
                            ("she_was_asked", "She was asked whether it may be closed, and how it was for her"),
                            ("learning", "A learning note without names is written"),
                            ("retention", "The day on which the content is deleted is set"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "ticked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("ticked_at", models.DateTimeField()),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "round", "criterion"), name="closuretick_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "criterion__in",
                                [
                                    "findings",
                                    "decision_told",
                                    "remedies",
                                    "checks",
                                    "nothing_open",
                                    "referrals",
                                    "she_was_asked",
                                    "learning",
                                    "retention",
                                ],
                            )
                        ),
                        name="closuretick_criterion_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                models.Q(("confirmed_by", models.F("ticked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="closuretick_confirmed_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SafetyDecision",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="safety_decisions",
                        to="complaints.case",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("agreed_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="safetydecision_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreed_at", None), ("agreed_by", None)),
                            models.Q(
                                ("agreed_at__isnull", False),
                                ("agreed_by__isnull", False),
                                models.Q(("agreed_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="safetydecision_agreed_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="referrals", to="complaints.case"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "Offered to her"),
                            ("agreed", "She agreed"),
                            ("declined", "She said no"),
                            ("sent", "Sent"),
                            ("accepted", "Accepted"),
                            ("rejected", "Rejected"),
                            ("done", "Done"),
                            ("revoked", "Taken back by her"),
                        ],
                        default="offered",
                        max_length=16,
                    ),
                ),
                ("offered_on", models.DateField()),
                ("answered_on", models.DateField(null=True)),
                ("sent_on", models.DateField(null=True)),
                ("ended_on", models.DateField(null=True)),
                ("followed_up_on", models.DateField(null=True)),
                ("reached", models.BooleanField(null=True)),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="referral_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["offered", "agreed", "declined", "sent", "accepted", "rejected", "done", "revoked"],
                            )
                        ),
                        name="referral_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sent_on", None), ("answered_on__isnull", False), _connector="OR"),
                        name="referral_sent_only_with_her_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consents", to="complaints.case"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("share_text", "Own words shared with the factory side"),
                            ("share_place_time", "Place and time shared with the factory side"),
                            ("share_respondent", "Who it was shared with the factory side"),
                            ("share_my_name", "Name and contact shared with the factory side"),
                            ("share_pictures", "Added pictures shared with the factory side"),
                            ("tell_respondent", "The respondent may be told"),
                            ("expert_review", "The outside team may check the handling"),
                            ("refer_service", "A named service may be told"),
                            ("match_pattern", "May be compared with other cases"),
                        ],
                        max_length=24,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("given", models.BooleanField()),
                ("on", models.DateField()),
                ("wording", models.CharField(max_length=8)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "code", "number"), name="consent_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "code__in",
                                [
                                    "share_text",
                                    "share_place_time",
                                    "share_respondent",
                                    "share_my_name",
                                    "share_pictures",
                                    "tell_respondent",
                                    "expert_review",
                                    "refer_service",
                                    "match_pattern",
                                ],
                            )
                        ),
                        name="consent_code_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InterimMeasure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interim_measures",
                        to="complaints.case",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("none_needed", "None needed"),
                            ("no_contact", "Written instruction not to contact"),
                            ("respondent_other_place", "Respondent: other line, shift or task, no loss of pay"),
                            ("respondent_paid_leave", "Respondent: paid leave during the inquiry"),
                            ("supervision_change", "Another supervisor decides overtime, leave, pass, appraisal"),
                            ("second_person_rule", "Mechanic, store or clinic visits only with a second person"),
                            ("patrol_light_lock", "Patrol, lighting, locks, keys"),
                            ("transport_escort", "Bus seat, escort, change of stop"),
                            ("room_change_on_request", "Dormitory room, at her request"),
                            ("paid_time", "Time off for health, legal help, rest"),
                            ("transfer_on_request", "Transfer, only at her own wish"),
                            ("hr_freeze", "No warning, transfer or non-renewal without outside agreement, 180 days"),
                            ("preserve_evidence", "Keep recordings and lists, under the chair's key"),
                            ("outside_contact", "Expert calls at an agreed time"),
                        ],
                        max_length=32,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="interim_ends_after_start",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="receipts", to="complaints.case"
                    ),
                ),
                ("lookup", models.BinaryField(max_length=32, unique=True)),
                ("public_key", models.BinaryField(max_length=32)),
                ("resend_check", models.BinaryField(default=bytes, max_length=32)),
                ("must_be_replaced", models.BooleanField(default=False)),
                ("is_next", models.BooleanField(default=False)),
                ("member", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_next", True)), fields=("case", "member"), name="receipt_one_next"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_next", False)), fields=("case", "member"), name="receipt_one_current"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("member__gte", 1), ("member__lte", 20)), name="receipt_group_of_twenty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Compartment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="compartments", to="complaints.case"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("story", "Story"),
                            ("circumstances", "Circumstances"),
                            ("respondent", "Respondent"),
                            ("identity", "Identity"),
                            ("freedom", "Freedom"),
                            ("inbox", "Inbox"),
                            ("pictures", "Pictures"),
                            ("record", "Record"),
                            ("finding", "Finding"),
                        ],
                        max_length=16,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "kind"), name="compartment_once_per_case"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "story",
                                    "circumstances",
                                    "respondent",
                                    "identity",
                                    "freedom",
                                    "inbox",
                                    "pictures",
                                    "record",
                                    "finding",
                                ],
                            )
                        ),
                        name="compartment_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CompartmentKey",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "compartment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="keys", to="complaints.compartment"
                    ),
                ),
                ("generation", models.PositiveSmallIntegerField(default=1)),
                ("public_key", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("compartment", "generation"), name="compartment_key_generation_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="complaints.compartmentkey",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("answers", "Answers"),
                            ("severity_full", "Severity from all answers"),
                            ("exclusion_text", "A person who must not see it"),
                            ("message", "Message"),
                            ("picture", "Picture"),
                            ("note", "Note"),
                            ("triage", "Triage"),
                            ("conflict_text", "Conflict of interest, in words"),
                            ("interim", "Interim measure"),
                            ("path", "Path"),
                            ("first_look", "First look"),
                            ("danger_confirmed", "Danger, age and freedom confirmed"),
                            ("not_safe", "She is not safe now"),
                            ("allegation", "Allegation"),
                            ("inquiry_plan", "Plan of the inquiry"),
                            ("respondent_notice", "What the respondent is told"),
                            ("respondent_reply", "The respondent's answer"),
                            ("interview", "Somebody was heard"),
                            ("paper", "Paper looked at"),
                            ("comment", "Comment of one side"),
                            ("finding", "Finding"),
                            ("questions_back", "Questions of the decision maker"),
                            ("decision", "Decision"),
                            ("outcome_letter", "Outcome, as told to the respondent"),
                            ("remedy", "Remedy"),
                            ("sanction", "Sanction"),
                            ("agreement", "What was agreed"),
                            ("appeal", "Appeal"),
                            ("appeal_decision", "Decision on the appeal"),
                            ("handling_concern", "Concern about handling"),
                            ("check_answer", "Answer to a check"),
                            ("check_note", "Check made"),
                            ("hr_review", "Review of HR data"),
                            ("retaliation", "Retaliation"),
                            ("learning_note", "Learning note"),
                            ("closure", "Closing"),
                            ("closing_answer", "Her answer to the closing"),
                            ("safety_decision", "Decision of two leads"),
                            ("safety_plan", "Safety plan"),
                            ("legal_duty", "Legal duty"),
                            ("follow_up", "Follow-up"),
                            ("wider_risk", "Risk to others"),
                            ("referral", "Referral"),
                            ("classified", "Severity and class, by the expert"),
                            ("link", "Link to another case"),
                        ],
                        max_length=24,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "author_kind",
                    models.CharField(
                        choices=[("complainant", "Complainant"), ("handler", "Handler"), ("system", "System")],
                        max_length=16,
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("sealed_key", models.BinaryField()),
                ("envelope", models.BinaryField()),
                ("written_on", models.DateField()),
                ("visible_from", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["key", "number"], name="entry_key_number")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "answers",
                                    "severity_full",
                                    "exclusion_text",
                                    "message",
                                    "picture",
                                    "note",
                                    "triage",
                                    "conflict_text",
                                    "interim",
                                    "path",
                                    "first_look",
                                    "danger_confirmed",
                                    "not_safe",
                                    "allegation",
                                    "inquiry_plan",
                                    "respondent_notice",
                                    "respondent_reply",
                                    "interview",
                                    "paper",
                                    "comment",
                                    "finding",
                                    "questions_back",
                                    "decision",
                                    "outcome_letter",
                                    "remedy",
                                    "sanction",
                                    "agreement",
                                    "appeal",
                                    "appeal_decision",
                                    "handling_concern",
                                    "check_answer",
                                    "check_note",
                                    "hr_review",
                                    "retaliation",
                                    "learning_note",
                                    "closure",
                                    "closing_answer",
                                    "safety_decision",
                                    "safety_plan",
                                    "legal_duty",
                                    "follow_up",
                                    "wider_risk",
                                    "referral",
                                    "classified",
                                    "link",
                                ],
                            )
                        ),
                        name="entry_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("author__isnull", False), ("author_kind", "handler")),
                            models.Q(("author_kind__in", ["complainant", "system"]), ("author", None)),
                            _connector="OR",
                        ),
                        name="entry_author_fits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="complaints.compartmentkey",
                    ),
                ),
                (
                    "person_key",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="accounts.personkey",
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="complaints.receipt",
                    ),
                ),
                ("to_recovery", models.BooleanField(default=False)),
                ("sealed_private", models.BinaryField()),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("given_on", models.DateField()),
                ("reason", models.CharField(max_length=24)),
                ("visible_from", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key", "person_key"), name="grant_once_per_person_key"),
                    models.UniqueConstraint(fields=("key", "receipt"), name="grant_once_per_receipt"),
                    models.UniqueConstraint(
                        condition=models.Q(("to_recovery", True)), fields=("key",), name="grant_once_to_recovery"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person_key__isnull", False), ("receipt", None), ("to_recovery", False)),
                            models.Q(("person_key", None), ("receipt__isnull", False), ("to_recovery", False)),
                            models.Q(("person_key", None), ("receipt", None), ("to_recovery", True)),
                            _connector="OR",
                        ),
                        name="grant_has_one_holder",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inquirer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="inquirers", to="complaints.case"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("since", models.DateField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "person"), name="inquirer_once")],
            },
        ),
        migrations.CreateModel(
            name="Allegation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="allegations", to="complaints.case"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("substantiated", "Substantiated"),
                            ("partly_substantiated", "Partly substantiated"),
                            ("not_enough_information", "Not enough information"),
                            ("not_substantiated", "Not substantiated"),
                        ],
                        max_length=24,
                    ),
                ),
                ("found_on", models.DateField(null=True)),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="allegation_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result", ""),
                            (
                                "result__in",
                                [
                                    "substantiated",
                                    "partly_substantiated",
                                    "not_enough_information",
                                    "not_substantiated",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="allegation_result_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("found_on", None), ("result", "")),
                            models.Q(models.Q(("result", ""), _negated=True), ("found_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="allegation_found_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="complaints.case"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("decided_on", models.DateField()),
                ("is_recommendation", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("case", "number"), name="decision_numbered_once")],
            },
        ),
        migrations.CreateModel(
            name="Sanction",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sanctions", to="complaints.case"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("learning_talk", "Learning conversation"),
                            ("verbal_warning", "Verbal warning"),
                            ("written_warning", "Written warning"),
                            ("final_warning", "Final warning"),
                            ("power_taken", "Loss of power over others"),
                            ("transfer", "Transfer"),
                            ("suspension", "Suspension within the law"),
                            ("dismissal", "Dismissal within the law"),
                            ("removed_from_site", "For outsiders: removal from the site"),
                            ("contract_ended", "For outsiders: end of the contract"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sanctions", to="complaints.decision"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("due_on", models.DateField()),
                ("done_on", models.DateField(null=True)),
                ("checked_on", models.DateField(null=True)),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="sanction_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "code__in",
                                [
                                    "learning_talk",
                                    "verbal_warning",
                                    "written_warning",
                                    "final_warning",
                                    "power_taken",
                                    "transfer",
                                    "suspension",
                                    "dismissal",
                                    "removed_from_site",
                                    "contract_ended",
                                ],
                            )
                        ),
                        name="sanction_code_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_by", None),
                            models.Q(("checked_by", models.F("owner")), _negated=True),
                            _connector="OR",
                        ),
                        name="sanction_checked_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="appeals", to="complaints.case"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "side",
                    models.CharField(
                        choices=[("complainant", "Complainant"), ("respondent", "Respondent")], max_length=16
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("new_information", "New Information"),
                            ("step_not_followed", "Step Not Followed"),
                            ("unfair", "Unfair"),
                            ("too_weak", "Too Weak"),
                            ("too_strong", "Too Strong"),
                            ("conflict", "Conflict"),
                        ],
                        max_length=24,
                    ),
                ),
                ("received_on", models.DateField()),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_on", models.DateField(null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "Confirmed"),
                            ("changed", "Changed"),
                            ("sent_back", "Sent back with directions"),
                            ("withdrawn", "Nobody decides it any more: the case was stopped"),
                        ],
                        max_length=16,
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="appeal_numbered_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("decided_on", None)), fields=("case",), name="appeal_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_on", None), ("result", "")),
                            models.Q(
                                ("decided_on__isnull", False),
                                ("result__in", ("confirmed", "changed", "sent_back")),
                                ("reviewer__isnull", False),
                            ),
                            models.Q(("decided_on__isnull", False), ("result", "withdrawn")),
                            _connector="OR",
                        ),
                        name="appeal_decided_has_result",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="complaints.case"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("case_officer", "Case officer"),
                            ("committee_member", "Committee member"),
                            ("committee_chair", "Committee chair"),
                            ("outside_member", "Outside member"),
                            ("decision_maker", "Decision maker"),
                            ("appeal_reviewer", "Appeal reviewer"),
                            ("technical_expert", "Technical expert"),
                            ("safeguarding_lead", "Safeguarding lead"),
                        ],
                        max_length=24,
                    ),
                ),
                ("standing_by", models.BooleanField(default=False)),
                ("since", models.DateField()),
                ("visible_from", models.DateTimeField()),
                ("ended_on", models.DateField(null=True)),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("moved_outside", "Moved Outside"),
                            ("hold", "Hold"),
                            ("excluded", "Excluded"),
                            ("handed_over", "Handed Over"),
                            ("left", "Left"),
                            ("hold_lifted", "Hold Lifted"),
                            ("appeal_closed", "Appeal Closed"),
                            ("purged", "Purged"),
                        ],
                        max_length=16,
                    ),
                ),
                ("opened_on", models.DateField(null=True)),
                ("next_due_at", models.DateTimeField()),
                ("closed", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed", False), ("ended_on", None), ("standing_by", False)),
                        fields=["person", "next_due_at", "id"],
                        name="assignment_work_list",
                    ),
                    models.Index(
                        condition=models.Q(("ended_because__in", ["moved_outside", "hold"])),
                        fields=["person", "-ended_on", "id"],
                        name="assignment_gone_outside",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("case", "person"),
                        name="assignment_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "case_officer",
                                    "committee_member",
                                    "committee_chair",
                                    "outside_member",
                                    "decision_maker",
                                    "appeal_reviewer",
                                    "technical_expert",
                                    "safeguarding_lead",
                                ],
                            )
                        ),
                        name="assignment_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConflictDeclaration",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="declarations", to="complaints.case"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("none", "No conflict of interest"),
                            ("possible", "Possibly; somebody else should decide"),
                            ("yes", "Yes; I must not handle this case"),
                        ],
                        max_length=16,
                    ),
                ),
                ("declared_at", models.DateTimeField()),
                ("may_handle", models.BooleanField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("false_found_on", models.DateField(null=True)),
                (
                    "false_found_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("false_found_on__isnull", False)),
                        fields=["false_found_on"],
                        name="declaration_false",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("false_found_by", None), ("false_found_on", None)),
                            models.Q(
                                ("false_found_by__isnull", False),
                                ("false_found_on__isnull", False),
                                models.Q(("false_found_by", models.F("person")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="declaration_found_false_by_another",
                    ),
                    models.UniqueConstraint(fields=("case", "person"), name="declaration_once_per_case_and_person"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "none"), ("may_handle", True)),
                            models.Q(("answer", "yes"), ("may_handle", False)),
                            ("answer", "possible"),
                            _connector="OR",
                        ),
                        name="declaration_answer_has_consequence",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exclusions", to="complaints.case"
                    ),
                ),
                ("mark", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Deadline",
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deadlines", to="complaints.case"
                    ),
                ),
                ("owner", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["due_at"],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("dropped_at", None), ("met_at", None)),
                        fields=["due_at"],
                        name="deadline_open_by_day",
                    ),
                    models.Index(
                        condition=models.Q(("dropped_at", None), ("met_at", None)),
                        fields=["case", "due_at"],
                        name="deadline_open_by_case",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("starts_at"))),
                        name="complaints_deadline_due_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("met_at", None), ("dropped_at", None), _connector="OR"),
                        name="complaints_deadline_met_or_dropped",
                    ),
                    models.UniqueConstraint(fields=("case", "code", "ordinal"), name="deadline_once_per_ordinal"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="complaints.case"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("check_14", "Check after 14 days"),
                            ("check_30", "Check after 30 days"),
                            ("check_60", "Check after 60 days"),
                            ("check_90", "Check after 90 days"),
                            ("records_review_180", "HR data after 180 days"),
                            ("stopped_check_30", "Check 30 days after she stopped"),
                            ("stopped_check_90", "Check 90 days after she stopped"),
                            ("follow_up_7", "Follow-up after 7 days"),
                            ("follow_up_30", "Follow-up after 30 days"),
                            ("follow_up_60", "Follow-up after 60 days"),
                            ("follow_up_90", "Follow-up after 90 days"),
                            ("follow_up_180", "Follow-up after 180 days"),
                            ("follow_up_365", "Follow-up after 365 days"),
                        ],
                        max_length=24,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("due_on", models.DateField()),
                ("cap_on", models.DateField()),
                (
                    "deadline",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="check_of",
                        to="complaints.deadline",
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("last_try_on", models.DateField(null=True)),
                ("answered_on", models.DateField(null=True)),
                ("hr_reviewed_on", models.DateField(null=True)),
                ("done_on", models.DateField(null=True)),
                ("dropped_on", models.DateField(null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("answered", "Answered"), ("no_answer", "No answer; never counted as fine")],
                        max_length=16,
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "code", "number"), name="check_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "code__in",
                                [
                                    "check_14",
                                    "check_30",
                                    "check_60",
                                    "check_90",
                                    "records_review_180",
                                    "stopped_check_30",
                                    "stopped_check_90",
                                    "follow_up_7",
                                    "follow_up_30",
                                    "follow_up_60",
                                    "follow_up_90",
                                    "follow_up_180",
                                    "follow_up_365",
                                ],
                            )
                        ),
                        name="check_code_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("result", "answered"), _negated=True),
                            ("answered_on__isnull", False),
                            _connector="OR",
                        ),
                        name="check_answered_only_with_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_on", None), ("result", "")),
                            models.Q(("done_on__isnull", False), ("result__in", ["answered", "no_answer"])),
                            _connector="OR",
                        ),
                        name="check_done_has_result",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Remedy",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="remedies", to="complaints.case"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "scope",
                    models.CharField(
                        choices=[("person", "For the affected person"), ("workplace", "For the workplace")],
                        max_length=16,
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("acknowledgement", "Acknowledgement that it happened"),
                            ("apology", "Apology, in writing, if she wants one"),
                            ("pay_restored", "Pay, bonus, leave or position restored"),
                            ("compensation", "Compensation"),
                            ("paid_care", "Paid health care and counselling"),
                            ("place_changed", "Change of place, at her wish"),
                            ("record_corrected", "Record corrected"),
                            ("contract_renewed", "Contract renewed"),
                            ("no_contact_promise", "Written no-contact promise"),
                            ("rights_told", "Information about outside rights"),
                            ("supervision_changed", "Supervision changed"),
                            ("second_person_rule", "Second-person rule"),
                            ("layout", "Layout changed"),
                            ("light", "Light"),
                            ("transport", "Transport"),
                            ("target_rules", "Target or bonus rules"),
                            ("group_training", "Training for a group"),
                            ("policy_change", "Policy changed"),
                            ("others_safe", "Other workers' safety"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("due_on", models.DateField()),
                (
                    "deadline",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="remedy",
                        to="complaints.deadline",
                    ),
                ),
                ("done_on", models.DateField(null=True)),
                ("times_asked", models.PositiveSmallIntegerField(default=0)),
                ("verified_on", models.DateField(null=True)),
                (
                    "verified_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("complainant", "The affected person"),
                            ("expert", "The expert for her"),
                            ("evidence", "Other evidence, after two unanswered requests"),
                        ],
                        max_length=16,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "remedies",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="remedy_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "code__in",
                                [
                                    "acknowledgement",
                                    "apology",
                                    "pay_restored",
                                    "compensation",
                                    "paid_care",
                                    "place_changed",
                                    "record_corrected",
                                    "contract_renewed",
                                    "no_contact_promise",
                                    "rights_told",
                                    "supervision_changed",
                                    "second_person_rule",
                                    "layout",
                                    "light",
                                    "transport",
                                    "target_rules",
                                    "group_training",
                                    "policy_change",
                                    "others_safe",
                                ],
                            )
                        ),
                        name="remedy_code_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified_by", ""), ("verified_on", None)),
                            models.Q(
                                ("verified_by__in", ["complainant", "expert", "evidence"]),
                                ("verified_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="remedy_verified_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rung",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="rungs", to="complaints.deadline"
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
                        name="complaints_rung_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__in", ["reminder_before", "reminder_due", "L1", "L2", "L2c", "L3", "L4"])
                        ),
                        name="complaints_rung_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("raised_at", None), ("dropped_at", None), _connector="OR"),
                        name="complaints_rung_raised_or_dropped",
                    ),
                    models.UniqueConstraint(fields=("deadline", "level"), name="complaints_rung_level_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="complaints.case"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("complaint_filed", "Complaint filed"),
                            ("compartment_opened", "Opened"),
                            ("acknowledged", "Acknowledged"),
                            ("conflict_declared", "Conflict of interest declared"),
                            ("conflict_decided", "Possible conflict decided"),
                            ("declaration_false", "Conflict declaration found to be false"),
                            ("breach_noted", "Breach of confidentiality noted"),
                            ("conflict_question", "Conflict question asked"),
                            ("conflict_answered", "Conflict question answered"),
                            ("triaged", "Triage done"),
                            ("danger_confirmed", "Safety confirmed outside"),
                            ("interim_decided", "Interim measure decided"),
                            ("interim_reviewed", "Interim measure reviewed"),
                            ("path_agreed", "Path agreed"),
                            ("note_added", "Note added"),
                            ("message_sent", "Message from a handler"),
                            ("message_received", "Message from the complainant"),
                            ("picture_added", "Picture added"),
                            ("consent_changed", "Consent changed"),
                            ("new_number", "New receipt number"),
                            ("not_safe", "Urgent, outside"),
                            ("moved_outside", "Moved outside the factory"),
                            ("stop_asked", "Paused at the complainant's wish"),
                            ("stop_taken_back", "Goes on at the complainant's wish"),
                            ("closed", "Closed"),
                            ("first_look", "First look"),
                            ("urgent_contacted", "Urgent contact made"),
                            ("hold_opened", "Safeguarding hold opened"),
                            ("hold_lift_proposed", "End of the hold proposed"),
                            ("hold_lifted", "Safeguarding hold ended"),
                            ("handover_proposed", "Handing over proposed"),
                            ("handed_to_factory", "Handed to the factory"),
                            ("route_chosen", "Route chosen later"),
                            ("assigned", "Handler added"),
                            ("assignment_ended", "Handler ended"),
                            ("excluded", "Excluded"),
                            ("grant_shared", "Shared again by a colleague"),
                            ("recovered", "Brought back by the recovery ceremony"),
                            ("set_aside", "Set aside with a burst"),
                            ("taken_out", "Taken out of a burst"),
                            ("rung_raised", "Late: told to the next level"),
                            ("name_matched", "Excluded name matched"),
                            ("factory_matched", "Factory matched"),
                            ("filed_for_her", "Written down by somebody else"),
                            ("inquiry_begun", "Inquiry begun"),
                            ("respondent_told", "Respondent told"),
                            ("respondent_replied", "Respondent's answer noted"),
                            ("heard", "Somebody was heard"),
                            ("paper_added", "Paper looked at"),
                            ("comments_asked", "Comments asked for"),
                            ("commented", "Comment noted"),
                            ("inquiry_completed", "Inquiry complete"),
                            ("finding_made", "Finding made"),
                            ("sent_back", "Sent back with questions"),
                            ("decision_passed", "Given to the outside member to decide"),
                            ("decided", "Decided"),
                            ("recommended", "Recommended"),
                            ("recommendation_answered", "Answered whether the factory may read the recommendation"),
                            ("recommendation_passed", "Recommendation given to the factory"),
                            ("outcome_told", "Outcome told"),
                            ("feedback_given", "Overall answer given"),
                            ("path_changed", "Path changed"),
                            ("fast_track", "Fast track taken"),
                            ("talk_stopped", "Talk stopped: she chooses another way"),
                            ("wait_ended", "What waited for her answer goes on"),
                            ("promise_kept", "Promise kept, as she confirmed"),
                            ("action_begun", "Action begun"),
                            ("remedy_added", "Remedy added"),
                            ("remedy_done", "Remedy said to be done"),
                            ("remedy_asked", "Asked whether a remedy was done"),
                            ("remedy_verified", "Remedy verified"),
                            ("remedy_not_done", "Remedy not done yet, says the affected person"),
                            ("sanction_done", "Sanction carried out"),
                            ("sanction_checked", "Sanction checked"),
                            ("monitoring_begun", "Monitoring begun"),
                            ("appeal_opened", "Appeal opened"),
                            ("appeal_given", "Appeal given to a reviewer"),
                            ("appeal_decided", "Appeal decided"),
                            ("handling_concern", "Concern about handling"),
                            ("concern_answered", "Concern about handling answered"),
                            ("check_asked", "Asked how she is"),
                            ("check_answered", "Check answered"),
                            ("hr_reviewed", "HR data reviewed"),
                            ("check_done", "Check done"),
                            ("retaliation_concern", "Retaliation told of"),
                            ("retaliation_settled", "Retaliation put right"),
                            ("learning_written", "Learning note written"),
                            ("closure_ticked", "Ready to close, says the handler"),
                            ("closure_confirmed", "Ready to close, says a second person"),
                            ("closing_asked", "Asked whether it may be closed"),
                            ("closing_answered", "Answered whether it may be closed"),
                            ("reopened", "Opened again"),
                            ("safety_proposed", "Decision proposed by one lead"),
                            ("safety_decided", "Decision of two leads"),
                            ("safety_planned", "Safety plan written"),
                            ("duty_noted", "Legal duty noted"),
                            ("followed_up", "Followed up"),
                            ("wider_risk", "Risk to others looked at"),
                            ("referral_offered", "Referral offered"),
                            ("referral_answered", "Referral answered"),
                            ("referral_noted", "Referral went on"),
                            ("classified", "Severity and class set"),
                            ("case_linked", "Linked to another case"),
                            ("receipt_given", "Another receipt given"),
                            ("receipt_left", "Somebody of the group left"),
                            ("deletion_asked", "Deletion of own words asked"),
                            ("deletion_taken_back", "Deletion of own words taken back"),
                            ("words_deleted", "Own words deleted"),
                            ("renewed", "Kept for another year"),
                            ("legal_hold_set", "Legal hold set"),
                            ("legal_hold_ended", "Legal hold ended"),
                            ("purged", "Content deleted"),
                        ],
                        max_length=32,
                    ),
                ),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[("complainant", "Complainant"), ("handler", "Handler"), ("system", "System")],
                        max_length=16,
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField(null=True)),
                (
                    "compartment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("story", "Story"),
                            ("circumstances", "Circumstances"),
                            ("respondent", "Respondent"),
                            ("identity", "Identity"),
                            ("freedom", "Freedom"),
                            ("inbox", "Inbox"),
                            ("pictures", "Pictures"),
                            ("record", "Record"),
                            ("finding", "Finding"),
                        ],
                        max_length=16,
                    ),
                ),
                ("contents", models.JSONField(null=True)),
                ("salt", models.BinaryField(max_length=16, null=True)),
                ("digest", models.BinaryField(max_length=32)),
                ("mac", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="event_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("actor_kind", "complainant"), _negated=True), ("at", None), _connector="OR"
                        ),
                        name="event_of_complainant_has_no_minute",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "complaint_filed",
                                    "compartment_opened",
                                    "acknowledged",
                                    "conflict_declared",
                                    "conflict_decided",
                                    "declaration_false",
                                    "breach_noted",
                                    "conflict_question",
                                    "conflict_answered",
                                    "triaged",
                                    "danger_confirmed",
                                    "interim_decided",
                                    "interim_reviewed",
                                    "path_agreed",
                                    "note_added",
                                    "message_sent",
                                    "message_received",
                                    "picture_added",
                                    "consent_changed",
                                    "new_number",
                                    "not_safe",
                                    "moved_outside",
                                    "stop_asked",
                                    "stop_taken_back",
                                    "closed",
                                    "first_look",
                                    "urgent_contacted",
                                    "hold_opened",
                                    "hold_lift_proposed",
                                    "hold_lifted",
                                    "handover_proposed",
                                    "handed_to_factory",
                                    "route_chosen",
                                    "assigned",
                                    "assignment_ended",
                                    "excluded",
                                    "grant_shared",
                                    "recovered",
                                    "set_aside",
                                    "taken_out",
                                    "rung_raised",
                                    "name_matched",
                                    "factory_matched",
                                    "filed_for_her",
                                    "inquiry_begun",
                                    "respondent_told",
                                    "respondent_replied",
                                    "heard",
                                    "paper_added",
                                    "comments_asked",
                                    "commented",
                                    "inquiry_completed",
                                    "finding_made",
                                    "sent_back",
                                    "decision_passed",
                                    "decided",
                                    "recommended",
                                    "recommendation_answered",
                                    "recommendation_passed",
                                    "outcome_told",
                                    "feedback_given",
                                    "path_changed",
                                    "fast_track",
                                    "talk_stopped",
                                    "wait_ended",
                                    "promise_kept",
                                    "action_begun",
                                    "remedy_added",
                                    "remedy_done",
                                    "remedy_asked",
                                    "remedy_verified",
                                    "remedy_not_done",
                                    "sanction_done",
                                    "sanction_checked",
                                    "monitoring_begun",
                                    "appeal_opened",
                                    "appeal_given",
                                    "appeal_decided",
                                    "handling_concern",
                                    "concern_answered",
                                    "check_asked",
                                    "check_answered",
                                    "hr_reviewed",
                                    "check_done",
                                    "retaliation_concern",
                                    "retaliation_settled",
                                    "learning_written",
                                    "closure_ticked",
                                    "closure_confirmed",
                                    "closing_asked",
                                    "closing_answered",
                                    "reopened",
                                    "safety_proposed",
                                    "safety_decided",
                                    "safety_planned",
                                    "duty_noted",
                                    "followed_up",
                                    "wider_risk",
                                    "referral_offered",
                                    "referral_answered",
                                    "referral_noted",
                                    "classified",
                                    "case_linked",
                                    "receipt_given",
                                    "receipt_left",
                                    "deletion_asked",
                                    "deletion_taken_back",
                                    "words_deleted",
                                    "renewed",
                                    "legal_hold_set",
                                    "legal_hold_ended",
                                    "purged",
                                ],
                            )
                        ),
                        name="event_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DailyHead",
            fields=[
                ("on", models.DateField(primary_key=True, serialize=False)),
                ("cases", models.PositiveIntegerField()),
                ("mac", models.BinaryField(max_length=32)),
                ("ends", models.BinaryField(default=bytes)),
                ("sent_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="legal_holds", to="complaints.case"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("court", "A court or tribunal has asked for it"),
                            ("inspection", "The labour inspection has asked for it"),
                            ("appeal_outside", "An outside appeal or arbitration is open"),
                            ("sanction_open", "A sanction that rests on it is not final yet"),
                            ("her_wish", "She asked us to keep it longer"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("placed_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason__in", ["court", "inspection", "appeal_outside", "sanction_open", "her_wish"])
                        ),
                        name="legalhold_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__gt", models.F("placed_on")),
                            (
                                "ends_on__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("placed_on"), "+", models.Value(datetime.timedelta(days=366))
                                ),
                            ),
                        ),
                        name="legalhold_ends_within_a_year",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SatisfactionTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "factory",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="factories.factory"
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="factories.countrypack"
                    ),
                ),
                ("quarter", models.CharField(max_length=6)),
                ("answers", models.PositiveIntegerField(default=0)),
                ("good", models.PositiveIntegerField(default=0)),
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
        migrations.CreateModel(
            name="StatQuarter",
            fields=[
                ("quarter", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("computed_on", models.DateField()),
                ("version", models.CharField(max_length=8)),
            ],
            options={
                "ordering": ["quarter"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quarter__regex", "^20\\d\\dQ[1-4]$")), name="statquarter_is_a_quarter"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatSnapshot",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "quarter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.statquarter"
                    ),
                ),
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
                (
                    "factory",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="factories.factory"
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="factories.countrypack",
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("quarter", "scope", "factory", "country", "code", "part", "span"),
                        name="statsnapshot_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scope__in", ["factory", "experts", "country", "programme", "safeguarding"])
                        ),
                        name="statsnapshot_scope_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("span__in", [1, 4])), name="statsnapshot_one_or_four_quarters"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("country", None), ("factory__isnull", False), ("scope", "factory")),
                            models.Q(
                                ("country__isnull", False), ("factory", None), ("scope__in", ["experts", "country"])
                            ),
                            models.Q(
                                ("country", None), ("factory", None), ("scope__in", ["programme", "safeguarding"])
                            ),
                            _connector="OR",
                        ),
                        name="statsnapshot_scope_has_its_place",
                    ),
                ],
            },
        ),
    ]
