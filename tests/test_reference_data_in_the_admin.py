"""Reference data in the admin: who enters, what is edited, what an edit leaves behind."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from svet.domains.offices import actions as offices
from svet.domains.tariffs import actions as tariffs
from svet.domains.tariffs.models import DayOff, SocialNorm, Territory
from svet.infra.models import AuditRecord, Fact
from tests import cast, reference
from tests.architecture.test_urls import ALL, signed_in

INDEX = "/desk/reference/"
EDITS = ["admin:tariffs_dayoff_add", "admin:supply_networkoperator_add"]


@pytest.fixture
def staff(db) -> dict[str, cast.Employee]:
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    return {one.role: cast.employee(one) for one in cast.names.STAFF}


@pytest.fixture
def keeper(staff) -> Client:
    return signed_in(staff["administrator"].user_id, proved=True)


def records() -> list[AuditRecord]:
    return list(AuditRecord.objects.filter(verb__startswith="reference.").order_by("pk"))


@pytest.mark.parametrize("role", ["operator", "cashier", "supervisor", "head", "auditor"])
def test_who_does_not_keep_reference_data_meets_a_closed_door(staff, role):
    browser = signed_in(staff[role].user_id, proved=True)

    for asked in (INDEX, f"{INDEX}tariffs/", f"{INDEX}tariffs/dayoff/", f"{INDEX}jsi18n/", *map(reverse, EDITS)):
        assert browser.get(asked).status_code == 403, asked
        assert browser.post(asked).status_code == 403, asked


def test_a_flag_in_the_database_opens_nothing_only_the_role_does(staff):
    operator = staff["operator"].user_id
    get_user_model().objects.filter(pk=operator).update(is_superuser=True)

    assert signed_in(operator, proved=True).get(INDEX).status_code == 403


def test_the_desk_leads_there_only_those_who_may(staff, keeper):
    operator = signed_in(staff["operator"].user_id, proved=True)

    assert INDEX in keeper.get(reverse("desk:home")).content.decode()
    assert INDEX not in operator.get(reverse("desk:home")).content.decode()


def test_every_table_opens_in_russian_for_the_administrator_and_the_engineer(staff, keeper):
    lists = [name for name in ALL if name.startswith("admin:") and name.endswith("_changelist")]

    assert len(lists) == 18
    for browser in (keeper, signed_in(staff["billing_engineer"].user_id, proved=True)):
        assert "Производственный календарь" in browser.get(INDEX).content.decode()
        for name in lists:
            assert browser.get(reverse(name)).status_code == 200, name


def test_a_day_off_is_added_renamed_and_taken_away_and_each_is_told(keeper):
    on = date(2031, 5, 5)
    keeper.post(reverse(EDITS[0]), {"on": "05.05.2031", "note": "перенос", "reason": "Приказ № 1"})
    row = DayOff.objects.get(on=on)

    keeper.post(reverse("admin:tariffs_dayoff_change", args=[row.pk]), {"note": "мост", "reason": "Приказ № 2"})
    keeper.post(reverse("admin:tariffs_dayoff_delete", args=[row.pk]), {"post": "yes"})

    assert not DayOff.objects.filter(on=on).exists()
    assert [(one.verb, one.reason) for one in records()] == [
        ("reference.add", "Приказ № 1"),
        ("reference.change", "Приказ № 2"),
        ("reference.delete", ""),
    ]
    assert records()[1].data == {"before": {"note": "перенос"}, "after": {"note": "мост"}}
    assert records()[2].data["before"]["on"] == "2031-05-05"
    assert Fact.objects.filter(name="reference.changed").count() == 3


def test_a_change_without_a_reason_or_of_a_day_that_is_there_is_refused(keeper):
    known = DayOff.objects.order_by("on").first()

    without = keeper.post(reverse(EDITS[0]), {"on": "05.05.2031", "note": "", "reason": "  "})
    twice = keeper.post(reverse(EDITS[0]), {"on": known.on.strftime("%d.%m.%Y"), "note": "", "reason": "Приказ"})

    assert (without.status_code, twice.status_code) == (200, 200)
    assert "Требуется заполнить это поле" in without.content.decode()
    assert "уже существует" in twice.content.decode()
    assert records() == []


def test_the_code_that_others_refer_to_never_changes(keeper):
    row = Territory.objects.order_by("pk").first()

    sent = {"code": "other", "name": "«Город» 🏙 O'Neil", "reason": "Приказ"}
    keeper.post(reverse("admin:tariffs_territory_change", args=[row.pk]), sent)
    after = Territory.objects.get(pk=row.pk)

    assert (after.code, after.name) == (row.code, "«Город» 🏙 O'Neil")


def test_what_is_only_shown_cannot_be_sent(keeper):
    row = SocialNorm.objects.order_by("pk").first()
    page = reverse("admin:tariffs_socialnorm_change", args=[row.pk])

    assert keeper.get(page).status_code == 200
    assert keeper.post(page, {"kwh": "1", "reason": "Хочу"}).status_code == 403
    assert keeper.post(reverse("admin:tariffs_socialnorm_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert keeper.post(reverse("admin:tariffs_socialnorm_add"), {"kwh": "1", "reason": "Хочу"}).status_code == 403
    assert SocialNorm.objects.get(pk=row.pk).kwh == row.kwh


def test_forged_ids_and_addresses_lead_nowhere(keeper):
    for asked in ("tariffs/dayoff/99999999/change/", "tariffs/dayoff/x'y/change/"):
        assert keeper.get(INDEX + asked).status_code in {302, 404}
    for asked in ("accounts/", "customers/", "login/", "logout/", "password_change/", "accounts/account/"):
        assert keeper.get(INDEX + asked).status_code == 404, asked
    assert records() == []


def test_the_strict_policy_of_content_holds_there_too(keeper):
    policy = keeper.get(reverse(EDITS[0])).headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
