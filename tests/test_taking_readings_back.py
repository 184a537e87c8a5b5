"""A reading taken back by its receipt, also one that came in a file and stands in no journal."""

import polars as pl
import pytest
from django.urls import reverse

from svet.domains.metering import queries as readings_of
from svet.domains.metering.models import WithdrawnReading
from svet.flows.readings_file import take_readings
from tests import cast
from tests.test_undoing_from_the_journal import TODAY, browser, people, text  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db


def test_a_reading_from_a_file_stands_in_no_journal_and_is_taken_back_by_its_receipt(people, browser):  # noqa: F811
    home = people.anna
    row = {
        "account_number": home.number,
        "meter_serial": home.serial,
        "taken_on": TODAY.isoformat(),
        "t1": "13700",
    }
    take_readings(pl.DataFrame([row | {"channel": "meter_reader", "source_id": None}]), at=cast.NOW)
    loaded = readings_of.history(home.account.id)[0]
    receipt = reverse("desk:reading_receipt", args=[home.number, loaded.receipt_number])
    page = reverse("desk:withdraw_reading", args=[home.number, loaded.receipt_number])
    assert loaded.is_in_force
    assert page in text(browser.get(receipt))
    assert browser.post(page, {"reason": " "}).status_code == 422

    for _ in range(2):
        assert browser.post(page, {"reason": "Не тот файл"}).status_code == 302

    now = readings_of.history(home.account.id)[0]
    assert (now.reading_id, now.is_in_force) == (loaded.reading_id, False)
    assert now.withdrawn_at >= cast.NOW
    assert WithdrawnReading.objects.get(reading_id=loaded.reading_id).reason == "Не тот файл"
    assert page not in text(browser.get(receipt))


def test_a_reading_that_something_relies_on_is_not_taken_back_by_its_receipt(people, browser):  # noqa: F811
    first = readings_of.history(people.anna.account.id)[1]
    page = reverse("desk:withdraw_reading", args=[people.anna.number, first.receipt_number])

    assert "Сначала отзовите более позднее" in text(browser.get(page))
    assert browser.post(page, {"reason": "Хочу"}).status_code == 422
    assert browser.get(reverse("desk:withdraw_reading", args=[people.anna.number, "R-0"])).status_code == 404
    assert not WithdrawnReading.objects.exists()
