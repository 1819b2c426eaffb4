"""The silence flag of each factory, in its two versions: raised and ended once a quarter, and what was found behind it.

It has no effect on any score. The version of all complaints is the technical expert's alone: a flag that stays off
while the factory knows of no complaint would tell that somebody complained outside. Assessment, section 7.4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import notices
from assessments import access, silence
from assessments.models import Assessment, Score, SilenceFlag, SilenceKind, SilenceVersion
from assessments.notes import refuse_names
from assessments.progress.of_factories import channel_tests
from complaints import statistics
from complaints.statistics import Audience, Quarter, Version
from factories import clock
from factories.models import Factory

if TYPE_CHECKING:
    from accounts.models import Person

NOTICE, TOPIC = "silence", "factory_page"
CAUSE_WITHIN = timedelta(days=60)  # Indicators, A13.
INDICATORS = ("RP1", "RP2", "PC5", "RP4", "RP5")
SAYS = gettext_lazy(
    "Very few complaints have come from this factory. That can mean that people cannot or dare not complain."
)
TASK = gettext_lazy("Find out why so few complaints come from this factory. Nobody there has done anything wrong.")
_READ_AS = {SilenceVersion.ALL: Audience.EXPERT, SilenceVersion.FACTORY: Audience.ADVISOR}
_SHOWN: Mapping[Audience, tuple[str, ...]] = {
    Audience.EXPERT: (SilenceVersion.ALL, SilenceVersion.FACTORY),
    Audience.ADVISOR: (SilenceVersion.FACTORY,),
    Audience.FACTORY: (SilenceVersion.FACTORY,),
}


class SilenceRefused(Exception):
    """Something that cannot be recorded about a silence; says why, in whole sentences for the person."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.message = " ".join(sentences)


# --- Who reads which ------------------------------------------------------------------------------------------------


def shown_to(audience: Audience) -> QuerySet[SilenceFlag]:
    """Return the flags this audience may read, of all factories. Whose factory it is, the caller has asked before.

    Raises `KeyError` for an audience that reads none.
    """
    return SilenceFlag.objects.filter(version__in=_SHOWN[audience])


def up(audience: Audience, factories: Collection[UUID]) -> Mapping[UUID, Mapping[str, SilenceFlag]]:
    """Return the flags that are up, by factory and version, in one query."""
    found: dict[UUID, dict[str, SilenceFlag]] = defaultdict(dict)
    for flag in shown_to(audience).filter(factory__in=factories, ended_on=None):
        found[flag.factory_id][flag.version] = flag
    return found


def waiting_for(advisor: Person) -> QuerySet[SilenceFlag]:
    """Return the flags of an advisor's factories whose cause nobody has found yet, the oldest first."""
    flags = shown_to(Audience.ADVISOR).filter(ended_on=None, cause="", factory__advisor=advisor)
    return flags.select_related("factory__country").order_by("raised_on", "factory__name_key")


def due_on(flag: SilenceFlag) -> date:
    return flag.raised_on + CAUSE_WITHIN


# --- Each quarter ---------------------------------------------------------------------------------------------------


def recompute(quarter: Quarter, *, at: datetime) -> None:
    """Raise the flags of factories that were silent at a quarter's end, and end those of the others.

    Inside the transaction that freezes the quarter. Where it cannot be said any more, a flag ends as well.
    """
    day = at.date()
    silent = {
        version: {factory for factory, on in statistics.silent(audience, Version(version), quarter).items() if on}
        for version, audience in _READ_AS.items()
    }
    kinds = _kinds(set().union(*silent.values()), quarter)
    raised: list[SilenceFlag] = []
    for version, factories in silent.items():
        before = {flag.factory_id: flag for flag in SilenceFlag.objects.filter(version=version, ended_on=None)}
        ended = [flag.pk for factory, flag in before.items() if factory not in factories]
        SilenceFlag.objects.filter(pk__in=ended).update(ended_on=day)
        for factory in sorted(factories & set(before), key=str):
            if before[factory].kind != kinds[factory]:
                SilenceFlag.objects.filter(pk=before[factory].pk).update(kind=kinds[factory])
        raised += [
            SilenceFlag(factory_id=factory, version=version, kind=kinds[factory], quarter=str(quarter), raised_on=day)
            for factory in sorted(factories - set(before), key=str)
        ]
    SilenceFlag.objects.bulk_create(raised)
    _tell([flag for flag in raised if flag.version == SilenceVersion.FACTORY], at)


def _kinds(factories: Collection[UUID], quarter: Quarter) -> Mapping[UUID, SilenceKind]:
    """Say of each silent factory what it most likely means: by its last outside assessment and its channel tests."""
    last: dict[UUID, UUID] = {}
    final = Assessment.objects.final().from_outside().filter(factory__in=factories, final_at__date__lt=quarter.due_on)
    for pk, factory in final.order_by("final_at").values_list("pk", "factory_id"):
        last[factory] = pk
    scores: dict[UUID, dict[str, int | None]] = defaultdict(dict)
    rows = Score.objects.filter(assessment__in=last.values(), indicator__in=INDICATORS)
    for assessment, indicator, score in rows.values_list("assessment_id", "indicator", "score"):
        scores[assessment][indicator] = score
    tests = channel_tests(quarter)
    return {
        factory: silence.kind_of(
            scores[last[factory]] if factory in last else {}, test_complaint_failed=_failed(tests.get(factory, (0, 0)))
        )
        for factory in factories
    }


def _failed(test: tuple[int, int]) -> bool:
    in_time, sent = test
    return in_time < sent


def _tell(flags: Iterable[SilenceFlag], at: datetime) -> None:
    """Give each advisor the task, once a flag."""
    advisors = dict(
        Factory.objects.filter(pk__in=[flag.factory_id for flag in flags], advisor__is_active=True).values_list(
            "pk", "advisor_id"
        )
    )
    notices.queue_many(
        (
            notices.Word(advisors[flag.factory_id], f"{NOTICE}:{flag.pk}", NOTICE, due_on(flag), TOPIC, flag.factory_id)
            for flag in flags
            if flag.factory_id in advisors
        ),
        at=at,
    )


# --- The task -------------------------------------------------------------------------------------------------------


def record_cause(flag: SilenceFlag, *, cause: str, note: str, by: Person, at: datetime) -> SilenceFlag:
    """Record what the factory's advisor found behind a silence, once. Raises `SilenceRefused`, `VisitRefused`."""
    with transaction.atomic():
        flags = SilenceFlag.objects.select_for_update(of=("self",)).select_related("factory__country")
        held = flags.get(pk=flag.pk)
        if held.version != SilenceVersion.FACTORY or not access.is_its_advisor(by, held.factory):
            raise SilenceRefused(_("Only the factory's advisor records why it is silent."))
        if held.ended_on:
            raise SilenceRefused(_("This question is closed. There is nothing to find out any more."))
        if held.cause:
            raise SilenceRefused(_("Why this factory is silent has been recorded already."))
        if cause not in SilenceKind.values:
            raise SilenceRefused(_("Choose what you found."))
        held.cause_note = refuse_names(note, held.factory)
        if cause != SilenceKind.UNEXPLAINED and not held.cause_note:
            raise SilenceRefused(_("Write in a sentence or two what shows it."))
        held.cause, held.cause_by = cause, by
        held.cause_on = clock.calendar_for(held.factory).local_day(at)
        held.save(update_fields=["cause", "cause_note", "cause_by", "cause_on"])
    return held
