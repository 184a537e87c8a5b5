"""The form of a saved view of the register, and its conditions in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from svet.domains.cases.queries import Filters, SubjectView
from svet.domains.cases.rules.exporting import LONGEST_NAME
from svet.surfaces.desk.case_forms import ASSIGNEES, STATES, text_field
from svet.surfaces.web import words
from svet.surfaces.web.templatetags.svet import short_day


class ViewForm(forms.Form):
    """What a view is called and whether the unit sees it too."""

    name = text_field("Название", "Например: «Просроченные по счетам»", most=LONGEST_NAME, required=True)
    shared = forms.BooleanField(label="Показывать всем в моём подразделении", required=False)

    def __init__(self, data: Any = None, *, unit: str, **more: Any) -> None:
        super().__init__(data, **more)
        if not unit:
            del self.fields["shared"]
        else:
            self.fields["shared"].label = f"Показывать всем в подразделении «{unit}»"


def as_query(filters: Filters) -> dict[str, str]:
    """Return conditions as the form of the register sends them."""
    told = {"q": filters.text, "since": str(filters.since or ""), "until": str(filters.until or "")}
    told |= {name: getattr(filters, name) for name in ("state", "assignee", "channel", "kind", "subject")}
    return {name: value for name, value in told.items() if value}


def in_words(filters: Filters, *, subjects: Sequence[SubjectView], handlers: Sequence[tuple[int, str]]) -> list[str]:
    """Return conditions as people read them, one text for each; none means all appeals."""
    states, people = dict(STATES), dict(ASSIGNEES) | {str(user_id): name for user_id, name in handlers}
    names = {one.code: one.name for one in subjects}
    told = [
        f"состояние: {states.get(filters.state, words.of(filters.state)).lower()}" if filters.state else "",
        f"исполнитель: {people.get(filters.assignee, 'другой')}" if filters.assignee else "",
        f"откуда: {words.of(filters.channel)}" if filters.channel else "",
        f"вид: {words.of(filters.kind)}" if filters.kind else "",
        f"тема: {names.get(filters.subject, filters.subject)}" if filters.subject else "",
        f"с {short_day(filters.since)}" if filters.since else "",
        f"по {short_day(filters.until)}" if filters.until else "",
        f"слова: {filters.text}" if filters.text else "",
    ]
    return [one for one in told if one]
