"""Reference data of appeals: subjects as a tree, terms in force, words that insult."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from svet.domains.cases.models import CaseSubject, CaseTerm
from svet.domains.cases.rules.clocks import Term
from svet.infra.fields import to_period
from svet.kernel.errors import DomainError, NotFound

DATA = Path(__file__).resolve().parents[1] / "data" / "appeals.yaml"
OTHER = "other"


@dataclass(frozen=True, slots=True)
class SubjectView:
    """A subject; `depth` is how far below the top it stands; `chain` is itself and those above it."""

    code: str
    name: str
    parent: str
    field: str
    needs_more: bool
    depth: int
    chain: tuple[str, ...]


def subjects(on: date) -> list[SubjectView]:
    """Return the subjects valid on a day, each followed by those below it."""
    rows = list(CaseSubject.objects.filter(valid__contains=on).order_by("place", "pk"))
    below: dict[str, list[CaseSubject]] = {}
    for row in rows:
        below.setdefault(row.parent, []).append(row)
    found: list[SubjectView] = []

    def walk(parent: str, chain: tuple[str, ...]) -> None:
        for row in below.get(parent, []):
            own = (row.code, *chain)
            found.append(SubjectView(row.code, row.name, row.parent, row.field, row.needs_more, len(chain), own))
            walk(row.code, own)

    walk("", ())
    return found


def subject(code: str, *, on: date) -> SubjectView:
    """Return a subject valid on a day; raise DomainError("no_such_subject")."""
    found = next((one for one in subjects(on) if one.code == code), None)
    if found is None:
        raise DomainError("no_such_subject", subject=code)
    return found


def subject_names() -> dict[str, str]:
    """Return the names of all subjects ever valid, by code; of two texts the later."""
    return dict(CaseSubject.objects.order_by("pk").values_list("code", "name"))


def terms(on: date) -> list[Term]:
    """Return the terms in force on a day."""
    return [as_term(row) for row in CaseTerm.objects.filter(valid__contains=on).order_by("pk")]


def answer_terms(on: date) -> list[Term]:
    """Return the general term of an answer in force on a day, as the site tells it; none where none is loaded."""
    rows = CaseTerm.objects.filter(code="answer", valid__contains=on, subject="", case_kind="", channel="")
    return [as_term(row) for row in rows.order_by("pk")]


def all_terms() -> list[Term]:
    """Return all terms that are or were in force, by clock, the latest last."""
    return [as_term(row) for row in CaseTerm.objects.order_by("clock", "code", "valid")]


def term_for(clock: str, *, on: date) -> Term:
    """Return the general term of a clock on a day; raise NotFound("no_term")."""
    found = CaseTerm.objects.filter(clock=clock, valid__contains=on, subject="", case_kind="", channel="").first()
    if found is None:
        raise NotFound("no_term", clock=clock)
    return as_term(found)


@lru_cache(maxsize=1)
def insults() -> tuple[str, ...]:
    """Return the beginnings of words that insult, as shipped."""
    document: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return tuple(document["insults"])


def as_term(row: CaseTerm) -> Term:
    """Return a row of the table as the rules take it."""
    names = [name for name in Term.__slots__ if name != "period"]
    return Term(period=to_period(row.valid), **{name: getattr(row, name) for name in names})
