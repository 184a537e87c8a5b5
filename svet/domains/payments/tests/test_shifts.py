"""A shift of the till: one at a time, counted at its end, numbered without gaps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from svet.domains.access import actions as access
from svet.domains.payments import actions, queries
from svet.domains.payments.models import FiscalTask, TillShift
from svet.domains.payments.tests.makers import NOW, an_account
from svet.domains.payments.tests.till_makers import (
    DEVICE,
    NINA,
    OTHER,
    a_shift,
    a_till,
    close,
    take,
)
from svet.kernel.errors import Conflict, DomainError, NotAllowed


@pytest.fixture
def account(db):
    return an_account(1)


@pytest.mark.django_db(transaction=True)
def test_two_cashiers_who_open_one_till_at_once_get_one_shift():
    till_id = a_till(device_url=DEVICE)

    def begin(cashier):
        try:
            return a_shift(till_id, cashier_id=cashier)
        except Conflict as conflict:
            return conflict.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        got = list(pool.map(begin, (NINA, OTHER)))

    assert got.count("till_is_taken") == 1
    assert TillShift.objects.count() == 1


def test_a_shift_closed_meanwhile_takes_nothing(account):
    shift_id = a_shift()
    close(shift_id, "1000.00")

    with pytest.raises(Conflict, match="shift_is_closed"):
        take(shift_id)


def test_a_shift_of_24_hours_takes_no_more_money_but_can_be_closed(account):
    shift_id = a_shift()
    take(shift_id, at=NOW + timedelta(hours=23, minutes=59))
    late = NOW + timedelta(hours=24)

    with pytest.raises(DomainError, match="shift_is_too_long"):
        take(shift_id, at=late)

    assert close(shift_id, "1412.30", at=late).is_new


def test_a_cashier_has_one_shift_at_a_time(account):
    a_shift()

    with pytest.raises(Conflict, match="cashier_has_open_shift"):
        a_shift(a_till("K2", device_url=DEVICE))


def test_a_till_without_a_device_works_only_where_that_is_decided(account):
    till_id = a_till()

    with pytest.raises(DomainError, match="till_has_no_device"):
        actions.open_shift(till_id, cashier_id=NINA, opening_float=Decimal(0), request_key="k", at=NOW)

    shift_id = a_shift(till_id, device=False)
    take(shift_id)
    assert FiscalTask.objects.count() == 0


def test_the_till_of_another_office_stays_shut(account):
    above = access.define_unit("Офис на Мира", parent_id=None, office_code="mira", at=NOW)
    unit_id = access.define_unit("Кассы", parent_id=above, office_code="", at=NOW)
    user_id = access.create_user("nina", password="x", at=NOW, roles=["cashier"], family_name="Гордеева")
    chief = access.create_user("chief", password="x", at=NOW, roles=["administrator"], family_name="Чернов")
    place = {"position": "кассир", "roles": ["cashier"], "unit_id": unit_id, "expected_roles": ["cashier"]}
    access.move_staff(user_id, by=chief, at=NOW, reason="приём", **place)

    with pytest.raises(NotAllowed, match="till_of_another_office"):
        a_shift(a_till(device_url=DEVICE, office_code="lenina"), cashier_id=user_id)

    assert a_shift(a_till("K2", device_url=DEVICE, office_code="mira"), cashier_id=user_id)


def test_a_difference_is_explained_or_the_shift_stays_open(account):
    shift_id = a_shift()
    take(shift_id)
    with pytest.raises(DomainError, match="difference_is_unexplained") as refused:
        close(shift_id, "1400.00")
    assert refused.value.facts["expected"] == "1412.30"

    close(shift_id, "1400.00", explanation="Не хватило разменных")
    again = close(shift_id, "5.00")

    row = queries.shift(shift_id)
    assert (again.is_new, row.difference, row.explanation) == (False, Decimal("-12.30"), "Не хватило разменных")


def test_numbers_of_shifts_and_operations_have_no_gaps(account):
    till_id = a_till(device_url=DEVICE)
    for _ in range(2):
        shift_id = a_shift(till_id, opening_float="0")
        with pytest.raises(DomainError):
            take(shift_id, "0")
        take(shift_id, "1.00")
        take(shift_id, "1.00")
        close(shift_id, "2.00")

    codes = [one.code for row in queries.shifts_of(NINA) for one in queries.report(row.shift_id).operations]
    assert sorted(codes) == ["K1-1-1", "K1-1-2", "K1-2-1", "K1-2-2"]
