"""The clock can be moved for a whole installation, and speaks Moscow time."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from svet.infra import clock


def test_the_clock_speaks_moscow_time(monkeypatch):
    monkeypatch.delenv("SVET_CLOCK_OFFSET", raising=False)

    now = clock.now()

    assert now.utcoffset() == timedelta(hours=3)
    assert abs(now - datetime.fromtimestamp(time.time(), UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize("seconds", [-86_400 * 30, 0, 86_400 * 365])
def test_an_installation_can_live_on_another_day(monkeypatch, seconds):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(seconds))

    moved = clock.now() - datetime.fromtimestamp(time.time(), UTC)

    assert abs(moved - timedelta(seconds=seconds)) < timedelta(seconds=5)
    assert clock.today() == clock.now().date()


def test_django_and_wagtail_live_on_the_same_day_as_the_installation(monkeypatch):
    monkeypatch.setattr(timezone, "now", timezone.now)  # noqa: TID251 — put back afterwards
    monkeypatch.setenv("SVET_CLOCK_OFFSET", "-2000000")

    apps.get_app_config("infra").ready()

    assert abs(timezone.localtime() - clock.now()) < timedelta(seconds=5)
    assert timezone.localdate() == clock.today()
