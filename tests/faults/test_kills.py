"""Processes killed and many at once: what was confirmed is there, once. script/bench has the long versions."""

import os
import random
import signal
import threading
import time

import pytest
from django.db import connection

from complaints import intake
from complaints.models import Case, Receipt
from factories.models import CountryPack
from script.benches import clients, servers
from tests.builders import WEDNESDAY, make_answers, make_world

PATH = "/kh/tell/"


@pytest.fixture
def bodies(stack):
    """Give a function that makes complete forms, as browsers send them."""
    from factories import clock

    make_world()
    assert CountryPack.objects.live().exists()

    def make(count):
        at = clock.now()
        return [
            clients.body(
                intake.mint(at).token,
                place_kind="not_sure",
                conduct_types="verbal",
                own_words=f"He shouts. {number}",
                danger_answer="no",
                respondent_job="mechanic",
                route="outside_only",
            )
            for number in range(count)
        ]

    return make


def test_sixteen_who_send_at_once_lose_none(transactional_db):
    world = make_world()
    lost = []

    def file() -> None:
        try:
            intake.file_complaint(make_answers(world.factory), token=intake.mint(WEDNESDAY).token, at=WEDNESDAY)
        except Exception as error:
            lost.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=file) for _worker in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lost == []
    assert Case.objects.count() == Receipt.objects.count() == 16


@pytest.mark.slow
def test_web_workers_killed_while_complaints_arrive_lose_no_confirmed_one(stack, bodies):
    storm = clients.start(stack.url, PATH, bodies(60), clients=8)
    master = stack.children["web"].process
    for _kill in range(4):
        time.sleep(random.uniform(0.1, 0.8))
        workers = servers.children_of(master.pid)
        if workers:
            os.kill(random.choice(workers), signal.SIGKILL)
    sent = clients.finish(storm)
    servers.wait_for("A new web worker", lambda: servers.children_of(master.pid))
    # A case may be there without its confirmation reaching her; she presses again and is told the same number.
    assert Case.objects.count() >= sent.arrived
    after = clients.send(stack.url, PATH, bodies(4), clients=4)
    assert after.arrived == 4


def test_a_complaint_cut_off_before_its_confirmation_is_the_same_case_when_sent_again(stack, bodies):
    [body] = bodies(1)
    first = clients.send(stack.url, PATH, [body], clients=1)
    again = clients.send(stack.url, PATH, [body], clients=1)
    assert (first.arrived, again.arrived) == (1, 1)
    assert Case.objects.count() == 1


def test_a_database_that_cuts_everybody_off_gives_a_sentence_and_no_half_case(stack, bodies):
    clients.send(stack.url, PATH, bodies(4), clients=4)
    storm = clients.start(stack.url, PATH, bodies(40), clients=8)
    time.sleep(0.6)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = 'samleng_app'"
        )
    sent = clients.finish(storm)
    assert sent.broken == 0
    assert set(sent.statuses) <= {"200", "503"}
    assert Case.objects.count() == Receipt.objects.count() >= 4 + sent.arrived
