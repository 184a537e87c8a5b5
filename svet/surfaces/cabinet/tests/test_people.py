"""«Люди»: who may do what on an account, invitations used once, and nobody in who was removed."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse

from svet.domains.access import queries as access
from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries
from svet.domains.accounts.rules import AccountRight, role_may
from svet.domains.customers import actions as customers
from svet.flows import reactions
from svet.infra import clock
from svet.infra.models import AuditRecord
from svet.kernel.errors import DomainError
from tests import cast, letters
from tests.architecture.test_urls import CABINET, address, signed_in

EMAIL, PHONE = "guest@example.org", "+79161112233"
WHO = {"family_name": "Гостев", "given_name": "Олег", "patronymic": "", "password": "светлый-гость-2026"}
OF_AN_ACCOUNT = {name: one for name, one in CABINET.items() if "number" in one.pattern.converters}

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db) -> cast.Cast:
    cache.clear()
    return cast.assemble()


def page(one) -> str:
    return reverse("cabinet:people", args=[one.number])


def invited(people, *, role="payer", value=EMAIL, key=EMAIL) -> str:
    """Let Anna invite somebody and return the link that came to him."""
    answer = signed_in(people.anna.user_id).post(page(people.anna), {"value": value, "role": role})
    assert answer.status_code == 302
    letter = next(one for one in reversed(letters.taken()) if one.kind == "invitation" and one.address == key)
    return re.sub(r"^https?://[^/]+", "", letter.facts["link"])


def let_in(people, user_id: int, role: str) -> None:
    accounts.grant_access(people.anna.account.id, user_id=user_id, role=role, from_on=cast.LONG_AGO, at=cast.NOW)


def roles(people) -> dict[int, str]:
    return {one.user_id: one.role for one in queries.people_of(people.anna.account.id, on=clock.today())}


@pytest.mark.parametrize("role", ["owner", "payer", "reader"])
def test_every_page_of_an_account_lets_in_and_takes_from_whom_the_role_allows(people, role):
    let_in(people, people.igor.user_id, role)
    window = signed_in(people.igor.user_id)

    for name, pattern in OF_AN_ACCOUNT.items():
        asked = address(name, pattern, number=people.anna.number)
        for method, right in (("get", pattern.callback.see), ("post", pattern.callback.change)):
            status = getattr(window, method)(asked).status_code
            assert status == 405 or (status == 403) == (not role_may(role, right)), (name, method)


def test_whoever_forgets_to_say_what_a_page_takes_has_it_shut():
    open_to_payers = {name for name, one in OF_AN_ACCOUNT.items() if one.callback.change is not AccountRight.DECIDE}

    assert open_to_payers >= {"cabinet:give_reading", "cabinet:count_reading"}
    assert "cabinet:choices" not in open_to_payers


def test_a_reader_is_offered_nothing_he_may_not_do_and_sees_contacts_masked(people):
    let_in(people, people.igor.user_id, "reader")
    customers.add_contact(
        people.anna.account.customer_id, kind="phone", value="+79161234512", from_on=cast.LONG_AGO, at=cast.NOW
    )
    window = signed_in(people.igor.user_id)

    shown = "".join(
        window.get(reverse(f"cabinet:{name}", args=[people.anna.number])).content.decode()
        for name in ("home", "readings", "choices")
    )

    assert reverse("cabinet:give_reading", args=[people.anna.number]) not in shown
    assert page(people.anna) not in shown
    assert "+7 9** ***-**-12" in shown
    assert "+79161234512" not in shown


def test_the_invited_makes_a_login_accepts_once_and_signs_in_by_his_address(people):
    link = invited(people)
    window = Client()
    assert "Вас приглашают" in window.get(link).content.decode()

    answer = window.post(link, WHO)

    assert answer.headers["Location"] == reverse("cabinet:home", args=[people.anna.number])
    assert window.get(answer.headers["Location"]).status_code == 200
    guest = access.person_by_address(EMAIL)
    assert roles(people)[guest.user_id] == "payer"
    assert Client().post(link, WHO).status_code == 410
    assert window.post(link).status_code == 410
    verbs = set(AuditRecord.objects.values_list("verb", flat=True))
    assert {"accounts.invited", "accounts.invitation_accepted", "accounts.access_granted"} <= verbs


def test_the_invited_accepts_with_the_login_he_has_and_switches_between_accounts(people):
    link = invited(people, value="8 (916) 111-22-33", role="reader", key=PHONE)
    window = signed_in(people.vera.user_id)

    assert window.get(link).status_code == 200
    window.post(link)

    assert roles(people)[people.vera.user_id] == "reader"
    mine = window.get(reverse("cabinet:accounts")).content.decode()
    assert people.anna.number in mine
    assert people.vera.number in mine


def test_a_link_asks_to_sign_in_and_leads_back(people):
    link = invited(people)
    window = Client()

    answer = window.post(f"/sign-in/?next={link}", {"login": people.vera.number, "password": cast.PASSWORD})

    assert answer.headers["Location"] == link


@pytest.mark.parametrize("token", ["forged", "😀", "x" * 300, "' OR 1=1"])
def test_a_forged_link_opens_nothing(people, token):
    for window in (Client(), signed_in(people.vera.user_id)):
        for method in ("get", "post"):
            assert getattr(window, method)(reverse("invitation", args=[token])).status_code == 410


def test_a_link_ends_after_a_week_when_it_is_withdrawn_replaced_or_its_owner_is_gone(people, monkeypatch):
    first, second = invited(people), invited(people, role="reader")
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200

    (waiting,) = queries.invitations_of(people.anna.account.id, at=clock.now())
    path = reverse("cabinet:withdraw_invitation", args=[people.anna.number, waiting.id])
    owner = signed_in(people.anna.user_id)
    assert "отозвано" in owner.post(path, follow=True).content.decode()
    assert "больше не действует" in owner.post(path, follow=True).content.decode()
    assert Client().get(second).status_code == 410

    third = invited(people, value="late@example.org", key="late@example.org")
    with monkeypatch.context() as later:
        later.setenv("SVET_CLOCK_OFFSET", str(7 * 24 * 3600 + 60))
        assert Client().get(third).status_code == 410
    let_in(people, people.igor.user_id, "owner")
    accounts.remove_person(people.anna.account.id, user_id=people.anna.user_id, at=clock.now())
    assert Client().get(third).status_code == 410


def test_two_people_with_one_link_at_once_let_one_in(transactional_db):
    cache.clear()
    people = cast.assemble()
    token = invited(people).rstrip("/").rpartition("/")[2]

    def take(user_id):
        try:
            return accounts.accept_invitation(token, user_id=user_id, at=clock.now())
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        told = [str(one) for one in both.map(take, [people.vera.user_id, people.igor.user_id])]

    assert sorted(told) == sorted([str(people.anna.account.id), "invitation_is_over"])


def test_the_owner_who_opens_his_own_link_does_not_use_it_up(people):
    link = invited(people)

    assert signed_in(people.anna.user_id).post(link).status_code == 410
    assert roles(people) == {people.anna.user_id: "owner"}
    assert Client().get(link).status_code == 200


def test_who_is_removed_is_out_at_once_and_everybody_is_told(people):
    customers.add_contact(
        people.anna.account.customer_id,
        kind="email",
        value="anna.own@example.org",
        from_on=cast.LONG_AGO,
        at=cast.NOW,
        confirmed_at=cast.NOW,
    )
    link, guest = invited(people), Client()
    guest.post(link, WHO)
    home = reverse("cabinet:home", args=[people.anna.number])
    user_id = access.person_by_address(EMAIL).user_id
    path = reverse("cabinet:remove_person", args=[people.anna.number, user_id])
    owner = signed_in(people.anna.user_id)

    assert guest.post(path).status_code == 403
    assert "Доступ закрыт" in owner.post(path, follow=True).content.decode()
    assert "нет доступа" in owner.post(path, follow=True).content.decode()

    assert guest.get(home).status_code == 404
    assert roles(people) == {people.anna.user_id: "owner"}


def test_an_access_given_and_taken_is_told_to_the_owner_and_who_lost_it(transactional_db):
    cache.clear()
    people = cast.assemble()
    customers.add_contact(
        people.anna.account.customer_id,
        kind="email",
        value="anna.own@example.org",
        from_on=cast.LONG_AGO,
        at=cast.NOW,
        confirmed_at=cast.NOW,
    )
    Client().post(invited(people), WHO)
    user_id = access.person_by_address(EMAIL).user_id
    accounts.remove_person(people.anna.account.id, user_id=user_id, at=clock.now())

    reactions.deliver_facts(at=clock.now())

    told = {(one.address, one.facts["what"]) for one in letters.taken() if one.kind == "sign_in_changed"}
    assert told >= {
        ("anna.own@example.org", "access_granted"),
        ("anna.own@example.org", "access_revoked"),
        (EMAIL, "access_revoked"),
    }


def test_the_only_owner_stays(people):
    path = reverse("cabinet:remove_person", args=[people.anna.number, people.anna.user_id])

    answer = signed_in(people.anna.user_id).post(path)

    assert answer.status_code == 302
    assert roles(people) == {people.anna.user_id: "owner"}


@pytest.mark.parametrize(
    "typed",
    [
        {"value": "", "role": "payer"},
        {"value": "Маша", "role": "payer"},
        {"value": "a" * 300, "role": "payer"},
        {"value": EMAIL},
        {"value": EMAIL, "role": "administrator"},
        {"value": "8 (4922) 12-34-56", "role": "payer"},
    ],
)
def test_a_wrong_invitation_is_told_and_not_sent(people, typed):
    answer = signed_in(people.anna.user_id).post(page(people.anna), typed)

    assert answer.status_code in {409, 422}
    assert [one for one in letters.taken() if one.kind == "invitation"] == []


def test_eleven_invitations_a_day_are_too_many(people):
    window = signed_in(people.anna.user_id)
    told = [
        window.post(page(people.anna), {"value": f"g{number}@example.org", "role": "reader"}).status_code
        for number in range(11)
    ]

    assert told == [302] * 10 + [409]


def test_ids_of_others_remove_and_withdraw_nothing(people):
    invited(people)
    (waiting,) = queries.invitations_of(people.anna.account.id, at=clock.now())
    intruder = signed_in(people.intruder.user_id)

    for name, number in (("withdraw_invitation", waiting.id), ("remove_person", people.anna.user_id)):
        for big in (number, 2**62):
            intruder.post(reverse(f"cabinet:{name}", args=[people.intruder.number, big]))

    assert len(queries.invitations_of(people.anna.account.id, at=clock.now())) == 1
    assert roles(people) == {people.anna.user_id: "owner"}


def test_staff_accept_no_invitation_as_staff(people):
    link = invited(people)

    answer = signed_in(people.staff["operator"].user_id, proved=True).post(link)

    assert "Вы вошли как сотрудник" in answer.content.decode()
    assert roles(people) == {people.anna.user_id: "owner"}
