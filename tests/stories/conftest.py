"""What the stories share."""

from __future__ import annotations

import pytest

from tests.stories.small_region import Days, move_in


@pytest.fixture
def days(db, monkeypatch) -> Days:
    """A calendar that stands at the end of September 2026, in a house whose six households have moved in."""
    calendar = Days(monkeypatch)
    move_in()
    return calendar
