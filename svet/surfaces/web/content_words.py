"""The words of the site's content: what is wrong with a page, contests."""

from __future__ import annotations

from svet.domains.content.rules import Freshness

ERRORS: dict[str, str] = {
    "no_such_article": "Такой статьи в базе знаний нет.",
    "no_such_contest": "Такого конкурса нет.",
    "no_such_file": "Такого файла на сайте нет.",
    "contest_is_over": "Приём заявок завершён.",
    "consent_is_needed": "Без согласия мы не можем принять заявку.",
    "entered_already": "С этим телефоном или почтой заявка уже есть.",
}

STATES: dict[Freshness, str] = {
    Freshness.ABSENT: "страницы нет",
    Freshness.EMPTY: "пусто или нет живой части",
    Freshness.NO_SOURCE: "не указан источник",
    Freshness.NEVER_REVIEWED: "ни разу не сверено",
    Freshness.EVENT: "изменились данные, сверьте",
    Freshness.OLD: "пора сверить",
    Freshness.FRESH: "в порядке",
}

ITEMS: dict[str, str] = {
    "tariffs": "Действующие тарифы",
    "contract_forms": "Формы договоров и заявлений",
    "contract_procedure": "Как заключить договор",
    "non_payment": "Последствия неоплаты",
    "readings": "Показания: порядок и сроки",
    "how_to_pay": "Как оплатить",
    "how_to_appeal": "Как обратиться",
    "norms": "Нормативы потребления",
    "places_of_payment": "Где оплатить",
    "offices": "Офисы и часы приёма",
    "promotions": "Акции и конкурсы",
    "questions": "Вопросы и ответы",
    "reading_services": "Правила сервисов передачи показаний",
    "grid_companies": "Контакты сетевых организаций",
    "computation": "Как считается плата, льготы",
}
