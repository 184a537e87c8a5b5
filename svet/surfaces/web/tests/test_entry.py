"""Signing in by any name, by password or by a code, and a new password: alike for whoever is not known."""

import re
from html import escape

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from svet.domains.access import actions as access
from svet.domains.accounts import actions as accounts
from svet.domains.customers import actions as customers
from svet.infra.models import AuditRecord
from tests import cast, letters
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
PHONE, EMAIL = "+79161234567", "anna.new@example.org"
NOTATIONS = [
    "+79161234567",
    "89161234567",
    "9161234567",
    "8 (916) 123-45-67",
    "+7 916 123 45 67",
    "8-916-123-45-67",
    "8.916.123.45.67",
    "7 (916) 1234567",
    " 8 916 123 4567 ",
    "+7(916)123–45–67",
]
SIGN_IN, BY_CODE, ENTER = "/sign-in/", "/sign-in/by-code/", "/sign-in/by-code/enter/"
FORGOTTEN, RECOVER = "/sign-in/forgotten/", "/sign-in/forgotten/enter/"
NEW_PASSWORD = "новый-пароль-2026"


@pytest.fixture
def people(db) -> cast.Cast:
    cache.clear()
    made = cast.assemble()
    access.prove_address(made.anna.user_id, kind="phone", value=PHONE, at=cast.NOW)
    access.prove_address(made.anna.user_id, kind="email", value=EMAIL, at=cast.NOW)
    return made


def later(monkeypatch, *, minutes: int) -> None:
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(minutes * 60))


def is_in(window: Client, user_id: int) -> bool:
    return window.session.get("_auth_user_id") == str(user_id)


def words(answer) -> str:
    """Return the text of a page without what differs in every answer."""
    text = answer.content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|через [0-9]+ с', "", text)


@pytest.mark.parametrize(
    "typed", [*NOTATIONS, EMAIL, "Anna.New@Example.org", "anna@example.org", "3300000019", "33-0000 0019"]
)
def test_a_person_signs_in_with_a_password_by_any_name(people, typed):
    window = Client()

    window.post(SIGN_IN, {"login": typed, "password": cast.PASSWORD})

    assert is_in(window, people.anna.user_id)


def test_the_number_of_an_account_means_its_owner_of_today(people):
    newcomer = access.create_user("3300000019-2", password=NEW_PASSWORD, at=cast.NOW)
    accounts.revoke_access(people.anna.account.id, user_id=people.anna.user_id, until_on=cast.NOW.date(), at=cast.NOW)
    accounts.grant_access(people.anna.account.id, user_id=newcomer, role="owner", from_on=cast.NOW.date(), at=cast.NOW)
    window = Client()

    window.post(SIGN_IN, {"login": people.anna.number, "password": NEW_PASSWORD})

    assert is_in(window, newcomer)


@pytest.mark.parametrize("known", ["3300000019", EMAIL, PHONE])
def test_a_wrong_password_is_answered_alike_whether_the_person_is_known_or_not(people, known):
    def told(login):
        return words(Client().post(SIGN_IN, {"login": login, "password": "неверный"})).replace(login, "")

    assert told(known) == told("nobody@example.org") == told("3399999990")
    assert "не подошли" in told(known)


def test_guessing_a_password_under_several_names_is_stopped_together(people):
    window = Client()
    for login in ("3300000019", EMAIL, PHONE, "89161234567", EMAIL):
        window.post(SIGN_IN, {"login": login, "password": "неверный"})

    answer = window.post(SIGN_IN, {"login": "3300000019", "password": cast.PASSWORD})

    assert "Слишком много попыток" in answer.content.decode()
    assert not is_in(window, people.anna.user_id)


@pytest.mark.parametrize("typed", [*NOTATIONS[:4], EMAIL, "3300000019"])
def test_a_person_signs_in_by_a_code(people, typed):
    window = Client()

    asked = window.post(BY_CODE, {"login": typed})
    address = PHONE if typed in NOTATIONS else EMAIL
    answer = window.post(asked.headers["Location"], {"code": letters.code_to(address)})

    assert answer.headers["Location"] == reverse("cabinet:accounts")
    assert is_in(window, people.anna.user_id)


def test_a_code_leads_where_the_person_wanted_and_never_to_another_site(people):
    window = Client()
    wanted = reverse("cabinet:bills", args=[people.anna.number])

    asked = window.post(f"{BY_CODE}?next={wanted}", {"login": EMAIL})
    answer = window.post(asked.headers["Location"], {"code": letters.code_to(EMAIL)})
    assert answer.headers["Location"] == wanted

    other = Client()
    asked = other.post(f"{BY_CODE}?next=https://evil.example/", {"login": "+79160000000"})
    assert asked.headers["Location"] == ENTER


@pytest.mark.parametrize("pages", [(BY_CODE, ENTER), (FORGOTTEN, RECOVER)])
def test_asking_for_a_code_is_answered_alike_for_whoever_is_not_known(people, pages):
    def told(login):
        window = Client()
        typed = {"code": "000000", "password": NEW_PASSWORD}
        answers = [window.post(pages[0], {"login": login}), window.post(pages[0], {"login": login})]
        answers += [window.get(pages[1]), *(window.post(pages[1], typed) for _ in range(6))]
        return [(answer.status_code, words(answer).replace(escape(login), "")) for answer in answers]

    known = told(EMAIL)
    assert known == told("nobody@example.org")
    assert known == told("operator") == told("3399999990") == told("имя'; DROP -- 😀")


def test_staff_get_no_code(people):
    nina = people.staff["operator"]
    access.prove_address(nina.user_id, kind="phone", value="+79160000001", at=cast.NOW)

    for login in (nina.username, "+79160000001"):
        Client().post(BY_CODE, {"login": login})

    assert [one for one in letters.taken() if one.kind == "code"] == []


def test_staff_still_sign_in_with_a_password_and_their_second_factor(people):
    window = Client()
    nina = people.staff["operator"]

    answer = window.post(SIGN_IN, {"login": nina.username, "password": cast.PASSWORD})

    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(window, nina.user_id)


def test_a_code_does_not_replace_the_second_factor(people):
    access.set_up_authenticator(people.anna.user_id, secret=cast.names.STAFF[0].secret, at=cast.NOW)
    window = Client()

    window.post(BY_CODE, {"login": EMAIL})
    answer = window.post(ENTER, {"code": letters.code_to(EMAIL)})

    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(window, people.anna.user_id)


def test_a_code_is_used_once_in_the_browser_that_asked(people):
    window, other = Client(), Client()
    window.post(BY_CODE, {"login": EMAIL})
    code = letters.code_to(EMAIL)
    other.post(BY_CODE, {"login": "nobody@example.org"})

    assert other.post(ENTER, {"code": code}).status_code == 422
    assert Client().post(ENTER, {"code": code}).headers["Location"] == BY_CODE
    window.post(ENTER, {"code": code})
    assert is_in(window, people.anna.user_id)
    assert window.post(ENTER, {"code": code}).headers["Location"] == BY_CODE


def test_an_expired_code_and_a_sixth_try_sign_nobody_in(people, monkeypatch):
    window = Client()
    window.post(BY_CODE, {"login": EMAIL})
    code = letters.code_to(EMAIL)
    later(monkeypatch, minutes=11)
    assert "больше не действует" in window.post(ENTER, {"code": code}).content.decode()

    window.post(ENTER, {"send": "yes"})
    code = letters.code_to(EMAIL)
    for _ in range(5):
        window.post(ENTER, {"code": letters.other_than(code)})
    assert window.post(ENTER, {"code": code}).status_code == 422
    assert not is_in(window, people.anna.user_id)


def test_another_code_within_a_minute_is_told_to_wait(people):
    window = Client()
    window.post(BY_CODE, {"login": EMAIL})

    answer = window.post(ENTER, {"send": "yes"})

    assert "Новый можно запросить через" in answer.content.decode()


@pytest.mark.parametrize("typed", ["", "а" * 300])
def test_what_is_no_name_is_told_and_kept(people, typed):
    assert Client().post(BY_CODE, {"login": typed}).status_code == 422


def test_a_forgotten_password_is_set_by_a_code_and_all_sessions_end(people):
    customers.add_contact(
        people.anna.account.customer_id,
        kind="email",
        value="husband@example.org",
        from_on=cast.LONG_AGO,
        at=cast.NOW,
        confirmed_at=cast.NOW,
    )
    elsewhere, window = signed_in(people.anna.user_id), Client()
    assert elsewhere.get(reverse("account_home")).status_code == 200

    window.post(FORGOTTEN, {"login": people.anna.number})
    window.post(RECOVER, {"code": letters.code_to(EMAIL), "password": NEW_PASSWORD})

    assert is_in(window, people.anna.user_id)
    assert elsewhere.get(reverse("account_home")).status_code == 302
    told = {one.address: one.facts["what"] for one in letters.taken() if one.kind == "sign_in_changed"}
    assert told == dict.fromkeys([PHONE, EMAIL, "husband@example.org"], "password_recovered")
    assert AuditRecord.objects.filter(verb="access.recover_password", target_id=people.anna.user_id).count() == 1
    again = Client()
    again.post(SIGN_IN, {"login": people.anna.number, "password": NEW_PASSWORD})
    assert is_in(again, people.anna.user_id)


@pytest.mark.parametrize("password", ["", "1234567890", "short", "password123", "9" * 40, "а" * 200])
def test_a_weak_password_costs_no_try_and_no_code(people, password):
    window = Client()
    window.post(FORGOTTEN, {"login": EMAIL})
    code = letters.code_to(EMAIL)

    for _ in range(6):
        assert window.post(RECOVER, {"code": code, "password": password}).status_code == 422
    assert window.post(RECOVER, {"code": code, "password": NEW_PASSWORD}).status_code == 302


def test_a_code_for_signing_in_sets_no_password(people):
    window = Client()
    window.post(BY_CODE, {"login": EMAIL})

    answer = window.post(RECOVER, {"code": letters.code_to(EMAIL), "password": NEW_PASSWORD})

    assert answer.headers["Location"] == FORGOTTEN
