"""The library of forms for stands and handouts (clauses O3, R2), as data: how they are printed is `surfaces/paper`.

A version is in force on a day; those before it stay in the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from svet.kernel.errors import NotFound

DATA = Path(__file__).parent.parent / "data" / "blanks.yaml"


@dataclass(frozen=True, slots=True)
class Blank:
    """A form in the version of a day; `blocks` are what it prints, `source` is what asks for it."""

    code: str
    subject: str
    title: str
    version: int
    from_on: date
    source: str
    blocks: tuple[dict[str, Any], ...]


def blanks(on: date) -> tuple[Blank, ...]:
    """Return the forms in force on a day, by subject in the order of the data."""
    return tuple(one for one, until_on in _all() if one.from_on <= on and (until_on is None or on < until_on))


def blank(code: str, *, on: date) -> Blank:
    """Return one form in the version of a day; raise NotFound("no_such_form")."""
    found = next((one for one in blanks(on) if one.code == code), None)
    if found is None:
        raise NotFound("no_such_form", value=code)
    return found


@cache
def _all() -> tuple[tuple[Blank, date | None], ...]:
    document = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return tuple(
        (
            Blank(
                code=form["code"],
                subject=subject["name"],
                title=form["title"],
                version=one["version"],
                from_on=one["from"],
                source=one["source"],
                blocks=tuple(one["blocks"]),
            ),
            one.get("until"),
        )
        for subject in document["subjects"]
        for form in subject["forms"]
        for one in form["versions"]
    )
