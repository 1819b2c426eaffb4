"""Who is on a case: put on, handed on, shared with again, taken off. Grants and notices follow the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.keys import Reader
from accounts.models import Person, PersonKey
from complaints import compartments, deadlines, events, exclusions, reading
from complaints.assignees import Candidate, candidates
from complaints.casecodes import FACTORY_ROLES, EventKind, Role
from complaints.codes import CompartmentKind
from complaints.codes import Consent as ConsentCode
from complaints.compartments import GrantRefused, Holder
from complaints.grants import KIND_OF_SHARE
from complaints.models import Assignment, Case
from complaints.workflow.step import Actor, StepRefused
from complaints.workflow.table import taking
from factories import roles
from factories.models import Membership, Position

HANDLERS_PAPERS = (CompartmentKind.INBOX, CompartmentKind.RECORD, CompartmentKind.FINDING)


def assign(case: Case, reader: Reader, *, person: Person, role: str, at: datetime) -> None:
    """Put another person on the case; whoever does it shares what they hold themselves."""
    with taking("assign", case, at=at, by=reader.person) as (case, actor):
        if case.assignments.current().filter(person=person, standing_by=False).exists():
            raise StepRefused(_("This person works on the case already."))
        key = key_of(person)
        if (person, role) not in may_be_assigned(case, actor):
            raise StepRefused(_("This person cannot be put on this case. Choose somebody else."))
        add_person(case, reader, key, role, at=at)


def key_of(person: Person) -> PersonKey:
    """The key to share with. Whoever ends this person's roles or account meanwhile takes turns with us."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    key = PersonKey.objects.usable().filter(person=person).select_related("person").first()
    if key is None:
        raise StepRefused(_("Nobody has vouched for this person's key yet. Ask a technical expert to do it first."))
    return key


def add_person(case: Case, reader: Reader, key: PersonKey, role: str, *, at: datetime) -> None:
    """Assign and share: the compartments she shared, the inbox and the handlers' papers. Within a step."""
    try:
        compartments.give(case, Holder.of(reader), kinds_for(case, role), [(key, role)], "assigned", at=at)
    except GrantRefused:
        raise StepRefused(_("This person cannot be put on this case. Choose somebody else.")) from None
    Assignment.objects.update_or_create(
        case=case,
        person=key.person,
        ended_on=None,
        defaults={
            "role": role,
            "standing_by": False,
            "since": case.local_day(at),
            "visible_from": at,
            "next_due_at": case.next_due_at or deadlines.FAR_AWAY,
        },
    )
    events.record(
        case, EventKind.ASSIGNED, by=reader.person, at=at, contents={"person": str(key.person_id), "role": role}
    )
    tell(case, [key.person], "assigned", cause=f"assigned:{case.pk}:{case.last_event}", at=at)


def hand_on(case: Case, reader: Reader, *, to: Person, at: datetime) -> None:
    """Hand one's own place on the case to another handler, with grants, and leave it."""
    with taking("hand_on", case, at=at, by=reader.person) as (case, actor):
        key = key_of(to)
        if to not in [person for person, _role in may_take_over(case, actor)]:
            raise StepRefused(_("This person cannot be put on this case. Choose somebody else."))
        add_person(case, reader, key, actor.role, at=at)
        take_off(case, reader.person, by=reader.person, because=Assignment.Ended.HANDED_OVER, at=at)
        case.concerns.exclude(wanted_on=None).update(wanted_on=None, offered_on=None)  # She has somebody else now.


def share_again(case: Case, reader: Reader, *, to: Person, at: datetime) -> int:
    """Share what one holds with a colleague on the case who has lost access (a new key). Returns new grants."""
    with taking("share_again", case, at=at, by=reader.person) as (case, actor):
        assignment = case.assignments.current().filter(person=to).first()
        if assignment is None:
            raise StepRefused(_("This person cannot be given access to this case."))
        key = key_of(to)
        kinds = kinds_for(case, assignment.role)
        try:
            given = compartments.give(
                case, Holder.of(reader), kinds, [(key, assignment.role)], "shared_by_colleague", at=at
            )
        except GrantRefused:
            raise StepRefused(_("This person cannot be given access to this case.")) from None
        contents = {"person": str(to.pk)}
        events.record(case, EventKind.GRANT_SHARED, by=reader.person, at=at, contents=contents)
    return given


def kinds_for(case: Case, role: str) -> Sequence[str]:
    """What a role on a case may be given after filing: at the factory never more than she shared."""
    if case.in_hold and role != Role.SAFEGUARDING_LEAD:
        return []
    if role == Role.DECISION_MAKER and case.with_factory:
        # From the finding on, and of who it was until the decision; never her words. Workflow, section 2.
        knows_who = case.decided_on is None and consents_of(case).get(ConsentCode.SHARE_RESPONDENT)
        return [CompartmentKind.FINDING, CompartmentKind.RESPONDENT] if knows_who else [CompartmentKind.FINDING]
    if role == Role.APPEAL_REVIEWER:
        return _kinds_under_appeal(case)
    if role in FACTORY_ROLES:
        return [*shared_with_factory(case), *HANDLERS_PAPERS] if case.with_factory else []
    if role == Role.SAFEGUARDING_LEAD and not case.in_hold:
        return [CompartmentKind.FREEDOM]
    if case.with_factory:
        kinds = [CompartmentKind.FREEDOM, CompartmentKind.IDENTITY, CompartmentKind.PICTURES]
        if consents_of(case).get(ConsentCode.EXPERT_REVIEW):
            kinds += [kind for kind in (*shared_with_factory(case), CompartmentKind.INBOX) if kind not in kinds]
        return [*kinds, CompartmentKind.RECORD, CompartmentKind.FINDING]
    return CompartmentKind.values


def shared_with_factory(case: Case) -> list[CompartmentKind]:
    """The compartments that she let the people of the factory read."""
    return [KIND_OF_SHARE[code] for code, given in consents_of(case).items() if given and code in KIND_OF_SHARE]


def _kinds_under_appeal(case: Case) -> list[CompartmentKind]:
    """What a reviewer may hold while an appeal lasts: what she shared for the handling, never more. No contact."""
    papers = [CompartmentKind.RECORD, CompartmentKind.FINDING]
    if case.with_factory:
        return [*shared_with_factory(case), *papers]
    hers = (CompartmentKind.STORY, CompartmentKind.CIRCUMSTANCES, CompartmentKind.RESPONDENT, CompartmentKind.PICTURES)
    return [*hers, *papers]


def consents_of(case: Case) -> dict[str, bool]:
    """Her newest answer to each consent."""
    return dict(reading.consents(case))


def put_on(case: Case, people: Sequence[Candidate], role: str, *, at: datetime, visible_from: datetime) -> None:
    """Give these people a place on the case; their grants are another matter. Within a step."""
    for one in people:
        Assignment.objects.update_or_create(
            case=case,
            person=one.person,
            ended_on=None,
            defaults={
                "role": role,
                "standing_by": False,
                "since": case.local_day(at),
                "visible_from": visible_from,
                "next_due_at": case.next_due_at or deadlines.FAR_AWAY,
            },
        )


def take_off(case: Case, person: Person, *, by: Person | None, because: str, at: datetime) -> None:
    """End somebody's place on the case: their grants go at once, a new generation begins. Within a step."""
    compartments.withdraw(case, CompartmentKind.values, [person], at=at)
    Assignment.objects.filter(case=case, person=person, ended_on=None).update(
        ended_on=case.local_day(at), ended_because=because
    )
    notices.forget([person], topic="case", topic_id=case.pk)
    case.appeals.filter(decided_on=None, reviewer=person).update(reviewer=None)  # Somebody else has to decide it.
    contents = {"person": str(person.pk), "because": because}
    events.record(case, EventKind.ASSIGNMENT_ENDED, by=by, at=at, contents=contents)
    if too_few_handlers(case):
        _call_outside(case, at=at)


def too_few_handlers(case: Case) -> bool:
    """Whether the factory has fewer than two people who may work on its case, or nobody who could bring one in.

    Only she can give others what is hers: her page offers her to move it outside. Workflow, section 6.
    """
    if not case.with_factory or case.closed_at:
        return False
    handling = set(FACTORY_ROLES) - {Role.DECISION_MAKER}  # Decides, and handles nothing.
    current = [one for one in reading.current(case) if one.role in handling and not one.standing_by]
    working = {one.person_id for one in current if one.key_vouched}
    if not working or len(working) > 1:
        return not working
    excluded = exclusions.Excluded(case)
    others = {
        one.person.pk
        for one in candidates(case.country, case.factory).factory
        if one.role != Role.DECISION_MAKER and not excluded.keeps_out(one.person, one.role)
    }
    return len(working | others) < 2


def call_experts(case: Case, *, at: datetime) -> list[Person]:
    """Let the experts who stand by see the case from now on."""
    experts = case.assignments.current().filter(role=Role.TECHNICAL_EXPERT).select_related("person")
    experts.filter(visible_from__gt=at).update(visible_from=at)
    experts.update(standing_by=False)
    return [one.person for one in experts]


def _call_outside(case: Case, *, at: datetime) -> None:
    """Call the expert who stands by: the factory can no longer carry this case, and she should hear from somebody."""
    notices.queue(
        to=call_experts(case, at=at),
        cause=f"few:{case.pk}:{case.last_event}",
        kind="too_few_handlers",
        at=at,
        topic="case",
        topic_id=case.pk,
    )


@transaction.atomic
def remove_leaver(person: Person, *, by: Person, at: datetime) -> int:
    """Take somebody who leaves off every case: grants deleted, new generations for who remains. Returns how many.

    By an administrator, who opens nothing by it. A colleague shares again what falls under two holders.
    """
    held = Case.objects.filter(
        Q(assignments__person=person, assignments__ended_on=None)
        | Q(compartments__keys__grants__person_key__person=person)
    )
    pks = sorted(set(held.values_list("pk", flat=True)))
    for pk in pks:
        case = Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
        take_off(case, person, by=by, because=Assignment.Ended.LEFT, at=at)
    return len(pks)


@roles.when_ended
def end_places(role: Membership | Position, by: Person | None, at: datetime) -> None:
    """Take somebody whose role has ended off the cases on which only that role has put them."""
    person = role.person
    places = Assignment.objects.current().filter(person=person)
    if isinstance(role, Membership):
        if Membership.objects.current().filter(person=person, factory=role.factory).exists():
            return
        places = places.filter(case__factory=role.factory, role__in=FACTORY_ROLES)
    elif role.role in (Role.TECHNICAL_EXPERT, Role.SAFEGUARDING_LEAD, Role.APPEAL_REVIEWER):
        places = places.filter(role=role.role)
        others = Position.objects.current().filter(person=person, role=role.role)
        if others.filter(country=None).exists():
            return
        places = places.exclude(case__country__in=others.values("country"))
    else:
        return
    for pk in sorted(places.values_list("case", flat=True)):
        case = Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
        take_off(case, person, by=by, because=Assignment.Ended.LEFT, at=at)


def take_reviewer_off(case: Case, *, by: Person | None, because: str, at: datetime) -> None:
    """End the place of whoever was to decide an appeal; the appeal stays open for somebody else. Within a step."""
    for place in case.assignments.current().filter(role=Role.APPEAL_REVIEWER).select_related("person"):
        take_off(case, place.person, by=by, because=because, at=at)


def take_factory_off(case: Case, *, because: str, at: datetime) -> None:
    """End every factory user's grants and place at once; the telling waits for the release. Within a step."""
    at_factory = case.assignments.current().filter(role__in=FACTORY_ROLES)
    people = [assignment.person for assignment in at_factory.select_related("person")]
    compartments.withdraw(case, CompartmentKind.values, people, at=at)
    at_factory.update(ended_on=case.local_day(at), ended_because=because)
    notices.forget(people, topic="case", topic_id=case.pk)
    case.told_at = case.calendar.release_after(at)
    case.save(update_fields=["told_at"])


def tell(case: Case, people: Sequence[Person], kind: str, *, cause: str, at: datetime) -> None:
    """Word to people on the case; to the factory it leaves with the day's mail, at the release hour."""
    due_on = case.local_day(case.next_due_at) if case.next_due_at else None
    send_after = case.calendar.release_after(at) if case.with_factory else None
    notices.queue(
        to=people,
        cause=cause,
        kind=kind,
        at=at,
        due_on=due_on,
        topic="case",
        topic_id=case.pk,
        send_after=send_after,
    )


def may_be_assigned(case: Case, actor: Actor) -> list[tuple[Person, str]]:
    """Who could be put on the case by this handler: vouched, not on it yet, and not excluded.

    The factory's people put on people of the factory; the outside team its own too.
    """
    found = candidates(case.country, case.factory if case.with_factory else None)
    if case.with_factory:
        pool = found.factory if actor.at_factory else (*found.factory, *found.experts)
    else:
        pool = found.leads if case.in_hold else found.experts
    excluded = exclusions.Excluded(case)
    on_case = set(case.assignments.current().filter(standing_by=False).values_list("person", flat=True))
    return [
        (one.person, one.role)
        for one in pool
        if one.role != Role.DECISION_MAKER
        and one.person.pk not in on_case
        and not excluded.keeps_out(one.person, one.role)
    ]


def may_take_over(case: Case, actor: Actor) -> list[tuple[Person, str]]:
    """To whom one's own place could be handed: an outside place never falls to somebody at the factory."""
    return [
        (person, role) for person, role in may_be_assigned(case, actor) if (role in FACTORY_ROLES) == actor.at_factory
    ]
