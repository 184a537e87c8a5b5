"""Templates of answers are kept at the desk: a new text is a new row from its day on, the old one ends there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml
from django.db import transaction

from svet.domains.cases.actions.letters import clean
from svet.domains.cases.models import AnswerApproval, AnswerTemplate
from svet.domains.cases.queries.reference import DATA, subject
from svet.domains.cases.rules.templates import unknown_fields
from svet.infra import audit
from svet.infra.fields import to_period, to_range
from svet.infra.locking import lock_names
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Period

ANSWERS = DATA.with_name("answers.yaml")


@dataclass(frozen=True, slots=True)
class TemplateText:
    """What a template says: for which subject (empty: any), on which legal ground, taken from where."""

    name: str
    subject: str
    ground: str
    text: str
    source: str


def new_template(given: TemplateText, *, from_on: date, by: int, at: datetime) -> int:
    """Add a template; return its id. Raises what `change_template` raises for its text."""
    with transaction.atomic():
        lock_names("cases.templates")
        values = _checked(given, on=from_on)
        same = AnswerTemplate.objects.filter(valid__contains=from_on, **values).first()
        if same is not None:
            return same.pk
        code = f"own_{AnswerTemplate.objects.count() + 1}"
        row = AnswerTemplate.objects.create(code=code, valid=to_range(Period(from_on)), **values)
        _record("new_template", row, by=by, at=at, before={})
    return row.pk


def change_template(template_id: int, given: TemplateText, *, from_on: date, reason: str, by: int, at: datetime) -> int:
    """Give a template another text from a day on; return the id of the row in force then.

    Raises DomainError("reason_is_needed"), ("unknown_fields"), ("no_such_subject"), ("template_is_empty"),
    Conflict("template_was_changed") for a row that is not the last one or begins later.
    """
    if not reason.strip():
        raise DomainError("reason_is_needed")
    with transaction.atomic():
        lock_names("cases.templates")
        row = _last(template_id, from_on)
        values = _checked(given, on=from_on)
        before = {name: getattr(row, name) for name in values}
        if before == values:
            return row.pk
        if to_period(row.valid).start == from_on:
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
        else:
            row.valid = to_range(Period(to_period(row.valid).start, from_on))
            row.save(update_fields=["valid"])
            row = AnswerTemplate.objects.create(code=row.code, valid=to_range(Period(from_on)), **values)
        _record("change_template", row, by=by, at=at, before=before, reason=reason.strip())
    return row.pk


def end_template(template_id: int, *, from_on: date, reason: str, by: int, at: datetime) -> None:
    """Offer a template no longer from a day on; raise what `change_template` raises."""
    if not reason.strip():
        raise DomainError("reason_is_needed")
    with transaction.atomic():
        lock_names("cases.templates")
        row = _last(template_id, from_on)
        start = to_period(row.valid).start
        if start == from_on:
            raise Conflict("template_was_changed")
        row.valid = to_range(Period(start, from_on))
        row.save(update_fields=["valid"])
        _record("end_template", row, by=by, at=at, before={}, reason=reason.strip())


def load_answers(*, at: datetime) -> int:
    """Add the shipped templates and the subjects whose answers two people see, where absent; return how many."""
    document: dict[str, Any] = yaml.safe_load(ANSWERS.read_text(encoding="utf-8"))
    valid = to_range(Period(document["from"]))
    with transaction.atomic():
        known = set(AnswerTemplate.objects.values_list("code", flat=True))
        rows = [AnswerTemplate(valid=valid, **row) for row in document["templates"] if row["code"] not in known]
        asked = set(AnswerApproval.objects.values_list("subject", flat=True))
        second = [AnswerApproval(valid=valid, **row) for row in document["approval"] if row["subject"] not in asked]
        added = len(AnswerTemplate.objects.bulk_create(rows)) + len(AnswerApproval.objects.bulk_create(second))
        if added:
            audit.record("cases.load_reference", target_kind="reference", target_id="answers", at=at)
    return added


def _last(template_id: int, from_on: date) -> AnswerTemplate:
    row = AnswerTemplate.objects.filter(pk=template_id).first()
    if row is None:
        raise NotFound(template=template_id)
    period = to_period(row.valid)
    if period.end is not None or from_on < period.start:
        raise Conflict("template_was_changed")
    return row


def _checked(given: TemplateText, *, on: date) -> dict[str, str]:
    text = clean(given.text)
    if not text or not given.name.strip():
        raise DomainError("template_is_empty")
    wrong = unknown_fields(text)
    if wrong:
        raise DomainError("unknown_fields", fields=", ".join(f"{{{one}}}" for one in wrong))
    if given.subject:
        subject(given.subject, on=on)
    return {
        "name": clean(given.name)[:120],
        "subject": given.subject,
        "ground": clean(given.ground)[:300],
        "text": text,
        "source": clean(given.source)[:300],
    }


def _record(verb: str, row: AnswerTemplate, *, by: int, at: datetime, before: dict[str, str], reason: str = "") -> None:
    data = {"by": by, "before": before, "after": {"name": row.name, "text": row.text, "subject": row.subject}}
    audit.record(f"cases.{verb}", target_kind="answer_template", target_id=row.pk, at=at, data=data, reason=reason)
