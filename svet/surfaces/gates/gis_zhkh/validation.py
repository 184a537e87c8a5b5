"""Every kind of message that the gate sends, and every sample of an answer, against the portal's own schemas.

The schemas are not shipped: whoever has them names their folder. What is checked is the header's and the body's own
element; the envelope around them is SOAP's and is read by `soap.read`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID, uuid5

from lxml import etree

from svet.domains.cases.rules.portal import LONGEST_ANSWER, LONGEST_COMMENT
from svet.infra.clock import MOSCOW
from svet.surfaces.gates.gis_zhkh import messages, soap
from svet.surfaces.gates.gis_zhkh.messages import Uploaded
from svet.surfaces.gates.gis_zhkh.signing import Signer
from svet.surfaces.gates.gis_zhkh.soap import Element, Fault, Sender

SAMPLES = Path(__file__).parent / "tests" / "samples"
AT = datetime(2026, 11, 18, 10, 30, tzinfo=MOSCOW)
WE = UUID("c0000000-0000-4000-8000-000000000009")
ANSWERER = UUID("d0000000-0000-4000-8000-000000000001")
APPEAL = UUID("a0000000-0000-4000-8000-000000000001")
FILE = Uploaded(UUID("f0000000-0000-4000-8000-000000000009"), "Ответ «о начислениях» & расчёт.pdf", "ab" * 32)


class NoSchemas(Exception):
    """The folder has no schema of the service of appeals, or one that cannot be read; the text is why."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One message or sample; `faults` are the schema's own words with lines, none when it fits."""

    name: str
    faults: tuple[str, ...]


def sent_messages() -> dict[str, Element]:
    """Return one element of each kind that the gate sends, with the most it may hold."""
    appeal = {"appeal": str(APPEAL)}
    payloads = {
        "answer": {"text": "Ответ: <начислено> верно & в срок.\n" + "я" * 9_900},
        "assign": {"planned_on": "2026-11-25"},
        "executed": {},
        "redirect": {"receiver": str(WE), "comment": "Не наш дом"},
        "extend": {"until": "2026-12-17", "comment": "Ждём сетевую организацию"},
        "not_required": {"cause": "Отозвано заявителем"},
    }
    made = {
        "export_by_days": messages.export_by_days(since=date(2026, 10, 4), until=date(2026, 11, 18)),
        "export_by_guids": messages.export_by_guids([APPEAL, ANSWERER]),
        "get_state": messages.get_state(WE),
    }
    for kind in messages.KINDS:
        made[kind] = messages.action(
            kind,
            payload=appeal | payloads[kind],
            guid=uuid5(APPEAL, kind),
            answerer=ANSWERER,
            files=[FILE] if kind in {"answer", "redirect", "extend"} else [],
        )
    made["answer_in_file"] = messages.action(
        "answer",
        payload=appeal | {"text": "я" * (LONGEST_ANSWER + 1), "paper": 1},
        guid=uuid5(APPEAL, "answer_in_file"),
        answerer=ANSWERER,
        files=[FILE],
    )
    made["extend_in_file"] = messages.action(
        "extend",
        payload=appeal | payloads["extend"] | {"comment": "я" * (LONGEST_COMMENT + 1), "paper": 1},
        guid=uuid5(APPEAL, "extend_in_file"),
        answerer=ANSWERER,
        files=[FILE],
    )
    return made


def check(folder: Path, *, signer: Signer) -> Iterator[Checked]:
    """Check each message as the signer leaves it and each sample; raise NoSchemas."""
    schema = _schema(folder)
    for name, element in sent_messages().items():
        signed = signer.sign(element) if element.get("Id") else element
        for is_operator in (False, True):
            raw = soap.envelope(signed, sender=Sender(WE, is_operator=is_operator), guid=APPEAL, at=AT)
            yield Checked(f"{name}{' (подпись оператора)' if is_operator else ''}", _faults(schema, raw))
            signed = soap.read(raw)
    for path in sorted(SAMPLES.glob("*.xml")):
        yield Checked(path.name, _faults(schema, path.read_bytes()))


def _schema(folder: Path) -> etree.XMLSchema:
    for path in sorted(folder.rglob("*.xsd")):
        try:
            document = etree.parse(path, etree.XMLParser(no_network=True, resolve_entities=False))
            if document.getroot().get("targetNamespace") == soap.APPEALS:
                return etree.XMLSchema(document)
        except (etree.LxmlError, OSError) as error:
            raise NoSchemas(f"{path.name}: {error}") from error
    raise NoSchemas("в папке нет схемы службы обращений")


def _faults(schema: etree.XMLSchema, raw: bytes) -> tuple[str, ...]:
    found: list[str] = []
    outer = soap.parse(raw)
    inside = soap.read(raw)
    parts = list(outer.iterfind(f"{soap.tag(soap.SOAP, 'Header')}/*"))
    if isinstance(inside, Fault):
        parts += outer.iterfind(f".//{soap.tag(soap.BASE, 'Fault')}")
    else:
        parts.append(inside)
    for part in parts:
        # A copy of its own, so that the schema sees a document with this root.
        if not schema.validate(etree.fromstring(etree.tostring(part, with_tail=False))):
            found += [f"строка {error.line}: {error.message}" for error in schema.error_log]
    return tuple(found)
