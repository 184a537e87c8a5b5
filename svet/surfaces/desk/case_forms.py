"""The forms of the register and of taking an appeal. What is missing is no error here: it is asked for later."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from svet.domains.cases.actions import Details, Incoming, Paper
from svet.domains.cases.queries import Filters, SubjectView
from svet.domains.cases.rules.applicants import Applicant, Quality, Secrets
from svet.domains.cases.rules.register import ApplicantKind, CaseChannel, CaseKind, CaseState
from svet.infra.clock import MOSCOW
from svet.surfaces.desk.asked_days import asked_day
from svet.surfaces.desk.operation_forms import day_field
from svet.surfaces.web import words
from svet.surfaces.web.scans import scans_field

TAKEN_BY = (CaseChannel.OFFICE, CaseChannel.PHONE, CaseChannel.POST)
STATES = (
    ("", "Все"),
    ("open", "Открытые"),
    ("overdue", "Просроченные"),
    ("unread", "С новым письмом"),
    ("escalated", "У руководителя"),
)
ASSIGNEES = (("", "Любой"), ("mine", "Я"), ("nobody", "Никто"))
APPLICANT = (
    "applicant_kind",
    "name",
    "email",
    "phone",
    "postal_address",
    "account_number",
    "contract_number",
    "supply_address",
)
_PLAIN = {"autocomplete": "off"}
LONGEST_ON_THE_WAY = timedelta(days=3 * 366)
"""A letter or a word taken down later than that is a mistyped year; claims themselves live three years."""


def in_words(values: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the choices of an enumeration."""
    return [(one.value, capfirst(words.of(one))) for one in values]


def subject_choices(subjects: Sequence[SubjectView]) -> list[tuple[str, str]]:
    """Return the tree of subjects as a list of choices; those below are set in."""
    return [(one.code, f"{'— ' * one.depth}{one.name}") for one in subjects]


def text_field(
    label: str, hint: str = "", *, most: int = 300, required: bool = False, rows: int = 0
) -> forms.CharField:
    """Return a field for a text, on `rows` lines when more than one."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs=_PLAIN)
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=most,
        widget=widget,
        error_messages={"required": "Заполните это поле", "max_length": f"Не длиннее {most} знаков"},
    )


def email_field() -> forms.EmailField:
    """Return a field for the address to which the answer goes."""
    return forms.EmailField(
        label="Электронная почта для ответа",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs=_PLAIN),
        error_messages={"invalid": "Проверьте адрес почты, например ivanov@example.ru", "max_length": "Слишком длинно"},
    )


class QuickSelect(forms.Select):
    """A list of choices written out at once: Django draws each option by two templates, and the register has ninety."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the element with its options, the chosen ones marked."""
        chosen = set(self.format_value(value))
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((code, mark_safe(" selected") if str(code) in chosen else "", text) for code, text in self.choices),
        )
        attributes = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html("<select{}>{}</select>", attributes, options)


def _quick(label: str, choices: Sequence[tuple[str, str]] = ()) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices, widget=QuickSelect)


class FiltersForm(forms.Form):
    """What to look for in the register; wrong values are passed over."""

    q = forms.CharField(label="Найти", required=False, max_length=300)
    state = forms.ChoiceField(
        label="Состояние", required=False, choices=(*STATES, *in_words(CaseState)), widget=QuickSelect
    )
    assignee = _quick("Исполнитель")
    channel = forms.ChoiceField(
        label="Откуда", required=False, choices=[("", "Любой"), *in_words(CaseChannel)], widget=QuickSelect
    )
    kind = forms.ChoiceField(
        label="Вид", required=False, choices=[("", "Любой"), *in_words(CaseKind)], widget=QuickSelect
    )
    subject = _quick("Тема")
    since = asked_day("С")
    until = asked_day("По")

    def __init__(self, data: Any, *, subjects: Sequence[SubjectView], handlers: Sequence[tuple[int, str]]) -> None:
        super().__init__(data)
        choices: dict[str, list[tuple[str, str]]] = {
            "subject": [("", "Любая"), *subject_choices(subjects)],
            "assignee": [*ASSIGNEES, *((str(user_id), name) for user_id, name in handlers)],
        }
        for name, values in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = values

    @property
    def filters(self) -> Filters:
        """What is looked for; a field that is wrong is left out."""
        self.is_valid()
        given = self.cleaned_data
        names = ("state", "assignee", "channel", "kind", "subject", "since", "until")
        return Filters(text=given.get("q", ""), **{name: given[name] for name in names if given.get(name)})


class IntakeForm(forms.Form):
    """An appeal that an operator takes: how it came, from whom, about what, what it says, what is attached."""

    request_key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    channel = forms.ChoiceField(label="Как пришло", choices=in_words(TAKEN_BY), widget=forms.RadioSelect)
    received_on = day_field("Когда пришло", "Для письма — день, когда его получил офис")
    incoming_number = text_field("Входящий номер", "Для письма, если его поставила канцелярия", most=60)
    envelope_on = forms.DateField(
        label="Дата на конверте",
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Укажите день, например 24.11.2026"},
    )

    kind = forms.ChoiceField(label="Что это", choices=in_words(CaseKind))
    subject = forms.ChoiceField(label="О чём")
    title = text_field("Заголовок", "Если он есть в письме")
    text = text_field("Что сказано", "Своими словами заявителя; письмо можно приложить сканом", most=20_000, rows=8)
    scans = scans_field("Сканы", "PDF, JPEG или PNG, до 10 МБ каждый")

    applicant_kind = forms.ChoiceField(label="Кто обращается", choices=in_words(ApplicantKind))
    name = text_field("Фамилия, имя, отчество или название организации")
    email = email_field()
    phone = text_field("Телефон", most=40)
    postal_address = text_field("Почтовый адрес для ответа")
    account_number = text_field("Номер лицевого счёта", most=40)
    contract_number = text_field("Или номер договора", most=60)
    supply_address = text_field("Адрес, где потребляется электроэнергия")

    violated_at = text_field("Когда произошло нарушение", "Для жалоб на качество и перерывы", most=200)
    demands = text_field("Чего требует заявитель", most=1000, rows=2)
    born_on = text_field("Дата рождения", "Для жалоб на качество и перерывы; хранится закрытой", most=40)
    born_at = text_field("Место рождения", most=200)
    passport = text_field("Серия и номер паспорта", most=40)

    about_users = forms.TypedMultipleChoiceField(
        label="На кого жалоба",
        help_text="Эти сотрудники и те, кто им подчиняется, обращения не увидят",
        required=False,
        coerce=int,
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )
    about_units = forms.TypedMultipleChoiceField(
        label="Или на какое подразделение", required=False, coerce=int, widget=forms.SelectMultiple(attrs={"size": 4})
    )

    PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("Обращение", ("channel", "received_on", "kind", "subject", "title", "text", "scans")),
        (
            "Заявитель",
            APPLICANT,
        ),
    )
    MORE: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("Письмо на бумаге", ("incoming_number", "envelope_on")),
        ("Качество и перерывы", ("violated_at", "demands", "born_on", "born_at", "passport")),
        ("Жалоба на сотрудника", ("about_users", "about_units")),
    )

    def __init__(
        self,
        data: Any,
        *,
        now: datetime,
        subjects: Sequence[SubjectView],
        staff: Sequence[tuple[int, str]],
        units: Sequence[tuple[int, str]],
        known: Applicant | None = None,
        channel: str = CaseChannel.OFFICE,
    ) -> None:
        super().__init__(data, initial=self._first(now, known, channel))
        self.now = now
        choices = {"subject": subject_choices(subjects), "about_users": staff, "about_units": units}
        for name, values in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = values

    def parts(self) -> list[tuple[str, list[Any]]]:
        """Return what is always filled in, with its headings."""
        return [(title, [self[name] for name in names]) for title, names in self.PARTS]

    def more(self) -> list[tuple[str, list[Any], bool]]:
        """Return what only some appeals have, and whether something is typed or wrong there."""
        return [
            (title, [self[name] for name in names], any(self[name].errors or self[name].value() for name in names))
            for title, names in self.MORE
        ]

    def clean_received_on(self) -> date:
        """Refuse days to come and mistyped years."""
        day: date = self.cleaned_data["received_on"]
        if day > self.now.date():
            raise forms.ValidationError("Этот день ещё не наступил")
        if day < self.now.date() - LONGEST_ON_THE_WAY:
            raise forms.ValidationError("Это было больше трёх лет назад: проверьте год")
        return day

    def clean_envelope_on(self) -> date | None:
        """Refuse a stamp later than the letter's arrival and mistyped years."""
        day: date | None = self.cleaned_data["envelope_on"]
        came: date | None = self.cleaned_data.get("received_on")
        if day is None or came is None:
            return day
        if day > came:
            raise forms.ValidationError("Штемпель позже дня, когда письмо пришло: проверьте обе даты")
        if day < came - LONGEST_ON_THE_WAY:
            raise forms.ValidationError("Это больше чем за три года до получения: проверьте год")
        return day

    def letter(self, file_ids: tuple[int, ...], *, key: str) -> Incoming:
        """Return the letter as it came: today's now, an earlier day's at its noon."""
        given = self.cleaned_data
        noon = datetime.combine(given["received_on"], time(12), tzinfo=MOSCOW)
        return Incoming(
            channel=CaseChannel(given["channel"]),
            text=given["text"],
            received_at=self.now if given["received_on"] == self.now.date() else noon,
            key=f"desk:{key}",
            title=given["title"],
            file_ids=file_ids,
        )

    @property
    def applicant(self) -> Applicant:
        """Who applies, as he says it."""
        given = self.cleaned_data
        names = ("name", "email", "phone", "postal_address", "account_number", "contract_number", "supply_address")
        return Applicant(kind=ApplicantKind(given["applicant_kind"]), **{name: given[name].strip() for name in names})

    @property
    def details(self) -> Details:
        """What only some appeals have."""
        given = self.cleaned_data
        return Details(
            about_users=tuple(given["about_users"]),
            about_units=tuple(given["about_units"]),
            secrets=Secrets(given["born_on"], given["born_at"], given["passport"]),
            quality=Quality(given["violated_at"], given["demands"]),
            paper=Paper(given["incoming_number"], given["envelope_on"]),
        )

    @staticmethod
    def _first(now: datetime, known: Applicant | None, channel: str) -> dict[str, Any]:
        first: dict[str, Any] = {"request_key": uuid.uuid4().hex, "received_on": now.date(), "channel": channel}
        first |= {"kind": CaseKind.QUESTION, "subject": "other", "applicant_kind": ApplicantKind.PERSON}
        if known is not None:
            names = ("name", "email", "phone", "postal_address", "account_number", "supply_address")
            first |= {name: getattr(known, name) for name in names} | {"applicant_kind": known.kind}
        return first


def before_of(text: str) -> int | None:
    """Return the key of a page as typed in an address, None for what is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) else None
