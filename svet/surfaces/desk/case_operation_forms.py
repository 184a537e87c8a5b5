"""The forms of what is done with a case: one small form for each operation. They check nothing of the trade."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.text import capfirst

from svet.domains.cases import queries as cases
from svet.domains.cases.actions import NEW_TERM
from svet.domains.cases.queries import CasePage
from svet.domains.cases.rules.answering import ways
from svet.domains.cases.rules.applicants import Applicant, Quality, Secrets
from svet.domains.cases.rules.applications import FOLLOWING
from svet.domains.cases.rules.clocks import OURS, Awaited, ClockState
from svet.domains.cases.rules.grounds import Ground
from svet.domains.cases.rules.register import ANSWERS, ApplicantKind, CaseChannel, CaseKind, Direction
from svet.infra import clock
from svet.surfaces.desk.case_forms import email_field, in_words, subject_choices, text_field
from svet.surfaces.desk.operation_forms import day_field, reason_field
from svet.surfaces.web import appeal_words, words
from svet.surfaces.web.scans import scans_field
from svet.surfaces.web.templatetags.svet import short_day


class CaseForm(forms.Form):
    """A form about one case; `first` is what stands in it at the beginning."""

    def __init__(self, data: Any, *, case: CasePage, handlers: list[tuple[int, str]]) -> None:
        super().__init__(data, initial=self.first(case))
        self.case, self.handlers = case, handlers
        self.prepare()

    def first(self, case: CasePage) -> dict[str, Any]:
        """Return what stands in the fields at the beginning."""
        return {}

    def prepare(self) -> None:
        """Fill the choices that depend on the case."""

    def choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        """Give a field its choices."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class ReasonForm(CaseForm):
    """Why."""

    reason = reason_field("Почему", "Останется в истории обращения")


class AssignForm(CaseForm):
    """To whom, and why."""

    expected = forms.IntegerField(required=False, widget=forms.HiddenInput)
    to = forms.TypedChoiceField(label="Кому", coerce=int, error_messages={"required": "Выберите сотрудника"})
    reason = text_field("Почему", "Если это важно", most=400)

    def first(self, case: CasePage) -> dict[str, Any]:
        """Remember who has the case on this page."""
        return {"expected": case.row.assignee_id}

    def prepare(self) -> None:
        """Offer everybody else who answers cases."""
        others = [(user_id, name) for user_id, name in self.handlers if user_id != self.case.row.assignee_id]
        self.choose("to", [("", "Выберите"), *others])


class StageForm(CaseForm):
    """Which stage an application came to, and what its applicant reads of it."""

    stage = forms.ChoiceField(
        label="Этап",
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите этап", "invalid_choice": "Выберите из списка"},
    )
    text = text_field("Что написать заявителю", "Для нехватки документов и отказа обязательно", most=2000, rows=4)

    def prepare(self) -> None:
        """Offer the stages that may follow."""
        now = cases.stage_of(self.case.row.case_id)
        self.choose("stage", [(one.value, words.of(one).capitalize()) for one in FOLLOWING[now]])


class ClassifyForm(CaseForm):
    """What it is and is about."""

    kind = forms.ChoiceField(label="Что это", choices=in_words(CaseKind))
    subject = forms.ChoiceField(label="О чём")

    def first(self, case: CasePage) -> dict[str, Any]:
        """Show what it was taken for."""
        return {"kind": case.row.kind, "subject": case.subject}

    def prepare(self) -> None:
        """Offer today's subjects."""
        self.choose("subject", list(subject_choices(cases.subjects(clock.today()))))


class AboutForm(CaseForm):
    """Whom the complaint is about."""

    users = forms.TypedMultipleChoiceField(
        label="Сотрудники", required=False, coerce=int, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    units = forms.TypedMultipleChoiceField(
        label="Подразделения", required=False, coerce=int, widget=forms.SelectMultiple(attrs={"size": 6})
    )

    def prepare(self) -> None:
        """Offer all staff and units."""
        staff, units = cases.who_can_be_complained_about()
        self.choose("users", staff)
        self.choose("units", units)

    def clean(self) -> dict[str, Any]:
        """Ask for somebody."""
        given = super().clean() or {}
        if not given.get("users") and not given.get("units"):
            self.add_error("users", "Выберите сотрудника или подразделение")
        return given


class NoteForm(CaseForm):
    """A note for colleagues."""

    text = text_field("Заметка", "Заявитель её не увидит", most=4000, required=True, rows=4)


class ReplyForm(CaseForm):
    """A letter to the applicant; with a resolution it is the answer."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    way = forms.ChoiceField(label="Как отправить", widget=forms.RadioSelect)
    text = text_field("Текст", "Имя и должность под письмом поставим сами", most=20_000, required=True, rows=10)
    scans = scans_field("Приложить", "PDF, JPEG или PNG, до 10 МБ каждый")
    resolution = forms.ChoiceField(
        label="Это ответ?",
        required=False,
        choices=[("", "Нет, ещё не ответ"), *((one.value, f"Да: {words.of(one)}") for one in ANSWERS)],
        widget=forms.RadioSelect,
    )

    def first(self, case: CasePage) -> dict[str, Any]:
        """Offer the best way."""
        return {"request_key": uuid.uuid4().hex, "way": "0", "resolution": ""}

    def prepare(self) -> None:
        """Offer the ways to this applicant, by their places."""
        who = self.case.applicants[0] if self.case.applicants else Applicant()
        self.found = ways(CaseChannel(self.case.row.channel), applicant=who)
        names = [capfirst(words.of(way)) + (f": {address}" if address else "") for way, address in self.found]
        names[-1] = "Заявитель прочтёт на сайте по номеру и коду"
        self.choose("way", [(str(place), name) for place, name in enumerate(names)])
        if not self.case.row.is_open:
            del self.fields["resolution"]

    @property
    def chosen(self) -> tuple[CaseChannel, str]:
        """The way and the address."""
        return self.found[int(self.cleaned_data["way"])]


class AskForm(CaseForm):
    """The letter that asks for what is missing."""

    text = text_field("Письмо заявителю", "Срок ответа начнётся сразу", most=4000, required=True, rows=8)

    def first(self, case: CasePage) -> dict[str, Any]:
        """Write the letter."""
        return {"text": appeal_words.asking(case.row.number, case.missing)}


class CompleteForm(CaseForm):
    """What the applicant told later."""

    kind = forms.ChoiceField(label="Кто обращается", choices=in_words(ApplicantKind))
    name = text_field("Фамилия, имя, отчество или название организации")
    email = email_field()
    phone = text_field("Телефон", most=40)
    postal_address = text_field("Почтовый адрес для ответа")
    account_number = text_field("Номер лицевого счёта", most=40)
    contract_number = text_field("Или номер договора", most=60)
    supply_address = text_field("Адрес, где потребляется электроэнергия")
    violated_at = text_field("Когда произошло нарушение", most=200)
    demands = text_field("Чего требует заявитель", most=1000, rows=2)
    born_on = text_field("Дата рождения", "Пустое поле оставит то, что записано", most=40)
    born_at = text_field("Место рождения", "Пустое поле оставит то, что записано", most=200)
    passport = text_field("Серия и номер паспорта", "Пустое поле оставит то, что записано", most=40)

    NAMES = ("name", "email", "phone", "postal_address", "account_number", "contract_number", "supply_address")

    def first(self, case: CasePage) -> dict[str, Any]:
        """Show what is known; sealed data are never shown here."""
        who = case.applicants[0] if case.applicants else Applicant()
        known = {name: getattr(who, name) for name in self.NAMES} | {"kind": who.kind}
        return known | {"violated_at": case.violated_at, "demands": case.demands}

    def prepare(self) -> None:
        """Ask about quality only where the subject needs it."""
        if not self.case.needs_more and not self.case.has_secrets:
            for name in ("violated_at", "demands", "born_on", "born_at", "passport"):
                del self.fields[name]

    @property
    def told(self) -> tuple[Applicant, Secrets, Quality]:
        """What is known now."""
        given = self.cleaned_data
        who = self.case.applicants[0] if self.case.applicants else Applicant()
        applicant = Applicant(
            kind=ApplicantKind(given["kind"]),
            customer_id=who.customer_id,
            user_id=who.user_id,
            **{name: given[name].strip() for name in self.NAMES},
        )
        secrets = Secrets(given.get("born_on", ""), given.get("born_at", ""), given.get("passport", ""))
        return applicant, secrets, Quality(given.get("violated_at", ""), given.get("demands", ""))


class ExtendForm(CaseForm):
    """For how long, why, and what the applicant is told."""

    days = forms.IntegerField(
        label="На сколько дней",
        min_value=1,
        max_value=365,
        error_messages={
            "required": "Введите число дней",
            "invalid": "Введите число дней",
            "min_value": "Не меньше одного дня",
            "max_value": "Не больше 365 дней",
        },
    )
    reason = reason_field("Почему", "Останется в истории обращения")
    notice = text_field("Что сообщить заявителю", most=4000, required=True, rows=6)

    def first(self, case: CasePage) -> dict[str, Any]:
        """Write the notice."""
        return {"notice": appeal_words.EXTENSION.format(number=case.row.number)}


class PauseForm(CaseForm):
    """Which term stands, why, and what the applicant is told."""

    clock = forms.ChoiceField(label="Какой срок")
    reason = reason_field("Почему", "Останется в истории обращения")
    until = day_field("По какой день", "Этот день включительно; на следующий срок пойдёт дальше")
    awaits = forms.ChoiceField(
        label="Раньше, если ответит",
        required=False,
        choices=[("", "Никто: только по дню"), (Awaited.APPLICANT, "Заявитель"), (Awaited.GRID, "Сетевая организация")],
    )
    notice = text_field("Что сообщить заявителю", most=4000, required=True, rows=5)
    resume_notice = text_field(
        "Что сообщить, когда срок пойдёт дальше",
        f"Вместо {NEW_TERM} встанет новый день",
        most=4000,
        required=True,
        rows=3,
    )

    def first(self, case: CasePage) -> dict[str, Any]:
        """Write the notices."""
        return {
            "notice": appeal_words.PAUSE.format(number=case.row.number),
            "resume_notice": appeal_words.RESUME.format(number=case.row.number, term=NEW_TERM),
        }

    def prepare(self) -> None:
        """Offer the company's terms that run."""
        running = [one for one in self.case.clocks if one.kind in OURS and one.state == ClockState.RUNNING]
        self.choose("clock", [(one.kind, words.of(one.kind).capitalize()) for one in running])


class ResumeForm(CaseForm):
    """Which term runs on."""

    clock = forms.ChoiceField(label="Какой срок")

    def prepare(self) -> None:
        """Offer the terms that stand."""
        standing = [one for one in self.case.clocks if one.state == ClockState.PAUSED]
        self.choose("clock", [(one.kind, words.of(one.kind).capitalize()) for one in standing])


class GridForm(CaseForm):
    """What the grid company is asked."""

    text = text_field("Вопрос", "Если ответа не будет в срок, напоминание уйдёт само", most=4000, required=True, rows=5)
    address = forms.EmailField(
        label="Электронная почта сетевой организации",
        help_text="Если вопрос уже отправлен иначе, оставьте пустым",
        required=False,
        error_messages={"invalid": "Введите адрес, например office@grid.ru"},
    )


class GridAnswerForm(CaseForm):
    """What the grid company answered."""

    text = text_field("Что ответила сетевая организация", most=4000, required=True, rows=5)


class NumberForm(CaseForm):
    """Another case."""

    number = text_field("Номер другого обращения", "Например, ОБ-26-00-000123", most=40, required=True)


class SplitForm(CaseForm):
    """Which letter becomes a case of its own, and what that is about."""

    letter = forms.TypedChoiceField(label="Какое письмо", coerce=int)
    kind = forms.ChoiceField(label="Что это", choices=in_words(CaseKind))
    subject = forms.ChoiceField(label="О чём")

    def prepare(self) -> None:
        """Offer the letters that came."""
        came = [one for one in self.case.letters if one.direction == Direction.IN]
        self.choose("letter", [(one.letter_id, f"{short_day(one.at)}: {one.text[:60]}") for one in came])
        self.choose("subject", list(subject_choices(cases.subjects(clock.today()))))


class RefuseForm(CaseForm):
    """On which ground a case should not be considered."""

    ground = forms.ChoiceField(
        label="Почему не рассматривать",
        choices=in_words(Ground),
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите основание"},
    )
    note = text_field("Пояснение для второго сотрудника", most=1000, required=True, rows=3)


class ConfirmForm(CaseForm):
    """What the second person decides, and what the applicant is told."""

    decision = forms.ChoiceField(
        label="Решение",
        choices=[("confirm", "Не рассматривать"), ("decline", "Рассматривать дальше")],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите решение"},
    )
    note = text_field("Пояснение", "Обязательно, если рассматривать дальше", most=1000, rows=2)
    notice = text_field("Что сообщить заявителю", "Если не рассматривать", most=4000, rows=6)

    def first(self, case: CasePage) -> dict[str, Any]:
        """Write the notice."""
        waiting = case.waiting_refusal
        return {"notice": appeal_words.refusing(case.row.number, waiting.ground) if waiting else ""}
