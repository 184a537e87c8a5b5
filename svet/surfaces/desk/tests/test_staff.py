import re

import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.access import queries as access
from tests import cast
from tests.architecture.test_urls import signed_in


@pytest.fixture
def staff(db):
    return {one.role: cast.employee(one) for one in cast.names.STAFF}


@pytest.fixture
def admin(staff):
    return signed_in(staff["administrator"].user_id, proved=True)


NEWCOMER = {
    "family_name": "О’Нил-Петрова 🙂",
    "given_name": "Инна",
    "position": "кассир «на час»",
    "username": "inna",
    "roles": ["cashier"],
}


def employed(admin):
    answer = admin.post(reverse("desk:employ"), NEWCOMER)
    return answer.headers["Location"]


def test_the_first_password_is_shown_once_and_opens_only_the_choice_of_ones_own(admin):
    page = employed(admin)

    shown = admin.get(page).content.decode()
    password = re.search(r"(?:[a-z0-9]{4}-){3}[a-z0-9]{4}", shown).group()
    assert password not in admin.get(page).content.decode()

    newcomer = Client()
    newcomer.post(reverse("account_login"), {"login": "inna", "password": password})
    inna = access.person_by_username("inna")
    browser = signed_in(inna.user_id)
    cast.access.set_up_authenticator(inna.user_id, secret=cast.names.STAFF[0].secret, at=cast.NOW)
    session = browser.session
    session["second_factor_was_set_up_here"] = inna.user_id
    session.save()

    assert browser.get(reverse("desk:home")).headers["Location"] == reverse("account_change_password")
    changed = browser.post(
        reverse("account_change_password"),
        {"oldpassword": password, "password1": "светлый-вечер-42", "password2": "светлый-вечер-42"},
    )
    assert changed.status_code == 302
    assert browser.get(reverse("desk:home")).status_code == 200


def test_what_was_typed_stays_when_a_login_cannot_be_given(admin):
    answer = admin.post(reverse("desk:employ"), NEWCOMER | {"username": "operator"})

    assert answer.status_code == 422
    assert "Логин operator занят" in answer.content.decode()
    assert "О’Нил-Петрова 🙂" in answer.content.decode()
    for wrong in ("Инна", "a", "x" * 50, "inna; drop", ""):
        assert admin.post(reverse("desk:employ"), NEWCOMER | {"username": wrong}).status_code == 422
    assert admin.post(reverse("desk:employ"), NEWCOMER | {"roles": ["king"]}).status_code == 422
    assert admin.post(reverse("desk:employ"), NEWCOMER | {"unit": "999999"}).status_code == 422


def test_two_administrators_do_not_overwrite_one_another(admin):
    page = employed(admin)
    terms = {"position": "кассир", "roles": ["operator"], "seen_roles": "cashier", "reason": "приказ"}

    assert admin.post(page, terms).status_code == 302
    stale = admin.post(page, terms | {"roles": ["cashier"]})

    assert stale.status_code == 422
    assert "изменил кто-то другой" in stale.content.decode()
    assert access.person_by_username("inna").roles == ("operator",)


def test_an_administrator_sees_no_customer_by_being_one(admin, staff):
    anna = cast.householder(1, "anna", [12_840], monthly=[190])
    for page in ("desk:account", "desk:why"):
        assert admin.get(reverse(page, args=[anna.number])).status_code == 403
    assert admin.get(reverse("desk:find")).status_code == 403
    for name, given in (("desk:home", []), ("desk:staff", []), ("desk:units", [])):
        text = admin.get(reverse(name, args=given)).content.decode()
        assert "Смирнова" not in text
        assert anna.number not in text


def test_closing_a_login_ends_its_sessions_at_once(admin, staff):
    operator = signed_in(staff["operator"].user_id, proved=True)
    assert operator.get(reverse("desk:home")).status_code == 200

    answer = admin.post(reverse("desk:close_login", args=[staff["operator"].user_id]), {"reason": "уволился"})

    assert answer.status_code == 302
    assert operator.get(reverse("desk:home")).headers["Location"].startswith(reverse("account_login"))
