"""SMS from people through a real Kannel: in any alphabet, in parts, answered by SMS; and its door."""

import base64
import time

import pytest
from django.urls import reverse

from svet.domains.customers import actions as customers
from svet.domains.customers.rules import ContactKind
from svet.domains.notifications import queries
from svet.domains.offices import actions as offices
from svet.infra import clock
from svet.infra.models import InboxMessage
from svet.surfaces.gates.jobs import answer_sms, send_messages
from svet.surfaces.gates.sms.parse import parse_push, raw_form
from svet.surfaces.gates.tests.conftest import PASSWORD, until
from tests import cast

ANNA = "+79161000001"


@pytest.fixture
def people(request, monkeypatch):
    request.getfixturevalue("transactional_db" if "kannel" in request.fixturenames else "db")
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    offices.load_reference(at=clock.now())
    found = cast.assemble()
    customers.add_contact(
        found.anna.account.customer_id, kind=ContactKind.PHONE, value=ANNA, from_on=cast.LONG_AGO, at=cast.NOW
    )
    return found


def came():
    return queries.sms_page()[0]


def test_readings_come_in_any_alphabet_and_in_parts_and_the_answer_goes_back(people, operator, kannel):
    operator.says("Показания 13760".encode("utf-16-be"), phone=ANNA.lstrip("+"))
    assert until(lambda: [one.state for one in came()] == ["taken"])
    send_messages(timestamp=0)
    assert until(lambda: operator.parts)
    assert operator.text().startswith("Приняли: счёт …0019, 13760 на 18.11.2026. Спасибо!")
    assert operator.parts[0].destination_addr.lstrip("+") == ANNA.lstrip("+")

    operator.says(b"pokazaniya 13765", phone=ANNA.lstrip("+"), coding=0)
    whole = "лицевой счёт 3300000019 показания моего электрического счётчика за ноябрь 13770 спасибо вам большое"
    for part, text in enumerate((whole[:60], whole[60:]), 1):
        header = bytes([5, 0, 3, 77, 2, part])
        operator.says(header + text.encode("utf-16-be"), phone=ANNA.lstrip("+"), esm_class=0x40)
    operator.says(b"", phone=ANNA.lstrip("+"), coding=0)
    operator.says(bytes(range(1, 128)), phone=ANNA.lstrip("+"), coding=0)
    operator.says(bytes(range(256))[:140], phone=ANNA.lstrip("+"), coding=4)
    assert until(lambda: len(came()) == 6 and all(one.state != "new" for one in came()))

    texts = {one.text: one.state for one in came()}
    assert (texts["pokazaniya 13765"], texts[whole], texts[""]) == ("taken", "taken", "refused")
    assert sorted(texts.values()) == ["refused"] * 3 + ["taken"] * 3
    assert InboxMessage.objects.filter(gate="sms").count() == len(came())
    assert "Показания 13760".encode("utf-16-be") in bytes(InboxMessage.objects.filter(gate="sms").earliest("pk").raw)


class TestTheDoor:
    """What Kannel posts, without Kannel."""

    def push(
        self,
        client,
        body,
        *,
        sms_id="one",
        password=PASSWORD,
        sender=ANNA,
        content_type="text/plain; charset=UTF-8",
        **more,
    ):
        secret = base64.b64encode(f"kannel:{password}".encode()).decode()
        return client.generic(
            "POST",
            reverse("gates:sms_in", args=[sms_id]),
            data=body,
            content_type=content_type,
            headers={"Authorization": f"Basic {secret}", "X-Kannel-From": sender, **more.pop("headers", {})},
            **more,
        )

    @pytest.fixture(autouse=True)
    def secret(self, monkeypatch, settings):
        monkeypatch.setenv(settings.SMS_SECRET_NAME, PASSWORD)

    def test_only_the_gateway_with_its_password_brings_sms(self, db, client, monkeypatch, settings):
        assert self.push(client, b"1", password="wrong").status_code == 401
        assert self.push(client, b"1", REMOTE_ADDR="203.0.113.5").status_code == 403
        assert client.get(reverse("gates:sms_in", args=["one"])).status_code == 405
        assert self.push(client, b"1", sms_id="x" * 201).status_code == 400
        assert self.push(client, b"1", sms_id="\0").status_code == 400
        monkeypatch.delenv(settings.SMS_SECRET_NAME)
        assert self.push(client, b"1").status_code == 401
        assert InboxMessage.objects.count() == 0

    def test_the_same_sms_twice_is_one_and_one_that_failed_is_answered_by_the_job(self, people, client, monkeypatch):
        for _ in range(2):
            assert self.push(client, "показания 13760".encode()).status_code == 200
        assert [(one.state, one.phone) for one in came()] == [("taken", ANNA)]

        lost = InboxMessage.objects.create(
            gate="sms", external_id="two", received_at=clock.now(), raw=raw_form({"X-Kannel-From": ANNA}, body=b"13770")
        )
        assert answer_sms(timestamp=0) == 1
        assert [one.state for one in came()] == ["taken", "taken"]
        lost.refresh_from_db()
        assert (lost.state, answer_sms(timestamp=0)) == ("done", 0)

    def test_whatever_bytes_come_are_kept_and_answered(self, people, client):
        bodies = {
            "empty": (b"", "text/plain"),
            "all": (bytes(range(256)), "application/octet-stream"),
            "odd": (b"\x04\x1f\x04", 'text/plain; charset="UTF-16BE"'),
            "half": (b"\xd8\x3d", "text/plain; charset=UTF-16BE"),
            "long": (("слово " * 1_700).encode(), "text/plain; charset=UTF-8"),
            "strange": ("показания 13760".encode("cp1251"), "text/plain; charset=x-klingon"),
            "zero": (b"\x00\x00 13770", "text/plain; charset=UTF-8"),
        }
        for name, (body, content_type) in bodies.items():
            assert (
                self.push(
                    client, body, sms_id=name, content_type=content_type, sender=f"7916200000{len(name)}"
                ).status_code
                == 200
            )
        kept = {one.external_id: bytes(one.raw).partition(b"\r\n\r\n")[2] for one in InboxMessage.objects.all()}
        assert kept == {name: body for name, (body, _) in bodies.items()}
        assert {one.external_id for one in came() if one.state == "refused"} == set(bodies)

    def test_a_part_that_came_alone_is_not_read(self, people, client):
        self.push(client, b"13760", headers={"X-Kannel-UDH": "0500034D0201"})
        self.push(client, b"13760", sms_id="two", headers={"X-Kannel-UDH": "%05%00%03%4D%01%01"})

        assert [one.outcome for one in came()] == ["accepted", "part_missing"]


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n\r\n", b"\xff" * 40, b"x-kannel-udh: 05\r\n\r\n1", b"x-kannel-udh: %zz\r\n\r\n", b"a" * 10_000]
)
def test_any_kept_bytes_can_be_read(raw):
    assert parse_push(raw).is_whole
