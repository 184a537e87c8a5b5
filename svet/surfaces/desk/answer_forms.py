"""The forms of answers: the text with its points, the decision of the second person, templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst

from svet.domains.cases.actions import TemplateText, Written
from svet.domains.cases.queries import PointView, SubjectView, TemplateView
from svet.domains.cases.rules.answering import ways
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.register import ANSWERS, CaseChannel, Resolution
from svet.flows.answering import AnswerPage
from svet.surfaces.desk.case_forms import subject_choices, text_field
from svet.surfaces.desk.operation_forms import day_field, reason_field
from svet.surfaces.web import words


class AnswerForm(forms.Form):
    """The answer: a text, what is answered to each point, how the case ends, by which way it goes."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    template = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    text = text_field(
        "Текст",
        "Ответы по вопросам встанут на место {points}, имя и должность поставим сами",
        most=20_000,
        required=True,
        rows=14,
    )
    resolution = forms.ChoiceField(
        label="Чем закончилось",
        choices=[(one.value, words.of(one).capitalize()) for one in ANSWERS],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, чем закончилось рассмотрение"},
    )
    way = forms.ChoiceField(
        label="Как отправить", widget=forms.RadioSelect, error_messages={"required": "Выберите, как отправить"}
    )

    def __init__(self, data: Any, *, page: AnswerPage, text: str = "", template: str = "") -> None:
        written, who = page.draft, page.case.applicants[0] if page.case.applicants else Applicant()
        self.found = ways(CaseChannel(page.case.row.channel), applicant=who)
        first: dict[str, Any] = {"version": 0, "way": "0", "template": template, "text": text}
        if written is not None:
            chosen = [str(at) for at, one in enumerate(self.found) if one == (written.channel, written.address)]
            first |= {"version": written.version, "resolution": written.resolution, "way": (chosen or ["0"])[0]}
            first |= {"text": text or written.text, "template": template or written.template}
        super().__init__(data, initial=first)
        names = [capfirst(words.of(way)) + (f": {address}" if address else "") for way, address in self.found]
        names[-1] = "Заявитель прочтёт на сайте по номеру и коду"
        way = self.fields["way"]
        if isinstance(way, forms.ChoiceField):
            way.choices = [(str(place), name) for place, name in enumerate(names)]
        self.points = page.points
        for one in page.points:
            field = text_field(f"{one.place}. {one.text}", most=20_000, rows=4)
            field.initial = one.answer
            self.fields[f"point_{one.point_id}"] = field

    def point_rows(self) -> list[tuple[PointView, Any]]:
        """Return the points with their fields."""
        return [(one, self[f"point_{one.point_id}"]) for one in self.points]

    @property
    def written(self) -> Written:
        """What was written."""
        given = self.cleaned_data
        channel, address = self.found[int(given["way"])]
        return Written(
            text=given["text"],
            resolution=Resolution(given["resolution"]),
            channel=channel,
            address=address,
            template=given["template"],
            points={one.point_id: given[f"point_{one.point_id}"] for one in self.points},
        )


class PointForm(forms.Form):
    """One more question of the applicant."""

    text = text_field("Ещё вопрос заявителя", "Коротко, как вы его поняли", most=1000, required=True)


class VersionForm(forms.Form):
    """Which version of the answer was on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class DecideAnswerForm(VersionForm):
    """What the second person says."""

    decision = forms.ChoiceField(
        label="Решение",
        choices=[("approve", "Согласовать и отправить"), ("return", "Вернуть автору")],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите решение"},
    )
    note = text_field("Что исправить", "Обязательно, если возвращаете", most=1000, rows=3)


class PostedForm(forms.Form):
    """The post's number of a letter."""

    track = text_field("Почтовый номер", "Если есть", most=40)


class TemplateForm(forms.Form):
    """A template; `reason` is asked when one is changed."""

    name = text_field("Название", most=120, required=True)
    subject = forms.ChoiceField(label="О чём обращение", required=False)
    ground = text_field("Основание", "Пункт закона или стандарта", most=300, required=True)
    source = text_field("Откуда текст", most=300, required=True)
    text = text_field("Текст", most=20_000, required=True, rows=14)
    from_on = day_field("Действует с")
    reason = reason_field("Почему меняете", "Останется в истории")

    def __init__(self, data: Any, *, subjects: Sequence[SubjectView], on: date, shown: TemplateView | None) -> None:
        first: dict[str, Any] = {"from_on": on}
        if shown is not None:
            names = ("name", "subject", "ground", "source", "text")
            first |= {name: getattr(shown, name) for name in names}
        super().__init__(data, initial=first)
        subject = self.fields["subject"]
        if isinstance(subject, forms.ChoiceField):
            subject.choices = [("", "Любая тема"), *subject_choices(subjects)]
        if shown is None:
            del self.fields["reason"]

    @property
    def given(self) -> TemplateText:
        """What the template says."""
        return TemplateText(**{name: self.cleaned_data[name] for name in TemplateText.__slots__})
