"""A frame with other columns than the declared ones never enters the calculation."""

import polars as pl
import pytest

from svet.domains.billing.rules.frames import CHARGES, FINDINGS, LINES, VOLUMES, Inputs, Rated, empty
from svet.domains.billing.rules.state import HISTORY, billing_state


def test_a_missing_column_is_refused():
    frames = {name: empty(schema) for name, schema in Inputs.SCHEMAS.items()}

    with pytest.raises(ValueError, match="frame readings"):
        Inputs(**frames | {"readings": frames["readings"].drop("kind")})


def test_another_type_is_refused():
    results = {
        name: empty(schema)
        for name, schema in (("charges", CHARGES), ("volumes", VOLUMES), ("lines", LINES), ("findings", FINDINGS))
    }

    with pytest.raises(ValueError, match="frame lines"):
        Rated(**results | {"lines": results["lines"].with_columns(pl.col("wh").cast(pl.Float64))})


def test_without_history_billing_stands_nowhere():
    assert billing_state(pl.DataFrame(schema=HISTORY)).is_empty()
