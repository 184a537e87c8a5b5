"""Many people on one account: the owner invites and removes, the invited accepts with a login he has or makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from svet.domains.access import actions as access
from svet.domains.access.rules import AddressKind
from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries
from svet.domains.accounts.queries import AccountView, InvitationView, PersonOnAccount
from svet.domains.accounts.rules import AccountRight, GrantRole
from svet.domains.customers.rules import ContactKind, way_of
from svet.domains.notifications import actions as notifications
from svet.domains.notifications.rules import MessageKind
from svet.flows.sign_up import Newcomer, free_login
from svet.infra.clock import MOSCOW
from svet.kernel.errors import DomainError, NotAllowed


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Who may come in, and who is asked to."""

    people: tuple[PersonOnAccount, ...]
    invitations: tuple[InvitationView, ...]


def page(account: AccountView, *, at: datetime) -> PeoplePage:
    """Return everybody on the account; raise NotAllowed for who does not decide."""
    _decides(account)
    return PeoplePage(
        tuple(queries.people_of(account.id, on=at.date())), tuple(queries.invitations_of(account.id, at=at))
    )


def invite(
    account: AccountView,
    *,
    role: GrantRole,
    kind: ContactKind,
    address: str,
    by: int,
    link: Callable[[str], str],
    at: datetime,
) -> None:
    """Send an invitation to the address (in normal form); `link` makes the page's address of a token.

    Raises NotAllowed, DomainError("contact_takes_no_codes") for a landline, DomainError("too_many_invitations").
    """
    _decides(account)
    if kind is ContactKind.PHONE and not address.startswith("+79"):
        raise DomainError("contact_takes_no_codes")
    with transaction.atomic():
        made = accounts.invite(account.id, role=role, kind=kind, address=address, by=by, at=at)
        notifications.send(
            MessageKind.INVITATION,
            channel=way_of(kind).value,
            address=address,
            facts={
                "number": f"…{account.number[-4:]}",
                "until": made.expires_at.astimezone(MOSCOW).date().isoformat(),
            },
            secret_facts={"link": link(made.token)},
            key=f"invitation:{made.id}",
            at=at,
            account_id=account.id,
        )


def accept(token: str, *, user_id: int, at: datetime) -> str:
    """Accept an invitation with the login one has; return the account's number. Raise as `accept_invitation` does."""
    return queries.account_by_id(accounts.accept_invitation(token, user_id=user_id, at=at)).number


def join(token: str, *, who: Newcomer, at: datetime) -> tuple[int, str]:
    """Make a login and accept: the link proves its address. Return the user's id and the account's number.

    Raises as `accept_invitation` does.
    """
    with transaction.atomic():
        invitation = queries.waiting_invitation(token, at=at)
        user_id = access.create_user(
            free_login(invitation.account_number),
            password=who.password,
            at=at,
            family_name=who.family_name,
            given_name=who.given_name,
            patronymic=who.patronymic,
        )
        access.prove_address(user_id, kind=AddressKind(invitation.kind), value=invitation.address, at=at)
        number = accept(token, user_id=user_id, at=at)
    return user_id, number


def withdraw(account: AccountView, *, invitation_id: int, at: datetime) -> None:
    """Withdraw an invitation; raise NotAllowed, NotFound("invitation_is_over")."""
    _decides(account)
    accounts.withdraw_invitation(invitation_id, account_id=account.id, at=at)


def remove(account: AccountView, *, user_id: int, at: datetime) -> None:
    """Close the account to a person at once; raise NotAllowed, NotFound("access_is_not_granted"), "last_owner"."""
    _decides(account)
    accounts.remove_person(account.id, user_id=user_id, at=at)


def _decides(account: AccountView) -> None:
    if not account.may(AccountRight.DECIDE):
        raise NotAllowed(number=account.number)
