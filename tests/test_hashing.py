"""Tests hash passwords quickly; the settings that everybody else runs with do not."""

from django.conf import Settings, settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.module_loading import import_string

from tests.hashing import QuickArgon2


def test_only_tests_hash_quickly():
    kept = Settings("svet.config.settings")

    assert import_string(settings.PASSWORD_HASHERS[0]) is QuickArgon2
    assert import_string(kept.PASSWORD_HASHERS[0]) is Argon2PasswordHasher
