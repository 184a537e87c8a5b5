"""SMS through a real Kannel to an operator's simulator: Cyrillic whole, reports noted, failures seen."""

import pytest

from svet.domains.notifications import actions, queries
from svet.domains.notifications.rules import most_attempts
from svet.domains.offices import actions as offices
from svet.infra import clock
from svet.surfaces.gates.jobs import send_messages
from svet.surfaces.gates.sms.send import report_url
from svet.surfaces.gates.tests.conftest import free_port, until


def put(key="1") -> int:
    return actions.send(
        "code",
        channel="sms",
        address="+79161234567",
        facts={"what": "sign_in"},
        secret_facts={"code": "493027"},
        key=f"code:{key}",
        at=clock.now(),
    )


@pytest.fixture
def company(transactional_db):
    offices.load_reference(at=clock.now())


def test_a_cyrillic_sms_arrives_whole_and_its_delivery_is_noted(company, operator, kannel):
    number = put()

    send_messages(timestamp=0)

    assert until(lambda: queries.message(number).state == "delivered")
    assert operator.text().startswith("Код для входа в личный кабинет: 493027. Никому его не сообщайте. 8")
    assert len(operator.parts) == 2
    assert {(part.destination_addr.lstrip("+"), part.dest_addr_ton) for part in operator.parts} == {("79161234567", 1)}
    assert {part.source_addr for part in operator.parts} == {"SVET"}


def test_an_sms_that_the_operator_could_not_bring_has_failed(company, operator, kannel):
    number, operator.fate = put(), "UNDELIV"

    send_messages(timestamp=0)

    assert until(lambda: queries.message(number).state == "failed")
    assert [(one.id, one.last_error) for one in queries.failed_messages()] == [(number, "operator_2")]


def test_a_gateway_that_is_down_is_tried_again_then_the_message_has_failed(company, settings, monkeypatch):
    settings.SMS_URL = f"http://127.0.0.1:{free_port()}/cgi-bin/sendsms"
    number, tries = put(), 0
    while queries.message(number).state == "waiting":
        wait = queries.message(number).next_try_at - clock.now()
        monkeypatch.setenv("SVET_CLOCK_OFFSET", str(tries * 3600 + max(wait.total_seconds(), 0) + 1))
        tries += send_messages(timestamp=0)

    assert (tries, queries.failed_count()) == (most_attempts("code"), 1)
    assert queries.message(number).last_error == "ConnectError"


def test_a_gateway_that_refuses_our_password_is_tried_again(company, kannel, settings):
    settings.SMS_PASSWORD = "wrong"
    number = put()

    send_messages(timestamp=0)

    assert (queries.message(number).state, queries.message(number).last_error) == ("waiting", "kannel_403")


def test_without_a_gateway_an_installation_for_development_prints(company, capsys):
    number = put()

    send_messages(timestamp=0)

    assert "SMS +79161234567: Код для входа в личный кабинет: 493027." in capsys.readouterr().out
    assert queries.message(number).state == "sent"


def test_without_a_gateway_production_says_so(company, settings):
    settings.PRODUCTION = True
    number = put()

    send_messages(timestamp=0)

    assert queries.message(number).last_error == "no_sms_gateway_is_set"


class TestReports:
    @pytest.fixture
    def sent(self, company) -> int:
        number = put()
        send_messages(timestamp=0)
        return number

    def path(self, number, status=1) -> str:
        return report_url(number).removeprefix("http://127.0.0.1:8000").replace("%d", str(status))

    def test_a_forged_report_is_not_found(self, sent, client):
        forged = self.path(sent).replace(f"/{sent}:", f"/{sent + 1}:")

        assert client.get(forged).status_code == 404
        assert client.get("/gates/sms/report/1/?status=1").status_code == 404
        assert queries.message(sent).state == "sent"

    def test_a_report_from_elsewhere_is_refused(self, sent, client):
        assert client.get(self.path(sent), REMOTE_ADDR="203.0.113.5").status_code == 403
        assert queries.message(sent).state == "sent"

    def test_the_same_report_twice_changes_nothing_more(self, sent, client):
        for status in (1, 1, 2):
            assert client.get(self.path(sent, status)).status_code == 204

        assert [event.kind for event in queries.events_of(sent)] == ["tried", "sent", "delivered"]

    def test_a_report_that_means_nothing_changes_nothing(self, sent, client):
        for status in ("4", "", "x", "☃"):
            assert client.get(self.path(sent, status)).status_code == 204

        assert queries.message(sent).state == "sent"

    def test_only_get_is_answered(self, sent, client):
        assert client.post(self.path(sent)).status_code == 405
