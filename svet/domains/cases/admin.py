"""Subjects of appeals and their terms: rows with days and a source. What a row says is never changed, only until when.

Cases keep the code of their subject and clocks their term: another text is another row that begins when this one ends.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Field as ModelField
from django.http import HttpRequest
from django.utils.text import capfirst

from svet.domains.cases.models import CaseSubject, CaseTerm
from svet.domains.cases.rules.clocks import ClockKind, CountedFrom, Roll, TermUnit
from svet.domains.cases.rules.matters import Field
from svet.domains.cases.rules.register import ApplicantKind, CaseChannel, CaseKind
from svet.infra.reference import ReasonForm, ReferenceAdmin

ANY = ("", "любой")
CHOICES: dict[str, list[tuple[str, str]]] = {
    "field": [
        (Field.SUPPLY, "подача электроэнергии"),
        (Field.BILL, "счёт"),
        (Field.METER, "счётчик"),
        (Field.CONTRACT, "договор"),
        (Field.SERVICE, "обслуживание"),
        (Field.OTHER, "другое"),
    ],
    "clock": [
        (ClockKind.ANSWER, "ответ"),
        (ClockKind.CHECK, "проверка начислений"),
        (ClockKind.MONEY, "возврат денег"),
        (ClockKind.DATA, "недостающие сведения"),
        (ClockKind.LATER_LETTER, "письмо после ответа"),
        (ClockKind.GRID, "ответ сетевой организации"),
    ],
    "case_kind": [
        ANY,
        (CaseKind.QUESTION, "вопрос"),
        (CaseKind.REQUEST, "просьба"),
        (CaseKind.COMPLAINT, "жалоба"),
        (CaseKind.CLAIM, "претензия"),
        (CaseKind.SUGGESTION, "предложение"),
        (CaseKind.THANKS, "благодарность"),
    ],
    "channel": [
        ANY,
        (CaseChannel.OFFICE, "в офисе"),
        (CaseChannel.PHONE, "по телефону"),
        (CaseChannel.POST, "почтой"),
        (CaseChannel.EMAIL, "по электронной почте"),
        (CaseChannel.SITE, "через сайт"),
        (CaseChannel.CABINET, "через личный кабинет"),
        (CaseChannel.GIS, "через ГИС ЖКХ"),
        (CaseChannel.BILL, "вопрос по счёту"),
        (CaseChannel.SMS, "по СМС"),
    ],
    "applicant_kind": [
        ANY,
        (ApplicantKind.PERSON, "гражданин"),
        (ApplicantKind.SOLE_TRADER, "предприниматель"),
        (ApplicantKind.COMPANY, "организация"),
        (ApplicantKind.UTILITY_PROVIDER, "исполнитель коммунальных услуг"),
        (ApplicantKind.UNKNOWN, "неизвестно кто"),
    ],
    "unit": [
        (TermUnit.CALENDAR, "календарные дни"),
        (TermUnit.WORKING, "рабочие дни"),
        (TermUnit.HOURS, "часы"),
    ],
    "counted_from": [
        (CountedFrom.REGISTERED, "с регистрации"),
        (CountedFrom.RECEIVED, "с получения"),
        (CountedFrom.STARTED, "с начала срока"),
    ],
    "roll": [
        (Roll.KEEP, "остаётся выходным"),
        (Roll.NEXT, "переносится на следующий рабочий день"),
        (Roll.PREVIOUS, "переносится на предыдущий рабочий день"),
    ],
}
"""What codes mean, for who keeps the tables (a test holds that none is left out)."""


class SubjectForm(ReasonForm):
    """A subject whose parent is there."""

    def clean_parent(self) -> str:
        """Refuse a parent that does not exist or stands below the subject itself."""
        parent, own = self.cleaned_data["parent"], self.cleaned_data.get("code") or self.instance.code
        parents = dict(CaseSubject.objects.values_list("code", "parent"))
        if parent and parent not in parents:
            raise forms.ValidationError("Такой темы нет: введите код темы, которая уже есть")
        above, seen = parent, {own}
        while above:
            if above in seen:
                raise forms.ValidationError("Тема не может стоять ниже самой себя")
            seen.add(above)
            above = parents.get(above, "")
        return str(parent)


class TermForm(ReasonForm):
    """A term of a subject that is there."""

    def clean_subject(self) -> str:
        """Refuse a subject that does not exist."""
        code = str(self.cleaned_data["subject"])
        if code and not CaseSubject.objects.filter(code=code).exists():
            raise forms.ValidationError("Такой темы нет: введите код темы, которая уже есть")
        return code


class _CodesInWords(ReferenceAdmin):
    """Shows what codes mean."""

    def formfield_for_dbfield(self, db_field: ModelField[Any, Any], request: HttpRequest, **more: Any) -> Any:
        """Offer the words of codes."""
        if db_field.name in CHOICES:
            return forms.ChoiceField(
                label=capfirst(db_field.verbose_name), choices=CHOICES[db_field.name], required=not db_field.blank
            )
        return super().formfield_for_dbfield(db_field, request, **more)


@admin.register(CaseSubject)
class CaseSubjectAdmin(_CodesInWords):
    words = {
        "one": "тема обращений",
        "many": "темы обращений",
        "code": "код",
        "parent": "код темы выше",
        "name": "название",
        "field": "область",
        "needs_more": "нужны сведения о качестве (адрес, когда, что требует)",
        "place": "порядок",
        "valid": "действует",
        "source": "источник",
    }
    form = SubjectForm
    adds = changes = True
    fixed: ClassVar[tuple[str, ...]] = ("code", "parent", "name", "field", "needs_more", "source")
    list_display = ("name", "code", "parent", "needs_more", "valid")
    ordering = ("place", "code", "valid")


@admin.register(CaseTerm)
class CaseTermAdmin(_CodesInWords):
    words = {
        "one": "срок обращений",
        "many": "сроки обращений",
        "code": "код",
        "clock": "какой срок",
        "subject": "код темы (пусто: любая)",
        "case_kind": "вид обращения",
        "channel": "откуда пришло",
        "applicant_kind": "кто обращается",
        "days": "сколько",
        "unit": "в чём считается",
        "counted_from": "откуда считается",
        "roll": "последний день выходной",
        "warn_before": "предупредить за, дней",
        "most_extension": "продлить можно на, дней",
        "valid": "действует",
        "source": "источник",
    }
    form = TermForm
    adds = changes = True
    fixed: ClassVar[tuple[str, ...]] = (
        "code",
        "clock",
        "subject",
        "case_kind",
        "channel",
        "applicant_kind",
        "days",
        "unit",
        "counted_from",
        "roll",
        "source",
    )
    list_display = ("code", "subject", "days", "unit", "warn_before", "most_extension", "valid")
    ordering = ("code", "valid")
