"""The exchange with the state portal as an administrator sees it."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from svet.domains.cases import actions as cases
from svet.flows import gis_appeals
from svet.infra import exchange
from tests import cast, reference
from tests.browser.conftest import PHONE, come_back, photograph
from tests.browser.test_every_page import problems
from tests.test_gis_at_the_desk import a_request, an_appeal

MINUTE = timedelta(minutes=1)


def test_an_administrator_tries_a_refused_answer_again(visit, people, settings):
    settings.GIS_URL = "http://127.0.0.1:9"
    reference.load(cases, at=cast.moment(cast.LONG_AGO))
    appeal = an_appeal()
    came, _ = exchange.ask(gis_appeals.GATE, kind="export", key="export:1", payload={}, at=cast.NOW)
    exchange.begin_sending(came, at=cast.NOW)
    exchange.acknowledge(came, outside_guid=appeal.guid, at=cast.NOW, next_at=cast.NOW + MINUTE)
    exchange.finish(came, at=cast.NOW + MINUTE, result={"appeals": 3, "new": 1, "changed": 0, "failed": 0})
    a_request("assign", key="c", state="", appeal=appeal)
    a_request("extend", key="b", state="unclear", appeal=appeal)
    a_request("answer", key="a", state="refused", appeal=appeal)
    admin = people.staff["administrator"]
    page = visit("/desk/")
    come_back(page, admin.username)

    page.get_by_role("link", name="ГИС ЖКХ").click()
    photograph(page, "gis-1280")
    page.get_by_role("link", name="Нужен человек").click()
    page.get_by_role("link", name="Отправить ответ").click()
    photograph(page, "gis-request-1280")
    page.get_by_label("Отправить ещё раз").check()
    page.get_by_label("Почему").fill("Исполнителя завели")
    page.get_by_role("button", name="Записать").click()
    expect(page.get_by_text("Отправим в течение минуты.")).to_be_visible()

    assert problems(page, f"/desk/gis/{came + 2}/") == []

    operator = people.staff["operator"]
    page = visit("/desk/")
    come_back(page, operator.username)
    page.goto(f"/desk/cases/{appeal.case.number.removeprefix('ОБ-')}/")
    page.get_by_role("link", name="На портале ГИС ЖКХ").click()
    photograph(page, "gis-appeal-1280")
    page.get_by_label("Переадресовать").first.check()
    page.get_by_label("Пояснение").fill("Дом обслуживает другая организация")
    page.get_by_role("button", name="Отправить на портал").click()
    expect(page.get_by_role("link", name="Укажите организацию, которой переадресуете")).to_be_visible()
    page.set_viewport_size(PHONE)
    photograph(page, "gis-appeal-390")
    assert problems(page, page.url) == []
