"""What a message with readings says about the meters that are known: values for every register of one meter, or the
question to ask back. Nothing is guessed: where two meanings fit, the sender is asked.

A *guess* is one meaning that fits though it is written oddly («12 345»); it is submitted only after a "yes".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from svet.domains.metering.rules.texting.letters import MOST_CHARACTERS
from svet.domains.metering.rules.texting.tokens import Hint, Notes, Number, Zone, account_runs
from svet.domains.metering.rules.values import serial_form
from svet.kernel.energy import TimeBand

LEAST_TAIL = 3
"""A meter is known by so many last digits of its number."""
LATE_DAYS = 3
"""A reading may be dated so many days before the message."""


class Ask(StrEnum):
    """What is asked back."""

    NOTHING_FOUND = "nothing_found"
    NOT_PLAIN = "not_plain"
    TOO_LONG = "too_long"
    PART_MISSING = "part_missing"
    WHICH_ACCOUNT = "which_account"
    ACCOUNT_UNKNOWN = "account_unknown"
    SEVERAL_ACCOUNTS = "several_accounts"
    NO_METER = "no_meter"
    WHICH_METER = "which_meter"
    METER_UNKNOWN = "meter_unknown"
    REGISTERS_MISSING = "registers_missing"
    TOO_MANY_NUMBERS = "too_many_numbers"
    ZONES_DIFFER = "zones_differ"
    NUMBER_UNCLEAR = "number_unclear"
    DATE_UNCLEAR = "date_unclear"


@dataclass(frozen=True, slots=True)
class KnownMeter:
    """A meter that hangs at an account: its number and the zones of its registers, T1 first."""

    serial: str
    bands: tuple[TimeBand, ...]


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account that the message may be about; `is_own` when the sender's phone is known to be its customer's."""

    number: str
    is_own: bool
    meters: tuple[KnownMeter, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """What is to be submitted: values by place ("1", "2"). A guess is asked about first."""

    account: KnownAccount
    meter: KnownMeter
    values: Mapping[str, str]
    taken_on: date
    is_guess: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked back, and the account where it is known."""

    ask: Ask
    account: KnownAccount | None = None
    meter: KnownMeter | None = None


class _Unclear(Exception):
    def __init__(self, ask: Ask, account: KnownAccount | None = None, meter: KnownMeter | None = None) -> None:
        self.question = Question(ask, account, meter)


def understand(notes: Notes, *, accounts: Sequence[KnownAccount], today: date) -> Understood | Question:
    """Return what the message says, or what to ask. `accounts` are the sender's own and those that it names.

    >>> from svet.domains.metering.rules.texting.tokens import notes_of
    >>> home = KnownAccount("3300000019", True, (KnownMeter("41000001", (TimeBand.DAY, TimeBand.NIGHT)),))
    >>> told = understand(notes_of("НОЧЬ 45, день 123"), accounts=[home], today=date(2026, 11, 18))
    >>> told.values
    {'1': '123', '2': '45'}
    """
    try:
        return _understood(notes, accounts, today)
    except _Unclear as unclear:
        return unclear.question


def _understood(notes: Notes, accounts: Sequence[KnownAccount], today: date) -> Understood:
    if len(notes.plain) > MOST_CHARACTERS:
        raise _Unclear(Ask.TOO_LONG)
    if notes.doubt:
        raise _Unclear(Ask.NOT_PLAIN)
    if not notes.numbers:
        raise _Unclear(Ask.NOTHING_FOUND)
    account, items = _account(notes, accounts)
    meter, items = _meter(items, account)
    items, taken_on = _dated(items, notes, today, meter=meter, account=account)
    values, is_guess = _values(items, notes, meter=meter, account=account)
    return Understood(account, meter, values, taken_on, is_guess)


def _account(notes: Notes, accounts: Sequence[KnownAccount]) -> tuple[KnownAccount, list[Number | Zone]]:
    known, own = {one.number: one for one in accounts}, [one for one in accounts if one.is_own]
    named: dict[str, tuple[Number, ...]] = {}
    for run in account_runs(notes):
        number = "".join(one.whole for one in run)
        account = known.get(number)
        says_so = run[0].hint is Hint.ACCOUNT or (account is not None and (account.is_own or not own))
        if account is not None and (len(run) == 1 or says_so):
            named.setdefault(number, run)
    if len(named) > 1:
        raise _Unclear(Ask.SEVERAL_ACCOUNTS)
    used = {id(one) for run in named.values() for one in run}
    items = [one for one in notes.items if id(one) not in used]
    repeated = next(iter(named), "")
    items = [one for one in items if not (isinstance(one, Number) and repeated and one.text == repeated)]
    hinted = [one for one in items if isinstance(one, Number) and one.hint is Hint.ACCOUNT]
    if hinted:
        fitting = [one for one in own if len(hinted[0].whole) >= 4 and one.number.endswith(hinted[0].whole)]
        if named or len(fitting) != 1 or len(own) < 2:
            raise _Unclear(Ask.ACCOUNT_UNKNOWN)
        named[fitting[0].number] = (hinted[0],)
        items = [one for one in items if one is not hinted[0]]
    strange = [one for one in items if isinstance(one, Number) and len(one.whole) == 10 and one.hint is Hint.NONE]
    if strange and not named and not any(_is_serial(one, account) for one in strange for account in own):
        raise _Unclear(Ask.ACCOUNT_UNKNOWN)
    if named:
        return known[next(iter(named))], items
    return _own_account(items, own), items


def _own_account(items: Sequence[Number | Zone], own: Sequence[KnownAccount]) -> KnownAccount:
    """Return the only account of the sender, or the one whose meter is named."""
    if len(own) == 1:
        return own[0]
    by_meter = [account for account in own if any(_is_serial(one, account) for one in items)]
    if len(by_meter) != 1:
        raise _Unclear(Ask.WHICH_ACCOUNT)
    return by_meter[0]


def _is_serial(one: Number | Zone, account: KnownAccount) -> bool:
    return isinstance(one, Number) and any(_is_of(one, meter) for meter in account.meters)


def _is_of(one: Number, meter: KnownMeter) -> bool:
    return len(one.whole) >= 5 and not one.fraction and serial_form(one.whole) == serial_form(meter.serial)


def _meter(items: list[Number | Zone], account: KnownAccount) -> tuple[KnownMeter, list[Number | Zone]]:
    if not account.meters:
        raise _Unclear(Ask.NO_METER, account)
    found: list[tuple[KnownMeter, Number]] = []
    for one in items:
        if not isinstance(one, Number):
            continue
        whole = [meter for meter in account.meters if _is_of(one, meter)]
        tail = [meter for meter in account.meters if one.hint in {Hint.SERIAL, Hint.METER} and _ends_with(meter, one)]
        if len(whole or tail) == 1:
            found.append(((whole or tail)[0], one))
        elif one.hint is Hint.SERIAL:
            raise _Unclear(Ask.METER_UNKNOWN, account)
    if len({meter.serial for meter, _ in found}) > 1:
        raise _Unclear(Ask.WHICH_METER, account)
    used = {id(number) for _, number in found}
    if found:
        return found[0][0], [one for one in items if id(one) not in used]
    if len(account.meters) > 1:
        raise _Unclear(Ask.WHICH_METER, account)
    return account.meters[0], items


def _ends_with(meter: KnownMeter, one: Number) -> bool:
    digits = "".join(character for character in meter.serial if character.isdecimal())
    return len(one.whole) >= LEAST_TAIL and not one.fraction and digits.endswith(one.whole)


def _dated(
    items: list[Number | Zone], notes: Notes, today: date, *, meter: KnownMeter, account: KnownAccount
) -> tuple[list[Number | Zone], date]:
    """Return the items without a date among them, and the day of the reading."""
    recent = {(day.day, day.month): day for day in (today - timedelta(days=back) for back in range(LATE_DAYS + 1))}
    days = list(notes.dates)
    numbers = [one for one in items if isinstance(one, Number)]
    like_days = [one for one in numbers if one.day_month]
    if len(like_days) == 1 and len(numbers) == len(meter.bands) + 1:
        days.append(recent.get(like_days[0].day_month or (0, 0)))
        items = [one for one in items if one is not like_days[0]]
    elif any(one.day_month in recent for one in like_days):
        raise _Unclear(Ask.NUMBER_UNCLEAR, account, meter)
    if any(month != today.month for month in notes.months) or len(set(days)) > 1:
        raise _Unclear(Ask.DATE_UNCLEAR, account, meter)
    if not days:
        return items, today
    if days[0] is None or days[0] not in recent.values():
        raise _Unclear(Ask.DATE_UNCLEAR, account, meter)
    return items, days[0]


def _values(
    items: Sequence[Number | Zone], notes: Notes, *, meter: KnownMeter, account: KnownAccount
) -> tuple[dict[str, str], bool]:
    count = len(meter.bands)
    numbers = [one for one in items if isinstance(one, Number)]
    zones = [_place(one, meter, account) for one in items if isinstance(one, Zone)]
    if any(one.is_unclear for one in numbers):
        raise _Unclear(Ask.NUMBER_UNCLEAR, account, meter)
    if not numbers:
        raise _Unclear(Ask.NOTHING_FOUND, account, meter)
    if zones:
        return _labelled(items, meter=meter, account=account), False
    if len(numbers) == count:
        return {str(place): one.text for place, one in enumerate(numbers, 1)}, False
    if listed := _listed(numbers, count):
        return listed
    joined = list(_joined(numbers, notes))
    if len(joined) == count and all(size > 1 for _, size in joined):
        return {str(place): text for place, (text, _) in enumerate(joined, 1)}, True
    ask = Ask.REGISTERS_MISSING if len(numbers) < count else Ask.TOO_MANY_NUMBERS
    raise _Unclear(ask, account, meter)


def _listed(numbers: Sequence[Number], count: int) -> tuple[dict[str, str], bool] | None:
    """Return values numbered as a list, «1) 123 2) 45»; without marks it is a guess, and of one alone not even that."""
    places = [str(place) for place in range(1, count + 1)]
    if len(numbers) != 2 * count or [one.text for one in numbers[::2]] != places:
        return None
    is_marked = all(one.is_marked for one in numbers[::2])
    if count == 1 and not is_marked:
        return None
    return {place: one.text for place, one in zip(places, numbers[1::2], strict=True)}, not is_marked


def _place(zone: Zone, meter: KnownMeter, account: KnownAccount) -> int:
    if zone.place is not None and zone.place <= len(meter.bands):
        return zone.place
    if zone.band in meter.bands:
        return meter.bands.index(zone.band) + 1
    raise _Unclear(Ask.ZONES_DIFFER, account, meter)


def _labelled(items: Sequence[Number | Zone], *, meter: KnownMeter, account: KnownAccount) -> dict[str, str]:
    """Return values named by zones, all before their values or all after them."""
    line: list[int | Number] = []
    for one in items:
        what = one if isinstance(one, Number) else _place(one, meter, account)
        if isinstance(what, int) and line and isinstance(line[-1], int):
            if line[-1] != what:
                raise _Unclear(Ask.ZONES_DIFFER, account, meter)
            continue
        line.append(what)
    if len(line) % 2:
        raise _Unclear(Ask.TOO_MANY_NUMBERS, account, meter)
    pairs = list(zip(line[::2], line[1::2], strict=True))
    values: dict[str, str] = {}
    for first, second in pairs:
        number, place = (first, second) if isinstance(line[0], Number) else (second, first)
        if not isinstance(number, Number) or not isinstance(place, int) or str(place) in values:
            raise _Unclear(Ask.ZONES_DIFFER, account, meter)
        values[str(place)] = number.text
    if len(values) < len(meter.bands):
        raise _Unclear(Ask.REGISTERS_MISSING, account, meter)
    return dict(sorted(values.items()))


def _joined(numbers: Sequence[Number], notes: Notes) -> Iterator[tuple[str, int]]:
    """Return numbers with their groups of three digits put together, and of how many: «12 345» is 12345 of two."""
    groups: list[list[Number]] = []
    for one in numbers:
        last = groups[-1][-1] if groups else None
        goes_on = last is not None and notes.plain[last.end : one.start] == " " and len(one.whole) == 3
        if last is not None and goes_on and len(groups[-1][0].whole) <= 3 and not last.fraction:
            groups[-1].append(one)
        else:
            groups.append([one])
    for group in groups:
        yield "".join(one.text for one in group), len(group)
