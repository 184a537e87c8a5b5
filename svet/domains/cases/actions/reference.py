"""The shipped subjects, terms and templates of appeals: what is absent is added, nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import yaml
from django.db import transaction

from svet.domains.cases.actions.templates import load_answers
from svet.domains.cases.models import CaseSubject, CaseTerm
from svet.domains.cases.queries.reference import DATA
from svet.infra import audit
from svet.infra.fields import to_range
from svet.kernel.period import Period


def load_reference(*, at: datetime) -> int:
    """Add the shipped subjects, terms and templates that are not there yet, all or nothing; return how many."""
    document: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    with transaction.atomic():
        added = _subjects(document["subjects"]) + _terms(document["terms"])
        if added:
            audit.record("cases.load_reference", target_kind="reference", target_id="appeals", at=at)
        return added + load_answers(at=at)


def _subjects(table: Mapping[str, Any]) -> int:
    known = set(CaseSubject.objects.values_list("code", flat=True))
    rows = [
        CaseSubject(place=place, valid=to_range(Period(table["from"])), source=table["source"], **row)
        for place, row in enumerate(table["tree"])
        if row["code"] not in known
    ]
    return len(CaseSubject.objects.bulk_create(rows))


def _terms(table: list[dict[str, Any]]) -> int:
    known = set(CaseTerm.objects.values_list("code", flat=True))
    rows = []
    for row in table:
        values = dict(row)
        period = Period(values.pop("from"), values.pop("until", None))
        if values["code"] not in known:
            rows.append(CaseTerm(valid=to_range(period), **values))
    return len(CaseTerm.objects.bulk_create(rows))
