"""Search for an account by what a caller can say: a number, a name, an address, in any order of words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from svet.domains.accounts.models import Account, Agreement
from svet.domains.supply import queries as supply

_WORD = re.compile(r"[\w/-]+")
_NOISE = frozenset({"г", "ул", "д", "кв", "пр", "пер", "дом", "улица", "город", "квартира"})
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A line of the search's results: enough to choose by, and no more."""

    account_id: int
    number: str
    customer_name: str
    address: str
    closed_on: date | None


def search(text: str, limit: int = 20) -> list[Found]:
    """Return accounts that fit every word of `text`, by number, at most `limit`; nothing for an empty text.

    A word of digits may begin a number or be a house or a flat; other words begin a name or are part of the
    street, the settlement or the organisation's name.
    """
    words = [word for word in _WORD.findall(text.lower()) if word not in _NOISE][:MOST_WORDS]
    if not words:
        return []
    rows = Account.objects.select_related("customer")
    for word in words:
        rows = rows.filter(_fits(word))
    found = list(rows.distinct().order_by("number")[:limit])
    addresses = _addresses([account.pk for account in found])
    return [
        Found(
            account_id=account.pk,
            number=account.number,
            customer_name=account.customer.name,
            address=addresses.get(account.pk, ""),
            closed_on=account.closed_on,
        )
        for account in found
    ]


def _fits(word: str) -> Q:
    premises = "agreements__supply_point__premises"
    place = Q(**{f"{premises}__house__iexact": word}) | Q(**{f"{premises}__flat__iexact": word})
    if word.isdecimal():
        return Q(number__startswith=word) | place
    name = Q(customer__family_name__istartswith=word) | Q(customer__given_name__istartswith=word)
    name |= Q(customer__patronymic__istartswith=word) | Q(customer__organisation_name__icontains=word)
    street = Q(**{f"{premises}__street__icontains": word}) | Q(**{f"{premises}__settlement__icontains": word})
    return name | street | place


def _addresses(account_ids: list[int]) -> dict[int, str]:
    latest = Agreement.objects.filter(account_id__in=account_ids).order_by("account_id", "valid")
    points = {agreement.account_id: agreement.supply_point_id for agreement in latest}
    addresses = supply.addresses(list(points.values()))
    return {account_id: addresses[point_id] for account_id, point_id in points.items()}
