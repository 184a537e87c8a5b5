"""The pages that editors write, the files on them, search, and entries to contests."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages as flash
from django.core.validators import EmailValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.views import serve

from svet.domains.content import actions, queries
from svet.domains.content.queries import Extra
from svet.domains.customers.rules import normal_phone
from svet.flows import site_search
from svet.flows.site_search import Places
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.web import messages
from svet.surfaces.web.stored_files import attached_file

CONSENT = (
    "Я согласен на обработку имени, контакта и текста из этой формы, чтобы компания провела конкурс и сообщила его "
    "итоги. Согласие действует до подведения итогов; его можно отозвать письмом."
)
LONGEST = 120
validate_email = EmailValidator("Проверьте адрес почты: например, anna@example.ru")

SERVICES: tuple[tuple[str, str, str, str], ...] = (
    ("account_login", "Личный кабинет", "Показания, счета, платежи и справки", "войти вход логин оплатить передать"),
    ("account_signup", "Регистрация в личном кабинете", "По номеру лицевого счёта", "зарегистрироваться новый"),
    ("website:give_reading", "Передать показания без входа", "По номеру лицевого счёта и последнему счёту", "счётчик"),
    (
        "website:pay",
        "Оплатить без входа",
        "По номеру лицевого счёта, кодом для банка",
        "заплатить оплата квитанция долг карта QR",
    ),
    ("website:book", "Записаться в офис", "На удобное время, без очереди", "запись прийти талон электронная очередь"),
    ("website:tariffs", "Тарифы", "Цены по зонам суток и нормам, с номером приказа", "стоимость цена киловатт"),
    (
        "website:calculator",
        "Рассчитать счёт",
        "Сколько выйдет за месяц, с объяснением каждой строки",
        "калькулятор посчитать плата",
    ),
    ("website:norms", "Нормы и нормативы", "Социальная норма и нормативы потребления", "без счётчика норма"),
    ("website:grid_companies", "Сетевые организации", "Телефоны по адресу", "авария отключение нет света сети"),
    (
        "website:forms",
        "Бланки и памятки",
        "Заявления, договор, образцы заполнения",
        "форма заявление скачать распечатать",
    ),
    (
        "website:payment_places",
        "Где оплатить рядом",
        "Кассы по городу и улице",
        "касса терминал наличные место",
    ),
    ("website:consequences", "Если не заплатить вовремя", "Как растут пени", "долг задолженность неоплата"),
    ("website:status", "Как работают службы", "Нет ли задержек у сайта и приёма", "сбой не работает"),
    ("website:offices", "Офисы и часы приёма", "Адреса и время работы", "адрес график работы открыто"),
    ("website:contacts", "Контакты и реквизиты", "Телефоны, почта, банковские реквизиты", "позвонить телефон адрес"),
    ("website:new_appeal", "Написать обращение", "Жалоба, вопрос или заявление с ответом в срок", "подать претензия"),
    ("website:apply", "Заявка на договор", "Гражданину и организации, без визита", "заключить договор стать клиентом"),
    ("website:appeal_status", "Узнать об обращении", "По номеру и коду", "статус состояние ответ"),
    (
        "website:sms_readings",
        "Передать показания по СМС",
        "Номер и примеры сообщений",
        "sms счётчик показание отправить",
    ),
    ("website:check", "Проверить справку", "Настоящая ли справка об отсутствии долга", "подлинность"),
)


@require_safe
def page(request: HttpRequest, path: str) -> HttpResponse:
    """Show a published page; 404 for what is not published or not there."""
    response: HttpResponse = serve(request, path)
    return response


@require_safe
def file(request: HttpRequest, document_id: int, filename: str) -> HttpResponse:
    """Give a file of the site to save."""
    return attached_file(queries.published_file(document_id, name=filename))


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what is found on the whole site."""
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    found = None
    if query:
        found = site_search.search(
            query,
            services=[Extra(title, about, reverse(name), words) for name, title, about, words in SERVICES],
            places=Places(
                forms=reverse("website:forms"), offices=reverse("website:offices"), tariffs=reverse("website:tariffs")
            ),
            on=clock.today(),
        )
    return render(request, "website/search.html", {"query": query, "found": found})


class EntryForm(forms.Form):
    """An entry to a contest."""

    name = forms.CharField(label="Фамилия и имя", max_length=160, error_messages={"required": "Напишите фамилию и имя"})
    contact = forms.CharField(
        label="Телефон или почта",
        help_text="Сюда сообщим об итогах",
        max_length=160,
        error_messages={"required": "Напишите телефон или почту"},
    )
    text = forms.CharField(
        label="Ваша работа или ответ",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Напишите ответ"},
    )
    consent = forms.BooleanField(label=CONSENT, error_messages={"required": "Без согласия мы не можем принять заявку"})
    request_key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def clean_contact(self) -> str:
        """Return the telephone or the address in its one form: an entry is one by it, and by it the outcome is told."""
        typed: str = self.cleaned_data["contact"].strip()
        if "@" in typed:
            validate_email(typed)
            return typed.lower()
        phone = normal_phone(typed)
        if phone is None:
            raise forms.ValidationError("Напишите телефон с кодом города или адрес почты")
        return phone


@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: HttpRequest, page_id: int) -> HttpResponse:
    """Take an entry to a contest, with the consent that stands on the form."""
    held = queries.contest(page_id, on=clock.today())
    form = EntryForm(request.POST or None, initial={"request_key": uuid.uuid4().hex})
    if held.entry_question:
        form.fields["text"].help_text = held.entry_question
    if request.method == "POST" and form.is_valid():
        try:
            _enter(page_id, form.cleaned_data)
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            flash.success(request, "Заявка принята. Об итогах сообщим по указанному контакту.")
            return redirect(held.url)
    return render(request, "website/contest.html", {"contest": held, "form": form}, status=422 if form.errors else 200)


def _enter(page_id: int, typed: dict[str, Any]) -> None:
    actions.enter_contest(
        page_id,
        name=typed["name"],
        contact=typed["contact"],
        text=typed["text"],
        consent=CONSENT,
        request_key=typed["request_key"],
        at=clock.now(),
    )
