"""How a member of staff gets through the door of a customer's account, for tests of the pages behind it."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse


def identified(browser: Client, number: str) -> Client:
    """Open the account at the desk as for a customer who came with his passport; the card is open for half an hour."""
    page = reverse("desk:why", args=[number])
    answer = browser.post(f"{page}?how=document", {"document": "passport"})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def inside(browser: Client, number: str, *, purpose: str = "reading_check") -> Client:
    """Open the account for inner work without the customer."""
    page = reverse("desk:why", args=[number])
    answer = browser.post(f"{page}?how=inner", {"purpose": purpose})
    assert answer.status_code == 302, answer.content.decode()
    return browser
