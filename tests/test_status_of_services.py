"""The public status of services: what waits too long is late, a quiet service is not; nothing else is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from svet.flows import service_status
from svet.infra import clock, inbox, jobs
from tests import cast


@pytest.fixture(autouse=True)
def an_idle_queue(db):
    """Forget the work that tests which commit have left: by now it has waited long."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_events")
        cursor.execute("DELETE FROM procrastinate_jobs")


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


def test_work_that_nobody_takes_is_late(db):
    now = clock.now()
    jobs.app.configure_task("nobody.takes.this", schedule_at=now, allow_unknown=True).defer()

    assert late(now + timedelta(minutes=5)) == set()
    assert late(now + timedelta(minutes=20)) == {"work"}
