"""Acts of unmetered use: what one would come to, those of an account with their lines and scans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import polars as pl

from svet.domains.billing.models import Charge, UnmeteredAct, UnmeteredLine, UnmeteredScan
from svet.domains.billing.queries.bills import charged_months
from svet.domains.billing.queries.inputs import Span, load_inputs
from svet.domains.billing.rules.frames import Inputs
from svet.domains.billing.rules.unmetered import Found, UnmeteredKind, UnmeteredRefused, Unpriced, days_of, month_lines
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.infra import files
from svet.infra.files import FileInfo
from svet.kernel.errors import NotFound
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month, Period


@dataclass(frozen=True, slots=True)
class UnmeteredPart:
    """kWh × rate = amount, for days of one price."""

    from_on: date
    until_on: date
    kwh: Decimal
    rate: Decimal
    amount: Decimal
    tariff_version_id: int


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What an act comes to; `counts_in` is the month whose bill has it. `norm_percent` is None when by power."""

    days: Period
    parts: tuple[UnmeteredPart, ...]
    norm_percent: int | None
    counts_in: Month

    @property
    def kwh(self) -> Decimal:
        """All its energy."""
        return sum((one.kwh for one in self.parts), Decimal("0.000"))

    @property
    def amount(self) -> Decimal:
        """All its money, with tax."""
        return sum((one.amount for one in self.parts), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class UnmeteredView:
    """An act as it was recorded; `undone_reason` is empty while it holds. `charged_in` are the bills that have it."""

    id: int
    number: str
    kind: UnmeteredKind
    supply_point_id: int
    found_on: date
    since_on: date | None
    checked_on: date | None
    ended_on: date
    power_w: int | None
    norm_percent: int | None
    note: str
    signed_by: str
    from_on: date
    until_on: date
    kwh: Decimal
    amount: Decimal
    counts_in: Month
    parts: tuple[UnmeteredPart, ...]
    scans: tuple[FileInfo, ...]
    recorded_at: datetime
    recorded_by: int | None
    undone_reason: str
    undone_at: datetime | None
    taken_back_in: Month | None

    @property
    def power_kw(self) -> Decimal | None:
        """The power of the equipment in kW."""
        return None if self.power_w is None else Decimal(self.power_w).scaleb(-3)

    @property
    def days(self) -> int:
        """For how many days it is charged."""
        return (self.until_on - self.from_on).days


def reckon_unmetered(account_id: int, *, supply_point_id: int, found: Found) -> Reckoned:
    """Return what the act comes to by the norms and prices of each month.

    Raises UnmeteredRefused: what `rules.unmetered.days_of` refuses, "unmetered_supply_is_unknown" when the account was
    not supplied there on all the days, "unmetered_is_not_priced" with the codes of what is missing.
    """
    policies = _policies(Month.of(found.found_on))
    days = days_of(found, policies=policies)
    end = days.end or found.ended_on
    parts, covered, month = [], 0, Month.of(days.start)
    while month.first_on < end:
        inputs = _inputs(account_id, month)
        lines = month_lines(
            inputs,
            supply_point_id=supply_point_id,
            days=days,
            power_w=found.power_w,
            month=month,
            policies=_policies(month),
        )
        if isinstance(lines, Unpriced):
            raise UnmeteredRefused("unmetered_is_not_priced", codes=", ".join(lines.codes), month=month.text)
        covered += sum((row["until_on"] - row["from_on"]).days for row in lines.iter_rows(named=True))
        parts += [_part(*row) for row in lines.select(_PART).iter_rows()]
        month = month.next
    if covered != days.days:
        raise UnmeteredRefused("unmetered_supply_is_unknown", from_on=days.start)
    percent = None if found.power_w is not None else policies.unmetered_norm_percent
    return Reckoned(days, tuple(parts), percent, counting_month(account_id, not_before=Month.of(found.found_on)))


def counting_month(account_id: int, *, not_before: Month) -> Month:
    """Return the first month, not before the one given, that the account is not charged for yet."""
    charged = charged_months(account_id)
    return max(not_before, charged[-1].next) if charged else not_before


def is_charged(account_id: int, *, act_id: int) -> bool:
    """Return whether some charge of the account has lines of the act."""
    return Charge.objects.filter(account_id=account_id, lines__rule="U01", lines__subject_id=act_id).exists()


def unmetered_acts_of(account_id: int) -> list[UnmeteredView]:
    """Return the account's acts of unmetered use, the latest recorded first, those taken back too."""
    return _views(UnmeteredAct.objects.filter(account_id=account_id).order_by("-pk"))


def unmetered_act(account_id: int, *, act_id: int) -> UnmeteredView:
    """Return an act; raise NotFound, also for another account's."""
    found = _views(UnmeteredAct.objects.filter(account_id=account_id, pk=act_id))
    if not found:
        raise NotFound(act=act_id)
    return found[0]


def unmetered_act_of_request(account_id: int, *, request_key: str) -> UnmeteredView | None:
    """Return the act that this request has made, None while it has made none."""
    return next(iter(_views(UnmeteredAct.objects.filter(account_id=account_id, request_key=request_key))), None)


def unmetered_scan(account_id: int, *, act_id: int, file_id: int) -> FileInfo:
    """Return a scan of an act; raise NotFound, also for another account's."""
    if not UnmeteredScan.objects.filter(act__account_id=account_id, act_id=act_id, file_id=file_id).exists():
        raise NotFound(file=file_id)
    return files.described([file_id])[file_id]


_PART = ["from_on", "until_on", "wh", "rate_urub", "amount_kop", "tariff_version_id"]


def _part(from_on: date, until_on: date, wh: int, rate_urub: int, kopecks: int, version_id: int) -> UnmeteredPart:
    kwh, rate = Decimal(wh).scaleb(-3), Decimal(rate_urub).scaleb(-6)
    return UnmeteredPart(from_on, until_on, kwh, rate, from_kopecks(kopecks), version_id)


def _inputs(account_id: int, month: Month) -> Inputs:
    accounts = pl.DataFrame({"account_id": [account_id]}, schema={"account_id": pl.Int64})
    return load_inputs(Span(account_id, account_id), month=month, accounts=accounts)


def _policies(month: Month) -> Policies:
    return Policies.from_values(tariffs.policy_values(month.first_on))


def _views(rows: Iterable[UnmeteredAct]) -> list[UnmeteredView]:
    acts = list(rows)
    if not acts:
        return []
    parts: dict[int, list[UnmeteredPart]] = {}
    for line in UnmeteredLine.objects.filter(act__in=acts).order_by("act_id", "number"):
        parts.setdefault(line.act_id, []).append(
            UnmeteredPart(line.from_on, line.until_on, line.kwh, line.rate, line.amount, line.tariff_version_id)
        )
    scans: dict[int, list[int]] = {}
    for act_id, file_id in UnmeteredScan.objects.filter(act__in=acts).order_by("pk").values_list("act_id", "file_id"):
        scans.setdefault(act_id, []).append(file_id)
    infos = files.described([one for some in scans.values() for one in some])
    undone = {
        pk: (reason, moment, Month.of(month))
        for pk, reason, moment, month in UnmeteredAct.objects.filter(
            pk__in=[one.pk for one in acts], undone__isnull=False
        ).values_list("pk", "undone__reason", "undone__recorded_at", "undone__counts_in")
    }
    return [
        _view(row, tuple(parts[row.pk]), tuple(infos[one] for one in scans.get(row.pk, ())), undone.get(row.pk))
        for row in acts
    ]


def _view(
    row: UnmeteredAct,
    parts: tuple[UnmeteredPart, ...],
    scans: tuple[FileInfo, ...],
    undone: tuple[str, datetime, Month] | None,
) -> UnmeteredView:
    same = (
        "id", "number", "supply_point_id", "found_on", "since_on", "checked_on", "ended_on", "power_w", "norm_percent",
        "note", "signed_by", "from_on", "until_on", "kwh", "amount", "recorded_at", "recorded_by",
    )  # fmt: skip
    return UnmeteredView(
        **{name: getattr(row, name) for name in same},
        kind=UnmeteredKind(row.kind),
        counts_in=Month.of(row.counts_in),
        parts=parts,
        scans=scans,
        undone_reason=undone[0] if undone else "",
        undone_at=undone[1] if undone else None,
        taken_back_in=undone[2] if undone else None,
    )
