"""Offices and contacts are what the last loaded Standard says; names and bank details are not its business."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, transaction

from svet.domains.offices import actions, queries
from svet.domains.offices.models import Company, Office, OfficeHours
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.hours import WeekHours
from svet.domains.offices.tests.samples import HERE, SHIPPED, facts_of
from svet.infra.models import AuditRecord, Fact
from svet.kernel.errors import NotFound
from svet.kernel.identifiers import is_bank_account, is_inn

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 5, 9, tzinfo=UTC)
TODAY = date(2026, 11, 5)
TOWN = facts_of(HERE / "sample_facts.yaml")


def state():
    return queries.directory(), queries.company(on=TODAY)


def test_a_load_brings_every_office_in_the_order_of_the_document():
    changes = actions.load_standard(TOWN, at=AT)

    assert [office.address for office in queries.directory()] == [
        "101001, г. Речной, ул. Пристанская, д. 3б",
        "101002, г. Речной, наб. Лодочная, д.6 корпус 1",
        "101010, пос. Верхние Бакены, пл. Мирная, д. 12/4",
    ]
    assert {change.how for change in changes} == {"added"}


def test_hours_are_shown_in_groups_of_equal_days_for_each_kind_of_customer():
    actions.load_standard(TOWN, at=AT)

    office = queries.office("rechnoy-pristanskaya-3b")

    assert office.week_for(Audience.INDIVIDUALS) == (
        WeekHours(1, 5, time(8), time(18)),
        WeekHours(6, 6, time(10), time(15)),
        WeekHours(7, 7),
    )
    assert office.week_for(Audience.LEGAL_ENTITIES) == (WeekHours(1, 5, time(8, 30), time(17, 30)), WeekHours(6, 7))


def test_an_office_has_no_hours_for_whom_it_does_not_serve():
    actions.load_standard(TOWN, at=AT)

    office = queries.office("verhnie-bakeny-mirnaya-12-4")

    assert [entry.audience for entry in office.hours] == [Audience.LEGAL_ENTITIES]
    assert office.week_for(Audience.INDIVIDUALS) == ()
    assert not OfficeHours.objects.filter(office__code=office.code, audience=Audience.INDIVIDUALS).exists()
    assert office.week_for(Audience.LEGAL_ENTITIES)[0].break_from == time(12)


def test_the_same_standard_again_changes_nothing():
    actions.load_standard(TOWN, at=AT)
    before, records, facts = state(), AuditRecord.objects.count(), Fact.objects.count()

    assert actions.load_standard(TOWN, at=AT) == ()
    assert state() == before
    assert (AuditRecord.objects.count(), Fact.objects.count()) == (records, facts)


def test_a_new_edition_changes_only_what_differs():
    actions.load_standard(TOWN, at=AT)
    first, _, third = TOWN.offices
    moved = replace(third, hours=first.hours)
    edition = replace(TOWN, offices=(first, moved), phones=TOWN.phones[1:])

    changes = actions.load_standard(edition, at=AT)

    assert {(change.kind, change.name, change.how) for change in changes} == {
        ("office", "г. Речной, наб. Лодочная, д.6 корпус 1", "removed"),
        ("office", "пос. Верхние Бакены, пл. Мирная, д. 12/4", "changed"),
        ("phone", "8 (4950) 11-22-33", "removed"),
        ("phone", "8 (800) 000-11-22", "changed"),
        ("phone", "8 (4950) 11-22-44", "changed"),
    }
    assert actions.load_standard(edition, at=AT) == ()


def test_a_dry_run_shows_the_same_changes_and_keeps_none():
    expected = actions.load_standard(TOWN, at=AT, dry_run=True)

    assert queries.directory() == []
    assert AuditRecord.objects.count() == 0
    assert actions.load_standard(TOWN, at=AT) == expected


def test_a_load_leaves_names_and_bank_details_alone():
    actions.load_reference(at=AT)
    before = queries.company(on=TODAY)

    actions.load_standard(TOWN, at=AT)

    after = queries.company(on=TODAY)
    assert after.postal_address == "101000, г. Речной, ул. Маячная, д. 1, этаж 2"
    assert (after.name, after.inn, after.settlement_account) == (before.name, before.inn, before.settlement_account)
    assert [phone.number for phone in after.phones_for(Audience.LEGAL_ENTITIES)] == ["8 (4950) 11-22-44"]


def test_contacts_are_kept_even_before_the_company_is_named():
    actions.load_standard(TOWN, at=AT)

    company = queries.company(on=TODAY)

    assert company
    assert (company.name, company.email) == ("", "svet@rechnoy.example")


def test_reference_data_bring_the_shipped_offices_once():
    first = actions.load_reference(at=AT)
    before = state()

    assert len([change for change in first if change.kind == "office"]) == 20
    assert actions.load_reference(at=AT) == ()
    assert state() == before


def test_reference_data_do_not_take_back_a_newer_standard():
    actions.load_standard(TOWN, at=AT)

    actions.load_reference(at=AT)

    assert len(queries.directory()) == 3
    assert queries.company(on=TODAY).email == "svet@rechnoy.example"


def test_the_sample_bank_details_pass_the_checks_of_banks():
    actions.load_reference(at=AT)

    company = queries.company(on=TODAY)

    assert is_inn(company.inn)
    assert is_bank_account(company.settlement_account, bic=company.bic)
    assert is_bank_account(company.correspondent_account, bic=company.bic)
    assert "образ" in company.bank_name


def test_without_a_company_record_there_is_an_empty_one():
    company = queries.company(on=TODAY)

    assert not company
    assert company.phones == ()


def test_an_unknown_office_is_not_found():
    with pytest.raises(NotFound, match="no_such_office"):
        queries.office("nowhere")


def test_a_failed_load_leaves_nothing_half_done():
    broken = replace(
        TOWN, phones=(*TOWN.phones, replace(TOWN.phones[0], number="8" * 40, audience=Audience.INDIVIDUALS))
    )

    with pytest.raises(Exception, match="too long"), transaction.atomic():
        actions.load_standard(broken, at=AT)

    assert queries.directory() == []


def test_a_former_address_stays_in_the_history():
    actions.load_standard(TOWN, at=AT)
    first = TOWN.offices[0]

    actions.load_standard(replace(TOWN, offices=(replace(first, postal_code="101099"), *TOWN.offices[1:])), at=AT)

    history = Office.objects.get(code=first.code).history.all()
    assert [event.postal_code for event in history] == ["101001"]


def test_the_database_refuses_a_break_outside_the_hours():
    actions.load_standard(TOWN, at=AT)

    with pytest.raises(IntegrityError, match="a_break_lies_within_the_hours"), transaction.atomic():
        OfficeHours.objects.update(break_from=time(6), break_until=time(7))


def test_the_shipped_file_is_complete():
    actions.load_reference(at=AT)

    assert len(queries.directory()) == len(facts_of(SHIPPED).offices)
    assert Company.objects.count() == 1
