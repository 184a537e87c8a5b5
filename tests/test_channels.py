"""The switchboard of channels (clause M5): what is off refuses politely and says where to go, everywhere at once."""

import dataclasses
import re
import subprocess
import time
import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from django.urls import reverse

from svet.domains.cases import actions as cases
from svet.domains.cases.models import Case, Letter
from svet.domains.offices import actions as offices
from svet.domains.offices import queries
from svet.domains.offices.models import ChannelSwitch
from svet.domains.offices.rules.channels import LONGEST_REDIRECT, OFFERED, Deed, Way
from svet.domains.tariffs import actions as tariffs
from svet.infra.models import AuditRecord, Fact
from svet.kernel.errors import Conflict, DomainError
from svet.surfaces.paper.bill_view import bill_texts
from svet.surfaces.paper.tests import samples
from svet.surfaces.web import sms_words
from svet.surfaces.web.channels import ways_apart
from tests import cast, reference
from tests.architecture.test_urls import signed_in
from tests.doors import identified
from tests.test_sms_readings import ANNA, Phone, people  # noqa: F401

pytestmark = pytest.mark.django_db

GO = "Передайте показания в офисе или позвоните нам"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    reference.load(cases, at=cast.moment(cast.LONG_AGO))


def off(way, deed, **terms):
    given = {"is_on": False, "redirect": GO, "reason": "сломалось", "from_at": None, "by": 1, "at": cast.NOW} | terms
    return offices.turn_channel(way, deed, **given)


def test_the_site_names_what_works_first_and_tells_the_same_advice_once():
    for way in (Way.SMS, Way.OFFICE, Way.PHONE):
        off(way, Deed.READINGS)

    apart = ways_apart(Deed.READINGS)

    assert [one["code"] for one in apart["ways"]] == ["site", "cabinet"]
    assert [(one["names"], one["told"]) for one in apart["off"]] == [(["по СМС", "по телефону", "в офисе"], GO)]


def test_a_turn_holds_from_its_moment_until_the_next_one_and_is_never_rewritten():
    off(Way.SMS, Deed.READINGS, from_at=cast.NOW + timedelta(hours=1))
    off(Way.SMS, Deed.READINGS, is_on=True, reason="починили", from_at=cast.NOW + timedelta(hours=2))

    state = next(one for one in queries.way_states(at=cast.NOW, deed=Deed.READINGS) if one.way is Way.SMS)
    assert (state.is_on, state.next.is_on, state.next.redirect) == (True, False, GO)
    queries.check_channel(Way.SMS, Deed.READINGS, at=cast.NOW)
    with pytest.raises(Conflict, match="channel_is_off"):
        queries.check_channel(Way.SMS, Deed.READINGS, at=cast.NOW + timedelta(minutes=60))
    assert [one.way for one in queries.turned_off(at=cast.NOW + timedelta(minutes=90))] == [Way.SMS]
    assert queries.turned_off(at=cast.NOW + timedelta(minutes=120)) == ()
    assert AuditRecord.objects.filter(verb="offices.channel_turned", reason="починили").count() == 1
    assert Fact.objects.filter(name="offices.channel_turned").count() == 2
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        ChannelSwitch.objects.update(redirect="другое")


@pytest.mark.parametrize(
    ("code", "terms"),
    [
        ("channel_needs_a_redirect", {"redirect": " \n "}),
        ("redirect_is_too_long", {"redirect": "о" * (LONGEST_REDIRECT + 1)}),
        ("turn_needs_a_reason", {"reason": " "}),
        ("turn_is_past", {"from_at": cast.NOW - timedelta(seconds=1)}),
        ("turn_is_too_far", {"from_at": cast.NOW + timedelta(days=400)}),
    ],
)
def test_a_turn_that_makes_no_sense_is_refused(code, terms):
    with pytest.raises(DomainError, match=code):
        off(Way.PHONE, Deed.READINGS, **terms)
    with pytest.raises(DomainError, match="channel_is_not_offered"):
        off(Way.SMS, Deed.PAYMENT)

    assert not ChannelSwitch.objects.exists()


def test_every_offered_way_is_listed_and_on_until_somebody_turns_it():
    states = queries.way_states(at=cast.NOW)

    assert {(one.way, one.deed) for one in states} == {(way, deed) for deed, ways in OFFERED.items() for way in ways}
    assert all(one.is_on and one.since is None for one in states)


def test_the_account_area_refuses_what_is_off_and_leaves_the_rest():
    anna = cast.assemble().anna
    client = signed_in(anna.user_id)
    reading = reverse("cabinet:give_reading", args=[anna.number])
    assert client.get(reading).status_code == 200

    off(Way.CABINET, Deed.READINGS)

    for answer in (client.get(reading), client.post(reading, {"meter": anna.serial, "t1": "13760"})):
        assert answer.status_code == 409
        assert GO in answer.content.decode()
        assert "Сейчас не работает" in answer.content.decode()
    assert client.get(reverse("cabinet:pay", args=[anna.number])).status_code == 200
    off(Way.CABINET, Deed.PAYMENT)
    assert client.get(reverse("cabinet:pay", args=[anna.number])).status_code == 409
    off(Way.CABINET, Deed.APPEALS)
    assert client.get(reverse("cabinet:new_appeal", args=[anna.number])).status_code == 409


def test_the_site_tells_at_once_on_the_status_page_and_the_form_of_appeals_refuses(client):
    assert client.get(reverse("website:new_appeal")).status_code == 200

    off(Way.SITE, Deed.APPEALS, redirect="Напишите на почту")
    off(Way.SMS, Deed.READINGS)

    refused = client.get(reverse("website:new_appeal"))
    said = re.sub(r"<[^>]+>", "", refused.content.decode().split("<main")[1].split("</main>")[0])
    assert (refused.status_code, said.count("Напишите на почту"), said.count("не работает")) == (409, 1, 1)
    status = client.get(reverse("website:status")).content.decode()
    assert "Напишите на почту" in status
    leaflet = client.get(reverse("website:sms_leaflet")).content
    printed = subprocess.run(["pdftotext", "-", "-"], input=leaflet, capture_output=True, check=True).stdout.decode()
    assert "По СМС показания сейчас не принимаем" in printed
    home = client.get("/").content.decode()
    assert "Сейчас не работает. Напишите на почту" in home and home.count("Сейчас не работает") == 1
    assert GO in status
    assert GO in client.get(reverse("website:sms_readings")).content.decode()


def test_an_sms_is_answered_with_where_to_go_but_a_yes_to_our_own_question_is_taken(people):  # noqa: F811
    phone = Phone(ANNA)
    assert phone.says("16760").state == "asked"
    off(Way.SMS, Deed.READINGS)

    assert phone.says("да").outcome == "held"
    assert phone.says("13760").outcome == "channel_is_off"
    assert phone.hears() == f"Показания по СМС не принимаем. {GO}"
    assert phone.says("помощь").outcome == "channel_is_off"
    assert phone.says("стоп").outcome == "stopped"


def test_the_longest_redirect_fits_into_an_answer_by_sms():
    facts = {"answer": "channel_is_off", "redirect": "о" * LONGEST_REDIRECT}

    assert len(sms_words.answer(facts, phone="")) <= sms_words.TWO_PARTS


def test_a_bill_says_it_instead_of_the_way_that_is_off():
    document, company = samples.document(), samples.COMPANY
    ways = {one["name"]: one["text"] for one in bill_texts(document, company=company)["ways"]}
    assert "сейчас не работает" not in ways["Как передать показания"]

    off(Way.PHONE, Deed.READINGS)
    told = queries.turned_off(at=cast.NOW)
    again = bill_texts(document, company=dataclasses.replace(company, turned_off=told))["ways"]
    text = again[0]["text"]
    assert f"По телефону сейчас не работает. {GO}." in text.replace("\u00a0", " ")
    assert "по телефону 8" not in text
    assert again[1]["text"] == ways["Как заплатить"]


def test_a_supervisor_turns_a_channel_at_the_desk_and_an_operator_reads_it_by_the_phone():
    staff = cast.assemble().staff
    client = signed_in(staff["supervisor"].user_id, proved=True)
    page = reverse("desk:turn_channel", args=["readings", "phone"])
    assert client.get(page).status_code == 200
    assert client.post(page, {"redirect": "", "reason": "обрыв", "from_at": ""}).status_code == 422
    assert client.post(page, {"redirect": GO, "reason": "обрыв", "from_at": ""}).status_code == 302
    assert GO in client.get(reverse("desk:channels")).content.decode()
    assert client.get(reverse("desk:turn_channel", args=["payment", "sms"])).status_code == 404

    client = signed_in(staff["operator"].user_id, proved=True)
    assert client.get(page).status_code == 403
    assert GO in client.get(reverse("desk:phone")).content.decode()


def test_the_desk_refuses_readings_by_a_way_that_is_off():
    town = cast.assemble()
    operator = town.staff["operator"].user_id
    client = signed_in(operator, proved=True)
    identified(client, town.anna.number)
    page = reverse("desk:give_reading", args=[town.anna.number])
    assert client.get(page).status_code == 200

    off(Way.OFFICE, Deed.READINGS)

    assert client.get(page).status_code == 409


def test_paper_sheets_and_the_long_form_of_appeals_refuse_what_is_off_and_letters_by_post_still_come():
    town = cast.assemble()
    client = signed_in(town.staff["operator"].user_id, proved=True)
    appeal = {
        "request_key": uuid.uuid4().hex,
        "channel": "at_office",
        "kind": "question",
        "subject": "bill_amount",
        "applicant_kind": "person",
        "name": "Петров Пётр Петрович",
        "postal_address": "Владимир, ул. Мира, 1",
        "text": "Почему такой счёт?",
        "received_on": "2026-11-18",
    }
    off(Way.OFFICE, Deed.READINGS)
    off(Way.OFFICE, Deed.APPEALS)

    assert client.get(reverse("desk:sheets")).status_code == 409
    refused = client.post(reverse("desk:new_case"), appeal)
    assert refused.status_code == 422
    assert GO in refused.content.decode()
    assert "Почему такой счёт?" in refused.content.decode()
    assert not Case.objects.exists()
    by_post = client.post(reverse("desk:new_case"), appeal | {"channel": "by_post"})
    assert by_post.status_code == 302, by_post.context["form"].errors


def test_a_message_to_an_open_appeal_is_not_taken_while_its_way_is_off():
    anna = cast.assemble().anna
    client = signed_in(anna.user_id)
    given = {"request_key": uuid.uuid4().hex, "kind": "question", "subject": "bill_amount", "text": "Почему?"}
    page = client.post(reverse("cabinet:new_appeal", args=[anna.number]), given).headers["Location"]
    off(Way.CABINET, Deed.APPEALS)

    more = {"request_key": uuid.uuid4().hex, "text": "Ещё одно слово"}
    answer = client.post(page, more)

    assert answer.status_code == 422
    assert GO in answer.content.decode()
    assert "Ещё одно слово" in answer.content.decode()
    assert Letter.objects.count() == 1
    off(Way.CABINET, Deed.APPEALS, is_on=True)
    assert client.post(page, more).status_code == 302
    assert Letter.objects.count() == 2
