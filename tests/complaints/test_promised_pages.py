"""Her pages about what was promised and what the factory may read: two taps each, and nothing before its time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints import workflow
from tests import walkers
from tests.complaints.test_her_pages import _on_wednesday as _on_wednesday
from tests.complaints.test_her_pages import her_phone
from tests.complaints.test_her_pages import world as world

pytestmark = pytest.mark.django_db


def test_she_is_asked_whether_the_factory_may_read_what_is_recommended(world):
    phone, case = her_phone(world, route="outside_first")
    walkers.to_decision(world, case)
    day = walkers.THURSDAY.date() + timedelta(days=9)
    planned = [workflow.Planned("light", world.expert, day)]
    workflow.decide(case, by=world.expert, reasons=walkers.REASONS, remedies=planned, at=walkers.THURSDAY)
    assert "May the factory read it?" not in phone.get("/my/case/")
    walkers.tell_both(world, case)
    assert "May the factory read it?" in phone.get("/my/case/")
    page = phone.get("/my/papers/")
    assert "There is more light." in page and "They may guess that somebody told." in page
    assert "Nobody in the factory gets it" in phone.press("/my/papers/", answer="no")
    assert workflow.standing_of(case).may_pass_on is False
    phone.get("/my/papers/")
    phone.press("/my/papers/", answer="yes")
    assert workflow.standing_of(case).may_pass_on is True


def test_a_remedy_of_another_case_is_not_hers_to_confirm(world):
    phone, case = her_phone(world)
    walkers.to_action(world, case)
    other = walkers.to_action(world, her_phone(world)[1])
    phone.get("/my/done/")
    phone.press("/my/done/", what=str(other.remedies.get().pk), answer="yes")
    phone.press("/my/done/", what="no such thing", answer="yes")
    assert other.remedies.get().verified_on is None and case.remedies.get().verified_on is None
    phone.get("/my/done/")
    phone.press("/my/done/", what=str(case.remedies.get().pk), answer="yes")
    assert case.remedies.get().verified_by == "complainant"
