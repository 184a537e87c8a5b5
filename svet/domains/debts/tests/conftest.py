from datetime import datetime

import pytest

from svet.domains.debts import actions
from svet.domains.tariffs import actions as tariffs
from svet.infra.clock import MOSCOW
from tests import reference

AT = datetime(2026, 11, 2, 9, 0, tzinfo=MOSCOW)


@pytest.fixture
def terms(db):
    """The shipped reference data, with the key rate vouched for to the end of 2026."""
    reference.load(tariffs, at=AT)
    reference.load(actions, at=AT)
    actions.confirm_key_rates(AT.date().replace(month=12, day=31), source="test", by=None, at=AT)
