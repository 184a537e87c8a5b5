"""What became of a file: counts and findings by line. The words for people are the surface's."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from svet.kernel.findings import Level
from svet.kernel.row_findings import NO_FINDINGS

NO_LINES = pl.DataFrame(schema={"line": pl.Int64, "raw": pl.String})


@dataclass(frozen=True)
class Report:
    """The result of loading one file. `is_loaded` says whether anything was kept (never in a dry run).

    `rows` counts the rows of the file without its heading; findings about the file itself have line 0. `bad` holds
    the rows that errors kept out as text, to be put right and loaded again: the file's columns and `line`; `broken`
    those lines that could not even be cut into cells.
    """

    kind: str
    file_name: str
    rows: int
    inserted: int
    updated: int
    unchanged: int
    is_dry_run: bool
    is_loaded: bool
    findings: pl.DataFrame = field(default_factory=lambda: NO_FINDINGS)
    bad: pl.DataFrame = field(default_factory=pl.DataFrame)
    broken: pl.DataFrame = field(default_factory=lambda: NO_LINES)

    @property
    def errors(self) -> pl.DataFrame:
        """The findings that keep rows (or the file) out."""
        return self.findings.filter(pl.col("level") == Level.REFUSE.value)

    @property
    def warnings(self) -> pl.DataFrame:
        """The findings that are only noted."""
        return self.findings.filter(pl.col("level") == Level.NOTE.value)

    @property
    def bad_rows(self) -> int:
        """How many rows errors keep out."""
        return self.errors.filter(pl.col("line") > 0)["line"].n_unique()

    @property
    def is_refused(self) -> bool:
        """Whether the file as a whole cannot be read."""
        return bool((self.errors["line"] == 0).any())
