"""Reference data that many tests begin with: loaded as the domains load it, and put back by COPY from then on."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from types import ModuleType
from typing import Any

from tests import replay


def load(actions: ModuleType, *, at: datetime) -> Any:
    """Load the reference data of a domain, given by its module of actions.

    Tests of the loading itself call its `load_reference`. Pages of the site, which take seconds, are best loaded first:
    then they are made once for all tests, whatever else these load.
    """
    return replay.once(f"{actions.__name__} of {at}", partial(actions.load_reference, at=at))
