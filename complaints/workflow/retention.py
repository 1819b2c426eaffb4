"""How long content is kept, and how it ends: her own deletion, renewals, legal holds, the purge. Workflow, section 15.

Nothing here needs a key. What is deleted is gone: entries, keys, grants and receipts; what stays are codes and days.
The database repeats the rule: it lets go of an entry only when its time is over, or when she asked for it a day ago.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints import compartments, deadlines, events, reading
from complaints.casecodes import HER_KINDS, Author, EventKind, HoldReason
from complaints.codes import Side
from complaints.models import Assignment, Case, Compartment, CompartmentKey, Entry, Event, Grant, LegalHold, Receipt
from complaints.models.retention import KEPT_MONTHS, months_after
from complaints.workflow.places import tell
from complaints.workflow.step import StepRefused, hour_after
from complaints.workflow.table import taking

ACCESS_RECORD_MONTHS = 24
RESULTS_MONTHS = 60
TAKE_BACK = timedelta(hours=24)
AT_ONCE = 500  # Cases of one run; the next one goes on.
# What stays of the chain after the purge, for five years: results, remedies and sanctions by code, and days.
RESULTS = (
    EventKind.COMPLAINT_FILED,
    EventKind.PATH_AGREED,
    EventKind.PATH_CHANGED,
    EventKind.FINDING_MADE,
    EventKind.DECIDED,
    EventKind.RECOMMENDED,
    EventKind.OUTCOME_TOLD,
    EventKind.REMEDY_ADDED,
    EventKind.REMEDY_DONE,
    EventKind.REMEDY_VERIFIED,
    EventKind.SANCTION_DONE,
    EventKind.SANCTION_CHECKED,
    EventKind.APPEAL_DECIDED,
    EventKind.CLOSED,
    EventKind.REOPENED,
    EventKind.RENEWED,
    EventKind.LEGAL_HOLD_SET,
    EventKind.LEGAL_HOLD_ENDED,
    EventKind.PURGED,
)


def keep_until(case: Case, *, at: datetime) -> date:
    """The day after which content that is done with today is deleted: one period for every case."""
    return months_after(case.local_day(at), KEPT_MONTHS)


def holds_of(case: Case, *, at: datetime) -> QuerySet[LegalHold]:
    """The legal holds that stand today."""
    return case.legal_holds.filter(ended_on=None, ends_on__gte=case.local_day(at))


def standing_holds(case: Case, *, at: datetime) -> list[LegalHold]:
    """The same for a page, read once."""
    return [one for one in reading.legal_holds(case) if one.ends_on >= case.local_day(at)]


def is_over(case: Case, *, at: datetime) -> bool:
    """Whether the time of this content is over, and nobody opens it any more, purged or not."""
    if case.purged_at is not None:
        return True
    if not _counts(case) or case.purge_after is None or case.local_day(at) <= case.purge_after:
        return False
    return not standing_holds(case, at=at)


def _counts(case: Case) -> bool:
    """Time runs only for what is done with: a closed case, or one that is only kept and not held for her safety."""
    return case.closed_at is not None or case.side == Side.KEPT


# --- Renewing -----------------------------------------------------------------------------------------------------


def renew(case: Case, *, at: datetime) -> Case:
    """She asks us to keep it for another year, counted from today."""
    with taking("renew", case, at=at, her=True) as (case, actor):
        _not_over(case, at)
        case.purge_after = keep_until(case, at=at)
        case.save(update_fields=["purge_after"])
        events.record(case, EventKind.RENEWED, her=True, at=at)
    return case


def _not_over(case: Case, at: datetime) -> None:
    if is_over(case, at=at):
        raise StepRefused(_("The time of this case is over. Its content is deleted, and nothing is done with it."))


# --- Legal holds --------------------------------------------------------------------------------------------------


def place_legal_hold(case: Case, *, by: Person, reason: str, ends_on: date, at: datetime) -> LegalHold:
    """Keep the content longer, for a reason of the list and until a day at most twelve months ahead."""
    if reason not in HoldReason.values:
        raise StepRefused(_("Choose why it has to be kept."))
    with taking("place_legal_hold", case, at=at, by=by) as (case, actor):
        _not_over(case, at)
        today = case.local_day(at)
        if not today < ends_on <= months_after(today, KEPT_MONTHS):
            raise StepRefused(_("Choose a last day within the next twelve months. It can be set again before it ends."))
        if holds_of(case, at=at).filter(reason=reason).exists():
            raise StepRefused(_("The case is kept for this reason already. End that hold first to change its day."))
        hold = LegalHold.objects.create(case=case, reason=reason, placed_by=by, placed_on=today, ends_on=ends_on)
        contents = {"hold": str(hold.pk), "reason": reason, "until": ends_on.isoformat()}
        events.record(case, EventKind.LEGAL_HOLD_SET, by=by, at=at, contents=contents)
    return hold


def end_legal_hold(case: Case, *, by: Person, hold: LegalHold, at: datetime) -> None:
    """End a legal hold before its time: what is due is deleted at the next run."""
    with taking("end_legal_hold", case, at=at, by=by) as (case, actor):
        standing = holds_of(case, at=at).filter(pk=hold.pk).first()
        if standing is None:
            raise StepRefused(_("This hold has ended already."))
        standing.ended_on, standing.ended_by = case.local_day(at), by
        standing.save(update_fields=["ended_on", "ended_by"])
        events.record(case, EventKind.LEGAL_HOLD_ENDED, by=by, at=at, contents={"hold": str(hold.pk)})


# --- Delete my words ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Delay:
    """What makes a deletion of her words wait. Workflow, section 15: these two and nothing else."""

    legal_hold_until: date | None = None
    sanction: bool = False

    def __bool__(self) -> bool:
        return self.legal_hold_until is not None or self.sanction


def delay_of(case: Case, *, at: datetime) -> Delay:
    """What her deletion would wait for today: a legal hold, or a sanction that rests on her words and is not final.

    A sanction is final once it was carried out and nobody can appeal any more.
    """
    until = holds_of(case, at=at).aggregate(last=Max("ends_on"))["last"]
    open_appeal = case.appeals.filter(decided_on=None).exists() or deadlines.is_open(case, "appeal_window")
    waiting = case.sanctions.filter(Q(done_on=None) if not open_appeal else Q())
    return Delay(until, waiting.exists())


def ask_deletion(case: Case, *, at: datetime) -> Case:
    """She asks that her words are deleted: final after 24 hours, and until then she can take it back.

    What is written from now on lies under new keys, so that the old ones can go whole, without anybody's key in hand.
    """
    with taking("ask_deletion", case, at=at, her=True) as (case, actor):
        if case.delete_asked_on is not None:
            raise StepRefused(_("You have asked for it already. It is deleted tomorrow unless you change your mind."))
        case.delete_asked_on = case.local_day(at)
        case.delete_final_at = hour_after(at) + TAKE_BACK  # Rounded up: no minute of hers, and never fewer hours.
        case.save(update_fields=["delete_asked_on", "delete_final_at"])
        for kind in HER_KINDS:
            compartments.new_generation(case, kind, at=at)
        events.record(case, EventKind.DELETION_ASKED, her=True, at=at)
    return case


def take_deletion_back(case: Case, *, at: datetime) -> Case:
    """Keep my words after all. Also after 24 hours, as long as nothing has been deleted yet."""
    with taking("take_deletion_back", case, at=at, her=True) as (case, actor):
        if case.delete_asked_on is None:
            raise StepRefused(_("Nothing is going to be deleted. Your case has changed since you opened this page."))
        case.delete_asked_on = case.delete_final_at = None
        case.save(update_fields=["delete_asked_on", "delete_final_at"])
        events.record(case, EventKind.DELETION_TAKEN_BACK, her=True, at=at)
    return case


def finish_deletion(case: Case, *, at: datetime) -> Case:
    """Delete what she asked to delete 24 hours ago: her entries, and all but the newest key of her compartments."""
    with taking("finish_deletion", case, at=at) as (case, actor):
        if case.delete_final_at is None or at < case.delete_final_at:
            raise StepRefused("the 24 hours are not over")
        if delay_of(case, at=at):
            raise StepRefused("a legal hold or a sanction makes it wait")
        hers = Compartment.objects.filter(case=case, kind__in=HER_KINDS)
        newest = dict(hers.annotate(last=Max("keys__generation")).values_list("pk", "last"))
        gone = [
            key
            for key in CompartmentKey.objects.filter(compartment__in=hers)
            if key.generation < newest[key.compartment_id]
        ]
        Entry.objects.filter(key__in=gone).delete()
        Entry.objects.filter(key__compartment__in=hers, author_kind=Author.COMPLAINANT).delete()
        Grant.objects.filter(key__in=gone).delete()
        CompartmentKey.objects.filter(pk__in=[key.pk for key in gone]).delete()
        case.words_deleted_on = case.local_day(at)
        case.delete_asked_on = case.delete_final_at = None
        case.save(update_fields=["words_deleted_on", "delete_asked_on", "delete_final_at"])
        events.record(case, EventKind.WORDS_DELETED, at=at)
        current = case.assignments.current().filter(standing_by=False).select_related("person")
        people = [one.person for one in current]
        tell(case, people, "words_deleted", cause=f"words_deleted:{case.pk}:{case.last_event}", at=at)
    return case


def finish_deletions(*, at: datetime) -> int:
    """Finish every deletion whose time has come; harmless when run twice or in two workers."""
    done = 0
    for case in Case.objects.filter(delete_final_at__lte=at).order_by("delete_final_at")[:AT_ONCE]:
        try:
            finish_deletion(case, at=at)
        except StepRefused:
            continue  # She took it back, another worker was quicker, or it has to wait.
        done += 1
    return done


# --- When the time is over ----------------------------------------------------------------------------------------


@dataclass
class Deleted:
    """What a run deleted, or would delete: counts only."""

    cases: int = 0
    entries: int = 0
    openings: int = 0
    records: int = 0


def purge(case: Case, *, at: datetime) -> Case:
    """Delete everything of a case that is not a code or a day. A legal hold that arrives first makes it wait."""
    with taking("purge", case, at=at) as (case, actor):
        if case.purged_at is not None or not is_over(case, at=at):
            raise StepRefused("it is deleted already, its time is not over, or a legal hold stands")
        keys = CompartmentKey.objects.filter(compartment__case=case)
        Entry.objects.filter(key__in=keys).delete()
        Grant.objects.filter(key__in=keys).delete()
        keys.delete()
        case.compartments.all().delete()
        # A number that still opens a linked case stays until that one is deleted, too: it opens nothing here any more.
        Receipt.objects.filter(Q(case=case) | Q(case__links__other=case, case__purged_at__isnull=False)).filter(
            grants=None
        ).delete()
        case.exclusions.all().delete()
        case.consents.all().delete()
        _empty(case.events.exclude(kind__in=[*RESULTS, EventKind.COMPARTMENT_OPENED]))
        deadlines.drop(case, at=at)
        over = {"ended_on": case.local_day(at), "ended_because": Assignment.Ended.PURGED}
        case.assignments.current().update(**over)
        case.conduct_types, case.job_not_stated, case.burst = [], False, None
        case.delete_asked_on = case.delete_final_at = case.handover_proposed_on = None
        case.purged_at = at
        case.save(
            update_fields=[
                "conduct_types",
                "job_not_stated",
                "burst",
                "delete_asked_on",
                "delete_final_at",
                "handover_proposed_on",
                "purged_at",
            ]
        )
        events.record(case, EventKind.PURGED, at=at)
    return case


def _empty(found: QuerySet[Event]) -> int:
    """Empty events of their contents; their digests stay."""
    return found.filter(contents__isnull=False).update(contents=None, salt=None)


def due(*, at: datetime) -> QuerySet[Case]:
    """Cases whose content may be over: the day of each decides when it is purged."""
    return Case.objects.filter(purged_at=None, purge_after__lt=at.date() + timedelta(days=1)).order_by("purge_after")


def purge_due(*, at: datetime) -> Deleted:
    """Delete whatever has had its time, in small transactions; harmless twice, late, or in two workers."""
    done = Deleted()
    for case in due(at=at).select_related("country", "factory__country")[:AT_ONCE]:
        entries = Entry.objects.filter(key__compartment__case=case).count()
        try:
            purge(case, at=at)
        except StepRefused:
            continue  # A legal hold, another worker, or its day has not ended where it is.
        done.cases += 1
        done.entries += entries
    done.openings = _forget_openings(at=at)
    done.records = sum(_forget_results(case, at=at) for case in old_results(at=at)[:AT_ONCE])
    return done


def would_purge(*, at: datetime) -> Deleted:
    """Count what `purge_due` would delete now, without deleting."""
    cases = [case for case in due(at=at).select_related("country", "factory__country") if is_over(case, at=at)]
    return Deleted(
        cases=len(cases),
        entries=Entry.objects.filter(key__compartment__case__in=cases).count(),
        openings=old_openings(at=at).count(),
        records=old_results(at=at).count(),
    )


def old_openings(*, at: datetime) -> QuerySet[Event]:
    """Entries of the access record whose 24 months are over."""
    before = months_after(at.date(), -ACCESS_RECORD_MONTHS)
    return Event.objects.filter(kind=EventKind.COMPARTMENT_OPENED, contents__isnull=False, on__lt=before)


def _forget_openings(*, at: datetime) -> int:
    """Forget who opened what, and when, after 24 months. Its link in the chain stays."""
    pks = list(old_openings(at=at).values_list("pk", flat=True)[:20_000])
    found = Event.objects.filter(pk__in=pks)
    return found.update(contents=None, salt=None, actor=None, at=None, compartment="")


def old_results(*, at: datetime) -> QuerySet[Case]:
    """Purged cases whose results were kept for five years."""
    before = months_after(at.date(), -RESULTS_MONTHS)
    results = Event.objects.filter(kind__in=RESULTS, contents__isnull=False).values("case")
    return Case.objects.filter(
        purged_at__isnull=False, purge_after__lt=months_after(before, KEPT_MONTHS), pk__in=results
    )


@transaction.atomic
def _forget_results(case: Case, *, at: datetime) -> int:
    """Delete result, remedy and sanction codes after five years; the days of the case stay."""
    case = Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=case.pk)
    for rows in (
        case.sanctions,
        case.remedies,
        case.decisions,
        case.appeals,
        case.allegations,
        case.inquirers,
        case.checks,
        case.concerns,
        case.referrals,
        case.closure_ticks,
        case.safety_decisions,
        case.declarations,
        case.interim_measures,
        case.links,
        case.linked_from,
    ):
        rows.all().delete()
    case.path = case.closing_reason = ""
    case.save(update_fields=["path", "closing_reason"])
    return int(_empty(case.events.exclude(kind=EventKind.COMPARTMENT_OPENED)) > 0)
