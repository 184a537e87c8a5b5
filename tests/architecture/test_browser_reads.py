"""A test in a browser reads a page by what waits for it (`expect`): a look at once races with the answer."""

import ast
from pathlib import Path

import pytest

TESTS = sorted((Path(__file__).resolve().parents[1] / "browser").glob("*.py"))
AT_ONCE = {"content", "title", "is_visible", "is_hidden", "is_checked", "is_enabled", "is_disabled", "input_value"}


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_nothing_is_read_at_once(path):
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    looks = [one.lineno for one in calls if isinstance(one.func, ast.Attribute) and one.func.attr in AT_ONCE]

    assert looks == []
