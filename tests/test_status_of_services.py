"""The public status of services: what waits too long is late, a quiet service is not; nothing else is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from svet.domains.notifications import actions as notifications
from svet.flows import service_status
from svet.infra import clock, inbox, jobs
from svet.surfaces.web import gate_words
from tests import cast
from tests.architecture.test_urls import signed_in


@pytest.fixture(autouse=True)
def an_idle_queue(db):
    """Forget the work that tests which commit have left: by now it has waited long."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_events")
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def people(db):
    return cast.assemble()


def late(at):
    return {one.code for one in service_status.statuses(at=at) if one.late_since}


def test_a_message_that_nobody_reads_makes_its_service_late_until_it_is_read(db):
    at = cast.NOW
    assert late(at) == set()
    message, _ = inbox.receive("sms", external_id="one", raw=b"3300000019 12", at=at)

    assert late(at + timedelta(minutes=14)) == set()
    assert late(at + timedelta(minutes=16)) == {"sms"}

    inbox.finish(message, at=at, result={})
    assert late(at + timedelta(minutes=16)) == set()


def test_the_page_tells_how_services_are_and_nothing_of_what_they_got(db, django_assert_max_num_queries):
    inbox.receive("mail", external_id="secret-id", raw=b"secret text", at=cast.NOW - timedelta(days=400))

    with django_assert_max_num_queries(12):
        answer = Client().get(reverse("website:status"))

    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.count("Работает с задержкой") == 1
    assert "secret" not in text
    assert len(answer.content) < 150_000


def rows_at_the_desk(at):
    return {one.code: one for one in service_status.gates(at=at)}


def test_letters_that_cannot_go_are_late_only_where_none_went_after_them_and_the_desk_says_why(db):
    at = cast.NOW
    facts = {"case": "1", "number": "2"}
    stuck = notifications.send("reply", channel="email", address="a@example.org", facts=facts, key="1", at=at)
    assert late(at + timedelta(minutes=16)) == {"letters"}
    notifications.claim_waiting(channel="email", at=at)
    notifications.mark_failed(stuck, error="smtp_452", at=at)
    row = rows_at_the_desk(at + timedelta(minutes=16))["letters"]
    assert (row.waiting, row.done_at, row.problem, row.late_since) == (1, None, "smtp_452", at)
    assert gate_words.problem(row) == "Почтовый сервер пока не принимает письмо (452)"

    other = notifications.send("reply", channel="email", address="b@example.org", facts=facts, key="2", at=at)
    notifications.mark_sent(other, at=at + timedelta(minutes=1))
    assert late(at + timedelta(minutes=16)) == set()
    assert rows_at_the_desk(at)["letters"].done_at == at + timedelta(minutes=1)


def test_a_mailbox_that_does_not_answer_is_late_at_once_for_both_pages(db):
    at = cast.NOW
    notifications.note_look("info/INBOX", at=at, error="ConnectionRefusedError")
    assert late(at) == {"mail"}
    row = rows_at_the_desk(at)["mail"]
    assert (row.late_since, row.problem_at) == (at, at)
    assert "Почтовый ящик не отвечает" in gate_words.problem(row)

    notifications.note_look("info/INBOX", at=at, uidvalidity=1)
    assert late(at) == set()
    message, _ = inbox.receive("mail", external_id="one", raw=b"x", at=at)
    inbox.finish(message, at=at, result={}, failed=True)
    assert gate_words.problem(rows_at_the_desk(at)["mail"]).startswith("Сообщение не удалось прочитать")


def far_on(*tables):
    """Let the next rows have ids as late as if very many had come between."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id) + 10000000) FROM " + table, [table])


def test_what_went_and_what_did_not_is_told_however_many_came_after(db):
    at, facts = cast.NOW, {"case": "1", "number": "2"}
    went, stuck = (
        notifications.send("reply", channel="email", address=address, facts=facts, key=address, at=at)
        for address in ("a@example.org", "b@example.org")
    )
    notifications.claim_waiting(channel="email", at=at)
    notifications.mark_failed(stuck, error="smtp_452", at=at)
    notifications.mark_sent(went, at=at + timedelta(minutes=1))
    for name, failed in (("read", False), ("unread", True)):
        message, _ = inbox.receive("sms", external_id=name, raw=b"x", at=at)
        inbox.finish(message, at=at, result={}, failed=failed)
    far_on("notifications_message", "infra_inbox")
    notifications.mark_sent(
        notifications.send("reply", channel="sms", address="+79000000002", facts=facts, key="late", at=at), at=at
    )
    message, _ = inbox.receive("mail", external_id="late", raw=b"x", at=at)
    inbox.finish(message, at=at, result={})

    rows = rows_at_the_desk(at)
    assert (rows["letters"].done_at, rows["letters"].problem) == (at + timedelta(minutes=1), "smtp_452")
    assert (rows["sms"].done_at, rows["sms"].problem, rows["sms"].problem_at) == (at, "not_read", at)
    assert "letters" not in late(at + timedelta(minutes=16))


def test_the_desk_shows_each_gate_to_who_may_see_figures(people):
    page = reverse("desk:gates")
    boss = signed_in(people.staff["supervisor"].user_id, proved=True)
    shown = boss.get(page).content.decode()

    assert all(name in shown for name in gate_words.NAMES.values())
    assert shown.count("Ещё не было") == len(gate_words.NAMES)
    assert signed_in(people.staff["cashier"].user_id, proved=True).get(page).status_code == 403


def test_work_that_nobody_takes_is_late(db):
    now = clock.now()
    jobs.app.configure_task("nobody.takes.this", schedule_at=now, allow_unknown=True).defer()

    assert late(now + timedelta(minutes=5)) == set()
    assert late(now + timedelta(minutes=20)) == {"work"}
