"""Who may come in: users, staff roles, addresses people proved, one-time codes, and the log of looks at personal data.

Which customer account a user may open is not here (accounts.AccountGrant).
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models

from svet.domains.access.rules import MOST_TRIES, AddressKind, AttemptKind, CodePurpose, LookPurpose, Role
from svet.infra.appendonly import append_only
from svet.infra.history import keep_history


class Unit(models.Model):
    """A part of the company in which staff work: an office, a department; units stand below one another."""

    name = models.CharField(max_length=160, unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    office_code = models.CharField(max_length=40, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "access_unit"
        constraints = [
            models.CheckConstraint(
                name="a_unit_does_not_stand_below_itself", condition=~models.Q(parent=models.F("pk"))
            )
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):  # type: ignore[django-manager-missing]
    """A person who signs in: a customer's person or a member of staff (`is_staff`)."""

    email = models.EmailField(null=True, blank=True, unique=True)  # type: ignore[assignment]
    phone = models.CharField(max_length=16, null=True, blank=True, unique=True)
    patronymic = models.CharField(max_length=80, blank=True)

    position = models.CharField(max_length=120, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True)
    password_is_temporary = models.BooleanField(default=False)
    roles = ArrayField(
        models.CharField(max_length=30, choices=[(r.value, r.value) for r in Role]), default=list, blank=True
    )

    class Meta:
        db_table = "access_user"
        verbose_name = "пользователь"
        verbose_name_plural = "пользователи"

    def __str__(self) -> str:
        return self.username


class PersonalDataLook(models.Model):
    """One look at a customer's personal data: who, whose, for what purpose (clause T3)."""

    at = models.DateTimeField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField()
    purpose = models.CharField(max_length=60)
    page = models.CharField(max_length=120, blank=True)
    contact_id = models.BigIntegerField(null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "access_personal_data_look"
        indexes = [
            models.Index(fields=["account_id", "at"], name="look_by_account"),
            models.Index(fields=["user", "at"], name="look_by_user"),
            # An export of the register writes a row for each account: lists of looks step over them.
            models.Index(
                fields=["-at", "-id"],
                condition=~models.Q(purpose=LookPurpose.REGISTER_EXPORT.value),
                name="look_one_by_one",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.user_id} at {self.account_id} on {self.at:%Y-%m-%d}: {self.purpose}"


@keep_history()
class SignInAddress(models.Model):
    """An e-mail or phone of which a person proved, by a code, that it is his; by it he may sign in and recover."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="addresses")
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in AddressKind])
    value = models.CharField(max_length=255)
    proved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_sign_in_address"
        constraints = [
            models.UniqueConstraint(
                name="a_person_has_an_address_once", fields=["user", "value"], condition=models.Q(ended_at=None)
            ),
            models.CheckConstraint(name="an_address_to_sign_in_by_is_not_empty", condition=~models.Q(value="")),
        ]
        indexes = [
            models.Index(fields=["value"], condition=models.Q(ended_at=None), name="sign_in_address_by_value"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} by {self.value}"


class OneTimeCode(models.Model):
    """A code sent to somebody; only its keyed hash is kept. `subject` is what it opens, empty when it opens nothing.

    Who asks about a person that does not exist gets such an empty code, so that it costs and looks the same.
    """

    challenge = models.CharField(max_length=40, unique=True)
    purpose = models.CharField(max_length=20, choices=[(p.value, p.value) for p in CodePurpose])
    target = models.CharField(max_length=255)
    subject = models.CharField(max_length=60, blank=True)
    code_hash = models.CharField(max_length=64)
    asked_from = models.CharField(max_length=45, blank=True)

    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_one_time_code"
        constraints = [
            models.CheckConstraint(name="a_code_is_tried_so_often", condition=models.Q(failures__lte=MOST_TRIES)),
            models.CheckConstraint(
                name="a_code_is_used_while_it_lasts",
                condition=models.Q(used_at=None) | models.Q(used_at__lt=models.F("expires_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["target", "created_at"], name="code_by_target"),
            models.Index(fields=["asked_from", "created_at"], name="code_by_address"),
            models.Index(fields=["subject", "created_at"], name="code_by_subject", condition=~models.Q(subject="")),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} for {self.target}"


class EntryAttempt(models.Model):
    """One try of a stranger to prove something by facts; failures make the next tries wait."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in AttemptKind])
    target = models.CharField(max_length=60)
    asked_from = models.CharField(max_length=45, blank=True)
    succeeded = models.BooleanField()

    class Meta:
        db_table = "access_entry_attempt"
        indexes = [
            models.Index(fields=["target", "at"], name="attempt_by_target"),
            models.Index(fields=["asked_from", "at"], name="attempt_by_address"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} at {self.target}: {'right' if self.succeeded else 'wrong'}"


class LiftedLimit(models.Model):
    """A member of staff let somebody whom he identified try again: what was asked for or tried before counts no more.

    `target` is the name under which codes and attempts are counted (`OneTimeCode.target`, `EntryAttempt.target`).
    """

    target = models.CharField(max_length=255)
    at = models.DateTimeField()
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "access_lifted_limit"
        indexes = [models.Index(fields=["target", "-at"], name="lifted_limit_by_target")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.target} at {self.at}"
