"""Whether somebody is known shows neither in the answer nor in the work: the same hashing, the same statements.

Times are not measured; what makes them is counted: each statement by its shape, each password hashed.
"""

import re
from collections import Counter

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from svet.domains.access import actions as access
from svet.domains.customers import actions as customers
from tests import cast

pytestmark = pytest.mark.django_db
EMAIL, PHONE = "anna.new@example.org", "+79161234567"
SIGN_IN, BY_CODE, FORGOTTEN = "/sign-in/", "/sign-in/by-code/", "/sign-in/forgotten/"
KNOWN = ["3300000019", EMAIL, PHONE, "operator"]
UNKNOWN = ["3399999990", "nobody@example.org", "+79160000000", "никто"]
NO_MATTER = re.compile(r"^(SAVEPOINT|RELEASE|ROLLBACK TO)|django_session|infra_cache")


@pytest.fixture
def people(db) -> cast.Cast:
    cache.clear()
    made = cast.assemble()
    for kind, value in (("email", EMAIL), ("phone", PHONE)):
        access.prove_address(made.anna.user_id, kind=kind, value=value, at=cast.NOW)
        customers.add_contact(
            made.anna.account.customer_id,
            kind=kind,
            value=value,
            from_on=cast.NOW.date(),
            at=cast.NOW,
            confirmed_at=cast.NOW,
        )
    return made


@pytest.fixture
def hashed(monkeypatch) -> Counter[str]:
    """Count every password that is hashed; the hashing itself stays."""
    counted: Counter[str] = Counter()
    for name in ("encode", "verify"):
        whole = getattr(Argon2PasswordHasher, name)

        def counting(self, *args, whole=whole, name=name, **kwargs):
            counted["hashed"] += 1
            return whole(self, *args, **kwargs)

        monkeypatch.setattr(Argon2PasswordHasher, name, counting)
    return counted


def shape(sql: str) -> str:
    """Return a statement without its values, which the log tells otherwise once the connection has prepared it."""
    return re.sub(r"\$\d+|'[^']*'(?:::[a-z]+)?|\b\d+\b|%s", "?", re.sub(r"\s+", " ", sql))[:160]


def differing(costs) -> list:
    """Return what two requests cost differently: status, hashing, statements that one made and the other did not."""
    (status, hashes, one), (other_status, other_hashes, other) = costs
    names = sorted(name for name in {*one, *other} if one.get(name, 0) != other.get(name, 0))
    found = [f"{one.get(name, 0)} and {other.get(name, 0)} of {name}" for name in names]
    return [
        *found,
        *([(status, other_status, hashes, other_hashes)] if (status, hashes) != (other_status, other_hashes) else []),
    ]


def work_of(django_capture_on_commit_callbacks, hashed, ask) -> tuple[int, int, dict[str, int]]:
    """Return what one request costs: its status, the passwords hashed, the statements by shape."""
    cache.clear()
    hashed.clear()
    window = Client()
    with CaptureQueriesContext(connection) as seen, django_capture_on_commit_callbacks() as follows:
        status = ask(window).status_code
    statements = Counter(shape(one["sql"]) for one in seen if not NO_MATTER.search(one["sql"]))
    return status, hashed["hashed"], {**statements, "called after the commit": len(follows)}


@pytest.fixture
def cost(hashed, django_capture_on_commit_callbacks):
    """Return the function that says what one request costs."""
    return lambda ask: work_of(django_capture_on_commit_callbacks, hashed, ask)


@pytest.mark.parametrize("known", KNOWN)
def test_a_wrong_password_costs_the_same(people, cost, known):
    def wrong(login):
        return cost(lambda window: window.post(SIGN_IN, {"login": login, "password": "неверный"}))

    of_known = wrong(known)

    assert of_known[1] == 1
    assert not [one for unknown in UNKNOWN for one in differing([of_known, wrong(unknown)])]


@pytest.mark.parametrize("page", [BY_CODE, FORGOTTEN])
@pytest.mark.parametrize("known", KNOWN)
def test_asking_for_a_code_costs_the_same(people, cost, page, known):
    def ask(login):
        return cost(lambda window: window.post(page, {"login": login}))

    of_known = ask(known)

    assert of_known[0] == 302
    assert not [one for unknown in UNKNOWN for one in differing([of_known, ask(unknown)])]


def test_trying_facts_of_a_bill_costs_the_same(people, cost):
    def ask(number):
        facts = {"number": number, "bill": "2026-10-1", "amount": "100"}
        return lambda window: window.post("/sign-up/", facts)

    costs = [cost(ask(one)) for one in ("3300000019", UNKNOWN[0])]

    assert not differing(costs)


def test_asking_for_a_code_to_sign_up_costs_the_same(people, cost):
    def ask(number):
        def steps(window):
            window.post("/sign-up/by-code/", {"number": number})
            return window.post("/sign-up/by-code/contact/", {"place": "0"})

        return steps

    costs = [cost(ask(one)) for one in ("3300000019", UNKNOWN[0])]

    assert not differing(costs)
    assert costs[0][0] == 302


def test_counting_sees_a_statement_more(people, cost):
    right = cost(lambda window: window.post(SIGN_IN, {"login": EMAIL, "password": cast.PASSWORD}))
    wrong = cost(lambda window: window.post(SIGN_IN, {"login": EMAIL, "password": "неверный"}))

    assert differing([right, wrong])
