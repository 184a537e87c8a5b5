"""How people sign in: allauth's adapters. Nobody signs up by himself; staff use a second factor."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by the company; the sign-up form is closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse self-made accounts."""
        return False


class MfaAdapter(DefaultMFAAdapter):
    """The issuer's name in authenticator apps."""
