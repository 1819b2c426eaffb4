"""The demo: invented people and complaints, made once, by the same doors as real ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from accounts import clock, keys
from accounts.models import Person
from complaints import compartments, events, receipts, slots
from complaints.codes import ClosingReason, Route, Side, Stage
from complaints.codes import Path as CasePath
from complaints.demo.people import AT_FACTORIES, OUTSIDE, PASSWORD
from complaints.demo.stories import STORIES
from complaints.models import Case, Deadline, Entry, Event, Receipt
from factories.models import CountryPack, Factory
from tests.attacks.thief import database

pytestmark = pytest.mark.django_db
# Names of the demo's people and places, which stand in the clear.
CLEAR = ("provider_name", "inquirers")


class Told:
    """One run of the demo: the list it wrote, what it said, and every sentence that was typed in it."""

    def __init__(self, folder: Path) -> None:
        self.typed: set[str] = set()
        self._put = compartments.put
        with pytest.MonkeyPatch.context() as patch, override_settings(SAMLENG_VAR=folder):
            patch.setattr(compartments, "put", self._listen)
            out = StringIO()
            call_command("demo_data", stdout=out)
        self.said = out.getvalue()
        self.list = (folder / "demo_people.txt").read_text(encoding="utf-8")

    def _listen(self, case: Case, kind: str, entry_kind: str, content: Mapping[str, Any], **how: Any) -> Any:
        self.typed |= {
            text
            for name, text in content.items()
            if isinstance(text, str) and name not in CLEAR and len(text) > 24 and " " in text
        }
        return self._put(case, kind, entry_kind, content, **how)


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Told]:
    """The demo is told once for all tests here, and gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Told(tmp_path_factory.mktemp("demo"))
        transaction.set_rollback(True)


def test_the_demo_shows_every_kind_of_case_and_starts_once(told):
    cases = list(Case.objects.select_related("country", "factory__country"))
    assert len(cases) == len(STORIES) + 2  # The retaliation of one story is a case, and one was told on two phones.
    assert {case.stage for case in cases} == set(Stage)
    assert {case.side for case in cases} == {"", *Side}
    assert {case.route for case in cases} == set(Route)
    assert {case.path for case in cases} == {"", *CasePath}
    assert {case.closing_reason for case in cases} == {"", *ClosingReason}

    _everything_that_can_happen_has_happened()
    assert all(list(events.faults(case)) == [] for case in cases)
    for case in cases:
        case.validate_constraints()
    assert f"{len(cases)} invented complaints" in told.said
    call_command("demo_data", verbosity=0)
    assert Case.objects.count() == len(cases)
    assert all(pack.review_is_fictional for pack in CountryPack.objects.filter(status="live"))


def _everything_that_can_happen_has_happened() -> None:
    """What a stage does not show: who is late, what went back, what was verified by whom, what was deleted."""
    cases = Case.objects
    late = cases.filter(stage="received", deadlines__code="acknowledge", deadlines__rungs__level="L2")
    assert late.filter(deadlines__rungs__raised_at__isnull=False).exists()
    assert set(cases.filter(checks__done_on__isnull=False).values_list("checks__result", flat=True)) >= {
        "answered", "no_answer",
    }  # fmt: skip
    verified = set(cases.values_list("remedies__verified_by", flat=True))
    assert {"complainant", "expert", "evidence"} <= verified
    appeals = Counter(cases.exclude(appeals=None).values_list("appeals__result", flat=True))
    assert {"confirmed", "changed", "sent_back", ""} <= set(appeals)
    assert set(cases.exclude(appeals=None).values_list("appeals__side", flat=True)) == {"complainant", "respondent"}
    assert set(cases.exclude(concerns=None).values_list("concerns__kind", flat=True)) == {"retaliation", "handling"}
    for kind in ("sent_back", "recommendation_passed", "handed_to_factory", "moved_outside", "hold_lifted", "renewed",
                 "words_deleted", "purged", "legal_hold_set", "filed_for_her", "set_aside", "referral_noted",
                 "safety_decided", "followed_up", "receipt_given", "reopened", "case_linked"):  # fmt: skip
        assert cases.filter(events__kind=kind).exists(), kind
    purged = cases.get(purged_at__isnull=False)
    assert not Entry.objects.filter(key__compartment__case=purged).exists()
    assert Counter(Receipt.objects.values_list("case", flat=True)).most_common(1)[0][1] == 3
    assert Event.objects.filter(kind="hold_opened", actor__email="officer@lotus.example").exists()


def test_no_sentence_of_the_demo_stands_in_the_clear(told):
    assert len(told.typed) > 200
    rows = "\n".join(dump.decode("utf-8", "replace") for _place, dump in database())
    assert [text for text in sorted(told.typed) if text.split("\n")[0] in rows] == []


def test_nobody_is_late_but_where_a_story_says_so(told):
    """What people of the demo do in time looks in time: only these show a late step, and a reader knows why."""
    at = clock.now()
    expected = {"acknowledge", "triage", "progress_update", "appeal_window", "respondent_reply", "no_contact_close"}
    waiting = Case.objects.filter(set_aside_at=None).exclude(side="on_hold_by_complainant")
    open_promises = Deadline.objects.open().filter(case__in=waiting, due_at__lt=at)
    assert set(open_promises.values_list("code", flat=True)) <= expected


def test_the_page_of_people_is_true(told):
    for *_role, account in (*AT_FACTORIES, *OUTSIDE):
        assert account.email in told.list
    officer = Person.objects.get(email="officer@lotus.example")
    assert officer.check_password(PASSWORD) and keys.unwrap(officer, PASSWORD)
    assert not Person.objects.exclude(keys__state="vouched").exists()
    numbers = re.findall(r"^  (\d{4} \d{4} \d{4} \d{4}) ", told.list, re.MULTILINE)
    assert len(numbers) == len(set(numbers)) >= 17
    for number in numbers:
        found = receipts.keys_of(receipts.read_number(number), waiting=slots.RECEIPT)
        assert Receipt.objects.filter(lookup=found.lookup).exists()
    assert all(factory.short_code in told.list for factory in Factory.objects.all())


def test_the_demo_is_refused_where_people_are_real(settings):
    settings.SAMLENG_DEMO = False
    with pytest.raises(CommandError):
        call_command("demo_data")
