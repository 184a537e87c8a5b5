"""«Вход и безопасность»: sessions listed and ended, changes told to all addresses, passkeys for customers alone."""

import json

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from svet.domains.access import actions as access
from svet.domains.access import queries
from svet.surfaces.web.security import device
from tests import cast, letters
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
EMAIL = "anna.own@example.org"
SESSIONS = "/my/sessions/"


@pytest.fixture
def people(db) -> cast.Cast:
    cache.clear()
    made = cast.assemble()
    access.prove_address(made.anna.user_id, kind="email", value=EMAIL, at=cast.NOW)
    return made


def enter(one, browser="Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0") -> Client:
    window = Client(HTTP_USER_AGENT=browser)
    window.post("/sign-in/", {"login": one.number, "password": cast.PASSWORD})
    return window


def is_in(window: Client) -> bool:
    return window.get(reverse("account_home")).status_code == 200


def told() -> list[tuple[str, str]]:
    return [(one.address, one.facts["what"]) for one in letters.taken() if one.kind == "sign_in_changed"]


def test_sessions_are_listed_by_browser_and_one_is_ended(people):
    here, there = enter(people.anna), enter(people.anna, "Mozilla/5.0 (iPhone; CPU) Version/17 Safari/604.1")
    other = enter(people.igor)
    (theirs,) = [one for one in queries.sessions_of(people.anna.user_id) if "iPhone" in one.user_agent]

    page = here.get(SESSIONS).content.decode()
    assert "Firefox, Linux" in page
    assert "Safari, iPhone" in page
    assert theirs.key not in page

    here.post(SESSIONS, {"end": theirs.id})
    again = here.post(SESSIONS, {"end": theirs.id}, follow=True)

    assert "уже завершён" in again.content.decode()
    assert (is_in(here), is_in(there), is_in(other)) == (True, False, True)


def test_all_other_sessions_are_ended_at_once(people):
    here, *others = [enter(people.anna) for _ in range(3)]

    here.post(SESSIONS)

    assert [is_in(one) for one in (here, *others)] == [True, False, False]


def test_nobody_ends_the_session_of_another(people):
    anna, igor = enter(people.anna), enter(people.igor)
    (theirs,) = queries.sessions_of(people.anna.user_id)

    for forged in (theirs.id, 2**62, "1 OR 1=1", "-1", "😀"):
        igor.post(SESSIONS, {"end": forged})

    assert is_in(anna)


def test_a_changed_password_ends_other_sessions_and_is_told(people):
    here, there = enter(people.anna), enter(people.anna)

    here.post(
        reverse("account_change_password"),
        {"oldpassword": cast.PASSWORD, "password1": "новый-пароль-2026", "password2": "новый-пароль-2026"},
    )

    assert (is_in(here), is_in(there)) == (True, False)
    assert (EMAIL, "password_changed") in told()


def test_a_wrong_old_password_changes_and_tells_nothing(people):
    here, there = enter(people.anna), enter(people.anna)

    here.post(
        reverse("account_change_password"),
        {"oldpassword": "неверный", "password1": "новый-пароль-2026", "password2": "новый-пароль-2026"},
    )

    assert is_in(there)
    assert told() == []


def test_a_second_factor_taken_away_is_told(people):
    access.set_up_authenticator(people.anna.user_id, secret=cast.names.STAFF[0].secret, at=cast.NOW)
    window = signed_in(people.anna.user_id, proved=True)

    window.post(reverse("mfa_deactivate_totp"))

    assert told() == [(EMAIL, "second_factor_changed")]


@pytest.mark.parametrize("name", ["mfa_list_webauthn", "mfa_add_webauthn"])
def test_staff_have_no_passkeys(people, name):
    window = signed_in(people.staff["operator"].user_id, proved=True)

    assert window.get(reverse(name)).status_code == 404
    assert window.post(reverse(name)).status_code == 404


def test_a_forged_passkey_is_refused(people):
    window = signed_in(people.anna.user_id)
    window.get(reverse("mfa_add_webauthn"))

    for credential in ("", "{}", "[]", "1", '{"id": "x"}', '{"id": 1, "rawId": 2, "response": 3}', "не JSON"):
        answer = window.post(reverse("mfa_add_webauthn"), {"name": "Ключ", "credential": credential})
        assert answer.status_code in {200, 422}
        answer = Client().post(reverse("mfa_login_webauthn"), {"credential": credential})
        assert answer.status_code == 302
    assert queries.passkeys_of(people.anna.user_id) == []


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        ("", "неизвестно"),
        ("curl/8", "curl/8"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126 Safari/537.36 Edg/126", "Edge, Windows"),
    ],
)
def test_a_device_is_called_as_people_call_it(agent, shown):
    assert device(agent) == shown


def test_a_well_formed_passkey_of_nobody_signs_nobody_in(people):
    part = "AAAA"
    credential = {
        "id": part,
        "rawId": part,
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiIiwib3JpZ2luIjoiIn0",
            "authenticatorData": "A" * 50,
            "signature": part,
            "userHandle": part,
        },
    }
    window = Client()
    window.get(reverse("mfa_login_webauthn"))

    answer = window.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(credential)})

    assert answer.status_code == 302
    assert "_auth_user_id" not in window.session
