"""Revisions at the desk: asked for, counted, looked at, released by stages, taken back; by whom it is allowed."""

from __future__ import annotations

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from svet.domains.accounts.models import Household
from svet.domains.billing import actions as billing
from svet.domains.billing import jobs, queries
from svet.domains.billing.rules.revising import RevisedState, RevisionCause, RevisionState
from svet.domains.customers import actions as customers
from svet.domains.customers.rules import ContactKind, Subject, Way
from svet.domains.notifications import queries as messages
from svet.domains.tariffs import actions as tariffs
from svet.flows import reactions
from svet.infra.models import Fact
from svet.kernel.period import Month
from svet.surfaces.web.revision_words import ACCOUNT_STATES, CAUSES, STATES
from tests import cast, reference
from tests.architecture.test_urls import signed_in

OCTOBER = Month("2026-10")


@pytest.fixture
def people(db) -> cast.Cast:
    """The cast, charged for October; then it turns out that more people live everywhere."""
    everybody = cast.assemble()
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    run_id = billing.start_run(month=OCTOBER, started_by=None, at=cast.NOW)
    jobs.work_off(run_id, at=cast.NOW)
    billing.issue_bills(run_id, at=cast.NOW)
    jobs.work_off(run_id, at=cast.NOW)
    Household.objects.update(registered=F("registered") + 2)
    return everybody


@pytest.fixture
def engineer(people: cast.Cast) -> Client:
    return signed_in(people.staff["billing_engineer"].user_id, proved=True)


WORDS = {"first_month": "2026-10", "whom": "all", "cause": "residents", "reason": "Приказ № 12"}


def asked(engineer: Client, **words: str) -> int:
    answer = engineer.post(reverse("desk:ask_revision"), WORDS | words)
    assert answer.status_code == 302, answer.content.decode()
    revision_id = int(answer["Location"].rstrip("/").rpartition("/")[2])
    jobs.revise(revision_id)
    return revision_id


def shown(engineer: Client, revision_id: int) -> str:
    return engineer.get(reverse("desk:revision", args=[revision_id])).content.decode()


def test_from_asking_to_taking_back(engineer: Client, people: cast.Cast) -> None:
    revision_id = asked(engineer)
    page = shown(engineer, revision_id)
    assert "Скольким на сколько рублей изменится" in page
    assert "Приказ № 12" in page

    stage = engineer.post(reverse("desk:release_revision", args=[revision_id]), {"percent": "100", "sure": "on"})
    jobs.revise(revision_id)
    assert stage.status_code == 302
    assert queries.revision(revision_id).state is RevisionState.RELEASED
    assert "Отменить проведённое" in shown(engineer, revision_id)

    engineer.post(reverse("desk:take_revision_back", args=[revision_id]), {"reason": "Приказ отозван"})
    jobs.revise(revision_id)
    assert queries.revision(revision_id).state is RevisionState.TAKEN_BACK
    assert "Приказ отозван" in shown(engineer, revision_id)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"reason": " "}, "Напишите основание"),
        ({"whom": "account", "account": "12"}, "десять цифр"),
        ({"whom": "account", "account": "9999999999"}, "ничего не начислено"),
        ({"whom": "postal", "postal": "6000"}, "Шесть цифр"),
        ({"whom": "postal"}, "Укажите почтовый индекс"),
        ({"whom": "category"}, "Выберите категорию"),
        ({"whom": "category", "category": "palace"}, "Выберите корректный вариант"),
        ({"first_month": "2019-01"}, "Выберите корректный вариант"),
        ({"whom": ""}, "Выберите, кому"),
        ({"cause": "whim"}, "Выберите корректный вариант"),
        ({"reason": "о" * 401}, "Не длиннее 400"),
    ],
)
def test_what_cannot_be_asked_is_said_and_what_was_typed_stays(engineer: Client, words: dict, said: str) -> None:
    answer = engineer.post(reverse("desk:ask_revision"), WORDS | words)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert queries.revisions() == []


def test_a_stage_needs_a_look_and_a_share(engineer: Client) -> None:
    revision_id = asked(engineer)
    page = reverse("desk:release_revision", args=[revision_id])
    for words, said in (
        ({"percent": "10"}, "Подтвердите, что посмотрели"),
        ({"percent": "101", "sure": "on"}, "от 1 до 100"),
        ({"percent": "половина", "sure": "on"}, "от 1 до 100"),
        ({"sure": "on"}, "Укажите долю"),
    ):
        answer = engineer.post(page, words)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert queries.revision(revision_id).state is RevisionState.COUNTED


def test_a_stage_sent_twice_is_one_stage(engineer: Client) -> None:
    revision_id = asked(engineer)
    page, words = reverse("desk:release_revision", args=[revision_id]), {"percent": "100", "sure": "on"}
    engineer.post(page, words)

    again = engineer.post(page, words)

    assert again.status_code == 422
    assert "нельзя провести" in again.content.decode()


def test_a_revision_may_be_given_up_before_anything_is_released(engineer: Client) -> None:
    revision_id = asked(engineer)

    assert engineer.post(reverse("desk:cancel_revision", args=[revision_id])).status_code == 302
    assert "отказались" in shown(engineer, revision_id)
    assert engineer.post(reverse("desk:cancel_revision", args=[revision_id])).status_code == 409


@pytest.mark.parametrize("role", ["operator", "cashier", "administrator"])
def test_others_neither_see_nor_do_it(engineer: Client, people: cast.Cast, role: str) -> None:
    revision_id, other = asked(engineer), signed_in(people.staff[role].user_id, proved=True)

    for name in ("revisions", "ask_revision"):
        assert other.get(reverse(f"desk:{name}")).status_code == 403
    assert other.get(reverse("desk:revision", args=[revision_id])).status_code == 403
    for name in ("release_revision", "take_revision_back", "cancel_revision"):
        assert other.post(reverse(f"desk:{name}", args=[revision_id]), {}).status_code == 403


def test_who_chose_to_be_told_of_bills_is_told_of_the_difference(engineer: Client, people: cast.Cast) -> None:
    customer = people.anna.account.customer_id
    address = {"kind": ContactKind.EMAIL, "value": "anna@example.org"}
    customers.add_contact(customer, **address, from_on=cast.LONG_AGO, confirmed_at=cast.NOW, at=cast.NOW)
    customers.prefer(customer, ways={Subject.BILL: Way.EMAIL}, at=cast.NOW)
    revision_id = asked(engineer)
    engineer.post(reverse("desk:release_revision", args=[revision_id]), {"percent": "100", "sure": "on"})
    jobs.revise(revision_id)

    names, tell = reactions.REACTIONS["tell_revision"]
    for fact in Fact.objects.filter(name__in=names, account_id=people.anna.account.id):
        tell(fact, cast.NOW)

    told = [one.facts for one in messages.messages_of(people.anna.account.id) if one.kind == "bills_revised"]
    (revised,) = [
        one
        for one in queries.revised_accounts(revision_id, states=[RevisedState.RELEASED], limit=100)
        if one.account_number == people.anna.number
    ]
    assert told == [{"number": people.anna.number, "amount": str(revised.difference)}]


def test_every_cause_and_state_has_its_words() -> None:
    assert set(CAUSES) == set(RevisionCause)
    assert set(STATES) == set(RevisionState)
    assert set(ACCOUNT_STATES) == set(RevisedState)
