"""What the desk's templates ask about who is at it: rights and the sections they open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse

from svet.domains.access.rules import Right
from svet.domains.access.rules import may as has
from svet.domains.cases import queries as contacts
from svet.domains.cases.rules.clocks import last_moment
from svet.domains.notifications.queries import SmsView
from svet.domains.payments.queries import OperationRow, TaskRow
from svet.domains.payments.rules.tills import Totals
from svet.infra.clock import MOSCOW
from svet.surfaces.web import (
    hall_words,
    message_words,
    sms_words,
    till_words,
)
from svet.surfaces.web.templatetags.svet import short_day

register = template.Library()

SECTIONS: tuple[tuple[str, str, Right | None, frozenset[str]], ...] = (
    ("Сегодня", "desk:home", None, frozenset({"home"})),
    (
        "Телефон",
        "desk:phone",
        Right.OPEN_ACCOUNTS,
        frozenset({"phone", "bookings", "book_visit", "booking"}),
    ),
    ("Окно", "desk:window", Right.OPEN_ACCOUNTS, frozenset({"window"})),
    ("Зал", "desk:halls", Right.MANAGE_HALL, frozenset({"halls", "hall", "ticket_story"})),
    (
        "Расчёты",
        "desk:runs",
        Right.RUN_BILLING,
        frozenset(
            {
                "runs",
                "start_run",
                "run",
                "close_month",
                "issue_bills",
                "retry_parked",
                "parked_cause",
                "recalculations",
                "settle_recalculation",
                "revisions",
                "ask_revision",
                "revision",
                "release_revision",
                "take_revision_back",
                "houses",
                "houses_of_month",
                "house",
                "house_reading_back",
                "new_house",
                "house_places",
                "house_terms",
                "hang_house_meter",
                "take_house_meter_down",
                "benefit_report",
                "benefit_report_of_month",
            }
        ),
    ),
    (
        "Перерывы",
        "desk:outages",
        Right.TELL_OUTAGES,
        frozenset(
            {"outages", "new_outage", "outage", "ongoing_outage", "widen_outage", "supply_is_back", "end_outage"}
        ),
    ),
    (
        "Тарифы",
        "desk:tariffs",
        Right.PUBLISH_TARIFFS,
        frozenset({"tariffs", "tariff_version", "draft_tariff", "policies", "policy"}),
    ),
    (
        "Пени",
        "desk:penalty_terms",
        Right.PUBLISH_TARIFFS,
        frozenset({"penalty_terms", "new_key_rate", "confirm_key_rate"}),
    ),
    (
        "Показания",
        "desk:held_readings",
        Right.REVIEW_READINGS,
        frozenset({"held_readings", "review", "sheets", "incoming_sms"}),
    ),
    (
        "Платежи",
        "desk:unidentified",
        Right.ASSIGN_PAYMENTS,
        frozenset({"unidentified", "assign", "registers", "register", "load_register"}),
    ),
    (
        "Касса",
        "desk:till",
        Right.TAKE_MONEY,
        frozenset(
            {"till", "open_shift", "close_shift", "till_cash", "take_payment", "till_operation", "give_back"}
            | {"shift_report", "correct_receipt"}
        ),
    ),
    (
        "Смены касс",
        "desk:all_shifts",
        Right.SEE_SERVICE_FIGURES,
        frozenset({"all_shifts", "any_shift_report", "close_any_shift", "correct_any_receipt"}),
    ),
    (
        "Обращения",
        "desk:cases",
        Right.ANSWER_CASES,
        frozenset(
            {"cases", "new_case", "workload", "refusals", "case", "case_taken", "case_secrets", "case_operation"}
            | {"case_views", "case_view", "new_case_view", "case_exports", "case_recalculation"}
            | {"answer", "add_point", "send_answer", "decide_answer", "waiting_answers", "letters_to_post"}
            | {"answer_templates", "new_answer_template", "answer_template"}
            | {"refusals_to_review", "review_refusal", "absences", "mailbox", "letter_of_mailbox"}
        ),
    ),
    ("Обслуживание", "desk:service", Right.SEE_SERVICE_FIGURES, frozenset({"service", "case_report", "queue_report"})),
    (
        "Сообщения",
        "desk:failed_messages",
        Right.SEE_SERVICE_FIGURES,
        frozenset({"failed_messages", "try_message_again", "gates"}),
    ),
    ("ГИС ЖКХ", "desk:gis_exchange", Right.KEEP_REFERENCE, frozenset({"gis_exchange", "gis_request"})),
    ("Журнал", "desk:access_log", Right.READ_ACCESS_LOG, frozenset({"access_log"})),
    (
        "Сотрудники",
        "desk:staff",
        Right.MANAGE_STAFF,
        frozenset(
            {"staff", "staff_member", "employ", "units", "close_login", "reopen_login", "reset_sign_in", "badge"}
        ),
    ),
    ("База знаний", "desk:knowledge", None, frozenset({"knowledge", "knowledge_article"})),
    ("Сайт", "desk:site_freshness", Right.EDIT_CONTENT, frozenset({"site_freshness"})),
    ("Способы связи", "desk:channels", Right.SWITCH_CHANNELS, frozenset({"channels", "turn_channel"})),
    ("Конкурсы", "desk:contest_entries", Right.APPROVE_CONTENT, frozenset({"contest_entries"})),
    ("Справочники", "admin:index", Right.KEEP_REFERENCE, frozenset()),
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
        {"title": title, "url": _address(name), "here": here in pages}
        for title, name, right, pages in SECTIONS
        if right is None or has(user.roles, right)
    ]


@register.filter
def ticket_step(happened: str) -> str:
    """Return what happened to a ticket of the queue, in words."""
    return hall_words.HAPPENED[str(happened)]


@register.filter
def call_reason(reason: str) -> str:
    """Return why a ticket of the queue was called, in words."""
    return hall_words.REASONS[str(reason)]


@register.filter
def rated_by(way: str) -> str:
    """Return by which way a visit was rated, in words."""
    return hall_words.RATED_BY[str(way)]


@register.filter
def device_kind(kind: str) -> str:
    """Return what stands in the hall, in words."""
    return hall_words.DEVICES[str(kind)]


@cache
def _address(name: str) -> str:
    """Return the address of a page that takes nothing: it never changes while the process lives."""
    return reverse(name)


@register.filter
def case_address(number: str) -> str:
    """Return the address of a case's page: made once, since a list has fifty and finding each anew takes long."""
    return _case_pattern().replace(SAMPLE.removeprefix("ОБ-"), number.removeprefix("ОБ-"))


SAMPLE = "ОБ-00-00-000000"


@cache
def _case_pattern() -> str:
    return reverse("desk:case", args=[SAMPLE])


@register.filter
def last_day_of(due_at: datetime | None) -> str:
    """Show the last day of a term that ends with this moment."""
    return short_day(last_moment(due_at).astimezone(MOSCOW).date()) if due_at else ""


@register.filter
def minutes(value: float | None) -> str:
    """Return a length of time as "4 мин 30 с", a dash for none."""
    if value is None:
        return "—"
    whole, seconds = divmod(round(value * 60), 60)
    parts = [f"{whole}\N{NO-BREAK SPACE}мин" if whole else "", f"{seconds}\N{NO-BREAK SPACE}с" if seconds else ""]
    return "\N{NO-BREAK SPACE}".join(part for part in parts if part) or "0\N{NO-BREAK SPACE}с"


@register.filter
def percent(value: int | None) -> str:
    """Return whole per cent, a dash for none."""
    return "—" if value is None else f"{value}\N{NO-BREAK SPACE}%"


@register.filter
def message_about(kind: str) -> str:
    """Return what a message is about, in words."""
    return message_words.about(kind)


@register.filter
def sms_state(sms: SmsView) -> dict[str, str]:
    """Return the words and the kind of tag of what became of an SMS."""
    title, kind = sms_words.STATES[sms.state]
    return {"title": title, "kind": kind, "outcome": sms_words.outcome(sms.outcome)}


@register.filter
def sms_answer(sms: SmsView) -> str:
    """Return what was written back, without the company's phone."""
    return sms_words.answer(sms.answer.facts, phone="") if sms.answer else ""


@register.inclusion_tag("desk/running_contact.html", takes_context=True)
def running_contact(context: dict[str, Any]) -> dict[str, Any]:
    """Show the contact that this person serves now, or the button that begins one."""
    user: Any = context["request"].user
    if not (user.is_authenticated and user.is_staff and has(user.roles, Right.OPEN_ACCOUNTS)):
        return {"contact": None, "may_begin": False}
    return {"contact": contacts.running(user.pk), "may_begin": True}


@register.filter
def till_kind(kind: str) -> str:
    """Return the word for an operation of the till."""
    return till_words.KINDS.get(str(kind), str(kind))


@register.filter
def till_means(means: str) -> str:
    """Return the word for how it was paid."""
    return till_words.MEANS.get(str(means), str(means))


@register.filter
def till_problem(task: TaskRow) -> str:
    """Return why a receipt is not made, and what to do."""
    return till_words.problem(task.problem, text=task.problem_text)


@register.filter
def counter_name(what: str) -> str:
    """Return the name of a sum of a shift."""
    return till_words.COUNTERS.get(what, what)


@register.filter
def total_lines(totals: Totals) -> list[dict[str, Any]]:
    """Return the sums of a shift with their names, in the order of a report."""
    names = ("cash", "card", "cash_refunds", "card_refunds", "deposits", "withdrawals")
    return [{"title": till_words.COUNTERS[name], "sum": getattr(totals, name)} for name in names]


@register.filter
def in_order(rows: Sequence[OperationRow], newest: str) -> list[OperationRow]:
    """Return the operations, the last one first when `newest` is said."""
    return list(reversed(rows)) if newest else list(rows)
