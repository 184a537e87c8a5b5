"""Who may come in: users, staff roles, and the log of looks at personal data.

Which customer account a user may open is not here (accounts.AccountGrant).
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models

from svet.domains.access.rules import Role
from svet.infra.appendonly import append_only


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


class User(AbstractUser):
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
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "access_personal_data_look"
        indexes = [
            models.Index(fields=["account_id", "at"], name="look_by_account"),
            models.Index(fields=["user", "at"], name="look_by_user"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.user_id} at {self.account_id} on {self.at:%Y-%m-%d}: {self.purpose}"
