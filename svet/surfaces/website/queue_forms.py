"""Who comes at a booked time: somebody who has signed in, or a stranger, who is asked what a robot does not do."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from svet.domains.access.queries import Person
from svet.surfaces.web.appeal_forms import email_field, text_field
from svet.surfaces.web.reach_form import ReachForm
from svet.surfaces.website.robot_forms import FromPeople

CONSENT = (
    "Я согласен на обработку имени, телефона и почты, чтобы компания записала меня на приём и напомнила о нём. "
    "Через 60 дней после приёма эти данные удаляются."
)


class VisitorForm(ReachForm):
    """A name and a way to remind."""

    asked = ("email", "Оставьте почту или телефон: туда придут код записи и напоминание")

    name = text_field("Как к вам обращаться", most=120, required="Напишите, как к вам обращаться", autocomplete="name")
    email = email_field("Пришлём подтверждение и напоминание")
    phone = text_field("Или мобильный телефон", "Напомним по СМС", most=40, autocomplete="tel", inputmode="tel")


class OwnBookingForm(VisitorForm):
    """A time for who has signed in: what is known of him is filled in."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, who: Person) -> None:
        known = {"name": who.name, "email": who.email, "phone": who.phone}
        super().__init__(data, initial={"request_key": uuid.uuid4().hex} | known)

    @property
    def key(self) -> str:
        """The key of the request."""
        return str(self.cleaned_data["request_key"])


class StrangersBookingForm(FromPeople, VisitorForm):
    """A time for a stranger."""

    consent = forms.BooleanField(
        label=CONSENT, error_messages={"required": "Без согласия мы не можем записать вас: отметьте его"}
    )
