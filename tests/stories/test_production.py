"""Production settings come from the environment alone, and Django's deployment check is silent with them."""

import os
import subprocess
import sys
from pathlib import Path

SVET = str(Path(sys.executable).with_name("svet"))
PRODUCTION = {
    "SVET_ENV": "production",
    "SVET_SECRET_KEY": "k3-0Zq7vXr9_yT2mW8sLp4bN6cHd1fGjA5eUoIiQxRzBtVnMkEwCaSgPlOhJyDuF",
    "SVET_HOSTS": "svet.example.ru",
    "SVET_ORIGINS": "https://svet.example.ru",
}


def svet(*arguments, **environment):
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "DATABASE_URL", "SVET_VAR"}}
    return subprocess.run([SVET, *arguments], env={**kept, **environment}, capture_output=True, text=True, check=False)


def test_the_deployment_check_is_silent_in_production():
    result = svet("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_production_refuses_to_start_without_a_secret():
    result = svet("check", SVET_ENV="production")

    assert result.returncode != 0
    assert "SVET_SECRET_KEY" in result.stderr


def test_a_command_may_be_written_with_hyphens():
    result = svet("show-urls-no-such-command")

    assert "show_urls_no_such_command" in result.stderr
