"""Exceptions of hours at the desk, and what the shipped data say of places and equipment."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, transaction

from svet.domains.offices import actions, queries
from svet.domains.offices.models import HoursException, Office
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.opening import Exceptional, Why
from svet.domains.offices.rules.places import Known, distance_km, settlement_in
from svet.domains.tariffs import actions as tariffs
from svet.infra.models import AuditRecord, Fact
from svet.kernel.errors import Conflict, DomainError, NotFound
from tests import reference

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 5, 9, tzinfo=UTC)
DAY = date(2026, 11, 18)


def test_hours_of_a_day_follow_the_calendar_and_the_exceptions():
    reference.load(tariffs, at=AT)
    reference.load(actions, at=AT)
    office = queries.office("vladimir-mira-61a").office_id
    other = queries.office("suzdal-krasnaya-10").office_id
    people = Audience.INDIVIDUALS

    assert queries.hours_on(office, people, DAY).closes_at == time(18)
    assert queries.hours_on(office, people, date(2026, 12, 31)).why is Why.HOLIDAY
    assert queries.hours_on(office, people, date(2026, 11, 22)).why is Why.DAY_OFF

    repair = actions.add_exception(Exceptional(DAY, DAY, " ремонт зала ", office_id=office), by=1, at=AT)
    with pytest.raises(Conflict, match="exception_overlaps"):
        actions.add_exception(Exceptional(DAY, date(2026, 11, 20), "ещё", office_id=office), by=1, at=AT)
    assert queries.hours_on(office, people, DAY).reason == "ремонт зала"
    assert queries.hours_on(other, people, DAY).is_open

    everywhere = Exceptional(DAY, DAY, "учёба", opens_at=time(9), closes_at=time(12))
    actions.add_exception(everywhere, by=1, at=AT)
    assert queries.hours_on(other, people, DAY).spans == ((time(9), time(12)),)
    assert [one.reason for one in queries.exceptions_listed(from_on=DAY)] == ["ремонт зала", "учёба"]
    assert queries.exceptions_listed(from_on=date(2026, 11, 19)) == []

    actions.withdraw_exception(repair, reason="ошиблись днём", by=1, at=AT)
    assert queries.hours_on(office, people, DAY).reason == "учёба"
    assert AuditRecord.objects.filter(verb__startswith="offices.exception_").count() == 3
    assert Fact.objects.filter(name="offices.hours_changed").count() == 3
    with pytest.raises(NotFound):
        actions.withdraw_exception(repair, reason="ещё раз", by=1, at=AT)
    with pytest.raises(NotFound, match="no_such_office"):
        queries.hours_on(0, people, DAY)


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("exception_without_reason", Exceptional(DAY, DAY, "  ")),
        ("exception_ends_before_it_begins", Exceptional(DAY, date(2026, 11, 17), "ремонт")),
        ("exception_is_too_long", Exceptional(DAY, date(2027, 12, 31), "ремонт")),
        ("exception_is_past", Exceptional(date(2026, 11, 1), date(2026, 11, 4), "ремонт")),
        ("exception_has_wrong_hours", Exceptional(DAY, DAY, "ремонт", opens_at=time(9))),
        ("exception_has_wrong_hours", Exceptional(DAY, DAY, "ремонт", opens_at=time(9), closes_at=time(9))),
        ("no_such_office", Exceptional(DAY, DAY, "ремонт", office_id=0)),
    ],
)
def test_an_exception_that_makes_no_sense_is_refused(code, wanted):
    with pytest.raises(DomainError, match=code):
        actions.add_exception(wanted, by=1, at=AT)

    assert not HoursException.objects.exists()


def test_shipped_offices_have_places_that_say_what_they_point_at_and_nothing_is_made_up_of_equipment():
    actions.load_reference(at=AT)
    region = queries.region()

    for office in queries.directory():
        assert office.precision == "settlement"
        assert office.place_source
        assert set(office.features.values()) == {Known.UNKNOWN}
        town = settlement_in(office.settlement, region.settlements)
        assert distance_km(office.point, town.point) < 0.1, office.code


def test_a_place_that_somebody_entered_stays_and_half_a_place_is_refused():
    actions.load_reference(at=AT)
    moved = {"latitude": "56.13", "longitude": "40.41", "precision": "building", "place_source": "замер"}
    Office.objects.filter(code="vladimir-mira-61a").update(**moved)

    actions.load_reference(at=AT)

    assert queries.office("vladimir-mira-61a").point.latitude == 56.13
    with pytest.raises(IntegrityError, match="a_place_has_both_degrees"), transaction.atomic():
        Office.objects.filter(code="vladimir-mira-61a").update(longitude=None)
