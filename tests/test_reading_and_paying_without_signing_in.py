"""A reading and a payment by the facts of the last bill: no sign-in, and nothing of the person is told."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.metering import queries as metering
from svet.domains.metering.rules import Verdict
from svet.domains.offices import actions as offices
from svet.domains.offices.rules.channels import Deed, Way
from svet.infra.models import AuditRecord
from svet.surfaces.web.tests.test_sign_up import facts, gather
from tests import cast, reference
from tests.test_equal_work import UNKNOWN, cost, differing, hashed  # noqa: F401

pytestmark = pytest.mark.django_db

GIVE, METER, PAY, SUM = "/readings/give/", "/readings/give/meter/", "/pay/", "/pay/sum/"


@pytest.fixture
def town(db, monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    return gather()


def proved(one, page=GIVE):
    window = Client()
    assert window.post(page, facts(one)).headers["Location"] == {GIVE: METER, PAY: SUM}[page]
    return window


def typed(one, value, **other):
    return {
        "meter": one.serial[-4:],
        "source_id": f"try-{value}-0001",
        "t1": str(value),
        "taken_on": "2026-11-18",
    } | other


def given(one):
    rows = metering.history(one.account.id)
    return [(row.value, row.verdict) for row in rows if row.channel == "website"]


def tells_of(one, page):
    """Return what the page says that it must not."""
    secret = [*one.account.customer_name.split(), "Садовая", one.serial]
    return [word for word in secret if word in page]


def test_a_reading_is_taken_once_with_a_receipt(town):
    anna = town.anna
    window = proved(anna)
    page = window.get(METER).content.decode()
    assert tells_of(anna, page) == []
    assert anna.serial[-4:] in page

    first, again = (window.post(METER, typed(anna, 13760)) for _ in range(2))

    assert first.status_code == 302
    assert first.headers["Location"] == again.headers["Location"]
    receipt = window.get(first.headers["Location"]).content.decode()
    assert "Показания приняты" in receipt
    assert tells_of(anna, receipt) == []
    assert given(anna) == [(13760, Verdict.ACCEPTED)]


def test_an_odd_value_is_asked_about_without_the_value_before_and_taken_when_confirmed(town):
    anna = town.anna
    window = proved(anna)

    asked = window.post(METER, typed(anna, 16760))

    page = asked.content.decode()
    assert (asked.status_code, given(anna)) == (422, [])
    assert "Расход больше обычного" in page
    assert tells_of(anna, page) == []
    confirmed = typed(anna, 16760, confirmed=asked.context["form"].typed)
    assert window.post(METER, confirmed).status_code == 302
    assert given(anna) == [(16760, Verdict.HELD)]
    less = window.post(METER, typed(anna, 100)).content.decode()
    assert "Меньше прошлого" in less
    assert "13" not in less.split("Меньше прошлого")[1].split("</ul>")[0]


def test_what_cannot_be_a_reading_is_refused_and_the_next_try_is_a_new_one(town):
    window = proved(town.anna)
    refused = window.post(METER, typed(town.anna, "12345678901"))

    assert refused.status_code == 422
    assert "Так передать нельзя" in refused.content.decode()
    assert refused.context["form"]["source_id"].value() != "try-12345678901-0001"
    assert window.post(METER, typed(town.anna, "13760")).status_code == 302


def test_the_sum_to_pay_is_shown_with_a_code_and_without_a_name(town):
    vera = town.vera
    page = proved(vera, PAY).get(SUM).content.decode()

    assert '<p class="giant">' in page
    assert "Платить ничего не нужно" not in page
    assert vera.number in page
    assert tells_of(vera, page) == []


def test_without_the_facts_there_is_no_way_in_and_the_answer_is_always_the_same(town):
    window = Client()
    right = facts(town.anna)
    wrong = [
        right | {"amount": "1.23"},
        right | {"bill": "2610-99999999"},
        {"number": UNKNOWN[0], "bill": right["bill"], "amount": right["amount"]},
        facts(town.igor) | {"number": town.anna.number},
    ]
    answers = [Client(REMOTE_ADDR=f"10.0.0.{n}").post(GIVE, one) for n, one in enumerate(wrong, 1)]

    assert {one.status_code for one in answers} == {422}
    assert len({one.content.decode().split("<ul")[-1][:200] for one in answers}) == 1
    for page, back in ((METER, GIVE), (SUM, PAY), ("/readings/give/R-0/", GIVE)):
        assert window.get(page).headers["Location"] == back


def test_guessing_makes_wait_and_each_try_is_in_the_journal(town):
    window = Client()
    wrong = facts(town.anna) | {"amount": "1.23"}
    answers = [window.post(PAY, wrong).content.decode() for _ in range(4)]

    problems = [one.split("<main")[1].split("<form")[0] for one in answers]
    assert problems[0] == problems[1] != problems[3]
    assert AuditRecord.objects.filter(verb="access.facts_of_bill").count() == 3


def test_a_known_and_an_unknown_account_cost_the_same(town, cost):  # noqa: F811
    def ask(number):
        return cost(lambda window: window.post(GIVE, {"number": number, "bill": "2610-1", "amount": "100"}))

    assert not differing([ask(town.anna.number), ask(UNKNOWN[0])])


def test_the_proof_is_over_after_half_an_hour_and_at_once_when_forgotten(town, monkeypatch):
    window = proved(town.anna)
    assert window.get(GIVE).headers["Location"] == METER
    later = cast.NOW.timestamp() + timedelta(minutes=31).total_seconds()
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(later - time.time()))
    assert window.get(METER).headers["Location"] == GIVE

    window = proved(town.anna)
    assert window.post(reverse("website:forget_bill")).status_code == 302
    assert window.get(METER).headers["Location"] == GIVE


def test_the_receipt_of_another_way_or_account_is_not_shown(town):
    window, other = proved(town.anna), proved(town.igor)
    place = window.post(METER, typed(town.anna, 13760)).headers["Location"]
    by_others = next(row for row in metering.history(town.anna.account.id) if row.channel != "website")

    assert other.get(place).status_code == 404
    assert window.get(f"/readings/give/{by_others.receipt_number}/").status_code == 404


def test_a_channel_that_is_off_refuses_those_who_are_inside_too(town):
    window = proved(town.anna)
    offices.turn_channel(
        Way.SITE,
        Deed.READINGS,
        is_on=False,
        redirect="Передайте по телефону",
        reason="сбой",
        from_at=None,
        by=1,
        at=cast.NOW,
    )
    for answer in (window.get(GIVE), window.get(METER), window.post(METER, typed(town.anna, 13760))):
        assert answer.status_code == 409
        assert "Передайте по телефону" in answer.content.decode()
    assert given(town.anna) == []
    assert window.get(SUM).status_code == 200
