"""Every URL is public by list or behind a door; nobody reaches another customer's page or one of another role."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from svet.domains.access import queries as access
from svet.domains.access.rules import Right, Role, may
from svet.surfaces.web.middleware import BEFORE_SECOND_FACTOR, SECOND_FACTOR
from tests import cast

SAMPLES = {
    "number": "3300000019",
    "receipt": "R-0",
    "month": "2026-10",
    "run_id": 1,
    "cause": "F02",
    "user_id": 1,
    "version_id": 1,
    "tariff_code": "nn-urban-gas",
    "reading_id": 1,
    "message_id": 1,
    "mail_id": 1,
    "external_id": "one",
    "contact_id": 1,
    "invitation_id": 1,
    "token": "forged",
    "pk": 1,
    "certificate": 1,
    "disclosure": 1,
    "payment_id": 1,
    "point_id": 1,
    "register_id": 1,
    "service_id": 1,
    "act_kind": "replacement",
    "act_id": 1,
    "file_id": 1,
    "till_id": 1,
    "shift_id": 1,
    "operation_id": 1,
    "source_code": "terminal",
    "object_id": "1",
    "record_id": 1,
    "recalculation_id": 1,
    "revision_id": 1,
    "house_id": 1,
    "meter_id": 1,
    "event_id": 1,
    "ongoing_id": 1,
    "view_id": 1,
    "export_id": 1,
    "entitlement_id": 1,
    "unmetered_id": 1,
    "condition_id": 1,
    "policy_name": "average_limit_months",
    "app_label": "tariffs",
    "exchange_id": 1,
    "case_number": "ОБ-26-00-000001",
    "operation": "note",
    "refusal_id": 1,
    "letter_id": 1,
    "template_id": 1,
    "article_id": 1,
    "page_id": 1,
    "document_id": 1,
    "filename": "leaflet.pdf",
    "code": "vladimir-mira-61a",
    "blank": "application-contract",
    "deed": "readings",
    "way": "phone",
    "ticket_code": "abc",
    "ticket_id": 1,
    "booking": "forged",
    "device": "forged",
    "series": "readings",
}


def pages() -> Iterator[tuple[str, URLPattern]]:
    """Walk the resolver: every named page with its full name."""

    def walk(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[tuple[str, URLPattern]]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
            else:
                yield ":".join([*spaces, str(entry.name)]), entry

    yield from walk(get_resolver(), ())


def address(name: str, pattern: URLPattern, **given: object) -> str:
    return reverse(name, kwargs={part: given.get(part, SAMPLES[part]) for part in pattern.pattern.converters})


EVERYTHING = dict(pages())
OF_WAGTAIL = ("wagtailadmin", "wagtail_bulk_action", "wagtaildocs_chooser", "wagtaildocs:", "wagtailusers", "synonyms:")
EDITOR = {name: pattern for name, pattern in EVERYTHING.items() if name.startswith(OF_WAGTAIL)}
"""Pages of the editor, a library's, which bring converters of their own: one test walks their doors."""
ALL = {name: pattern for name, pattern in EVERYTHING.items() if name not in EDITOR}
GUARDED = {name: pattern for name, pattern in ALL.items() if name not in settings.PUBLIC_URL_NAMES}
CABINET = {name: pattern for name, pattern in GUARDED.items() if name.startswith("cabinet:")}
DESK = {name: pattern for name, pattern in GUARDED.items() if name.startswith("desk:")}


@pytest.fixture
def people(db) -> cast.Cast:
    return cast.assemble()


def signed_in(user_id: int, *, proved: bool = False) -> Client:
    """Return a browser in which this person signed in, with the second factor when `proved`."""
    client = Client()
    client.force_login(_user(user_id), backend=settings.AUTHENTICATION_BACKENDS[0])
    if proved:
        session = client.session
        session[SECOND_FACTOR] = user_id
        session.save()
    return client


def _user(user_id: int):
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(pk=user_id)


def test_every_url_has_a_name_and_every_public_name_exists():
    assert not [pattern for name, pattern in ALL.items() if name.endswith("None")]
    assert set(ALL) >= settings.PUBLIC_URL_NAMES


def test_a_stranger_is_sent_to_sign_in_from_all_others(db):
    stranger = Client()

    for name, pattern in GUARDED.items():
        for method in ("get", "post"):
            response = getattr(stranger, method)(address(name, pattern))

            assert response.status_code == 302, (name, method)
            assert response.headers["Location"].startswith(reverse("account_login")), (name, method)


def test_staff_without_a_second_factor_are_sent_to_set_it_up(db):
    newcomer = cast.employee(cast.names.STAFF[0], second_factor=False)

    browser = signed_in(newcomer.user_id)

    for name, pattern in GUARDED.items():
        if name in BEFORE_SECOND_FACTOR:  # one of these is to sign out
            response = signed_in(newcomer.user_id).get(address(name, pattern))
            assert response.status_code in {200, 302}, name
        else:
            response = browser.get(address(name, pattern))
            assert (response.status_code, response.headers["Location"]) == (302, reverse("mfa_activate_totp")), name


def test_staff_whose_session_did_not_prove_the_second_factor_are_asked_for_it(db):
    engineer = cast.employee(cast.names.STAFF[0])

    browser = signed_in(engineer.user_id)

    for name, pattern in DESK.items():
        response = browser.get(address(name, pattern))

        assert response.status_code == 302, name
        assert response.headers["Location"].startswith(reverse("mfa_reauthenticate")), name


def test_a_customer_never_enters_the_desk(people):
    browser = signed_in(people.anna.user_id)

    for name, pattern in DESK.items():
        for method in ("get", "post"):
            assert getattr(browser, method)(address(name, pattern)).status_code == 403, (name, method)


@pytest.mark.parametrize("one", cast.names.STAFF, ids=lambda one: one.role)
def test_every_page_of_the_desk_says_which_right_it_needs_and_keeps_others_out(db, one):
    browser = signed_in(cast.employee(one).user_id, proved=True)

    for name, pattern in DESK.items():
        right: Right | None = pattern.callback.right
        if right is None or may([one.role], right):
            continue
        for method in ("get", "post"):
            assert getattr(browser, method)(address(name, pattern)).status_code in {403, 405}, (name, method)


def test_every_page_of_the_editor_stands_behind_its_door_and_none_is_public():
    unguarded = [name for name, one in EDITOR.items() if getattr(one.callback, "right", None) != Right.EDIT_CONTENT]

    assert len(EDITOR) > 100
    assert unguarded == []
    assert not set(EDITOR) & settings.PUBLIC_URL_NAMES


def test_every_role_meets_some_closed_page():
    closed = {
        role: [
            name for name, pattern in DESK.items() if pattern.callback.right and not may([role], pattern.callback.right)
        ]
        for role in Role
    }

    assert all(closed.values())


def test_every_page_of_an_account_stands_behind_the_customers_door():
    unguarded = [
        name
        for name, pattern in CABINET.items()
        if "number" in pattern.pattern.converters and getattr(pattern.callback, "door", "") != "open_for"
    ]

    assert unguarded == []


def test_a_forged_account_number_is_not_found_on_any_page(people):
    browser = signed_in(people.intruder.user_id)
    forged = [people.anna.number, people.igor.number, "9999999999", "0000000000"]

    for name, pattern in CABINET.items():
        if "number" not in pattern.pattern.converters:
            continue
        for number in forged:
            for method in ("get", "post"):
                answer = getattr(browser, method)(address(name, pattern, number=number))
                assert answer.status_code in {404, 405}, (name, number, method)


def test_what_belongs_to_another_account_is_not_found_under_ones_own(people):
    browser = signed_in(people.intruder.user_id)
    theirs = receipt_of(people.anna)

    own = browser.get(reverse("cabinet:receipt", args=[people.intruder.number, receipt_of(people.intruder)]))
    forged = browser.get(reverse("cabinet:receipt", args=[people.intruder.number, theirs]))

    assert own.status_code == 200
    assert forged.status_code == 404
    assert browser.get(reverse("cabinet:bill", args=[people.intruder.number, "2026-10"])).status_code == 404


def test_an_account_at_the_desk_asks_who_it_is_and_records_the_look(people):
    operator = people.staff["operator"]
    browser = signed_in(operator.user_id, proved=True)
    page = reverse("desk:account", args=[people.anna.number])

    first = browser.get(page)
    asked = browser.post(f"{first.headers['Location']}&how=document", {"document": "passport"})
    shown = browser.get(asked.headers["Location"])

    assert first.headers["Location"].startswith(reverse("desk:why", args=[people.anna.number]))
    assert (asked.headers["Location"], shown.status_code) == (page, 200)
    looks = access.looks(account_id=people.anna.account.id)
    assert [(look.user_id, look.purpose, look.page) for look in looks] == [
        (operator.user_id, "office_visit", "desk:account")
    ]


def test_an_identification_never_leads_to_another_site(people):
    browser = signed_in(people.staff["operator"].user_id, proved=True)
    page = reverse("desk:why", args=[people.anna.number])

    asked = browser.post(f"{page}?how=document&next=https://evil.example/", {"document": "passport"})

    assert asked.headers["Location"] == reverse("desk:account", args=[people.anna.number])


def test_signing_in_never_leads_to_another_site(people):
    browser = Client()

    answer = browser.post(
        reverse("account_login") + "?next=https://evil.example/",
        {"login": people.anna.number, "password": cast.PASSWORD, "next": "https://evil.example/"},
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("cabinet:accounts"))


def test_ids_that_do_not_exist_are_not_found(people):
    engineer = signed_in(people.staff["billing_engineer"].user_id, proved=True)
    cashier = signed_in(people.staff["cashier"].user_id, proved=True)

    for big in (1, 2**62, 2**80):
        for browser, name, part in (
            (engineer, "desk:run", "run_id"),
            (engineer, "desk:run_progress", "run_id"),
            (engineer, "desk:review", "reading_id"),
            (cashier, "desk:assign", "payment_id"),
            (cashier, "desk:register", "register_id"),
        ):
            assert browser.get(reverse(name, kwargs={part: big})).status_code == 404, (name, big)
        assert engineer.post(reverse("desk:issue_bills", args=[big])).status_code == 404


def receipt_of(householder: cast.Householder) -> str:
    from svet.domains.metering import queries

    return queries.history(householder.account.id)[0].receipt_number
