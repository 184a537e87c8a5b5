"""How the loaders of rating read a frame: the columns of a query are named in the order of its schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from svet.infra.copying import copy_out


def load_frame(query: str, parameters: Mapping[str, Any], *, schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return the rows of `query`, its columns named in the order of `schema`."""
    return copy_out(f"SELECT * FROM ({query}) AS loaded ({', '.join(schema)})", parameters, schema=schema)  # noqa: S608
