"""The page of SMS that came: filters, phones, hostile texts; and the instruction on the public site."""

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from svet.domains.notifications import actions
from svet.flows.sms_readings import answer_sms
from tests import cast
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

NAUGHTY = "<script>alert(1)</script> \u202e4512 😀 " + "ы" * 400


@pytest.fixture
def operator():
    people = cast.assemble()
    came = [
        ("+79161000001", "3300000019 13760"),
        ("+79161000002", NAUGHTY),
        ("0611", "Баланс 12 руб"),
        ("+79161000001", "да"),
    ]
    for count, (phone, text) in enumerate(came):
        sms_id = actions.note_sms(str(count), phone=phone, text=text, is_whole=True, received_at=cast.NOW)
        answer_sms(sms_id, at=cast.NOW)
    return signed_in(people.staff["operator"].user_id, proved=True)


def test_sms_are_shown_with_what_became_of_them_by_state_and_phone(operator):
    page = reverse("desk:incoming_sms")
    everything = operator.get(page).content.decode()

    assert "<script>alert" not in everything
    assert "Приняли: счёт …0019, 13760 на 18.11.2026. Спасибо!" in everything
    assert reverse("desk:account", args=["3300000019"]) in everything
    assert "короткий номер или имя" in everything
    taken = operator.get(page, {"state": "taken"}).content.decode()
    assert ("3300000019 13760" in taken, "Баланс" in taken) == (True, False)
    by_phone = operator.get(page, {"phone": "8 (916) 100-00-02"}).content.decode()
    assert ("alert(1)" in by_phone, "13760" in by_phone) == (True, False)
    for odd in ({"state": "'"}, {"page": "0"}, {"page": "999999"}, {"page": "x"}, {"phone": "😀\0'"}):
        assert operator.get(page, odd).status_code == 200


def test_anybody_reads_and_prints_how_to_send_readings_by_sms(db, settings):
    settings.SMS_NUMBER = "4242"
    page = Client().get(reverse("website:sms_readings")).content.decode()
    leaflet = Client().get(reverse("website:sms_leaflet"))

    assert "день 4512 ночь 2301" in page
    assert ">4242<" in page
    assert leaflet.content.startswith(b"%PDF-")
    settings.SMS_NUMBER = ""
    caches["pages"].clear()  # settings change with the process, and its memory goes with it
    assert "не принимаем" in Client().get(reverse("website:sms_readings")).content.decode()
