"""How people come in: by which name whoever is meant, codes to sign in and to recover, and what follows for others.

Whoever is asked about, known or not, the same is read, made and answered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from svet.domains.access import actions as access
from svet.domains.access import queries as people
from svet.domains.access.rules import CodePurpose
from svet.domains.accounts import queries as accounts
from svet.domains.accounts.rules import GrantRole
from svet.domains.customers import queries as customers
from svet.domains.customers.rules import normal_email, normal_phone, way_of
from svet.domains.notifications import actions as notifications
from svet.domains.notifications.rules import MessageKind
from svet.flows.codes import send_code
from svet.kernel.errors import DomainError, NotFound


@dataclass(frozen=True, slots=True)
class _Named:
    """What was typed: as an address in normal form and as an account number, where it can be one."""

    text: str
    address: str
    number: str

    @property
    def target(self) -> str:
        """The one name under which limits count, however it was written."""
        return (self.address or self.text.lower())[:255]


def counted_as(typed: str) -> str:
    """Return the name under which asking for codes by this name is counted."""
    return _named(typed).target


def login_of(typed: str, *, on: date) -> str:
    """Return the login meant by an account number, an e-mail, a phone in any notation, or the login itself."""
    named = _named(typed)
    owner = _person(accounts.owner_of(named.number, on=on))
    by_address = people.login_by_address(named.address)
    return owner.username if owner else by_address or named.text


def ask_code(purpose: CodePurpose, *, typed: str, asked_from: str, at: datetime) -> str:
    """Send a code to a confirmed address of whoever is meant, if there is one; return the challenge, whoever is meant.

    To the address that was typed, else to the one confirmed last. Staff get none. Raises what `issue_code` raises.
    """
    named = _named(typed)
    found = [
        _person(accounts.owner_of(named.number, on=at.date())),
        people.person_by_address(named.address),
        people.person_by_username(named.text),
    ]
    person = next((one for one in found if one is not None and not one.is_staff), None)
    known = people.addresses_of(person.user_id if person else 0)
    kind, value = next((one for one in known if one[1] == named.address), known[0] if known else ("", ""))
    return send_code(
        purpose,
        target=named.target,
        subject=f"user:{person.user_id}" if person else "",
        address=(way_of(kind).value, value) if value else None,
        asked_from=asked_from,
        at=at,
    )


def take_code(purpose: CodePurpose, *, challenge: str, typed: str, at: datetime) -> int:
    """Use up the code and return whose it is; raise as `redeem_code` does, "code_is_over" for a closed login too."""
    subject = access.redeem_code(challenge, purpose=purpose, typed=typed, at=at)
    person = _person(int(subject.removeprefix("user:")))
    if person is None or person.is_staff:
        raise DomainError("code_is_over")
    return person.user_id


def recover(*, challenge: str, typed: str, password: str, at: datetime) -> int:
    """Take the code and set the password; all sessions end, all other addresses are told. Return whose it was.

    Raises as `take_code` does; the password was checked before.
    """
    user_id = take_code(CodePurpose.RECOVERY, challenge=challenge, typed=typed, at=at)
    with transaction.atomic():
        access.recover_password(user_id, password=password, at=at)
        tell_of_sign_in(user_id, what="password_recovered", key=f"recovered:{challenge[:12]}", at=at)
    return user_id


def tell_of_sign_in(user_id: int, *, what: str, key: str, at: datetime) -> None:
    """Warn all the person's addresses, and those confirmed for accounts he owns, that his way in was changed."""
    addresses = {(way_of(kind).value, value) for kind, value in people.addresses_of(user_id)}
    for account in accounts.accounts_of(user_id, on=at.date()):
        if account.role == GrantRole.OWNER:
            addresses |= set(customers.confirmed_addresses(account.customer_id, on=at.date()))
    warn(sorted(addresses), what=what, key=key, at=at)


def warn(addresses: list[tuple[str, str]], *, what: str, key: str, at: datetime, account_id: int | None = None) -> None:
    """Tell these addresses (way and value) that signing in was changed; the same key tells nobody twice."""
    for way, value in addresses:
        notifications.send(
            MessageKind.SIGN_IN_CHANGED,
            channel=way,
            address=value,
            facts={"what": what},
            key=f"{key}:{value}"[:120],
            at=at,
            account_id=account_id,
        )


def _named(typed: str) -> _Named:
    text = typed.strip()
    address = normal_email(text) if "@" in text else normal_phone(text)
    number = re.sub(r"[\s-]", "", text)
    is_number = bool(re.fullmatch(r"[0-9]{10}", number))
    return _Named(number if is_number else text, address or "", number if is_number else "")


def _person(user_id: int | None) -> people.Person | None:
    try:
        return people.person(user_id or 0)
    except NotFound:
        return None
