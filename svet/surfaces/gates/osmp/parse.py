"""Requests of the check/pay protocol, read strictly. Pure; takes any query string without crashing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import parse_qsl

from svet.infra.clock import MOSCOW

MAX_QUERY = 4096
_KNOWN = ("command", "txn_id", "account", "sum", "txn_date")
_TXN_ID = re.compile(r"[0-9]{1,20}")
_ACCOUNT = re.compile(r"[0-9]{1,20}")
_SUM = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")
_MOMENT = re.compile(r"[0-9]{14}")


@dataclass(frozen=True, slots=True)
class TerminalRequest:
    """A request that can be answered. `amount` may be missing in a check, `paid_at` is there in a payment only."""

    command: str
    txn_id: str
    account: str
    amount: Decimal | None
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class Malformed:
    """A request that cannot be answered: `why` is a code for words, `txn_id` is kept when it could be read."""

    why: str
    txn_id: str = ""


class _Wrong(Exception):
    """A parameter that cannot be read; the argument is the code of the reason."""


def parse_request(query: str) -> TerminalRequest | Malformed:
    """Return what the terminal asks, or why that cannot be read.

    >>> parse_request("command=check&txn_id=7&account=abc&sum=10.45")
    Malformed(why='bad_account', txn_id='7')
    """
    txn_id = ""
    try:
        given = _parameters(query)
        txn_id = _matching(_TXN_ID, given, "txn_id")
        command = given.get("command", "")
        if command not in {"check", "pay", "cancel"}:
            raise _Wrong("bad_command")
        if command == "cancel":
            return TerminalRequest(command, txn_id, given.get("account", "")[:20], None, None)
        account = _matching(_ACCOUNT, given, "account")
        amount = None if command == "check" and "sum" not in given else Decimal(_matching(_SUM, given, "sum"))
        paid_at = _moment(_matching(_MOMENT, given, "txn_date")) if command == "pay" else None
    except _Wrong as wrong:
        return Malformed(str(wrong), txn_id)
    return TerminalRequest(command, txn_id, account, amount, paid_at)


def _parameters(query: str) -> dict[str, str]:
    if len(query) > MAX_QUERY:
        raise _Wrong("too_long")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=60, errors="replace")
    except ValueError as error:
        raise _Wrong("too_many_parameters") from error
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in _KNOWN and name in given:
            raise _Wrong("parameter_twice")
        given[name] = value
    return given


def _matching(form: re.Pattern[str], given: dict[str, str], name: str) -> str:
    value = given.get(name, "")
    if form.fullmatch(value) is None:
        raise _Wrong(f"bad_{name}")
    return value


def _moment(text: str) -> datetime:
    try:
        moment = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=MOSCOW)
    except ValueError as error:
        raise _Wrong("bad_txn_date") from error
    if not 2000 <= moment.year < 2100:
        raise _Wrong("bad_txn_date")
    return moment
