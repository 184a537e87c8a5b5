"""What the desk's templates ask about who is at it: rights and the sections they open."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse

from svet.domains.access.rules import Right
from svet.domains.access.rules import may as has
from svet.domains.cases import queries as contacts

register = template.Library()

SECTIONS: tuple[tuple[str, str, Right | None, frozenset[str]], ...] = (
    ("Сегодня", "desk:home", None, frozenset({"home"})),
    (
        "Расчёты",
        "desk:runs",
        Right.RUN_BILLING,
        frozenset({"runs", "start_run", "run", "close_month", "issue_bills", "retry_parked", "parked_cause"}),
    ),
    (
        "Тарифы",
        "desk:tariffs",
        Right.PUBLISH_TARIFFS,
        frozenset({"tariffs", "tariff_version", "draft_tariff"}),
    ),
    ("Показания", "desk:held_readings", Right.REVIEW_READINGS, frozenset({"held_readings", "review", "sheets"})),
    (
        "Платежи",
        "desk:unidentified",
        Right.ASSIGN_PAYMENTS,
        frozenset({"unidentified", "assign", "registers", "register", "load_register"}),
    ),
    (
        "Сообщения",
        "desk:failed_messages",
        Right.SEE_SERVICE_FIGURES,
        frozenset({"failed_messages", "try_message_again"}),
    ),
    ("Журнал", "desk:access_log", Right.READ_ACCESS_LOG, frozenset({"access_log"})),
    (
        "Сотрудники",
        "desk:staff",
        Right.MANAGE_STAFF,
        frozenset({"staff", "staff_member", "employ", "units", "close_login", "reopen_login", "reset_sign_in"}),
    ),
)


@register.filter
def may(user: Any, right: str) -> bool:
    """Say whether the person at the desk has the right with this code."""
    return bool(user.is_staff and has(user.roles, Right(right)))


@register.filter
def desk_sections(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the sections that this person may open."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    user: Any = request.user
    return [
        {"title": title, "url": reverse(name), "here": here in pages}
        for title, name, right, pages in SECTIONS
        if right is None or has(user.roles, right)
    ]


@register.inclusion_tag("desk/running_contact.html", takes_context=True)
def running_contact(context: dict[str, Any]) -> dict[str, Any]:
    """Show the contact that this person serves now, or the button that begins one."""
    user: Any = context["request"].user
    if not (user.is_authenticated and user.is_staff and has(user.roles, Right.OPEN_ACCOUNTS)):
        return {"contact": None, "may_begin": False}
    return {"contact": contacts.running(user.pk), "may_begin": True}
