"""Sign-up: by the last bill or by a code to a known contact, once for an account, and nothing is given away."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse

from svet.domains.access import queries as access
from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as account_queries
from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.billing import queries as bills
from svet.domains.customers import actions as customers
from svet.domains.customers import queries as customer_queries
from svet.domains.tariffs import actions as tariffs
from svet.flows import sign_up as flow
from svet.infra import clock
from svet.infra.models import AuditRecord
from svet.kernel.errors import DomainError
from svet.kernel.period import Month
from tests import cast, letters, reference
from tests.architecture.test_urls import signed_in

PHONE, EMAIL = "+79161234512", "anna.petrova@example.ru"
BY_BILL, BY_CODE, CONTACT = "/sign-up/", "/sign-up/by-code/", "/sign-up/by-code/contact/"
CODE, FINISH = "/sign-up/by-code/enter/", "/sign-up/finish/"
WHO = {"family_name": "Смирнова", "given_name": "Анна", "patronymic": "", "password": "светлый-дом-2026"}


def gather() -> cast.Cast:
    """The cast with October billed, and nobody who owns Anna's account any more; two contacts of hers are known."""
    cache.clear()
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    people = cast.assemble()
    run_id = billing.start_run(month=Month("2026-10"), dry=False, started_by=None, at=cast.NOW)
    billing_jobs.work_off(run_id, at=cast.NOW)
    billing.issue_bills(run_id, at=cast.NOW)
    billing_jobs.work_off(run_id, at=cast.NOW)
    anna = people.anna
    accounts.revoke_access(anna.account.id, user_id=anna.user_id, until_on=cast.date(2025, 1, 1), at=cast.NOW)
    for kind, value in (("phone", PHONE), ("email", EMAIL)):
        customers.add_contact(anna.account.customer_id, kind=kind, value=value, from_on=cast.LONG_AGO, at=cast.NOW)
    return people


@pytest.fixture
def people(db) -> cast.Cast:
    return gather()


def facts(one, **other) -> dict[str, str]:
    bill = bills.bills_of(one.account.id, limit=1)[0]
    return {"number": one.number, "bill": bill.number, "amount": f"{bill.to_pay}"} | other


def owner(one) -> int | None:
    return account_queries.owner_of(one.number, on=clock.today())


def prove(one, window=None) -> Client:
    window = window or Client()
    assert window.post(BY_BILL, facts(one)).headers["Location"] == FINISH
    return window


pytestmark = pytest.mark.django_db


def test_the_last_bill_opens_the_cabinet_and_warns_every_known_contact(people):
    window = prove(people.anna)

    answer = window.post(FINISH, WHO)

    assert answer.headers["Location"] == reverse("cabinet:choices", args=[people.anna.number])
    assert access.person(owner(people.anna)).name == "Смирнова Анна"
    assert window.get(reverse("cabinet:home", args=[people.anna.number])).status_code == 200
    told = {one.address: one.facts["what"] for one in letters.taken()}
    assert told == {PHONE: "signed_up", EMAIL: "signed_up"}
    verbs = set(AuditRecord.objects.values_list("verb", flat=True))
    assert {"access.sign_up_by_bill", "access.create_user", "accounts.access_granted"} <= verbs


@pytest.mark.parametrize("change", [str.lower, lambda text: f" {text} ", lambda text: text.replace("-", " ")])
def test_the_facts_may_be_typed_as_people_type_them(people, change):
    right = facts(people.anna)
    typed = {
        "number": f"{people.anna.number[:5]} {people.anna.number[5:]}",
        "bill": change(right["bill"]),
        "amount": right["amount"].replace(".", ",") + " ₽",
    }

    assert Client().post(BY_BILL, typed).headers["Location"] == FINISH


def test_wrong_facts_are_answered_alike_and_slow_whoever_guesses(people):
    def told(**other):
        answer = Client().post(BY_BILL, facts(people.anna, **other), REMOTE_ADDR=f"10.0.0.{len(str(other))}")
        assert answer.status_code == 422
        return "Данные не совпали" in answer.content.decode()

    assert told(amount="1.00")
    assert told(bill="нет-1")
    assert told(number="3399999990")
    assert told(amount="2.00")
    waits = Client().post(BY_BILL, facts(people.anna))
    assert "Слишком много попыток" in waits.content.decode()
    assert AuditRecord.objects.filter(verb="access.sign_up_by_bill").count() == 4


@pytest.mark.parametrize(
    "typed",
    [
        {"number": ""},
        {"number": "33"},
        {"number": "٣٣٠٠٠٠٠٠١٩"},
        {"number": "9" * 300},
        {"bill": ""},
        {"bill": "б" * 300},
        {"amount": ""},
        {"amount": "много"},
        {"amount": "-1"},
        {"amount": "NaN"},
        {"amount": "1e400"},
        {"amount": "0.001"},
        {"amount": "'; DROP TABLE 😀"},
    ],
)
def test_what_is_no_fact_is_told_at_its_field_and_counts_as_no_try(people, typed):
    answer = Client().post(BY_BILL, facts(people.anna, **typed))

    assert answer.status_code == 422
    assert "Проверьте, что введено" in answer.content.decode()
    assert not AuditRecord.objects.filter(verb="access.sign_up_by_bill").exists()


def test_an_account_that_has_an_owner_is_not_taken_and_he_is_not_named(people):
    answer = Client().post(BY_BILL, facts(people.igor))

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "пригласить вас" in text
    assert not any(secret in text for secret in ("Игорь", "igor", people.igor.account.customer_name))


def test_a_code_to_a_known_contact_opens_the_cabinet_and_is_signed_in_by(people):
    window = Client()
    shown = window.post(BY_CODE, {"number": people.anna.number}, follow=True).content.decode()
    assert "+7 9** ***-**-12" in shown
    assert "a***@e***.ru" in shown
    assert PHONE not in shown

    place = flow.known_contacts(people.anna.number, at=cast.NOW).index("+7 9** ***-**-12")
    window.post(CONTACT, {"place": place})
    code = letters.code_to(PHONE)
    assert window.post(CODE, {"code": letters.other_than(code)}).status_code == 422
    window.post(CODE, {"code": code})
    window.post(FINISH, WHO)

    assert access.person_by_address(PHONE).user_id == owner(people.anna)
    known = customer_queries.contacts_of(people.anna.account.customer_id, on=cast.NOW.date())
    assert [one.value for one in known if one.confirmed_at] == [PHONE]


@pytest.mark.parametrize("number", ["3399999990", "3300000026"])
def test_an_account_that_does_not_exist_or_has_no_contacts_shows_and_answers_the_same(people, number):
    window = Client()
    shown = [window.post(BY_CODE, {"number": number}, follow=True).content.decode() for _ in range(2)]

    sent = window.post(CONTACT, {"place": 0})
    told = [window.post(CODE, {"code": "123456"}).status_code for _ in range(6)]

    assert "+7 9** ***-**-" in shown[0]
    assert shown[0].count("choice") == shown[1].count("choice")
    assert (sent.headers["Location"], told) == (CODE, [422] * 6)
    assert [one for one in letters.taken() if one.kind == "code"] == []


def test_the_form_sent_twice_makes_one_person(people):
    window = prove(people.anna)

    window.post(FINISH, WHO)
    again = window.post(FINISH, WHO, follow=True)

    assert again.status_code == 200
    assert AuditRecord.objects.filter(verb="access.create_user", data__roles=[]).count() == 5


def test_two_proofs_at_once_make_one_owner(transactional_db):
    people = gather()
    proof = flow.Proof(people.anna.account.id, None)
    who = flow.Newcomer("Смирнова", "Анна", "", "светлый-дом-2026")

    def try_it(_):
        try:
            return flow.sign_up(proof, who=who, at=cast.NOW)
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as windows:
        told = [str(one) for one in windows.map(try_it, range(3))]

    assert sorted(told)[1:] == ["account_has_an_owner"] * 2


def test_the_last_step_without_a_proof_or_too_late_asks_for_it_again(people, monkeypatch):
    assert Client().post(FINISH, WHO).headers["Location"] == BY_BILL
    window = prove(people.anna)
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(31 * 60))

    assert window.post(FINISH, WHO).headers["Location"] == BY_BILL
    assert owner(people.anna) is None


@pytest.mark.parametrize("name", ["О'Брайен", "Салтыков-Щедрин", "Ы", "Анна 😀", "<b>Анна</b>", "Ё" * 80])
def test_names_are_kept_as_people_write_them(people, name):
    window = prove(people.anna)

    window.post(FINISH, WHO | {"family_name": name})

    assert access.person(owner(people.anna)).name == f"{name} Анна"
    assert "<b>Анна" not in window.get(reverse("account_home")).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"family_name": ""}, {"family_name": "Ы" * 300}, {"given_name": " "}, {"password": "1234567890"}]
)
def test_a_wrong_name_or_password_is_told_and_keeps_the_proof(people, wrong):
    window = prove(people.anna)

    assert window.post(FINISH, WHO | wrong).status_code == 422
    assert window.post(FINISH, WHO).status_code == 302


def test_whoever_is_signed_in_gets_one_more_account(people):
    window = prove(people.anna, signed_in(people.vera.user_id))

    page = window.get(FINISH)
    window.post(FINISH)

    assert "Добавить лицевой счёт" in page.content.decode()
    assert owner(people.anna) == people.vera.user_id
    mine = window.get(reverse("cabinet:accounts")).content.decode()
    assert people.anna.number in mine
    assert people.vera.number in mine
