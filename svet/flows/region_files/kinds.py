"""The kinds of files a region comes in: the registry. What is registered has its columns, its loading action and
its export; `docs/import_format.md` is made from it. A kind comes after those that its rows refer to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import polars as pl

from svet.flows.region_files.columns import Code, Column
from svet.infra.loading import LoadResult, Progress
from svet.kernel.errors import NotFound


class Load(Protocol):
    """The action that writes a frame of the kind's columns and `line`."""

    def __call__(self, frame: pl.DataFrame, *, at: datetime, progress: Progress | None = None) -> LoadResult:
        """Write the rows and say what became of them."""


@dataclass(frozen=True)
class Kind:
    """A kind of file. `export` is None for a kind that is only taken in."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    load: Load
    export: Callable[[], pl.DataFrame] | None = None

    @property
    def names(self) -> list[str]:
        """The names of the columns in order."""
        return [column.name for column in self.columns]


ACCOUNT_NUMBER = Code(
    "account_number",
    "Лицевой счёт",
    "ten digits, the last a check digit",
    ("номер лицевого счёта", "лс", "счёт"),
    required=True,
    needed=True,
    longest=10,
    figures=(10,),
)

_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind of file known, after those that it refers to; return it."""
    if kind.name in _KINDS:
        raise ValueError(f"two kinds called {kind.name}")
    _KINDS[kind.name] = kind
    return kind


def all_kinds() -> list[Kind]:
    """Return the kinds in the order in which a region is loaded."""
    return list(_KINDS.values())


def kind_called(name: str) -> Kind:
    """Return the kind called `name`; raise NotFound("file_kind_not_found")."""
    if name not in _KINDS:
        raise NotFound("file_kind_not_found", kind=name, known=", ".join(_KINDS))
    return _KINDS[name]
