"""Benefits and acts of unmetered use at the desk: shown first, recorded once, ended, taken back, told in journals."""

import html
import re
import time
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from svet.domains.benefits import actions as benefits
from svet.domains.benefits import queries as entitled
from svet.domains.billing import actions as billing
from svet.domains.billing import jobs
from svet.domains.billing import queries as bills
from svet.domains.tariffs import actions as tariffs
from svet.kernel.period import Month
from tests import cast, doors, reference, scans
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
OCTOBER = Month("2026-10")
KEY = "0123456789abcdef0123456789abcdef"
NAME = "О'Нил-Иванова Анна <b>🌞"


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    found = cast.assemble()
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    benefits.load_kinds(at=cast.NOW)
    return found


def at_the_desk(people, role="supervisor"):
    return doors.identified(signed_in(people.staff[role].user_id, proved=True), people.anna.number)


def text(answer):
    return html.unescape(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def confirmed(answer):
    return re.search(r'name="confirmed" value="(\w+)"', text(answer))[1]


def charge_october():
    run = billing.start_run(month=OCTOBER, started_by=None, at=cast.NOW)
    jobs.work_off(run, at=cast.NOW)
    return run


def benefit(**changes):
    return {
        "request_key": KEY, "kind": "many_children", "holder": NAME, "document": "Удостоверение № 7", "people": "1",
        "from_on": "2026-10-01", "last_on": "", "reason": "Заявление", **changes,
    }  # fmt: skip


def entitlements(people):
    return entitled.entitlements_of(people.anna.account.id)


def test_a_benefit_is_foretold_recorded_once_ended_resumed_and_undone_with_the_engineer_told(people):
    charge_october()
    browser, number = at_the_desk(people), people.anna.number
    new = reverse("desk:new_benefit", args=[number])
    for wrong, told in (
        ({"kind": ""}, "Выберите вид"),
        ({"kind": "forged"}, "Выберите из списка"),
        ({"holder": " "}, "у кого льгота"),
        ({"holder": "я" * 201}, "Не длиннее 200"),
        ({"document": ""}, "Напишите документ"),
        ({"people": "21"}, "от 1 до 20"),
        ({"people": "двое"}, "от 1 до 20"),
        ({"last_on": "2026-09-30"}, "раньше первого"),
        ({"from_on": "2001-01-01"}, "не поставляли"),
        ({"from_on": "вчера"}, "Укажите день"),
        ({"reason": " "}, "почему"),
        ({"request_key": "x"}, "Ошибка"),
    ):
        answer = browser.post(new, benefit(**wrong))
        assert answer.status_code == 422, wrong
        assert told in text(answer), wrong
    seen = browser.post(new, benefit())
    assert re.search(r"За октябрь( 2026)? уже начислено", text(seen)), re.findall("За [^<]*", text(seen))
    assert "Без льготы было бы" in text(seen)
    assert entitlements(people) == []

    other = browser.post(new, benefit(kind="war_veteran", confirmed=confirmed(seen)))
    assert "данные изменились" in text(other)
    sure = benefit(confirmed=confirmed(seen))
    recorded = browser.post(new, sure)
    assert recorded.status_code == 302
    assert browser.post(new, sure).url == recorded.url
    (one,) = entitlements(people)
    assert (one.holder, one.out_on) == (NAME, None)
    assert "уже записана" in text(browser.post(new, benefit(request_key="f" * 32)))
    (waiting,) = bills.waiting_recalculations()
    assert (waiting.why, [month.text for month in waiting.months]) == ("benefit", ["2026-10"])
    engineer = signed_in(people.staff["billing_engineer"].user_id, proved=True)
    asked = text(engineer.get(reverse("desk:settle_recalculation", args=[waiting.recalculation_id])))
    assert "cause=benefit" in asked
    cashier = signed_in(people.staff["cashier"].user_id, proved=True)
    assert cashier.get(new).status_code == 403


def recorded_benefit(people, browser):
    seen = browser.post(reverse("desk:new_benefit", args=[people.anna.number]), benefit())
    sure = benefit(confirmed=confirmed(seen))
    return browser.post(reverse("desk:new_benefit", args=[people.anna.number]), sure).url


def test_a_benefit_is_ended_resumed_and_undone_and_each_waits_for_the_engineer(people):
    charge_october()
    browser, number = at_the_desk(people), people.anna.number
    page = recorded_benefit(people, browser)
    (one,) = entitlements(people)
    here = [number, one.id]
    end, resume, undo = (reverse(f"desk:{what}_benefit", args=here) for what in ("end", "resume", "undo"))
    assert "не раньше этого дня" in text(browser.post(end, {"end-last_on": "2026-09-01", "end-reason": "x"}))
    assert browser.post(end, {"end-last_on": "2026-10-15", "end-reason": " "}).status_code == 422
    assert browser.post(end, {"end-last_on": "2026-10-15", "end-reason": "Истёк срок"}).status_code == 302
    again = browser.post(end, {"end-last_on": "2026-10-16", "end-reason": "Истёк срок"})
    assert "уже закончили" in text(again)
    assert "15 октября" in text(browser.get(reverse("desk:card_benefits", args=[number])))
    assert browser.post(resume, {"resume-reason": "Продлили"}).status_code == 302
    assert "действует снова" in text(browser.post(resume, {"resume-reason": "Продлили"}))
    operator = at_the_desk(people, "operator")
    assert operator.post(undo, {"undo-reason": "x"}).status_code == 403
    journal = text(browser.get(reverse("desk:card_journal", args=[number])))
    assert f'href="{page}"' in journal
    assert browser.post(undo, {"undo-reason": " "}).status_code == 422
    assert browser.post(undo, {"undo-reason": "Не тот счёт"}).status_code == 302
    assert "уже отменена" in text(browser.post(undo, {"undo-reason": "Ещё"}))
    assert len(bills.waiting_recalculations()) == 4

    journal = text(browser.get(reverse("desk:card_journal", args=[number])))
    for words in ("Записана льгота", "Льгота закончилась", "Льгота действует снова", "Льгота отменена", "Многодетные"):
        assert words in journal
    for strange in (reverse("desk:benefit", args=[number, 999999]), reverse("desk:benefit", args=[*here[:1], 0])):
        assert browser.get(strange).status_code == 404
    assert browser.post(reverse("desk:end_benefit", args=[number, 999999]), {"end-last_on": "2026-10-15",
                        "end-reason": "x"}).status_code == 404  # fmt: skip


def test_the_report_of_a_month_adds_up_and_goes_into_a_spreadsheet(people):
    browser = at_the_desk(people)
    seen = browser.post(reverse("desk:new_benefit", args=[people.anna.number]), benefit(holder="=1+1"))
    sure = benefit(holder="=1+1", confirmed=confirmed(seen))
    browser.post(reverse("desk:new_benefit", args=[people.anna.number]), sure)
    charge_october()
    engineer = signed_in(people.staff["billing_engineer"].user_id, proved=True)

    page = text(engineer.get(reverse("desk:benefit_report")))
    book = engineer.get(reverse("desk:benefit_report_xlsx", args=[OCTOBER]))

    report = bills.benefit_report(OCTOBER)
    assert report.total == report.control > 0
    assert f"{report.total:,.2f}".replace(",", " ").replace(".", ",") in page
    assert "не сходятся" not in page
    with ZipFile(BytesIO(book.content)) as parts:
        words, cells = (parts.read(f"xl/{one}.xml").decode() for one in ("sharedStrings", "worksheets/sheet1"))
    assert "=1+1" in words
    assert people.anna.number in words
    assert "<f>" not in cells
    assert cells.count(f"<v>{report.total}</v>") == 4  # the row and three sums
    assert "льгот не начислено" in text(engineer.get(reverse("desk:benefit_report_of_month", args=["2025-01"])))
    operator = signed_in(people.staff["operator"].user_id, proved=True)
    assert operator.get(reverse("desk:benefit_report")).status_code == 403


def act(**changes):
    return {
        "request_key": KEY, "kind": "connection", "note": "Провод мимо счётчика <b>'🙂", "found_on": "2026-11-10",
        "ended_on": "2026-11-11", "since_on": "2026-11-01", "checked_on": "", "power_kw": "2,2", "number": "БУ-1",
        "signed_by": "Кузнецов А. В.", **changes,
    }  # fmt: skip


def test_an_act_of_unmetered_use_shows_what_it_costs_is_recorded_once_and_taken_back(people):
    browser, number = at_the_desk(people), people.anna.number
    new = reverse("desk:new_unmetered", args=[number])
    for wrong, told in (
        ({"kind": "theft"}, "Выберите из списка"),
        ({"note": " "}, "что обнаружили"),
        ({"note": "я" * 1001}, "Не длиннее"),
        ({"found_on": "2026-12-01", "ended_on": "2026-12-02"}, "не наступило"),
        ({"ended_on": "2026-11-09"}, "не раньше"),
        ({"since_on": "2026-11-11"}, "позже дня"),
        ({"since_on": "2019-01-01"}, "не посчитать"),
        ({"power_kw": "0"}, "больше нуля"),
        ({"power_kw": "много"}, "больше нуля"),
        ({"number": ""}, "номер акта"),
        ({"signed_by": " "}, "кто подписал"),
    ):
        answer = browser.post(new, act(**wrong))
        assert answer.status_code == 422, wrong
        assert told in text(answer), wrong
    bad = browser.post(new, act() | {"scans": [SimpleUploadedFile("a.exe", b"MZ")]})
    assert bad.status_code == 422

    seen = browser.post(new, act() | {"scans": [SimpleUploadedFile("Акт.png", scans.picture("PNG"))]})
    assert "528 кВт·ч" in text(seen)
    assert bills.unmetered_acts_of(people.anna.account.id) == []
    kept = re.findall(r'name="scan" value="([^"]*)"', text(seen))
    other = browser.post(new, act(power_kw="3") | {"scan": kept, "confirmed": confirmed(seen)})
    assert "Данные изменились" in text(other)
    sure = act() | {"scan": kept, "confirmed": confirmed(seen)}
    recorded = browser.post(new, sure)
    assert recorded.status_code == 302
    assert browser.post(new, sure).url == recorded.url
    (one,) = bills.unmetered_acts_of(people.anna.account.id)
    page = text(browser.get(recorded.url))
    assert "Провод мимо счётчика <b>'🙂" in page
    assert "Акт.png" in page
    (scan,) = one.scans
    given = browser.get(reverse("desk:unmetered_scan", args=[number, one.id, scan.id]))
    assert given.status_code == 200
    assert browser.get(reverse("desk:unmetered_scan", args=[number, one.id, scan.id + 999])).status_code == 404
    assert "БУ-1" in text(browser.get(reverse("desk:card_meters", args=[number])))

    undo = reverse("desk:undo_unmetered", args=[number, one.id])
    assert at_the_desk(people, "operator").post(undo, {"reason": "x"}).status_code == 403
    assert f'href="{recorded.url}"' in text(browser.get(reverse("desk:card_journal", args=[number])))
    assert browser.post(undo, {"reason": " "}).status_code == 422
    assert browser.post(undo, {"reason": "Ошибка"}).status_code == 302
    assert "уже отменён" in text(browser.post(undo, {"reason": "Ошибка"}))
    journal = text(browser.get(reverse("desk:card_journal", args=[number])))
    assert "Акт о безучётном потреблении отменён" in journal
    cashier = signed_in(people.staff["cashier"].user_id, proved=True)
    assert cashier.get(new).status_code == 403


def test_an_act_recorded_while_a_run_is_under_way_goes_to_the_next_month(people):
    browser, number = at_the_desk(people), people.anna.number
    terms = {"found_on": "2026-10-20", "ended_on": "2026-10-21", "since_on": "2026-10-11"}
    new = reverse("desk:new_unmetered", args=[number])
    seen = browser.post(new, act(**terms))
    assert "октябрь" in text(seen)
    charge_october()

    late = browser.post(new, act(**terms) | {"confirmed": confirmed(seen)})
    assert "Данные изменились" in text(late)
    assert browser.post(new, act(**terms) | {"confirmed": confirmed(late)}).status_code == 302

    (one,) = bills.unmetered_acts_of(people.anna.account.id)
    assert one.counts_in == OCTOBER.next
