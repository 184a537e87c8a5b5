"""A form about somebody who can be reached by mail or phone, one of them at least."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from svet.domains.customers.rules import normal_phone


class ReachForm(forms.Form):
    """Brings `phone` to its normal form; without it and `email` asks for one.

    `asked` says at which field and in what words.
    """

    asked: ClassVar[tuple[str, str]]

    def clean_phone(self) -> str:
        """Return the phone in normal form, empty when none is given; refuse what is none."""
        given = self.cleaned_data["phone"]
        found = normal_phone(given) if given else ""
        if found is None:
            raise forms.ValidationError("Введите мобильный телефон, например +7 900 123-45-67")
        return found

    def clean(self) -> dict[str, Any]:
        """Ask for a way to reach."""
        given = super().clean() or {}
        if not self.errors and not (given.get("email") or given.get("phone")):
            self.add_error(*self.asked)
        return given
