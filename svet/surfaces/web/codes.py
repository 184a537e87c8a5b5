"""The page on which people type a one-time code, and the browser's part of it: the challenge kept in its session.

A code is of use only in the browser that asked for it; another one knows no challenge.
"""

from __future__ import annotations

from django import forms
from django.http import HttpRequest

_KEY = "one_time_codes"


class CodeForm(forms.Form):
    """Six digits, with spaces or hyphens as people type them."""

    code = forms.CharField(
        label="Код из сообщения",
        help_text="6 цифр",
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "digits", "inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12"}
        ),
        error_messages={"required": "Введите код из сообщения", "max_length": "Введите 6 цифр из сообщения"},
    )


def keep(request: HttpRequest, key: str, challenge: str) -> None:
    """Remember in this browser which code was asked for under `key`; an earlier one of the key is forgotten."""
    kept = {name: value for name, value in request.session.get(_KEY, {}).items() if name != key}
    request.session[_KEY] = dict([*kept.items(), (key, challenge)][-10:])


def kept(request: HttpRequest, key: str) -> str:
    """Return the challenge of the code that this browser asked for under `key`, "" when it asked for none."""
    return str(request.session.get(_KEY, {}).get(key, ""))


def drop(request: HttpRequest, key: str) -> None:
    """Forget the code asked for under `key`: it was used."""
    request.session[_KEY] = {name: value for name, value in request.session.get(_KEY, {}).items() if name != key}
