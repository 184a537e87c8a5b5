"""Requests and the portal: sent once whatever happens, asked after until they end, believed only when sure."""

from __future__ import annotations

import base64
import gzip
from datetime import timedelta

import pytest

from svet.domains.cases import actions as cases
from svet.domains.tariffs import actions as tariffs
from svet.infra import exchange, files
from svet.infra.models import InboxMessage
from svet.kernel.errors import Conflict
from svet.surfaces.gates.gis_zhkh import work
from svet.surfaces.gates.gis_zhkh.messages import transport_guids
from tests import reference, scans
from tests.state_portal import NOW, SAMPLES, appeals, ask

PDF = scans.pdf()


def test_an_answer_with_files_goes_out_is_asked_after_and_ends(portal):
    portal.tell(slow=2)
    small = files.store(PDF, name="Ответ «да».pdf", by=None, at=NOW)
    large = files.store(scans.pdf(b"/Pad (" + b"0" * (6 * 1024 * 1024) + b") "), name="scan.pdf", by=None, at=NOW)
    request_id = ask(files=[small.id, large.id])

    request = portal.run_through(request_id)

    assert request.state == "done", exchange.steps(request_id)
    assert request.last.result["number"] == "77-1"
    [message] = portal.took()
    assert message["guid"] == str(request.guid)
    assert message["transports"] == [str(guid) for guid in transport_guids(request.guid)]
    sizes = portal.files()
    assert [sizes[guid] for guid in message["attached"]] == [small.size, large.size]


def test_a_portal_that_dies_over_a_message_gets_the_same_one_again_and_keeps_one(portal):
    portal.tell(die_after=True)
    request_id = ask()
    portal.run()
    assert portal.process.wait(20) != 0
    assert exchange.request(request_id).may_be_taken
    portal.run(later=timedelta(minutes=2))
    portal.start()

    request = portal.run_through(request_id)

    assert request.state == "done" and request.sent >= 3
    assert [message["guid"] for message in portal.took()] == [str(request.guid)]


def test_a_worker_killed_between_sending_and_noting_sends_the_same_message_again(portal, monkeypatch):
    request_id = ask()

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as one, pytest.raises(KeyboardInterrupt):
        one.setattr(exchange, "acknowledge", die)
        portal.run()
    portal.run()
    assert len(portal.took()) == 1, "nobody else takes it before the lease of the killed one ends"

    request = portal.run_through(request_id)

    assert request.state == "done"
    assert [message["guid"] for message in portal.took()] == [str(request.guid)]


def test_a_refused_repetition_is_left_to_people_who_try_again_or_settle(portal):
    portal.tell(die_after=True, no_duplicates=True)
    request_id = ask()
    portal.run()
    portal.process.wait(20)
    portal.start()
    portal.tell(no_duplicates=True)

    request = portal.run_through(request_id)

    assert (request.state, request.last.problem) == ("unclear", "FMT001304")
    assert exchange.health(work.GATE, at=portal.now).trouble == 1
    assert exchange.try_again(request_id, at=portal.now, reason="Портал просит повторить") == request_id
    assert exchange.request(request_id).guid == request.guid
    exchange.settle(request_id, at=portal.now, reason="Ответ на портале есть")
    with pytest.raises(Conflict):
        exchange.try_again(request_id, at=portal.now, reason="ещё раз")
    assert len(portal.took()) == 1


def test_a_refusal_ends_a_request_and_a_person_asks_anew_once(portal):
    portal.tell(fault=["AUT011003", "Доступ запрещён"], times=9)
    at_the_door = ask(key="answer:1")
    assert portal.run_through(at_the_door).last.problem == "AUT011003"
    portal.tell(error=["INT002000", "Нет такого исполнителя"])
    inside = ask(key="answer:2", at=portal.now)
    refused = portal.run_through(inside)
    assert (refused.state, refused.last.text) == ("refused", "Нет такого исполнителя")
    portal.tell(state_error=["INT002034", "Нет обращения"])
    of_the_whole = ask(key="answer:3", at=portal.now)
    assert portal.run_through(of_the_whole).last.problem == "INT002034"

    portal.tell()
    anew = exchange.try_again(inside, at=portal.now, reason="Исполнителя завели")
    with pytest.raises(Conflict):
        exchange.try_again(inside, at=portal.now, reason="второе нажатие")

    assert exchange.request(anew).guid != refused.guid
    assert portal.run_through(anew).state == "done"


def test_a_failure_inside_the_portal_passes_and_a_long_one_is_left_to_people(portal):
    portal.tell(fault=["EXP001000", "Повторите попытку"], times=2)
    assert portal.run_through(ask()).state == "done"

    portal.tell(fault=["EXP001000", "Повторите попытку"], times=99)
    long = ask(key="answer:2", at=portal.now)
    portal.run()
    portal.run(later=timedelta(hours=25))
    request = exchange.request(long)
    assert (request.state, request.last.text) == ("unclear", "Повторите попытку")
    portal.run(later=timedelta(hours=1))
    assert exchange.request(long).state == "unclear"


BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "{}"><!ENTITY b "{}"><!ENTITY c "{}">]><x>&c;</x>""".format(
    "ха" * 1000, "&a;" * 1000, "&b;" * 1000
)
THIEF = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><x>&f;</x>'
ACK = (SAMPLES / "ack.xml").read_bytes()
BAD_ANSWERS = {
    "nothing": b"",
    "a page": b"<html><body>502</body></html>",
    "no xml": b"\x00\xff garbage",
    "cut": ACK[: len(ACK) // 2],
    "a bomb": BOMB.encode(),
    "a thief": THIEF.encode(),
    "a document type": ACK.replace(b"?>", b"?><!DOCTYPE x>", 1),
    "utf-16": ACK.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "windows-1251": ACK.decode().replace("UTF-8", "windows-1251").encode("cp1251"),
    "another's acknowledgement": ACK,
    "deep": b"<a>" * 5000 + b"</a>" * 5000,
}


def test_no_answer_that_is_not_the_protocol_is_believed_or_does_harm(portal):
    request_id = ask()
    for name, raw in BAD_ANSWERS.items():
        portal.tell(raw=base64.b64encode(raw or b" ").decode())
        portal.run(later=timedelta(minutes=40))
        request = exchange.request(request_id)
        assert request.state == "postponed", name
        assert request.last.problem, name
    swells = gzip.compress(gzip.compress(b" " * 50_000_000))
    packed = {"raw": base64.b64encode(swells).decode(), "packed": "gzip, gzip"}
    for told in (packed, {"endless": True}, {"drip": True}, {"status": 502}, {"silent": 1}):
        portal.tell(**told)
        portal.run(later=timedelta(minutes=40))
        assert exchange.request(request_id).state == "postponed", told
    assert portal.took() == []

    portal.tell()
    assert portal.run_through(request_id).state == "done"
    [message] = portal.took()
    assert message["guid"] == str(exchange.request(request_id).guid)


def test_what_the_portal_could_not_take_is_not_sent(portal):
    too_long = ask(text="я" * 10_001)
    empty = ask(key="answer:2", text=" ")
    unknown = ask("delete", key="delete:1")
    portal.run()

    found = [exchange.request(one) for one in (too_long, empty, unknown)]
    assert [(one.state, one.last.problem) for one in found] == [
        ("refused", "answer_too_long"),
        ("refused", "empty"),
        ("refused", "unknown_kind"),
    ]
    assert portal.took() == []


def test_a_file_that_the_portal_refuses_refuses_the_answer_and_one_given_is_not_given_twice(portal):
    stored = files.store(PDF, name="Ответ.pdf", by=None, at=NOW)
    portal.tell(file_error="FileVirusInfectionException")
    refused = ask(files=[stored.id])
    assert portal.run_through(refused).last.problem == "FileVirusInfectionException"

    portal.tell(fault=["EXP001000", "Повторите"], times=2)
    given_once = ask(key="answer:2", files=[stored.id], at=portal.now)
    assert portal.run_through(given_once).state == "done"
    assert len(portal.files()) == 1


def test_the_same_thing_is_asked_once_and_two_workers_never_take_one_request(portal):
    first = ask()
    assert ask() == first
    assert exchange.claim(work.GATE, at=NOW).id == first
    assert exchange.claim(work.GATE, at=NOW) is None


def test_appeals_come_once_each_and_an_export_without_news_keeps_nothing(portal, settings):
    settings.GIS_POLL_MINUTES = 10
    reference.load(tariffs, at=NOW)
    reference.load(cases, at=NOW)
    portal.tell(appeals=appeals(1, 2))
    for _ in range(6):
        portal.run(later=timedelta(minutes=6))

    done = [one for one in exchange.requests(work.GATE, state="done") if one.kind == "export"]
    assert len(done) >= 2
    assert [one.last.result["new"] for one in done][-1] == 2
    assert {one.last.result["new"] for one in done[:-1]} == {0}
    assert InboxMessage.objects.filter(gate=work.GATE).count() == 1

    portal.tell(appeals=[])
    portal.run(later=timedelta(minutes=11))
    portal.run(later=timedelta(minutes=6))
    assert exchange.requests(work.GATE, state="done")[0].last.result["appeals"] == 0


def test_an_export_that_fails_is_dropped_and_asked_again(portal, settings):
    settings.GIS_POLL_MINUTES = 10
    portal.tell(fault=["AUT011002", "Организация не найдена"], times=99)
    portal.run()
    assert exchange.requests(work.GATE)[0].state == "settled"
    assert exchange.health(work.GATE, at=portal.now).trouble == 0
    portal.tell()
    portal.run(later=timedelta(minutes=11))
    portal.run(later=timedelta(minutes=6))
    assert exchange.requests(work.GATE)[0].state == "done"

    portal.tell(slow=99)
    portal.run(later=timedelta(minutes=11))
    lost = exchange.requests(work.GATE)[0]
    for _ in range(4):
        portal.run(later=timedelta(minutes=25))
    assert exchange.request(lost.id).state == "settled"
    assert exchange.requests(work.GATE)[0].id != lost.id, "the next export asks the same"


def test_without_an_address_nothing_is_done(portal, settings):
    settings.GIS_URL = ""
    request_id = ask()
    portal.run()
    assert exchange.request(request_id).state == "new"
    assert exchange.requests(work.GATE, state="new")[0].id == request_id
