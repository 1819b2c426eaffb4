"""The recovery ceremony: out sealed to the recovery key, opened offline by two shares, back sealed to a person."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.http import Http404

from accounts import keys, passwords
from accounts.keys import Reader
from accounts.models import Person, PersonKey
from complaints import access, compartments, exclusions, receipts, recovery, slots, workflow
from complaints.compartments import Holder
from complaints.models import Assignment, Event, Grant, Receipt
from complaints.models import Exclusion as ExclusionRow
from factories import clock
from factories.models import Membership
from tests.builders import WEDNESDAY, file, make_answers, make_case, make_factory, make_person, make_world

pytestmark = pytest.mark.django_db
THURSDAY = WEDNESDAY + timedelta(days=1)
FRIDAY = WEDNESDAY + timedelta(days=2)
NEW = "another long enough sentence 7"
ROOT = Path(settings.BASE_DIR)
WORDS = "He says things every day."


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)


def shares() -> list[str]:
    folder = Path(settings.SAMLENG_KEYS_DIR).parent / "recovery"
    return ["--share-file", str(folder / "share-1.txt"), "--share-file", str(folder / "share-3.txt")]


def offline(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the script as on a machine that has never seen Samleng: no settings, no addresses, another folder."""
    return subprocess.run(
        [sys.executable, str(ROOT / "script" / "recovery"), *map(str, arguments)],
        env={"PATH": os.environ["PATH"]}, cwd="/",
        capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


def reset(person: Person, *, vouched: bool = True) -> None:
    """Forget the password: the old key is lost, a new one waits, and somebody vouches for it."""
    key = passwords.reset(person, NEW, THURSDAY)
    if vouched:
        keys.vouch(key, None, THURSDAY)


def reader(person: Person) -> Reader:
    return keys.open_current(person, NEW)


def words_read_by(person: Person, case) -> list[str]:
    on = access.case_for(person, case.reference, at=FRIDAY)
    found = access.opened(on, reader(person), ["story"], at=FRIDAY)
    return [entry.content["own_words"] for entry in found]


def export(tmp_path: Path, person: Person, *cases, **options) -> Path:
    request = tmp_path / "request.json"
    references = [case.reference for case in cases]
    call_command("recovery_export", *references, to=person.email, out=request, verbosity=0, **options)
    return request


def opened(request: Path, person: Person) -> Path:
    """Two holders of shares open the request, having heard the number."""
    answer = request.with_name("answer.json")
    said = keys.fingerprint(keys.current_key(person))
    done = offline("open", request, "--out", answer, "--fingerprint", said, *shares())
    assert done.returncode == 0, done.stderr
    return answer


def test_the_ceremony_gives_a_forgotten_password_its_cases_back(tmp_path):
    world = make_world()
    case = make_case(world)
    workflow.declare_conflict(case, by=world.officer, answer="none", at=THURSDAY)
    reset(world.officer)
    assert words_read_by(world.officer, case) == []

    request = export(tmp_path, world.officer, case)
    assert WORDS not in request.read_text() and world.officer.email not in request.read_text()
    answer = opened(request, world.officer)
    call_command("recovery_import", answer, verbosity=0)

    assert words_read_by(world.officer, case) == [WORDS]
    assert Event.objects.filter(case=case, kind="recovered").count() == 1
    grants = Grant.objects.filter(person_key=keys.current_key(world.officer))
    assert {grant.reason for grant in grants} == {"recovered"}
    assert {grant.key.compartment.kind for grant in grants} == {
        "story", "circumstances", "respondent", "inbox", "record", "finding",
    }  # fmt: skip
    assert world.chair.notices.filter(kind="recovered").exists()

    call_command("recovery_import", answer, verbosity=0)
    assert grants.count() == 6
    assert Event.objects.filter(case=case, kind="recovered").count() == 1


def test_what_was_written_after_the_reset_comes_back_as_well(tmp_path):
    world = make_world()
    case = make_case(world)
    workflow.declare_conflict(case, by=world.officer, answer="none", at=THURSDAY)
    reset(world.officer)
    compartments.new_generation(case, "inbox", at=THURSDAY)
    workflow.write(case, text="Later words.", at=THURSDAY)
    call_command("recovery_import", opened(export(tmp_path, world.officer, case), world.officer), verbosity=0)
    on = access.case_for(world.officer, case.reference, at=FRIDAY)
    found = access.opened(on, reader(world.officer), ["inbox"], at=FRIDAY)
    assert [one.content["text"] for one in found] == ["Later words."]


def test_nothing_goes_out_for_a_key_nobody_vouched_for(tmp_path):
    world = make_world()
    case = make_case(world)
    reset(world.officer, vouched=False)
    with pytest.raises(CommandError, match="vouched"):
        export(tmp_path, world.officer, case)


def test_wrong_shares_open_nothing(tmp_path):
    world = make_world()
    request = export(tmp_path, world.officer, make_case(world))
    said = keys.fingerprint(keys.current_key(world.officer))
    made = offline("make", "--out", tmp_path / "public", "--share-dir", tmp_path / "other")
    assert made.returncode == 0, made.stderr
    ours = shares()[1]
    others = [tmp_path / "other" / f"share-{number}.txt" for number in (1, 2)]
    broken = tmp_path / "broken.txt"
    broken.write_text(Path(ours).read_text().replace(" ", " academic ", 1))
    for pair in (others, [ours, others[0]], [ours, ours], [ours, broken], [ours]):
        files = [argument for path in pair for argument in ("--share-file", path)]
        done = offline("open", request, "--out", tmp_path / "answer", "--fingerprint", said, *files)
        assert done.returncode == 1 and done.stderr and "Traceback" not in done.stderr
        assert not (tmp_path / "answer").exists()


def test_any_two_shares_of_a_new_key_give_it_back(tmp_path):
    made = offline("make", "--out", tmp_path / "public")
    assert made.returncode == 0 and made.stdout.count("Share ") == 3
    assert len(bytes.fromhex((tmp_path / "public").read_text())) == 32
    assert offline("make", "--out", tmp_path / "public").returncode == 1


def test_a_request_for_another_person_is_heard_on_the_telephone(tmp_path):
    """Whoever rules the server could name a key of their own; the number the person reads out is another."""
    world = make_world()
    request = export(tmp_path, world.officer, make_case(world))
    said = keys.fingerprint(keys.current_key(world.chair))
    done = offline("open", request, "--out", tmp_path / "answer", "--fingerprint", said, *shares())
    assert done.returncode == 1 and "fingerprints differ" in done.stderr


def changed(path: Path, change) -> Path:
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    return path


def exchange_keys(content) -> None:
    one, other = content["grants"][:2]
    one["sealed"], other["sealed"] = other["sealed"], one["sealed"]


def test_a_request_that_was_tampered_with_is_not_opened(tmp_path):
    world = make_world()
    said = keys.fingerprint(keys.current_key(world.officer))
    case = make_case(world)
    for change in (
        exchange_keys,
        lambda content: content["grants"][0].update(sealed="AAAA"),
        lambda content: content["grants"][0].update(id="../../etc"),
        lambda content: content.update(format="something else"),
        lambda content: content.update(cases=["\033[2J"]),
        lambda content: content.update(grants=[]),
        lambda content: content.update(grants=7),
    ):
        request = changed(export(tmp_path, world.officer, case), change)
        done = offline("open", request, "--out", tmp_path / "answer", "--fingerprint", said, *shares())
        assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
        request.unlink()


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.update(recovery_public_key="00" * 32),
        lambda content: content["grants"][0].update(id="00000000-0000-4000-8000-000000000000"),
        lambda content: content["grants"][0].update(public_key="00" * 32),
        lambda content: content["grants"][0].update(sealed="AAAA"),
        lambda content: content["for"].update(public_key="00" * 32),
        lambda content: content.pop("for"),
        lambda content: content.update(grants=[]),
        lambda content: content.update(grants=[None]),
        lambda content: content.update(format=recovery.REQUEST),
    ],
)
def test_a_foreign_or_damaged_answer_brings_nothing_back(tmp_path, change):
    world = make_world()
    case = make_case(world)
    reset(world.officer)
    answer = changed(opened(export(tmp_path, world.officer, case), world.officer), change)
    with pytest.raises(CommandError):
        call_command("recovery_import", answer)
    assert not Grant.objects.filter(person_key=keys.current_key(world.officer)).exists()


def test_something_that_is_no_file_of_ours_is_refused(tmp_path):
    for content in (b"", b"\xff\xfe", b"[]", b"[" * 100_000, b'{"format": 1}'):
        path = tmp_path / "answer"
        path.write_bytes(content)
        with pytest.raises(CommandError):
            call_command("recovery_import", path)


def test_an_excluded_person_is_refused_going_out_and_coming_back(tmp_path):
    world = make_world()
    case = make_case(world)
    reset(world.officer)
    answer = opened(export(tmp_path, world.officer, case), world.officer)
    exclusions.exclude_person(case, world.officer)
    with pytest.raises(CommandError, match="may not be given access"):
        call_command("recovery_import", answer)
    (tmp_path / "request.json").unlink()
    with pytest.raises(CommandError, match="may not be given access"):
        export(tmp_path, world.officer, case)
    assert not Grant.objects.filter(person_key=keys.current_key(world.officer)).exists()
    assert ExclusionRow.objects.filter(case=case).count() == exclusions.ROWS


def test_all_or_nothing_when_one_of_two_cases_has_changed(tmp_path):
    world = make_world()
    cases = [make_case(world), make_case(world)]
    reset(world.officer)
    answer = opened(export(tmp_path, world.officer, *cases), world.officer)
    exclusions.exclude_person(cases[1], world.officer)
    with pytest.raises(CommandError):
        call_command("recovery_import", answer)
    assert not Grant.objects.filter(person_key=keys.current_key(world.officer)).exists()
    assert not Event.objects.filter(kind="recovered").exists()


def test_a_consent_withdrawn_in_between_stays_withdrawn(tmp_path):
    world = make_world()
    filed = file(make_answers(world.factory))
    reset(world.officer)
    answer = opened(export(tmp_path, world.officer, filed.case), world.officer)
    found = receipts.keys_of(filed.receipt, waiting=slots.RECEIPT)
    her = Holder(found.pair.private, receipt=Receipt.objects.get(lookup=found.lookup))
    workflow.change_consents(filed.case, her, wanted={"share_text": False}, at=THURSDAY)
    with pytest.raises(CommandError):
        call_command("recovery_import", answer)
    answer.unlink()
    (tmp_path / "request.json").unlink()
    call_command("recovery_import", opened(export(tmp_path, world.officer, filed.case), world.officer), verbosity=0)
    kinds = Grant.objects.filter(person_key=keys.current_key(world.officer)).values_list("key__compartment__kind")
    assert "story" not in {kind for (kind,) in kinds}


def test_a_stranger_is_put_on_no_case_by_recovery(tmp_path):
    world = make_world()
    case = make_case(world)
    other = make_person("case officer of another factory")
    Membership.objects.create(person=other, factory=make_factory(country=world.country), role="case_officer")
    for person in (other, world.advisor, world.admin, world.programme_lead, world.decision_maker, make_person()):
        with pytest.raises(CommandError, match="has no role"):
            export(tmp_path, person, case, at_cases=True)
    assert not (tmp_path / "request.json").exists()


def test_a_case_whose_handlers_are_gone_gets_a_new_one(tmp_path):
    world = make_world()
    case = make_case(world)
    for person in (world.officer, world.chair):
        workflow.remove_leaver(person, by=world.admin, at=THURSDAY)
    with pytest.raises(CommandError, match="--at-cases"):
        export(tmp_path, world.outside_member, case)
    reset(world.outside_member)
    answer = opened(export(tmp_path, world.outside_member, case, at_cases=True), world.outside_member)
    with pytest.raises(CommandError):
        call_command("recovery_import", answer)
    call_command("recovery_import", answer, at_cases=True, verbosity=0)
    assert Assignment.objects.current().get(case=case, person=world.outside_member).role == "outside_member"
    workflow.declare_conflict(case, by=world.outside_member, answer="none", at=FRIDAY)
    assert words_read_by(world.outside_member, case) == [WORDS]


def test_the_factory_gets_nothing_of_the_papers_from_before_a_hand_over(tmp_path):
    world = make_world()
    filed = file(make_answers(world.factory, route="outside_first"))
    workflow.add_note(filed.case, by=world.expert, text="Outside words.", at=THURSDAY)
    workflow.propose_handover(filed.case, by=world.expert, text="We could tell the committee now.", at=THURSDAY)
    found = receipts.keys_of(filed.receipt, waiting=slots.RECEIPT)
    her = Holder(found.pair.private, receipt=Receipt.objects.get(lookup=found.lookup))
    workflow.accept_handover(filed.case, her, consents={"share_text": True}, at=THURSDAY)
    reset(world.officer)
    call_command("recovery_import", opened(export(tmp_path, world.officer, filed.case), world.officer), verbosity=0)
    mine = Grant.objects.filter(person_key=keys.current_key(world.officer)).select_related("key__compartment")
    assert {(grant.key.compartment.kind, grant.key.generation) for grant in mine} == {
        ("story", 1), ("inbox", 2), ("record", 2), ("finding", 2),
    }  # fmt: skip


def test_a_hold_is_opened_to_leads_only(tmp_path):
    world = make_world()
    case = make_case(world, age_band="15_17")
    with pytest.raises(CommandError, match="has no role"):
        export(tmp_path, world.expert, case, at_cases=True)
    with pytest.raises(Http404):
        access.case_for(world.expert, case.reference, at=FRIDAY)
    reset(world.lead)
    call_command("recovery_import", opened(export(tmp_path, world.lead, case), world.lead), verbosity=0)
    assert words_read_by(world.lead, case) == [WORDS]


def test_a_key_replaced_in_between_is_given_nothing(tmp_path):
    world = make_world()
    case = make_case(world)
    reset(world.officer)
    answer = opened(export(tmp_path, world.officer, case), world.officer)
    passwords.reset(world.officer, NEW + "!", FRIDAY)
    with pytest.raises(CommandError):
        call_command("recovery_import", answer)
    assert not Grant.objects.filter(person_key__in=PersonKey.objects.filter(made_at__gte=THURSDAY)).exists()


def test_key_files_are_made_without_a_site_and_never_twice(tmp_path):
    command = [sys.executable, str(ROOT / "manage.py"), "make_keys", "--dir", str(tmp_path / "keys")]
    environment = {"PATH": os.environ["PATH"]}
    first = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert first.returncode == 0 and "script/recovery make" in first.stdout, first.stderr
    made = {path.name: path.read_text() for path in (tmp_path / "keys").iterdir()}
    assert set(made) == {"django_secret_key", "pepper", "server_secret"}
    assert all(oct((tmp_path / "keys" / name).stat().st_mode)[-3:] == "600" for name in made)
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 1 and "Traceback" not in again.stderr
    assert made == {path.name: path.read_text() for path in (tmp_path / "keys").iterdir()}
