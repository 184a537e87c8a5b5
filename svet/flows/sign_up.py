"""Sign-up: a stranger proves that an account is his, by its last bill or by a code to a contact the company knows.

An account without contacts, or one that does not exist, shows contacts too, made from its number: nobody learns which
numbers there are. Who owns an account already is not told; the newcomer is told how to be let in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.crypto import salted_hmac

from svet.domains.access import actions as access
from svet.domains.access import queries as people
from svet.domains.access.rules import FREE_FAILURES_PER_ADDRESS, AddressKind, AttemptKind, CodePurpose
from svet.domains.accounts import actions as granting
from svet.domains.accounts import queries as accounts
from svet.domains.accounts.rules import GrantRole
from svet.domains.billing import queries as billing
from svet.domains.customers import actions as contacting
from svet.domains.customers import queries as customers
from svet.domains.customers.queries import ContactView
from svet.domains.customers.rules import masked, takes_codes, way_of
from svet.flows.codes import send_code
from svet.flows.entry import warn
from svet.infra.locking import lock_names, lock_row
from svet.kernel.errors import Conflict, DomainError

BILLS_TO_KNOW = 2
"""The last bill, or the one before: the newest may still be in the post."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Which account was proved, and the contact that proved it (None: its bill did)."""

    account_id: int
    contact_id: int | None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who signs up: names and a password that was checked."""

    family_name: str
    given_name: str
    patronymic: str
    password: str


def prove_by_bill(
    number: str,
    *,
    bill_number: str,
    amount: Decimal,
    asked_from: str,
    at: datetime,
    kind: AttemptKind = AttemptKind.SIGN_UP_BY_BILL,
    free_failures: int = FREE_FAILURES_PER_ADDRESS,
) -> Proof:
    """Return the proof when the account's bill has this number and this sum to pay; every try is noted and audited.

    `kind` says what for: tries for different things are counted apart. `free_failures`: how many wrong ones from there
    make nobody wait.

    Raises DomainError("too_many_attempts"), DomainError("facts_do_not_match") alike for a wrong number, bill or sum.
    """
    with transaction.atomic():
        lock_names(f"attempt:{number}", f"attempt-from:{asked_from}")
        access.check_attempts(kind, target=number, asked_from=asked_from, at=at, free_failures=free_failures)
        account = accounts.account_by_number(number)
        bills = billing.bills_of(account.id if account else 0, limit=BILLS_TO_KNOW)
        is_right = any(_plain(bill.number) == _plain(bill_number) and bill.to_pay == amount for bill in bills)
        access.record_attempt(kind, target=number, asked_from=asked_from, succeeded=is_right, at=at)
    if account is None or not is_right:
        raise DomainError("facts_do_not_match")
    return Proof(account.id, None)


def known_contacts(number: str, *, at: datetime) -> list[str]:
    """Return the account's contacts that take codes, masked; some are made up when there are none."""
    return [masked(one.value) for one in _contacts(number, at=at)] or _made_up(number)


def ask_code(number: str, *, place: int, asked_from: str, at: datetime) -> str:
    """Send a code to the contact at this place of `known_contacts`, if it is one; return the challenge anyway."""
    account, known = accounts.account_by_number(number), _contacts(number, at=at)
    contact = known[place] if 0 <= place < len(known) else None
    return send_code(
        CodePurpose.SIGN_UP,
        target=f"sign-up:{number}",
        subject=f"{account.id}:{contact.id}" if account and contact else "",
        address=(way_of(contact.kind).value, contact.value) if contact else None,
        asked_from=asked_from,
        at=at,
        customer_id=account.customer_id if account and contact else None,
    )


def prove_by_code(*, challenge: str, typed: str, at: datetime) -> Proof:
    """Use up the code and return what it proved; raise as `redeem_code` does."""
    account_id, _, contact_id = access.redeem_code(
        challenge, purpose=CodePurpose.SIGN_UP, typed=typed, at=at
    ).partition(":")
    return Proof(int(account_id), int(contact_id))


def may_own(proof: Proof, *, at: datetime) -> None:
    """Raise Conflict("account_has_an_owner") when somebody owns the account already."""
    number = accounts.account_by_id(proof.account_id).number
    if accounts.owner_of(number, on=at.date()) is not None:
        raise Conflict("account_has_an_owner")


def sign_up(proof: Proof, *, who: Newcomer, at: datetime) -> int:
    """Give the newcomer a login and make him the account's owner; warn every known contact. Return the user's id.

    Raises Conflict("account_has_an_owner").
    """
    with transaction.atomic():
        lock_row("accounts_account", proof.account_id)
        may_own(proof, at=at)
        number = accounts.account_by_id(proof.account_id).number
        user_id = access.create_user(
            free_login(number),
            password=who.password,
            at=at,
            family_name=who.family_name,
            given_name=who.given_name,
            patronymic=who.patronymic,
        )
        _own(proof, user_id=user_id, at=at)
    return user_id


def own_one_more(proof: Proof, *, user_id: int, at: datetime) -> None:
    """Make somebody who has a login the owner of one more account; raise Conflict("account_has_an_owner")."""
    with transaction.atomic():
        lock_row("accounts_account", proof.account_id)
        may_own(proof, at=at)
        granting.revoke_if_granted(proof.account_id, user_id=user_id, at=at)
        _own(proof, user_id=user_id, at=at)


def free_login(number: str) -> str:
    """Return a login made of an account's number that nobody has or had."""
    logins = (number, *(f"{number}-{count}" for count in range(2, 1000)))
    return next(login for login in logins if not people.login_is_taken(login))


def _own(proof: Proof, *, user_id: int, at: datetime) -> None:
    account = accounts.account_by_id(proof.account_id)
    granting.grant_access(account.id, user_id=user_id, role=GrantRole.OWNER, from_on=at.date(), at=at)
    known = _contacts(account.number, at=at)
    proved = next((one for one in known if one.id == proof.contact_id), None)
    if proved is not None:
        contacting.confirm_contact(proved.id, customer_id=account.customer_id, at=at)
        access.prove_address(user_id, kind=AddressKind(proved.kind), value=proved.value, at=at)
    addresses = [(way_of(one.kind).value, one.value) for one in known]
    warn(addresses, what="signed_up", key=f"signed-up:{account.id}:{user_id}", at=at, account_id=account.id)


def _contacts(number: str, *, at: datetime) -> list[ContactView]:
    account = accounts.account_by_number(number)
    known = customers.contacts_of(account.customer_id if account else 0, on=at.date())
    return [one for one in known if takes_codes(kind=one.kind, value=one.value)]


def _made_up(number: str) -> list[str]:
    """Return masked contacts that look like somebody's, always the same for the number."""
    seed = salted_hmac("svet.sign_up.made_up", number, algorithm="sha256").digest()
    phone = f"+7 9** ***-**-{seed[0] % 100:02d}"
    letters = "abdeiklmnoprstv"
    email = f"{letters[seed[1] % len(letters)]}***@{'mygb'[seed[2] % 4]}***.ru"
    return [email, phone] if seed[3] % 3 == 0 else [phone]


def _plain(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())
