"""Cases that belong together are linked where she agreed, for chair and expert only; the class of an incident."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from accounts.models import Person
from complaints import workflow
from complaints.casecodes import EntryKind, EventKind, GbvClass
from complaints.compartments import take_out
from complaints.models import Case, CaseLink, Entry
from complaints.workflow import StepRefused
from factories.models import Membership
from tests.builders import (
    WEDNESDAY,
    World,
    file,
    holder_of,
    make_answers,
    make_case,
    make_factory,
    make_world,
    sign_in,
)
from tests.walkers import declare, her_consent, on_case, to_triage

pytestmark = pytest.mark.django_db
THURSDAY = WEDNESDAY + timedelta(days=1)
FRIDAY = WEDNESDAY + timedelta(days=2)


@pytest.fixture
def world() -> World:
    return make_world()


def compared(world: World, **answers) -> Case:
    """A case of which she said that it may be compared; at the factory everybody has signed."""
    case = make_case(world, **answers)
    her_consent(case, "match_pattern", at=THURSDAY)
    declare(case)
    case.refresh_from_db()
    return case


def link(case: Case, other: Case, by, *, kind: str = "person", at=FRIDAY, **more):
    return workflow.link_cases(case, by=by, reference=other.reference, kind=kind, at=at, **more)


def page_of(client, person, case: Case) -> str:
    sign_in(client, person)
    return client.get(f"/cases/{case.reference}/").content.decode()


def test_the_chair_links_two_cases_of_the_own_factory(world):
    one, other = compared(world), compared(world)
    link(one, other, world.chair, text="The same mechanic, says the duty list.")
    row = CaseLink.objects.get()
    assert (row.case, row.other, row.kind, row.by) == (one, other, "person", world.chair)
    for case, beside in ((one, other), (other, one)):
        assert case.events.filter(kind=EventKind.CASE_LINKED, contents={"link": "person"}).count() == 1
        opened = take_out(case, holder_of(world.chair), ["record"], at=FRIDAY, entry_kinds=[EntryKind.LINK])
        assert opened[0].content["reference"] == beside.reference


@pytest.mark.parametrize("silent", ["one", "other", "withdrawn"])
def test_without_her_yes_in_both_cases_nobody_links_them(world, silent):
    one, other = compared(world), compared(world)
    if silent == "withdrawn":
        her_consent(other, "match_pattern", False, at=THURSDAY)
    else:
        {"one": one, "other": other}[silent].consents.filter(code="match_pattern").delete()
    with pytest.raises(StepRefused) as refused:
        link(one, other, world.chair)
    assert "not agreed in both" in str(refused.value.message)
    assert not CaseLink.objects.exists()


def test_her_yes_of_today_reaches_the_chair_with_the_release(world, settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False
    one, other = compared(world), compared(world)
    with pytest.raises(StepRefused):
        link(one, other, world.chair, at=THURSDAY)
    link(one, other, world.chair, at=FRIDAY)


def test_a_chair_cannot_link_what_is_handled_outside_and_reads_what_a_stranger_reads(world):
    one, outside = compared(world), compared(world, route="outside_only")
    said = []
    for reference in (outside.reference, "NOSUCHCASE"):
        with pytest.raises(StepRefused) as refused:
            workflow.link_cases(one, by=world.chair, reference=reference, kind="person", at=FRIDAY)
        said.append(str(refused.value.message))
    assert said[0] == said[1]


def test_a_case_of_another_factory_is_not_linked_by_a_chair_who_works_at_both(world):
    one = compared(world)
    far = make_factory(country=world.country)
    for person, role in ((world.chair, "committee_chair"), (world.officer, "case_officer")):
        Membership.objects.create(person=person, factory=far, role=role, since=date(2026, 1, 1))
    other = file(make_answers(far)).case
    her_consent(other, "match_pattern", at=THURSDAY)
    declare(other)
    assert on_case(other, "committee_chair") == [world.chair]
    with pytest.raises(StepRefused):
        link(one, other, world.chair)


def test_an_officer_does_not_link(world):
    one, other = compared(world), compared(world)
    with pytest.raises(StepRefused):
        link(one, other, world.officer)


def test_only_an_expert_says_that_two_are_the_same_complaint_and_needs_no_consent_for_it(world):
    one, other = make_case(world), make_case(world)
    for case in (one, other):
        declare(case)
    with pytest.raises(StepRefused) as refused:
        link(one, other, world.chair, kind="duplicate")
    assert "technical expert" in str(refused.value.message)
    outside = [make_case(world, route="outside_only") for _i in range(2)]
    link(*outside, world.expert, kind="duplicate")
    assert CaseLink.objects.get().kind == "duplicate"


@pytest.mark.parametrize("kind", ["retaliation", "friend"])
def test_no_other_kind_is_made_by_hand(world, kind):
    one, other = compared(world), compared(world)
    with pytest.raises(StepRefused):
        link(one, other, world.chair, kind=kind)


def test_a_case_is_not_linked_to_itself_nor_twice_the_same_way(world):
    one, other = compared(world), compared(world)
    with pytest.raises(StepRefused):
        link(one, one, world.chair)
    link(one, other, world.chair)
    with pytest.raises(StepRefused) as refused:
        link(other, one, world.chair)
    assert "already" in str(refused.value.message)
    link(other, one, world.chair, kind="place")


def called(case: Case) -> Person:
    """The expert who stands by is called to a case of the factory. Returns who it is."""
    standing_by = case.assignments.filter(role="technical_expert")
    standing_by.update(standing_by=False, visible_from=THURSDAY)
    return standing_by.get().person


def test_a_link_to_a_case_outside_leaves_no_word_at_the_factory(client, world):
    inside, outside = compared(world), compared(world, route="outside_only")
    expert = called(inside)
    link(inside, outside, expert)
    assert not Entry.objects.filter(key__compartment__case=inside, kind=EntryKind.LINK).exists()
    assert Entry.objects.filter(key__compartment__case=outside, kind=EntryKind.LINK).count() == 1
    with time_machine.travel(FRIDAY, tick=False):
        for person in (world.chair, world.officer):
            for page in ("", "timeline/", "record/"):
                sign_in(client, person)
                text = client.get(f"/cases/{inside.reference}/{page}").content.decode()
                assert outside.reference not in text and "Linked" not in text
        text = page_of(client, expert, inside)
        assert "Linked cases" in text and outside.reference in text


def test_a_link_that_the_factory_may_not_know_of_closes_no_path_of_theirs(world):
    """A refusal would tell of a case outside; between their own cases it is told."""
    fields = {"reason": "x", "she_agreed": True, "she_asked_twice": True, "written_consent": True, "severity": "c"}
    inside, outside = compared(world), compared(world, route="outside_only")
    expert = called(inside)
    link(inside, outside, expert)
    to_triage(world, inside, at=FRIDAY)
    workflow.agree_path(inside, by=world.officer, path="informal_resolution", fields=fields, at=FRIDAY)

    one, other = compared(world), compared(world)
    link(one, other, world.chair)
    to_triage(world, one, at=FRIDAY)
    with pytest.raises(StepRefused) as refused:
        workflow.agree_path(one, by=world.officer, path="informal_resolution", fields=fields, at=FRIDAY)
    assert "earlier case about the same person" in str(refused.value.message)


def test_chair_sees_the_link_and_the_officer_does_not(client, world):
    one, other = compared(world), compared(world)
    link(one, other, world.chair, text="Zq why they belong together")
    with time_machine.travel(FRIDAY, tick=False):
        assert "Linked cases" in page_of(client, world.chair, one)
        assert other.reference in client.get(f"/cases/{one.reference}/record/").content.decode()
        assert "Linked cases" not in page_of(client, world.officer, one)
        record = client.get(f"/cases/{one.reference}/record/").content.decode()
        assert "Zq why" not in record and other.reference not in record


def test_the_link_is_gone_from_the_chairs_page_when_the_other_case_moves_outside(client, world):
    one, other = compared(world), compared(world)
    link(one, other, world.chair)
    Case.objects.filter(pk=other.pk).update(route="outside_first", factory_side="")
    other.assignments.filter(role="committee_chair").update(ended_on=FRIDAY.date(), ended_because="moved_outside")
    with time_machine.travel(FRIDAY, tick=False):
        assert "Linked cases" not in page_of(client, world.chair, one)


def test_an_expert_who_does_not_work_on_the_other_reads_no_reference(client, world):
    one, other = (compared(world, route="outside_only") for _i in range(2))
    link(one, other, world.expert)
    other.assignments.filter(person=world.second_expert).delete()
    with time_machine.travel(FRIDAY, tick=False):
        text = page_of(client, world.second_expert, one)
    assert "a case you do not work on" in text and other.reference not in text


def test_the_expert_finds_what_is_alike_and_each_opening_is_on_record(client, world):
    told = {"route": "outside_only", "places": frozenset({"store"}), "respondent_job": "mechanic"}
    one = compared(world, **told)
    alike = compared(world, **told)
    unlike = compared(world, **(told | {"places": frozenset({"gate"}), "respondent_job": "guard"}))
    silent = make_case(world, **told)
    with time_machine.travel(FRIDAY, tick=False):
        sign_in(client, world.expert)
        form = client.get(f"/cases/{one.reference}/steps/link-cases/").context["form"]
        labels = dict(form.fields["other"].choices)
        assert "same place" in labels[alike.reference] and "same job" in labels[alike.reference]
        assert labels[unlike.reference] == unlike.reference
        assert silent.reference not in labels
        assert next(iter(labels)) == alike.reference
        opened = alike.events.filter(kind=EventKind.COMPARTMENT_OPENED, actor=world.expert)
        assert set(opened.values_list("compartment", flat=True)) == {"circumstances", "respondent"}
        assert not silent.events.filter(kind=EventKind.COMPARTMENT_OPENED).exists()
        answer = client.post(
            f"/cases/{one.reference}/steps/link-cases/",
            {"kind": "place", "other": alike.reference, "reference": "", "text": ""},
        )
    assert answer.status_code == 302 and CaseLink.objects.filter(case=one, other=alike, kind="place").exists()


def test_the_chair_compares_nothing_but_what_they_know(client, world):
    one, other = compared(world), compared(world)
    with time_machine.travel(FRIDAY, tick=False):
        sign_in(client, world.chair)
        page = client.get(f"/cases/{one.reference}/steps/link-cases/")
        form = page.context["form"]
        assert [value for value, _label in form.fields["other"].choices] == [other.reference]
        assert "duplicate" not in dict(form.fields["kind"].choices)
        assert not other.events.filter(kind=EventKind.COMPARTMENT_OPENED).exists()


# --- Severity and class -------------------------------------------------------------------------------------------


def set_class(case: Case, by, severity: str = "b", gbv_class: str = "sexual_assault"):
    return workflow.classify(case, by=by, severity=severity, gbv_class=gbv_class, at=FRIDAY)


def test_the_expert_sets_severity_and_class_and_a_correction_is_added(world):
    case = make_case(world, route="outside_only")
    set_class(case, world.expert)
    set_class(case, world.expert, severity="a", gbv_class="rape")
    told = take_out(case, holder_of(world.expert), ["freedom"], at=FRIDAY, entry_kinds=[EntryKind.CLASSIFIED])
    assert [one.content["gbv_class"] for one in told] == ["sexual_assault", "rape"]
    assert told[-1].content["severity_set"] == "a"
    case.refresh_from_db()
    assert case.severity == "c"  # In the clear stands only what the conduct types alone give.
    assert [event.contents for event in case.events.filter(kind=EventKind.CLASSIFIED)] == [{}, {}]


@pytest.mark.parametrize("who", ["officer", "chair", "lead"])
def test_nobody_else_sets_a_class(world, who):
    case = make_case(world)
    declare(case)
    with pytest.raises(StepRefused):
        set_class(case, getattr(world, who))


@pytest.mark.parametrize(("severity", "gbv_class"), [("d", "rape"), ("a", "two classes"), ("", "")])
def test_a_class_is_one_of_six(world, severity, gbv_class):
    case = make_case(world, route="outside_only")
    with pytest.raises(StepRefused):
        set_class(case, world.expert, severity, gbv_class)


@pytest.mark.parametrize(
    ("conduct", "first"),
    [
        ({"verbal", "touch"}, "sexual_assault"),
        ({"rape", "touch"}, "rape"),
        ({"forced_relationship", "physical_nonsexual"}, "physical_assault"),
        ({"quid_pro_quo", "verbal"}, "denial_of_resources"),
        ({"stalking"}, "psychological_emotional_abuse"),
        ({"other_unsure"}, ""),
    ],
)
def test_the_first_class_that_fits_is_offered(conduct, first):
    assert workflow.class_that_fits(conduct) == first
    assert first in ("", *GbvClass.values)


def test_the_class_stands_on_the_experts_page_and_on_none_at_the_factory(client, world):
    case = make_case(world)
    declare(case)
    expert = called(case)
    with time_machine.travel(FRIDAY, tick=False):
        sign_in(client, expert)
        form = client.get(f"/cases/{case.reference}/steps/classify/").context["form"]
        assert form.fields["gbv_class"].initial == "psychological_emotional_abuse"
        client.post(f"/cases/{case.reference}/steps/classify/", {"severity": "b", "gbv_class": "sexual_assault"})
        assert "Sexual assault" in client.get(f"/cases/{case.reference}/words/").content.decode()
        sign_in(client, world.chair)
        for page in ("", "words/", "record/", "timeline/"):
            text = client.get(f"/cases/{case.reference}/{page}").content.decode()
            assert "Sexual assault" not in text and "class set" not in text
        assert client.get(f"/cases/{case.reference}/steps/classify/").status_code == 403
