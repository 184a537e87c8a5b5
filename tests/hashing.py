"""Passwords in tests are hashed by Argon2 as everywhere, with the least of its work: thousands of people sign in."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The same algorithm with the smallest cost it allows."""

    time_cost, memory_cost, parallelism = 1, 8, 1
