"""Invitations to an account: sent by an owner, accepted once by whoever holds the link, withdrawn; people removed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from svet.domains.accounts.actions.granting import grant_access, revoke_access, revoke_if_granted
from svet.domains.accounts.models import AccountGrant, Invitation
from svet.domains.accounts.queries.people import token_hash, waiting_invitation
from svet.domains.accounts.rules import INVITATION_LASTS, MOST_INVITATIONS, GrantRole
from svet.domains.customers.rules import ContactKind
from svet.infra import audit
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation just made; `token` goes to the invited and nowhere else."""

    id: int
    token: str
    expires_at: datetime


def invite(
    account_id: int, *, role: GrantRole, kind: ContactKind, address: str, by: int, at: datetime
) -> NewInvitation:
    """Invite whoever reads this address to the account; an earlier invitation of the address is withdrawn.

    Raises NotFound, DomainError("too_many_invitations").
    """
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        of_account = Invitation.objects.filter(account_id=account_id)
        if of_account.filter(created_at__gt=at - timedelta(days=1)).count() >= MOST_INVITATIONS:
            raise DomainError("too_many_invitations")
        for earlier in of_account.filter(address=address, accepted_at=None, withdrawn_at=None):
            _withdraw(earlier, at=at)
        token = secrets.token_urlsafe(24)
        made = Invitation.objects.create(
            account_id=account_id,
            role=GrantRole(role),
            kind=ContactKind(kind),
            address=address,
            token_hash=token_hash(token),
            invited_by_id=by,
            created_at=at,
            expires_at=at + INVITATION_LASTS,
        )
        _record("invited", made, at=at)
    return NewInvitation(made.pk, token, made.expires_at)


def accept_invitation(token: str, *, user_id: int, at: datetime) -> int:
    """Give the person the role of the invitation and return the account's id; the invitation is used up.

    Raises NotFound("invitation_is_over") for a link that is unknown, used, withdrawn, expired, or whose inviter is no
    longer an owner; Conflict("access_is_granted") for an owner. Another role is replaced.
    """
    with transaction.atomic():
        lock_row("accounts_account", waiting_invitation(token, at=at).account_id)
        found = waiting_invitation(token, at=at)
        grants = AccountGrant.objects.filter(account_id=found.account_id, user_id=user_id, valid__contains=at.date())
        if grants.filter(role=GrantRole.OWNER).exists():
            raise Conflict("access_is_granted", user_id=user_id)
        revoke_if_granted(found.account_id, user_id=user_id, at=at)
        grant_access(found.account_id, user_id=user_id, role=GrantRole(found.role), from_on=at.date(), at=at)
        invitation = Invitation.objects.get(pk=found.id)
        invitation.accepted_at, invitation.accepted_by_id = at, user_id
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        _record("invitation_accepted", invitation, at=at)
    return found.account_id


def withdraw_invitation(invitation_id: int, *, account_id: int, at: datetime) -> None:
    """Let nobody accept the invitation any more; raise NotFound("invitation_is_over") for one that does not wait."""
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        waiting = Invitation.objects.filter(account_id=account_id, accepted_at=None, withdrawn_at=None)
        found = waiting.filter(pk=invitation_id).first()
        if found is None:
            raise NotFound("invitation_is_over")
        _withdraw(found, at=at)


def remove_person(account_id: int, *, user_id: int, at: datetime) -> None:
    """End a person's role on the account at once; invitations he sent end with it.

    Raises NotFound("access_is_not_granted"), Conflict("last_owner") for the only owner.
    """
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        owners = AccountGrant.objects.filter(
            account_id=account_id, role=GrantRole.OWNER, valid__contains=at.date()
        ).values_list("user_id", flat=True)
        if list(owners) == [user_id]:
            raise Conflict("last_owner")
        revoke_access(account_id, user_id=user_id, until_on=at.date(), at=at)


def _withdraw(invitation: Invitation, *, at: datetime) -> None:
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    _record("invitation_withdrawn", invitation, at=at)


def _record(what: str, invitation: Invitation, *, at: datetime) -> None:
    data = {"role": invitation.role, "address": invitation.address, "by": invitation.invited_by_id}
    verb, account_id = f"accounts.{what}", invitation.account_id
    audit.record(verb, target_kind="invitation", target_id=invitation.pk, at=at, account_id=account_id, data=data)
