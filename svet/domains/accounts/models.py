"""Accounts: who is supplied where under which agreement, with how many residents, who may see it, who asked for all."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from svet.domains.accounts.rules import UNFINISHED, BillDelivery, DisclosureState, GrantRole
from svet.domains.customers.models import Customer
from svet.domains.customers.rules import ContactKind
from svet.domains.supply.models import SupplyPoint
from svet.infra.fields import ValidityField, never_two_at_once
from svet.infra.history import keep_history
from svet.infra.references import never_deleted


@keep_history()
class Account(models.Model):
    """A customer account (лицевой счёт). Its number is ten digits, kept as text."""

    number = models.CharField(max_length=10, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="accounts")

    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    bill_delivery = models.CharField(
        max_length=8, choices=[(d.value, d.value) for d in BillDelivery], default=BillDelivery.PAPER
    )

    class Meta:
        db_table = "accounts_account"
        triggers = [never_deleted()]
        constraints = [
            models.CheckConstraint(name="account_number_is_ten_digits", condition=models.Q(number__regex=r"^\d{10}$")),
        ]

    def __str__(self) -> str:
        return self.number


@keep_history()
class Agreement(models.Model):
    """The supply agreement of an account at a supply point, over time."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="agreements")
    supply_point = models.ForeignKey(SupplyPoint, on_delete=models.PROTECT, related_name="agreements")
    number = models.CharField(max_length=60, blank=True)
    valid = ValidityField()

    class Meta:
        db_table = "accounts_agreement"
        constraints = [never_two_at_once("a_supply_point_has_one_agreement_at_a_time", "supply_point")]

    def __str__(self) -> str:
        return f"{self.account_id} at {self.supply_point_id}"


@keep_history()
class Household(models.Model):
    """How many people live there, over time: registered, temporary; owners count when nobody is registered."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="households", db_index=False)
    registered = models.PositiveSmallIntegerField(default=0)
    temporary = models.PositiveSmallIntegerField(default=0)
    owners = models.PositiveSmallIntegerField(default=1)
    privileged = models.BooleanField(default=False)
    valid = ValidityField()

    class Meta:
        db_table = "accounts_household"
        constraints = [never_two_at_once("an_account_has_one_household_at_a_time", "account")]
        indexes = [
            # A month looks everybody's up: without the row itself it takes a fourth of the constraint's own index.
            models.Index(
                fields=["account"],
                include=["registered", "temporary", "owners", "privileged", "valid"],
                name="household_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.registered}+{self.temporary}"


@keep_history()
class AccountGrant(models.Model):
    """A signed-in person's right on an account, over time."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=[(r.value, r.value) for r in GrantRole])
    valid = ValidityField()

    class Meta:
        db_table = "accounts_grant"
        constraints = [never_two_at_once("a_person_has_one_role_on_an_account_at_a_time", "account", "user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} of {self.account_id}"


class Disclosure(models.Model):
    """Everything held about a person and the accounts he owns, asked for by himself; made by a job, kept some days."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    account_ids = ArrayField(models.BigIntegerField())
    state = models.CharField(
        max_length=8, choices=[(s.value, s.value) for s in DisclosureState], default=DisclosureState.WAITING
    )
    done = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    requested_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_disclosure"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                name="a_person_waits_for_one_disclosure_at_a_time",
                condition=models.Q(state__in=UNFINISHED),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.requested_at:%Y-%m-%d %H:%M} {self.state}"


class DisclosureFile(models.Model):
    """The file of a finished disclosure; destroyed when it expires."""

    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="file", primary_key=True)
    content = models.BinaryField()

    class Meta:
        db_table = "accounts_disclosure_file"

    def __str__(self) -> str:
        return f"file of {self.disclosure_id}"


@keep_history()
class Invitation(models.Model):
    """An owner's invitation of somebody to an account; of its link only a keyed hash is kept."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=8, choices=[(r.value, r.value) for r in GrantRole])
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in ContactKind])
    address = models.CharField(max_length=255)
    token_hash = models.CharField(max_length=64, unique=True)

    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_invitation"
        constraints = [
            models.CheckConstraint(
                name="an_accepted_invitation_says_by_whom",
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="a_withdrawn_invitation_is_not_accepted",
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None),
            ),
            models.UniqueConstraint(
                name="one_invitation_of_an_address_waits",
                fields=["account", "address"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} to {self.account_id} as {self.role}"


class SearchEntry(models.Model):
    """The words by which an account is found: names, addresses, ends of phones. Made by `actions.indexing` alone."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="+")
    words = SearchVectorField()

    class Meta:
        db_table = "accounts_search_entry"
        indexes = [GinIndex(fields=["words"], name="accounts_by_words", fastupdate=False)]

    def __str__(self) -> str:
        return f"words of {self.account_id}"


class SearchWord(models.Model):
    """A word that some entry has, for words typed with a slip."""

    word = models.CharField(max_length=80, primary_key=True)

    class Meta:
        db_table = "accounts_search_word"

    def __str__(self) -> str:
        return self.word
