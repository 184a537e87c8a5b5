"""What can be done with a case: for each operation its words, its form and the one call it makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from svet.domains.cases import actions, queries
from svet.domains.cases.queries import CasePage
from svet.domains.cases.rules.applications import FOLLOWING, ApplicationStage
from svet.domains.cases.rules.applications import SUBJECT as APPLICATION
from svet.domains.cases.rules.clocks import Awaited, ClockKind
from svet.domains.cases.rules.grounds import Ground
from svet.domains.cases.rules.register import CaseKind, Resolution, typed_number
from svet.kernel.errors import DomainError
from svet.surfaces.desk import case_operation_forms as forms
from svet.surfaces.desk.case_operation_forms import CaseForm


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does it with which case, when, with which files."""

    case: CasePage
    by: int
    at: datetime
    file_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to do: the heading, the button, what is said when it is done, the form, the call."""

    title: str
    button: str
    done: str
    form: type[CaseForm]
    call: Callable[[Doing, Any], None]
    hint: str = ""


def _reply(doing: Doing, form: forms.ReplyForm) -> None:
    channel, address = form.chosen
    chosen = form.cleaned_data.get("resolution")
    actions.reply(
        doing.case.row.case_id,
        text=form.cleaned_data["text"],
        by=doing.by,
        at=doing.at,
        request_key=form.cleaned_data["request_key"],
        resolution=Resolution(chosen) if chosen else None,
        channel=channel,
        address=address,
        file_ids=doing.file_ids,
    )


def _complete(doing: Doing, form: forms.CompleteForm) -> None:
    applicant, secrets, quality = form.told
    actions.complete(
        doing.case.row.case_id, applicant=applicant, at=doing.at, by=doing.by, secrets=secrets, quality=quality
    )


def _merge(doing: Doing, form: CaseForm) -> None:
    into = queries.open_for(doing.by, typed_number(form.cleaned_data["number"]) or "")
    actions.merge_cases(doing.case.row.case_id, into_id=into, by=doing.by, at=doing.at)


def _join_matter(doing: Doing, form: CaseForm) -> None:
    number = typed_number(form.cleaned_data["number"]) or ""
    matter_id = queries.matter_of(number, user_id=doing.by)
    near = queries.same_matter(doing.case.row.case_id, user_id=doing.by, at=doing.at)
    is_suggested = number in {one.number for one in near}
    actions.join_matter(
        doing.case.row.case_id, matter_id=matter_id, by=doing.by, at=doing.at, is_suggested=is_suggested
    )


def _leave_matter(doing: Doing, form: CaseForm) -> None:
    field = queries.subject(doing.case.subject, on=doing.at.date()).field
    actions.leave_matter(doing.case.row.case_id, by=doing.by, at=doing.at, field=field)


def _split(doing: Doing, form: CaseForm) -> None:
    given = form.cleaned_data
    actions.split_case(
        given["letter"], subject_code=given["subject"], kind=CaseKind(given["kind"]), by=doing.by, at=doing.at
    )


def _refuse(doing: Doing, form: CaseForm) -> None:
    ground = Ground(form.cleaned_data["ground"])
    found = {one.ground: one.evidence for one in queries.suggestions(doing.case.row.case_id)}
    actions.propose_refusal(
        doing.case.row.case_id,
        ground=ground,
        note=form.cleaned_data["note"],
        by=doing.by,
        at=doing.at,
        evidence=found.get(ground, {}),
    )


def _decide(doing: Doing, form: CaseForm) -> None:
    waiting, given = doing.case.waiting_refusal, form.cleaned_data
    if waiting is None:
        raise DomainError("refusal_is_decided")
    if given["decision"] == "confirm":
        actions.confirm_refusal(
            waiting.refusal_id, notice=given["notice"], note=given["note"], by=doing.by, at=doing.at
        )
    else:
        actions.decline_refusal(waiting.refusal_id, note=given["note"], by=doing.by, at=doing.at)


def _simple(action: Callable[..., Any], *names: str, **renamed: str) -> Callable[[Doing, Any], None]:
    """Return the call of an action that takes the case, the person, the moment and fields of the form as they are."""

    def call(doing: Doing, form: CaseForm) -> None:
        given = {name: form.cleaned_data[name] for name in names}
        given |= {argument: form.cleaned_data[field] for argument, field in renamed.items()}
        action(doing.case.row.case_id, by=doing.by, at=doing.at, **given)

    return call


OPERATIONS: dict[str, Operation] = {
    "assign": Operation(
        "Передать другому сотруднику",
        "Передать",
        "Обращение передано.",
        forms.AssignForm,
        _simple(actions.assign, "to", "reason", "expected"),
        "Тех, на кого жалоба, и тех, кто им подчиняется, выбрать нельзя.",
    ),
    "give-back": Operation(
        "Вернуть в очередь",
        "Вернуть",
        "Обращение снова в очереди.",
        forms.ReasonForm,
        _simple(actions.give_back, "reason"),
    ),
    "classify": Operation(
        "Изменить вид и тему",
        "Изменить",
        "Вид и тема изменены.",
        forms.ClassifyForm,
        lambda doing, form: actions.classify(
            doing.case.row.case_id,
            kind=CaseKind(form.cleaned_data["kind"]),
            subject_code=form.cleaned_data["subject"],
            by=doing.by,
            at=doing.at,
        ),
        "Сроки новой темы начнут идти с регистрации.",
    ),
    "about": Operation(
        "Указать, на кого жалоба",
        "Указать",
        "Записано.",
        forms.AboutForm,
        _simple(actions.name_complained_about, "users", "units"),
        "Эти сотрудники и те, кто им подчиняется, больше не увидят обращения.",
    ),
    "stage": Operation(
        "Этап заявки на договор",
        "Записать",
        "Этап записан, заявитель его видит.",
        forms.StageForm,
        lambda doing, form: actions.move_application(
            doing.case.row.case_id,
            stage=ApplicationStage(form.cleaned_data["stage"]),
            text=form.cleaned_data["text"],
            by=doing.by,
            at=doing.at,
        ),
        "Заявитель видит этап и ваши слова по номеру и коду.",
    ),
    "note": Operation("Заметка", "Записать", "Заметка записана.", forms.NoteForm, _simple(actions.note, "text")),
    "reply": Operation("Написать заявителю", "Отправить", "Письмо отправлено.", forms.ReplyForm, _reply),
    "ask": Operation(
        "Запросить недостающее",
        "Отправить",
        "Заявителя спросили, срок пошёл.",
        forms.AskForm,
        _simple(actions.ask_for_missing, "text"),
    ),
    "complete": Operation("Дополнить сведения", "Сохранить", "Сведения сохранены.", forms.CompleteForm, _complete),
    "extend": Operation(
        "Продлить срок ответа",
        "Продлить",
        "Срок продлён, заявителю сообщили.",
        forms.ExtendForm,
        _simple(actions.extend_clock, "days", "reason", "notice"),
    ),
    "pause": Operation(
        "Приостановить срок",
        "Приостановить",
        "Срок приостановлен, заявителю сообщили.",
        forms.PauseForm,
        lambda doing, form: actions.pause_clock(
            doing.case.row.case_id,
            kind=ClockKind(form.cleaned_data["clock"]),
            reason=form.cleaned_data["reason"],
            notice=form.cleaned_data["notice"],
            until=form.cleaned_data["until"],
            resume_notice=form.cleaned_data["resume_notice"],
            awaits=Awaited(form.cleaned_data["awaits"]) if form.cleaned_data["awaits"] else None,
            by=doing.by,
            at=doing.at,
        ),
        "Когда причина отпадёт, срок пойдёт дальше сам, и заявитель узнает новый день.",
    ),
    "resume": Operation(
        "Возобновить срок",
        "Возобновить",
        "Срок идёт дальше.",
        forms.ResumeForm,
        lambda doing, form: actions.resume_clock(
            doing.case.row.case_id, kind=ClockKind(form.cleaned_data["clock"]), by=doing.by, at=doing.at
        ),
        "Сколько дней оставалось, столько и осталось.",
    ),
    "grid": Operation(
        "Спросить сетевую организацию",
        "Записать вопрос",
        "Ждём ответа сетевой организации.",
        forms.GridForm,
        _simple(actions.await_grid, "address", question="text"),
    ),
    "grid-answer": Operation(
        "Ответ сетевой организации",
        "Записать ответ",
        "Ответ записан.",
        forms.GridAnswerForm,
        _simple(actions.grid_answered, "text"),
    ),
    "merge": Operation(
        "Объединить с другим обращением",
        "Объединить",
        "Обращения объединены.",
        forms.NumberForm,
        _merge,
        "Это обращение закроется, новые письма пойдут в другое.",
    ),
    "matter": Operation(
        "Отнести к событию другого обращения",
        "Отнести",
        "Обращения отнесены к одному событию.",
        forms.NumberForm,
        _join_matter,
    ),
    "leave-matter": Operation(
        "Отделить от события", "Отделить", "Обращение отделено от события.", CaseForm, _leave_matter
    ),
    "split": Operation(
        "Выделить в новое обращение",
        "Выделить",
        "Создано новое обращение.",
        forms.SplitForm,
        _split,
    ),
    "refuse": Operation(
        "Не рассматривать",
        "Предложить",
        "Предложение ждёт решения второго сотрудника.",
        forms.RefuseForm,
        _refuse,
        "Решение примет другой сотрудник.",
    ),
    "decide": Operation("Решить, рассматривать ли", "Решить", "Решение записано.", forms.ConfirmForm, _decide),
    "withdraw": Operation(
        "Заявитель отозвал обращение",
        "Закрыть",
        "Обращение закрыто.",
        forms.ReasonForm,
        lambda doing, form: actions.close(
            doing.case.row.case_id,
            by=doing.by,
            at=doing.at,
            resolution=Resolution.WITHDRAWN,
            reason=form.cleaned_data["reason"],
        ),
    ),
    "close": Operation(
        "Закрыть",
        "Закрыть",
        "Обращение закрыто.",
        CaseForm,
        lambda doing, form: actions.close(doing.case.row.case_id, by=doing.by, at=doing.at),
    ),
    "reopen": Operation(
        "Открыть снова",
        "Открыть",
        "Обращение снова открыто, срок ответа пошёл.",
        forms.ReasonForm,
        _simple(actions.reopen, "reason"),
    ),
    "take": Operation("Взять в работу", "Взять", "Обращение ваше.", CaseForm, _simple(actions.take)),
    "read": Operation("Письмо прочитано", "Ответа не нужно", "Отмечено.", CaseForm, _simple(actions.mark_read)),
}


def offered(case: CasePage, *, user_id: int) -> list[tuple[str, str]]:
    """Return which operations make sense for a case as it stands, as code and title; the action itself decides."""
    kinds = {one.kind: one.state for one in case.clocks if one.stopped_at is None}
    is_open, waits = case.row.is_open, case.waiting_refusal is not None
    wanted = {
        "stage": case.subject == APPLICATION and bool(FOLLOWING[queries.stage_of(case.row.case_id)]),
        "assign": is_open,
        "give-back": is_open and case.row.assignee_id is not None,
        "classify": True,
        "complete": True,
        "about": True,
        "extend": kinds.get(ClockKind.ANSWER) == "running",
        "pause": is_open and "running" in kinds.values(),
        "resume": "paused" in kinds.values(),
        "grid": is_open and ClockKind.GRID not in kinds,
        "grid-answer": ClockKind.GRID in kinds,
        "matter": True,
        "leave-matter": bool(case.beside or case.contacts_beside),
        "merge": is_open,
        "split": len(case.letters) > 1,
        "refuse": is_open and not waits,
        "withdraw": is_open,
        "close": case.row.state == "case_answered",
        "reopen": not is_open and not case.merged_into,
    }
    return [(code, OPERATIONS[code].title) for code, is_wanted in wanted.items() if is_wanted]
