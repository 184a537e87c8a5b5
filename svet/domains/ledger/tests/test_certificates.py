"""Certificates: numbered without gaps, never of no debt where there is some, frozen, given once per request."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.db.utils import IntegrityError, InternalError, ProgrammingError

from svet.domains.ledger import actions, queries
from svet.domains.ledger.rules import CertificateKind, EntryKind, Service
from svet.domains.ledger.tests.test_ledger import account, post
from svet.infra.clock import MOSCOW
from svet.infra.models import AuditRecord, Fact
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Month

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 18, 10, 30, tzinfo=MOSCOW)


@pytest.fixture
def anna():
    return account("7700000001")


def issue(account_id, *, kind=CertificateKind.BALANCE, on=date(2026, 11, 18), key="first-request", **more):
    terms = {"channel": "cabinet", "issued_by": None, "snapshot": {"customer_name": "Анна"}, "at": AT} | more
    return actions.issue_certificate(account_id, kind=kind, stated_on=on, request_key=key, **terms)


def test_a_certificate_tells_the_balance_of_the_day_and_until_when_was_charged(anna):
    post(anna, "500.10")
    post(anna, "-200.00", kind=EntryKind.PAYMENT, posted_on=date(2026, 11, 3))

    before, after = issue(anna, on=date(2026, 11, 2)), issue(anna, on=date(2026, 11, 3), key="second-request")

    assert (before.amount, after.amount) == (Decimal("500.10"), Decimal("300.10"))
    assert after.charged_until == Month("2026-10")
    assert len(after.code) == 12


def test_numbers_follow_each_other_and_a_refusal_takes_none(anna):
    first = issue(anna)
    post(anna, "0.01")
    with pytest.raises(DomainError):
        issue(anna, kind=CertificateKind.NO_DEBT, key="refused-request")

    second = issue(anna, key="second-request")

    assert second.number == first.number + 1
    assert [row.number for row in queries.certificates_of(anna)] == [second.number, first.number]


def test_the_same_request_gets_the_same_certificate(anna):
    assert issue(anna) == issue(anna)
    assert len(queries.certificates_of(anna)) == 1


def test_the_same_request_for_another_certificate_is_a_conflict(anna):
    issue(anna)

    with pytest.raises(Conflict) as refusal:
        issue(anna, kind=CertificateKind.NO_DEBT)

    assert refusal.value.code == "certificate_differs"


def test_an_advance_closes_penalties_and_no_costs(anna):
    post(anna, "-100.00", kind=EntryKind.PAYMENT)
    post(anna, "2.50", kind=EntryKind.PENALTY, service=Service.PENALTY)
    assert issue(anna, kind=CertificateKind.NO_DEBT).amounts == {
        Service.ENERGY: Decimal("-97.50"),
        Service.PENALTY: Decimal("0.00"),
    }

    post(anna, "30.00", service=Service.COSTS)
    with pytest.raises(DomainError) as refusal:
        issue(anna, kind=CertificateKind.NO_DEBT, key="second-request")

    assert (refusal.value.code, refusal.value.facts["amount"]) == ("there_is_debt", Decimal("30.00"))


def test_penalties_are_owed_for_by_themselves_when_no_money_is_left(anna):
    post(anna, "2.50", kind=EntryKind.PENALTY, service=Service.PENALTY)

    with pytest.raises(DomainError):
        issue(anna, kind=CertificateKind.NO_DEBT)


def test_a_payment_taken_back_brings_the_debt_back(anna):
    post(anna, "100.00")
    post(anna, "-100.00", kind=EntryKind.PAYMENT)
    assert issue(anna, kind=CertificateKind.NO_DEBT).amount == Decimal("0.00")

    post(anna, "100.00", kind=EntryKind.REVERSAL)

    with pytest.raises(DomainError):
        issue(anna, kind=CertificateKind.NO_DEBT, key="second-request")


def test_nothing_is_certified_of_a_day_that_has_not_come(anna):
    with pytest.raises(DomainError) as refusal:
        issue(anna, on=date(2026, 11, 19))

    assert refusal.value.code == "day_has_not_come"


def test_what_was_certified_stays_whatever_moves_later(anna):
    given = issue(anna)

    post(anna, "500.10")

    assert queries.certificate(anna, given.number) == given


def test_a_certificate_of_another_account_is_not_found(anna):
    given = issue(anna)

    with pytest.raises(NotFound):
        queries.certificate(account("7700000002"), given.number)


def test_a_check_needs_number_and_code_and_tells_nothing_personal(anna):
    given = issue(anna)
    wrong = f"{(int(given.code) + 1) % 10**12:012d}"

    found = queries.check_certificate(given.number, code=given.code)

    assert (found.number, found.kind, found.stated_on) == (given.number, CertificateKind.BALANCE, date(2026, 11, 18))
    assert set(type(found).__slots__) == {"number", "kind", "stated_on", "issued_at"}
    assert queries.check_certificate(given.number, code=wrong) is None
    assert queries.check_certificate(given.number + 1, code=given.code) is None
    assert queries.check_certificate(10**40, code=given.code) is None


def test_giving_leaves_an_audit_record_and_a_fact_without_the_code(anna):
    given = issue(anna)

    kept = AuditRecord.objects.get(verb="ledger.issue_certificate", target_id=str(given.number))
    fact = Fact.objects.get(name="ledger.certificate_issued")
    assert kept.account_id == fact.account_id == anna
    assert given.code not in str(kept.data) + str(fact.payload)


@pytest.mark.parametrize("statement", ["UPDATE ledger_certificate SET amount = -1", "DELETE FROM ledger_certificate"])
def test_the_database_refuses_to_rewrite_certificates(anna, statement):
    issue(anna)

    with pytest.raises((InternalError, ProgrammingError, IntegrityError)), connection.cursor() as cursor:
        cursor.execute(statement)
