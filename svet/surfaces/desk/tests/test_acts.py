"""A meter changes by an act at the desk: looked at first, recorded as shown, with scans, and taken back."""

import html
import re
import time
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as accounts_of
from svet.domains.metering import actions as metering
from svet.domains.metering import queries
from svet.domains.tariffs import actions as tariffs
from svet.infra.models import StoredFile
from svet.kernel.period import Month
from tests import cast, doors, reference, scans
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
TODAY = cast.NOW.date()
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    found = cast.assemble()
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    for person in (found.anna, found.igor):
        metering.mark_billed([person.account.id], month=Month("2026-10"), at=cast.NOW)
    return found


@pytest.fixture
def browser(people):
    return at_the_desk(people, "supervisor")


def at_the_desk(people, role, person=None):
    browser = signed_in(people.staff[role].user_id, proved=True)
    return doors.identified(browser, (person or people.anna).number)


def address(person, kind="replacement"):
    return reverse("desk:new_act", args=[person.number, kind])


def typed(**changes):
    return {
        "request_key": KEY, "removed_on": "2026-11-10", "old_1": "13700", "installed_on": "2026-11-12",
        "serial": "90000017", "model": "Нева МТ 124", "zoning": "1", "new_1": "0", "new_2": "", "new_3": "",
        "digits": "6", "fraction_digits": "0", "multiplier": "1", "due_on": "2042-11-01", "number": "17/А",
        "signed_by": "Кузнецов А. В.", "seals": "АБ 001122", "note": "Вышел срок", **changes,
    }  # fmt: skip


def ask(browser, person, kind="replacement", *, scan=None, **changes):
    files = {"scans": [SimpleUploadedFile(name, content) for name, content in scan]} if scan else {}
    return browser.post(address(person, kind), typed(**changes) | files)


def confirmation(answer):
    return html.unescape(re.search(r'name="confirmed" value="([^"]*)"', text(answer))[1])


def kept(answer):
    return re.findall(r'name="scan" value="([^"]*)"', text(answer))


def record(browser, person, kind="replacement", **changes):
    seen = ask(browser, person, kind, **changes)
    assert seen.status_code == 200, errors(seen)
    changes.pop("scan", None)
    data = typed(**changes) | {"confirmed": confirmation(seen), "scan": kept(seen)}
    return browser.post(address(person, kind), data)


def text(answer):
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def errors(answer):
    return re.findall(r'class="error"[^>]*><span[^>]*>Ошибка: </span>([^<]*)', text(answer))


def hanging(person):
    return [form.meter_serial for form in queries.form_for(person.account.id, on=TODAY)]


def test_an_act_is_shown_before_it_is_recorded(people, browser):
    shown = ask(browser, people.anna)

    assert shown.status_code == 200
    assert "100 кВт·ч" in text(shown)
    assert "Счёт за ноябрь" in text(shown)
    assert "Без этого акта было бы" in text(shown)
    assert hanging(people.anna) == [people.anna.serial]
    assert queries.acts_of(people.anna.account.id) == []


def test_a_confirmed_act_is_recorded_as_it_was_shown(people, browser):
    answer = record(browser, people.anna)

    assert answer.status_code == 302, errors(answer)
    assert hanging(people.anna) == ["90000017"]
    page = text(browser.get(answer.url))
    for words in ("17/А", "Кузнецов А. В.", "АБ 001122", "13 700", "90000017", "1 ноября 2042"):
        assert words in page
    card = text(browser.get(reverse("desk:card_meters", args=[people.anna.number])))
    assert "Замена счётчика" in card
    assert people.anna.serial in card


def test_a_double_confirmation_makes_one_act(people, browser):
    first = record(browser, people.anna)
    second = ask(browser, people.anna, confirmed="x")

    assert first.url == second.url
    assert len(queries.acts_of(people.anna.account.id)) == 1


def test_a_confirmation_is_of_what_was_shown_and_of_nothing_else(people, browser):
    seen = confirmation(ask(browser, people.anna))

    for answer in (
        ask(browser, people.anna, confirmed=seen, old_1="13701"),
        ask(browser, people.anna, confirmed=seen, number="18"),
        ask(browser, people.anna, confirmed="forged"),
    ):
        assert answer.status_code == 200
        assert queries.acts_of(people.anna.account.id) == []


def test_a_scan_is_kept_over_an_error_and_goes_with_the_act(people, browser):
    wrong = ask(browser, people.anna, scan=[("акт 17.pdf", scans.pdf())], serial="")
    assert wrong.status_code == 422
    assert "акт 17.pdf" in text(wrong)
    keys = kept(wrong)

    seen = ask(browser, people.anna, scan=[("фото.jpg", scans.picture())])
    both = browser.post(address(people.anna), typed(scan=[*keys, *kept(seen)]))
    done = browser.post(address(people.anna), typed(scan=kept(both), confirmed=confirmation(both)))

    assert [one.name for one in queries.acts_of(people.anna.account.id)[0].scans] == ["акт 17.pdf", "фото.jpg"]
    page = text(browser.get(done.url))
    link = re.search(r'href="([^"]*/scans/\d+/)"', page)[1]
    file = browser.get(link)
    assert file.content == scans.pdf()
    assert file["Content-Disposition"].startswith("attachment;")
    assert file["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file["Content-Type"] == "application/pdf"


def test_a_scan_may_be_left_out_again(people, browser):
    seen = ask(browser, people.anna, scan=[("акт.pdf", scans.pdf())])
    (key,) = kept(seen)

    again = browser.post(address(people.anna), typed(scan=[key], drop_scan=[key]))

    assert kept(again) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("акт.pdf", b"<html><script>alert(1)</script>", "не PDF"),
        ("акт.pdf", b"MZ\x90", "не PDF"),
        ("акт.jpg", b"\xff\xd8\xffnothing", "повреждён"),
        ("акт.pdf", b"", "пуст"),
        ('"><img src=x>.pdf', b"no", "не PDF"),
    ],
)
def test_a_file_that_lies_is_refused_beside_the_field(people, browser, name, content, words):
    answer = ask(browser, people.anna, scan=[(name, content)])

    assert answer.status_code == 422
    assert any(words in one for one in errors(answer))
    assert "<img src=x>" not in text(answer)
    assert not StoredFile.objects.exists()


def test_a_scan_of_somebody_else_is_not_taken(people, browser):
    other = at_the_desk(people, "operator")
    (key,) = kept(ask(other, people.anna, scan=[("акт.pdf", scans.pdf())]))

    seen = browser.post(address(people.anna), typed(scan=[key, "forged", "../../etc/passwd", "'"]))

    assert kept(seen) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"old_1": ""}, "Введите показание или отметьте"),
        ({"old_1": "1e5"}, "—"),
        ({"old_1": "'; --"}, "—"),
        ({"new_1": ""}, "Введите показание Т1"),
        ({"zoning": "2", "new_2": ""}, "Введите показание Т2"),
        ({"zoning": "9"}, "Выберите из списка"),
        ({"serial": "😀"}, "Номер счётчика"),
        ({"serial": "1" * 300}, "Не длиннее 50"),
        ({"digits": "99"}, "Целое число"),
        ({"multiplier": "0"}, "больше нуля"),
        ({"multiplier": "nan"}, "больше нуля"),
        ({"due_on": "2020-01-01"}, "Срок поверки вышел"),
        ({"removed_on": "2026-12-01"}, "ещё не наступило"),
        ({"removed_on": "31.02.2026"}, "Укажите день"),
        ({"installed_on": "2026-11-09"}, "Проверьте дни"),
        ({"removed_on": "2026-10-01", "installed_on": "2026-10-01"}, "позже снятия"),
        ({"number": " "}, "Напишите номер акта"),
        ({"signed_by": ""}, "кто подписал"),
        ({"note": "я" * 401}, "Не длиннее 400"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(people, browser, changes, words):
    answer = ask(browser, people.anna, **changes)

    assert answer.status_code == 422
    found = errors(answer)
    assert found
    assert words == "—" or any(words in html.unescape(one) for one in found)
    assert "Кузнецов" in text(answer) or "signed_by" in changes
    assert queries.acts_of(people.anna.account.id) == []


def test_a_meter_that_hangs_elsewhere_is_refused_without_telling_where(people, browser):
    answer = ask(browser, people.anna, serial=people.vera.serial, model="СЭБ")

    assert "стоит по другому адресу" in text(answer)
    assert people.vera.name.split()[0] not in text(answer)


def test_a_lower_last_value_is_asked_about_and_may_be_confirmed(people, browser):
    seen = ask(browser, people.anna, old_1="13500")
    assert "Проверьте показания" in text(seen)

    assert ask(browser, people.anna, old_1="13500", confirmed=confirmation(seen)).status_code == 302


def test_quotes_and_signs_stay_words(people, browser):
    answer = record(browser, people.anna, signed_by="О'Нил <b>& «Сети»", number='17"/А')

    assert "О&#x27;Нил &lt;b&gt;&amp; «Сети»" in text(browser.get(answer.url))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("removal", {}),
        ("verification", {"on": "2026-11-12"}),
        ("sealing", {"on": "2026-11-12"}),
    ],
)
def test_the_other_acts_go_the_same_way(people, browser, kind, changes):
    answer = record(browser, people.anna, kind, **changes)

    assert answer.status_code == 302, errors(answer)
    assert queries.acts_of(people.anna.account.id)[0].kind == kind


def test_a_removed_meter_is_followed_by_another(people, browser):
    record(browser, people.anna, "removal")
    assert "Счётчика нет" in text(browser.get(reverse("desk:card_meters", args=[people.anna.number])))

    answer = record(browser, people.anna, "installation", request_key="a" * 32)

    assert answer.status_code == 302, errors(answer)
    assert hanging(people.anna) == ["90000017"]


def test_an_act_is_taken_back_from_the_journal(people, browser):
    act = record(browser, people.anna).url
    journal = text(browser.get(reverse("desk:card_journal", args=[people.anna.number])))
    assert "Заменён счётчик" in journal
    assert act in journal

    assert browser.post(f"{act}undo/", {"reason": ""}).status_code == 422
    assert browser.post(f"{act}undo/", {"reason": "Не та квартира"}).status_code == 302

    assert "Акт отменён" in text(browser.get(act))
    assert "отменено" in text(browser.get(reverse("desk:card_journal", args=[people.anna.number])))
    assert hanging(people.anna) == [people.anna.serial]
    again = browser.post(f"{act}undo/", {"reason": "Ещё раз"})
    assert (again.status_code, "уже отменён" in text(again)) == (422, True)


def test_the_act_of_another_account_is_not_there(people, browser):
    act = record(browser, people.anna, scan=[("акт.pdf", scans.pdf())]).url
    assert browser.get(f"{act}scans/987654321/").status_code == 404
    other = doors.identified(browser, people.vera.number)
    elsewhere = act.replace(people.anna.number, people.vera.number)

    assert other.get(elsewhere).status_code == 404
    assert other.post(f"{elsewhere}undo/", {"reason": "x"}).status_code == 404
    assert other.get(f"{elsewhere}scans/1/").status_code == 404


@pytest.mark.parametrize("role", ["cashier", "head", "auditor"])
def test_who_may_not_change_supply_records_no_act(people, role):
    if role not in people.staff:
        pytest.fail(f"{role} is not in the cast")
    answer = ask(at_the_desk(people, role), people.anna)

    assert answer.status_code == 403
    assert queries.acts_of(people.anna.account.id) == []


def test_an_operator_records_and_does_not_take_back(people):
    operator = at_the_desk(people, "operator")
    act = record(operator, people.anna).url

    assert "Отменить акт" not in text(operator.get(act))
    assert operator.post(f"{act}undo/", {"reason": "x"}).status_code == 403


def test_a_closed_door_takes_no_act(people):
    stranger = signed_in(people.staff["operator"].user_id, proved=True)

    assert ask(stranger, people.anna).status_code == 302
    assert queries.acts_of(people.anna.account.id) == []


def test_an_unknown_kind_or_meter_is_told(people, browser):
    assert browser.get(address(people.anna, "theft")).status_code == 404
    answer = browser.get(f"{address(people.anna)}?meter=forged")
    assert answer.url == reverse("desk:card_meters", args=[people.anna.number])


def test_a_closed_account_takes_no_act(people, browser):
    accounts.end_agreement(
        accounts_of.agreements_of(people.anna.account.id, on=TODAY)[0].id, until_on=TODAY, at=cast.NOW
    )
    accounts.close_account(people.anna.account.id, closed_on=TODAY, at=cast.NOW)

    answer = browser.get(address(people.anna), follow=True)

    assert "ничего не поставляется" in text(answer)
    assert "Заменить" not in text(answer)


def test_signed_out_in_between_nothing_is_recorded(people, browser):
    seen = confirmation(ask(browser, people.anna))
    browser.logout()

    assert ask(browser, people.anna, confirmed=seen).status_code == 302
    assert queries.acts_of(people.anna.account.id) == []


def test_a_meter_replaced_meanwhile_by_somebody_else_is_told(people, browser):
    seen = confirmation(ask(browser, people.anna))
    record(at_the_desk(people, "operator"), people.anna, request_key="b" * 32, serial="90000099")

    answer = browser.post(f"{address(people.anna)}?meter={people.anna.serial}", typed(confirmed=seen), follow=True)

    assert "Выберите, с каким счётчиком" in text(answer)
    assert len(queries.acts_of(people.anna.account.id)) == 1


def test_a_two_zone_meter_has_both_last_values_asked(people):
    browser = at_the_desk(people, "supervisor", people.igor)

    wrong = ask(browser, people.igor, old_1="9300", old_2="")
    assert wrong.status_code == 422
    seen = ask(browser, people.igor, old_1="9300", old_2="4550")
    assert "день" in text(seen)
    done = ask(browser, people.igor, old_1="9300", old_2="4550", confirmed=confirmation(seen))
    assert done.status_code == 302
    act = queries.acts_of(people.igor.account.id)[0]
    assert [one.kwh for one in act.removed.values] == [Decimal(60), Decimal(50)]
    assert act.installed.on == date(2026, 11, 12)
