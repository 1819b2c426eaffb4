"""What the annual cycle puts up: words of its notices, the places of advisors and factories, things to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import signposts
from accounts.signposts import Todo
from assessments import cycle, cycle_notices  # noqa: F401  (registers with the sweep)
from assessments.models import ActionOwner, AgreedAction, AssessmentDeadline
from factories import clock
from factories.models import FactoryRole, OutsideRole

if TYPE_CHECKING:
    from accounts.models import Person

AT_A_FACTORY = frozenset(FactoryRole.values)
WORDS = {
    "cycle_next_visit_due": _("The yearly visit to a factory of yours comes up: plan it"),
    "cycle_next_visit_late": _("The yearly visit to a factory is late"),
    "cycle_visit_again_due": _("Another visit is promised after the last conclusion: plan it"),
    "cycle_visit_again_late": _("Another visit, promised after the last conclusion, is late"),
    "cycle_action_plan_due": _("Agree actions with a factory after its last assessment"),
    "cycle_action_plan_late": _("The actions that were to follow an assessment are not agreed"),
    "cycle_give_back_due": _("Give the results of a visit back to management and workers"),
    "cycle_give_back_late": _("The results of a visit were not given back in time"),
    "cycle_expert_review_due": _("A conclusion waits for your review"),
    "cycle_expert_review_late": _("The review of a conclusion by the technical expert is late"),
    "cycle_agreed_action_due": _("An agreed action is due"),
    "cycle_agreed_action_late": _("An agreed action is late"),
}


def factory_page(factory: UUID) -> str:
    return reverse("assessments:factory", args=[factory])


def own_page(factory: UUID) -> str:
    return reverse("assessments:mine_of", args=[factory])


def _where(topic_id: UUID) -> str:
    """Lead everybody to one door, which shows each the page of that factory that is theirs."""
    return reverse("assessments:door", args=[topic_id])


for _kind, _words in WORDS.items():
    signposts.notice(_kind, _words, _where)
signposts.link([OutsideRole.ADVISOR.value], "assessments:portfolio", _("Portfolio"))
signposts.link([OutsideRole.TECHNICAL_EXPERT.value], "assessments:factories", _("Factories"))
signposts.link(AT_A_FACTORY, "assessments:mine", _("Our factory"))
signposts.link([OutsideRole.PROGRAMME_LEAD.value], "assessments:programme", _("Programme"))


@signposts.todos_from
def actions(person: Person, roles: set[str], at: datetime) -> Iterator[Todo]:
    """People of a factory: what was agreed and is not done. Advisors and experts: what they took on themselves."""
    mine = AgreedAction.objects.none()
    if roles & AT_A_FACTORY:
        at_work = AgreedAction.objects.filter(factory__memberships__person=person, factory__memberships__until=None)
        mine = mine | at_work.exclude(owner__in=(ActionOwner.ADVISOR, ActionOwner.EXPERT))
    if OutsideRole.ADVISOR in roles:
        mine = mine | AgreedAction.objects.filter(factory__advisor=person, owner=ActionOwner.ADVISOR)
    if not (roles & AT_A_FACTORY or OutsideRole.ADVISOR in roles):
        return
    for action in (
        mine.open().filter(done_on=None).distinct().select_related("factory__country").order_by("due_on", "pk")[:20]
    ):
        where = factory_page if action.factory.advisor_id == person.pk else own_page
        late = action.due_on < clock.calendar_for(action.factory).local_day(at)
        yield Todo(action.what, where(action.factory_id), action.due_on, late)


@signposts.todos_from
def promised(person: Person, roles: set[str], at: datetime) -> Iterator[Todo]:
    """Advisors: visits that come up or are late, results to give back, actions to agree."""
    if OutsideRole.ADVISOR not in roles:
        return
    soon = at + max(timedelta(days=days) for days in cycle.reminders().values())
    waiting = AssessmentDeadline.objects.running().filter(
        factory__advisor=person,
        code__in=(cycle.NEXT_VISIT, cycle.VISIT_AGAIN, cycle.ACTION_PLAN, cycle.GIVE_BACK),
        starts_at__lte=at,
        due_at__lte=soon,
    )
    for promise in waiting.select_related("factory__country").order_by("due_at")[:20]:
        due_on = clock.calendar_for(promise.factory).local_day(promise.due_at)
        words = f"{promise.factory.name}: {WORDS[f'cycle_{promise.code}_due']}"
        yield Todo(words, factory_page(promise.factory_id), due_on, promise.due_at < at)
