"""Messages that failed: seen by who supervises, tried again once, never twice."""

import pytest
from django.urls import reverse

from svet.domains.notifications import actions, queries
from tests import cast
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    supervisor = next(one for one in cast.names.STAFF if one.role == "supervisor")
    return signed_in(cast.employee(supervisor).user_id, proved=True)


def failed(kind="bill_issued", address="anna@example.org") -> int:
    number = actions.send(kind, channel="email", address=address, facts={}, key=f"{kind}:1", at=cast.NOW)
    actions.mark_failed(number, error="smtp_550", at=cast.NOW, for_good=True)
    return number


def test_who_did_not_get_what_and_why_is_shown(browser):
    failed(address="o'neil<b>@example.org")

    page = browser.get(reverse("desk:failed_messages")).content.decode()

    assert "o&#x27;neil&lt;b&gt;@example.org" in page
    assert "выставлен счёт" in page
    assert "такого почтового ящика нет" in page


def test_nothing_failed_is_said_so(browser):
    assert "Все сообщения отправлены" in browser.get(reverse("desk:failed_messages")).content.decode()


def test_a_second_press_of_the_button_is_told_and_does_nothing(browser):
    number = failed()
    again = reverse("desk:try_message_again", args=[number])

    assert browser.post(again).status_code == 302
    second = browser.post(again)

    assert (second.status_code, queries.message(number).state) == (409, "waiting")
    assert "повторять не нужно" in second.content.decode()


def test_a_code_is_not_offered_again(browser):
    number = failed("code")

    assert "Повторить" not in browser.get(reverse("desk:failed_messages")).content.decode()
    assert browser.post(reverse("desk:try_message_again", args=[number])).status_code == 409


def test_a_message_that_does_not_exist_is_not_found(browser):
    for number in (1, 2**62, 2**80):
        assert browser.post(reverse("desk:try_message_again", args=[number])).status_code == 404
