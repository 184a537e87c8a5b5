"""Some homes of the town are entitled to benefits of each form, and one used electricity past its meter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from svet.domains.accounts import queries as accounts
from svet.domains.benefits import actions as benefits
from svet.domains.benefits.rules import Paper
from svet.domains.billing import actions as billing
from svet.domains.billing.actions import UnmeteredPaper
from svet.domains.billing.rules.unmetered import Found, UnmeteredKind
from svet.infra import files
from svet.kernel.period import Month
from svet.surfaces.console.demo import acts, town

GIVEN = (
    ("disabled", "Справка МСЭ-2024 № 0012345"),
    ("sample_kwh", "Удостоверение многодетной семьи № 118"),
    ("sample_roubles", "Решение соцзащиты № 40 от 15.09.2026"),
)


def give_some(homes: list[town.Home], *, account_of: Callable[[town.Home], int], month: Month, at: datetime) -> None:
    """Give benefits of each form to some homes and record an act against another, from the month on."""
    old = [home for home in homes if home.opened_on < month.first_on]
    for home, (kind, document) in zip(old, GIVEN, strict=False):
        account_id = account_of(home)
        benefits.open_entitlement(
            Paper(kind, _holder(account_id), document, month.first_on, "Заявление клиента", f"demo-{home.account}"),
            account_id=account_id,
            supply_point_id=_place(account_id, month),
            by=None,
            at=at,
        )
    for home in old[len(GIVEN) : len(GIVEN) + 1]:
        _past_the_meter(account_of(home), month=month, at=at)


def _past_the_meter(account_id: int, *, month: Month, at: datetime) -> None:
    number = f"БУ-{account_id}"
    scan = files.store(acts.sheet(number), name=f"Акт {number}.png", by=None, at=at)
    found_on = month.first_on + timedelta(days=13)
    billing.record_unmetered(
        Found(
            UnmeteredKind.CONNECTION, found_on, found_on + timedelta(days=1),
            since_on=month.first_on + timedelta(days=9), power_w=1500,
        ),
        paper=UnmeteredPaper(number, "Обогреватель включён до счётчика", acts.SIGNED_BY, number, scans=(scan.id,)),
        account_id=account_id,
        supply_point_id=_place(account_id, month),
        by=None,
        at=at,
    )  # fmt: skip


def _holder(account_id: int) -> str:
    return accounts.account_by_id(account_id).customer_name


def _place(account_id: int, month: Month) -> int:
    return accounts.agreements_of(account_id, on=month.first_on)[0].supply_point.id
