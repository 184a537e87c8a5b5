"""One account as others see it: its holder, where it is supplied, who lives there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl

from svet.domains.accounts.models import Account, Agreement, Household
from svet.domains.accounts.rules import AccountRight, role_may
from svet.domains.customers import queries as customers
from svet.domains.customers.queries import ContactView
from svet.domains.customers.rules import full_name
from svet.domains.supply import queries as supply
from svet.domains.supply.queries import SupplyPointView
from svet.infra.fields import to_period, to_range
from svet.infra.loading import looked_up
from svet.infra.planned import planned_rows
from svet.kernel.errors import NotFound
from svet.kernel.identifiers import ACCOUNT_NUMBER
from svet.kernel.period import Period


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account without what hangs on it. `role` is the asker's, empty where nobody asked as a customer."""

    id: int
    number: str
    customer_id: int
    customer_name: str
    customer_kind: str
    opened_on: date
    closed_on: date | None
    bill_delivery: str
    role: str = ""

    def may(self, right: AccountRight) -> bool:
        """Say whether the asker's role gives him `right`."""
        return role_may(self.role, right)

    @property
    def may_give_readings(self) -> bool:
        """Whether the asker may give readings."""
        return self.may(AccountRight.GIVE_READINGS)

    @property
    def may_pay(self) -> bool:
        """Whether the asker may pay."""
        return self.may(AccountRight.PAY)

    @property
    def may_decide(self) -> bool:
        """Whether the asker decides about contacts and people."""
        return self.may(AccountRight.DECIDE)


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """How many people live there, and since when."""

    registered: int
    temporary: int
    owners: int
    privileged: bool
    period: Period


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement and the place it supplies."""

    id: int
    number: str
    period: Period
    supply_point: SupplyPointView


@dataclass(frozen=True, slots=True)
class AccountCard:
    """Everything about an account on one day that a page or a bill begins with."""

    account: AccountView
    agreements: tuple[AgreementView, ...]
    household: HouseholdView | None
    contacts: tuple[ContactView, ...]

    @property
    def address(self) -> str:
        """The address of the first supply point, empty when none is supplied on that day."""
        return self.agreements[0].supply_point.address if self.agreements else ""

    @property
    def postal_code(self) -> str:
        """The postal code of that address."""
        return self.agreements[0].supply_point.postal_code if self.agreements else ""

    @property
    def supply_points(self) -> tuple[SupplyPointView, ...]:
        """The supply points of the agreements in force."""
        return tuple(agreement.supply_point for agreement in self.agreements)


def account_by_id(account_id: int) -> AccountView:
    """Return the account; raise NotFound("account_not_found")."""
    found = Account.objects.select_related("customer").filter(pk=account_id).first()
    if found is None:
        raise NotFound("account_not_found", number=account_id)
    return as_view(found)


_BY_NUMBER = """
SELECT a.id, a.number, a.customer_id, c.kind, c.organisation_name, c.family_name, c.given_name, c.patronymic,
       a.opened_on, a.closed_on, a.bill_delivery, ''
  FROM accounts_account a JOIN customers_customer c ON c.id = a.customer_id WHERE a.number = %s
"""


def account_by_number(number: str) -> AccountView | None:
    """Return the account with this number, None when there is none (for gates; people come through the doors)."""
    if not ACCOUNT_NUMBER.fullmatch(number) or not number.isascii():
        return None
    found = planned_rows(_BY_NUMBER, [number])
    return as_told(*found[0]) if found else None


def numbers_and_families(account_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return the number and the customer's family name (empty for a firm) of each account, by id."""
    rows = Account.objects.filter(pk__in=set(account_ids)).values_list("pk", "number", "customer__family_name")
    return {account_id: (number, family) for account_id, number, family in rows}


def customers_of(account_ids: Collection[int]) -> dict[int, int]:
    """Return the id of the customer of each account, by its id."""
    return dict(Account.objects.filter(pk__in=account_ids).values_list("pk", "customer_id"))


def ids_by_number(numbers: pl.Series) -> pl.DataFrame:
    """Return `account_number`, `account_id` and `opened_on` of those of the numbers that are known."""
    return looked_up(
        pl.DataFrame({"number": numbers}),
        "SELECT a.number, a.id, a.opened_on FROM accounts_account a JOIN asked ON asked.number = a.number",
        schema={"account_number": pl.String, "account_id": pl.Int64, "opened_on": pl.Date},
    )


def card(account_id: int, on: date, *, opened: AccountView | None = None) -> AccountCard:
    """Return the account with its places, people and contacts on the day; raise NotFound("account_not_found").

    `opened` is the account itself where a door has read it already.
    """
    account = opened or account_by_id(account_id)
    agreements = list(Agreement.objects.filter(account_id=account_id, valid__contains=on).order_by("supply_point_id"))
    points = supply.supply_points([agreement.supply_point_id for agreement in agreements], on=on)
    household = Household.objects.filter(account_id=account_id, valid__contains=on).first()
    return AccountCard(
        account=account,
        agreements=tuple(
            AgreementView(
                id=agreement.pk,
                number=agreement.number,
                period=to_period(agreement.valid),
                supply_point=points[agreement.supply_point_id],
            )
            for agreement in agreements
        ),
        household=None if household is None else _household(household),
        contacts=tuple(customers.contacts_of(account.customer_id, on=on)),
    )


def supplied_periods(account_id: int) -> list[Period]:
    """Return the days on which the account is supplied somewhere, one period for each agreement, the earliest first."""
    return [to_period(row.valid) for row in Agreement.objects.filter(account_id=account_id).order_by("valid")]


def agreements_of(account_id: int, *, on: date) -> list[AgreementView]:
    """Return all agreements the account ever had, the latest first, each with its place as it is on the day."""
    agreements = list(Agreement.objects.filter(account_id=account_id).order_by("-valid", "-pk"))
    points = supply.supply_points([agreement.supply_point_id for agreement in agreements], on=on)
    return [AgreementView(one.pk, one.number, to_period(one.valid), points[one.supply_point_id]) for one in agreements]


def taken_from(supply_point_ids: Sequence[int], *, on: date) -> dict[int, date | None]:
    """Return which of the supply points are supplied on the day or later, and from what day each is free again.

    None: somebody is supplied there without an end. What is not in the answer is free.
    """
    rows = Agreement.objects.filter(supply_point_id__in=supply_point_ids, valid__overlap=to_range(Period(on)))
    free: dict[int, date | None] = {}
    for row in rows:
        end, known = to_period(row.valid).end, free.get(row.supply_point_id, date.min)
        free[row.supply_point_id] = None if end is None or known is None else max(end, known)
    return free


def supplied_at(supply_point_id: int, *, on: date) -> int | None:
    """Return the id of the account that is supplied at the place on the day, None where nobody is."""
    found = Agreement.objects.filter(supply_point_id=supply_point_id, valid__contains=on).first()
    return None if found is None else found.account_id


def flats_supplied(fias_house_id: UUID, *, on: date) -> dict[int, str]:
    """Return the flat of each account that is supplied in the house of this ФИАС identifier on the day, by id."""
    flats = supply.flats_of_house(fias_house_id)
    rows = Agreement.objects.filter(supply_point_id__in=flats, valid__contains=on)
    return {account_id: flats[point] for account_id, point in rows.values_list("account_id", "supply_point_id")}


def supplied_then(supply_point_ids: Sequence[int], *, period: Period) -> dict[int, int]:
    """Return the account that is supplied at each of the places in the period, the latest where there were several."""
    rows = Agreement.objects.filter(supply_point_id__in=supply_point_ids, valid__overlap=to_range(period))
    return dict(rows.order_by("valid").values_list("supply_point_id", "account_id"))


def points_of_accounts(numbers: Sequence[str], *, period: Period) -> dict[str, list[int]]:
    """Return the places at which these accounts (by number) are supplied in the period; unknown ones are left out."""
    rows = Agreement.objects.filter(account__number__in=numbers, valid__overlap=to_range(period))
    found: dict[str, list[int]] = {}
    for number, point_id in rows.values_list("account__number", "supply_point_id"):
        found.setdefault(number, []).append(point_id)
    return found


def supplied_until(supply_point_id: int, *, before: date) -> date | None:
    """Return the first day without the last agreement that ended there by the day, None where there was none."""
    rows = Agreement.objects.filter(supply_point_id=supply_point_id, valid__endswith__lte=before)
    return max((row.valid.upper for row in rows), default=None)


def open_accounts_of(customer_ids: Iterable[int]) -> dict[int, AccountView]:
    """Return the accounts of these customers that are not closed, by id."""
    rows = Account.objects.filter(customer_id__in=list(customer_ids), closed_on=None).select_related("customer")
    return {row.pk: as_view(row) for row in rows.order_by("pk")}


def households_of(account_id: int) -> list[HouseholdView]:
    """Return how many people lived there over time, the latest first."""
    return [_household(row) for row in Household.objects.filter(account_id=account_id).order_by("-valid")]


_FIRST_POINTS = """
SELECT account_id, min(supply_point_id) FROM accounts_agreement
WHERE account_id = ANY(%s::bigint[]) AND valid @> %s::date GROUP BY account_id
"""


def addresses(account_ids: Sequence[int], *, on: date) -> dict[int, str]:
    """Return where each of the accounts is supplied on the day (its first supply point), by account id."""
    points = dict(planned_rows(_FIRST_POINTS, [list(account_ids), on]))
    found = supply.addresses(list(points.values()))
    return {account_id: found[point_id] for account_id, point_id in points.items()}


def as_told(
    account_id: int,
    number: str,
    customer_id: int,
    kind: str,
    firm: str,
    family: str,
    given: str,
    patronymic: str,
    *rest: Any,
) -> AccountView:
    """Return the view of a row as statements by hand tell it."""
    name = firm or full_name(family_name=family, given_name=given, patronymic=patronymic)
    return AccountView(account_id, number, customer_id, name, kind, *rest)


def as_view(account: Account, *, role: str = "") -> AccountView:
    """Return the view of a row whose customer is loaded."""
    return AccountView(
        id=account.pk,
        number=account.number,
        customer_id=account.customer_id,
        customer_name=account.customer.name,
        customer_kind=account.customer.kind,
        opened_on=account.opened_on,
        closed_on=account.closed_on,
        bill_delivery=account.bill_delivery,
        role=role,
    )


def _household(row: Household) -> HouseholdView:
    return HouseholdView(
        registered=row.registered,
        temporary=row.temporary,
        owners=row.owners,
        privileged=row.privileged,
        period=to_period(row.valid),
    )
