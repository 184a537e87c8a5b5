"""Who has a role on an account, and who is invited to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.crypto import salted_hmac

from svet.domains.access import queries as access
from svet.domains.accounts.models import AccountGrant, Invitation
from svet.domains.accounts.rules import GrantRole
from svet.infra.fields import to_period
from svet.kernel.errors import NotFound

SALT = "svet.accounts.invitation"


@dataclass(frozen=True, slots=True)
class PersonOnAccount:
    """Somebody with a role on the account since a day."""

    user_id: int
    name: str
    role: str
    since: date


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation that waits to be accepted."""

    id: int
    account_id: int
    account_number: str
    role: str
    kind: str
    address: str
    expires_at: datetime


def people_of(account_id: int, *, on: date) -> list[PersonOnAccount]:
    """Return everybody with a role on the account that day, the longest known first."""
    grants = list(AccountGrant.objects.filter(account_id=account_id, valid__contains=on).order_by("valid", "pk"))
    names = access.names_of(grant.user_id for grant in grants)
    return [
        PersonOnAccount(grant.user_id, names[grant.user_id], grant.role, to_period(grant.valid).start)
        for grant in grants
    ]


def invitations_of(account_id: int, *, at: datetime) -> list[InvitationView]:
    """Return the invitations to the account that wait, the latest first."""
    rows = Invitation.objects.filter(
        account_id=account_id, accepted_at=None, withdrawn_at=None, expires_at__gt=at
    ).select_related("account")
    return [_view(row) for row in rows.order_by("-created_at", "-pk")]


def waiting_invitation(token: str, *, at: datetime) -> InvitationView:
    """Return the invitation whose link this is; raise NotFound("invitation_is_over") unless it can be accepted now."""
    row = (
        Invitation.objects.filter(token_hash=token_hash(token), accepted_at=None, withdrawn_at=None, expires_at__gt=at)
        .select_related("account")
        .first()
    )
    if row is None or not _owns(row.invited_by_id, row.account_id, on=at.date()):
        raise NotFound("invitation_is_over")
    return _view(row)


def token_hash(token: str) -> str:
    """Return the keyed hash under which a link is known."""
    return salted_hmac(SALT, token, algorithm="sha256").hexdigest()


def _owns(user_id: int, account_id: int, *, on: date) -> bool:
    grants = AccountGrant.objects.filter(account_id=account_id, user_id=user_id, valid__contains=on)
    return grants.filter(role=GrantRole.OWNER).exists()


def _view(row: Invitation) -> InvitationView:
    return InvitationView(row.pk, row.account_id, row.account.number, row.role, row.kind, row.address, row.expires_at)
