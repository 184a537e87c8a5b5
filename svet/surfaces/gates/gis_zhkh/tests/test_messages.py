"""What is said to the portal and what it says, as XML: by its schemas where they are at hand, else as told here."""

from __future__ import annotations

import os
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command
from lxml import etree
from signxml.exceptions import InvalidDigest, InvalidSignature
from signxml.xades import XAdESVerifier

from svet.domains.cases.rules.portal import AppliesAs, PortalStatus
from svet.surfaces.gates.gis_zhkh import answers, messages, soap
from svet.surfaces.gates.gis_zhkh.signing import CannotSign, KeySigner, NoSigner, ProgramSigner
from svet.surfaces.gates.gis_zhkh.validation import ANSWERER, APPEAL, AT, SAMPLES, WE, check, sent_messages

SCHEMAS = os.environ.get("SVET_GIS_XSD", "")
ACKNOWLEDGED = UUID("11111111-0000-4000-8000-00000000aaaa")

HEADER = ["Date", "MessageGUID", "orgPPAGUID"]
ACTION = ["importAnswerRequest", "AppealAction", "TransportGUID", "AppealGUID"]
FILE = ["Attachment", "Name", "Description", "Attachment", "AttachmentGUID", "AttachmentHASH"]
ANSWER = ["Answer", "TransportGUID", "AnswererGUID", "LoadAnswer", "AnswerText", *FILE, "SendAnswer"]
EXPECTED = {
    "export_by_days": ["exportAppealRequest", "StartDate", "EndDate"],
    "export_by_guids": ["exportAppealRequest", "AppealGUID", "AppealGUID"],
    "get_state": ["getStateRequest", "MessageGUID"],
    "answer": ["importAnswerRequest", "AnswerAction", "TransportGUID", "AppealGUID", *ANSWER],
    "answer_in_file": ["importAnswerRequest", "AnswerAction", "TransportGUID", "AppealGUID", *ANSWER],
    "assign": [*ACTION, "Performer", "AnswererGUID", "DateOfAppointment"],
    "executed": [*ACTION, "Executed", "AnswererGUID"],
    "redirect": [*ACTION, "RedirectAppeal", "Receiver", "orgRootEntityGUID", "Comment", *FILE, "AnswererGUID"],
    "extend": [*ACTION, "RollOverAppeal", "ExecutionDate", "Comment", *FILE, "AnswererGUID"],
    "extend_in_file": [*ACTION, "RollOverAppeal", "ExecutionDate", "Comment", *FILE, "AnswererGUID"],
    "not_required": [*ACTION, "AnswerIsNotRequired", "Cause", "AnswererGUID"],
}


def names(element) -> list[str]:
    return [etree.QName(one).localname for one in element.iter()]


def sample(name: str):
    return soap.read((SAMPLES / name).read_bytes())


def test_every_message_and_sample_is_what_the_portal_describes(a_key):
    """With the schemas: by them, signed and not. Without: each element in its place, each sample read in full."""
    if SCHEMAS:
        for signer in (NoSigner(), KeySigner(**a_key)):
            wrong = {one.name: one.faults for one in check(Path(SCHEMAS), signer=signer) if one.faults}
            assert wrong == {}
    sent = sent_messages()
    assert {name: names(element) for name, element in sent.items()} == EXPECTED
    raw = soap.envelope(sent["assign"], sender=soap.Sender(WE, is_operator=True), guid=APPEAL, at=AT)
    assert names(soap.parse(raw)[0][0])[1:] == [*HEADER, "IsOperatorSignature"]
    assert {path.name for path in SAMPLES.glob("*.xml")} >= {"ack.xml", "state_appeals.xml", "state_imported.xml"}


def test_the_command_tells_what_fits_and_fails_for_what_does_not(tmp_path, capsys, settings):
    settings.GIS_SIGN_PROGRAM = settings.GIS_SIGN_KEY = ""
    with pytest.raises(CommandError, match="Нет папки"):
        call_command("gis", "validate", "--xsd", str(tmp_path / "нет"))
    with pytest.raises(CommandError, match="нет схемы"):
        call_command("gis", "validate", "--xsd", str(tmp_path))
    # A schema of our own that knows one message only: the command must name the others.
    (tmp_path / "some.xsd").write_text(
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{soap.APPEALS}">'
        '<xs:element name="exportAppealRequest"/></xs:schema>'
    )
    with pytest.raises(CommandError, match="Не подходит под схемы"):
        call_command("gis", "validate", "--xsd", str(tmp_path))
    told = capsys.readouterr().out
    assert "не подходит  answer" in told
    assert "RequestHeader" in told


def test_an_appeal_is_read_with_all_that_the_portal_tells():
    state = answers.state(sample("state_appeals.xml"), outside_guid=ACKNOWLEDGED)
    person, collective, withdrawn = state.appeals

    assert (person.number, person.created_on, person.status) == ("33-2026-117", date(2026, 11, 17), PortalStatus.SENT)
    assert person.text == "Почему счёт за октябрь больше сентябрьского вдвое? <Прошу> пересчитать & ответить 🙏"
    assert (person.topic, person.due_on) == ("Начисления за электроснабжение", date(2026, 12, 17))
    assert (person.applicant.name, person.applicant.flat) == ("Смирнова Анна Петровна", "10")
    assert person.files[0].name == "Счёт.pdf"
    assert [event.what for event in collective.events] == ["rolled_over", "answer", "assessed"]
    assert collective.applicant.kind is AppliesAs.ORGANIZATION
    assert (collective.is_collective, collective.neighbours[0].family_name) == (True, "Орлов")
    assert collective.created_on == date(2026, 11, 2)
    assert (withdrawn.applicant.kind, withdrawn.withdrawn_because) == (AppliesAs.PORTAL, "Отозвано")


def test_one_broken_appeal_spoils_no_other():
    element = sample("state_appeals.xml")
    for path in ("appeals:AppealStatus", "appeals:AppealCreateDate"):
        element.find(f"appeals:ExportAppealResult/{path}", soap.NAMESPACES).text = "?"
        state = answers.state(element, outside_guid=ACKNOWLEDGED)
        assert (len(state.appeals), state.broken) == (2, ("33-2026-117",))


def test_acknowledgements_states_and_faults_are_told_apart():
    guid = UUID("22222222-0000-4000-8000-00000000bbbb")
    assert answers.acknowledged(sample("ack.xml"), guid=guid) == ACKNOWLEDGED
    assert not answers.state(sample("state_in_work.xml"), outside_guid=ACKNOWLEDGED).is_ready
    assert answers.state(sample("state_nothing_found.xml"), outside_guid=ACKNOWLEDGED).error.code == "INT002012"
    good, bad = answers.state(sample("state_imported.xml"), outside_guid=ACKNOWLEDGED).imported
    assert (good.number, good.errors, bad.errors[0].code) == ("33-2026-117/1", (), "INT002000")
    assert sample("fault.xml") == soap.Fault("AUT011003", "Доступ запрещен для поставщика данных")
    for element, other in (("ack.xml", APPEAL), ("state_in_work.xml", APPEAL)):
        with pytest.raises(soap.Garbage):
            answers.acknowledged(sample(element), guid=other)
        with pytest.raises(soap.Garbage):
            answers.state(sample(element), outside_guid=other)


def test_a_signature_covers_the_message_and_breaks_with_it(a_key):
    element = messages.action(
        "assign", payload={"appeal": str(APPEAL), "planned_on": "2026-11-25"}, guid=WE, answerer=ANSWERER
    )
    raw = soap.envelope(KeySigner(**a_key).sign(element), sender=soap.Sender(WE), guid=APPEAL, at=AT)

    inside = soap.read(raw)
    certificate = x509.load_pem_x509_certificate(a_key["certificate"].encode())
    assert names(inside)[1] == "Signature"
    assert "SignedProperties" in names(inside)
    signed = [result.signed_xml.get("Id") for result in XAdESVerifier().verify(inside, x509_cert=certificate)]
    assert "signed-data-container" in signed
    forged = soap.read(raw.replace(b"2026-11-25", b"2027-11-25"))
    with pytest.raises((InvalidDigest, InvalidSignature)):
        XAdESVerifier().verify(forged, x509_cert=certificate)


def test_a_provider_outside_signs_and_digests_or_says_why_not(tmp_path):
    program = tmp_path / "provider"
    marks = 'sed "s/<appeals:AppealGUID>/<!-- s -->&/"'
    program.write_text(f'#!/bin/sh\nif [ "$1" = digest ]; then cat >/dev/null; echo ABCD; else {marks}; fi\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    signer = ProgramSigner(str(program))
    signed = signer.sign(messages.export_by_guids([APPEAL]))
    assert b"<!-- s -->" in etree.tostring(signed)
    assert signer.digest(b"file") == "ABCD"

    program.write_text("#!/bin/sh\necho 'Нет лицензии' >&2\nexit 3\n")
    with pytest.raises(CannotSign, match="Нет лицензии"):
        signer.sign(messages.export_by_guids([APPEAL]))
    with pytest.raises(CannotSign):
        ProgramSigner(str(tmp_path / "none")).digest(b"file")


@pytest.fixture(scope="module")
def a_key() -> dict[str, object]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Свет, проверка")])
    began = datetime.now(UTC) - timedelta(days=1)  # noqa: TID251
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {"key": pem, "certificate": certificate.public_bytes(serialization.Encoding.PEM).decode()}
