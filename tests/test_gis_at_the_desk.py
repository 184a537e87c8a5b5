"""The exchange with the state portal at the desk: what needs a person is tried again or closed once, with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from svet.domains.cases import actions as cases
from svet.domains.cases.models import AppealOnPortal
from svet.domains.tariffs import actions as tariffs
from svet.flows import gis_appeals
from svet.infra import exchange
from svet.surfaces.gates.gis_zhkh import answers
from svet.surfaces.gates.gis_zhkh.soap import parse
from tests import cast, reference
from tests.architecture.test_urls import signed_in
from tests.state_portal import NOW, appeals

LONG = "Ещё раз: «проверили» — портал обещал 🙏 " + "я" * 300


@pytest.fixture
def people(db, settings) -> cast.Cast:
    settings.GIS_URL = "http://127.0.0.1:9"
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(cases, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def an_appeal(place: int = 1) -> AppealOnPortal:
    told = answers.appeal(parse(appeals(place)[0].encode()))
    gis_appeals.take(told, fetch=bytes, at=NOW)
    return AppealOnPortal.objects.get(guid=told.guid)


def a_request(kind: str, *, key: str, state: str, appeal: AppealOnPortal, at=NOW) -> int:
    payload = {"appeal": str(appeal.guid), "case_id": appeal.case_id, "text": "Тайна обращения"}
    request_id, _ = exchange.ask(gis_appeals.GATE, kind=kind, key=key, payload=payload, at=at)
    if state == "refused":
        exchange.refuse(request_id, at=at, problem="INT002000", text="Нет такого <исполнителя>")
    elif state == "unclear":
        exchange.begin_sending(request_id, at=at)
        exchange.leave_to_people(request_id, at=at, problem="no_result")
    return request_id


def test_a_refused_and_an_unclear_request_are_settled_once_by_who_may(people, monkeypatch):
    monkeypatch.setattr("svet.infra.clock.now", lambda: NOW + timedelta(hours=1))
    appeal = an_appeal()
    refused = a_request("answer", key="a", state="refused", appeal=appeal)
    unclear = a_request("extend", key="b", state="unclear", appeal=appeal)
    admin = signed_in(people.staff["administrator"].user_id, proved=True)

    home = admin.get("/desk/").content.decode()
    assert "запроса не идут сами" in home
    page = admin.get("/desk/gis/?state=trouble").content.decode()
    assert "Нет такого &lt;исполнителя&gt;" in page and "33-2026-98" in page
    assert "Тайна обращения" not in page + admin.get(f"/desk/gis/{refused}/").content.decode()
    assert "под тем же номером" in admin.get(f"/desk/gis/{unclear}/").content.decode()

    bad = admin.post(f"/desk/gis/{refused}/", {"choice": "explode", "reason": ""})
    assert bad.status_code == 422 and "Напишите причину" in bad.content.decode()
    again = {"choice": "again", "reason": LONG}
    first = admin.post(f"/desk/gis/{refused}/", again)
    second = admin.post(f"/desk/gis/{refused}/", again)
    assert (first.status_code, second.status_code) == (302, 422)
    assert "уже отправили заново" in second.content.decode()
    anew = exchange.requests(gis_appeals.GATE)[0]
    assert first["Location"] == f"/desk/gis/{anew.id}/" and anew.guid != exchange.request(refused).guid

    close = {"choice": "settle", "reason": "Срок на портале продлён"}
    assert admin.post(f"/desk/gis/{unclear}/", close).status_code == 302
    assert admin.post(f"/desk/gis/{unclear}/", again).status_code == 422
    assert exchange.health(gis_appeals.GATE, at=NOW).trouble == 0
    assert "помощь не нужна" in admin.get("/desk/gis/?state=trouble").content.decode()

    for odd in ("state='--&before=x", "before=9", "before=" + "9" * 40):
        assert admin.get(f"/desk/gis/?{odd}").status_code == 200
    assert admin.get("/desk/gis/999999/").status_code == 404
    for role in ("operator", "cashier"):
        other = signed_in(people.staff[role].user_id, proved=True)
        assert other.get("/desk/gis/").status_code == 403
        assert other.post(f"/desk/gis/{anew.id}/", close).status_code == 403


def test_an_appeal_is_redirected_on_the_portal_once_by_who_may_see_its_case(people):
    appeal, operator = an_appeal(), people.staff["operator"]
    refused = a_request("answer", key="a", state="", appeal=appeal)
    gis_appeals.refused(exchange.request(refused), problem="INT002000", text="Нет такого", at=NOW)
    address = f"/desk/cases/{appeal.case.number.removeprefix('ОБ-')}/portal/"
    client = signed_in(operator.user_id, proved=True)

    beside = client.get(address.removesuffix("portal/")).content.decode()
    assert address in beside and "портал отказал: отправить ответ" in beside
    page = client.get(address).content.decode()
    assert "Назовите точное время" in page and appeal.case.number in page
    bad = client.post(address, {"choice": "redirect", "receiver": "'; --", "text": LONG, "request_key": "k1"})
    assert bad.status_code == 422 and "36 знаков" in bad.content.decode() and "🙏" in bad.content.decode()
    missing = client.post(address, {"choice": "redirect", "receiver": "", "text": "Не наш", "request_key": "k1"})
    assert "Укажите организацию" in missing.content.decode()
    good = {"choice": "redirect", "receiver": str(appeal.guid), "text": LONG, "request_key": "k1"}
    assert [client.post(address, good).status_code for _ in range(2)] == [302, 302]
    client.post(address, {"choice": "not_required", "text": "Отозвано", "request_key": "k2"})
    assert [one.kind for one in exchange.requests(gis_appeals.GATE)] == ["not_required", "redirect", "answer"]

    assert signed_in(people.staff["administrator"].user_id, proved=True).get(address).status_code == 403
    supervisor = people.staff["supervisor"].user_id
    cases.name_complained_about(appeal.case_id, users=[operator.user_id], units=[], by=supervisor, at=NOW)
    assert client.get(address).status_code == 404
    assert client.get(address.replace("000001", "000009")).status_code == 404
