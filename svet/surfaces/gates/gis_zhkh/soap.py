"""SOAP 1.1 as the portal ГИС ЖКХ speaks it: envelopes written, answers read, anything else refused.

What comes is never trusted: no document type, no entity, nothing fetched from elsewhere, UTF-8 only, bounded in size
and depth. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lxml import etree

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
BASE = "http://dom.gosuslugi.ru/schema/integration/base/"
APPEALS = "http://dom.gosuslugi.ru/schema/integration/appeals/"
ORGANIZATIONS = "http://dom.gosuslugi.ru/schema/integration/organizations-registry-base/"
NAMESPACES = {"soap": SOAP, "base": BASE, "appeals": APPEALS, "organizations": ORGANIZATIONS}
MOST_BYTES = 64 * 1024 * 1024
"""An answer larger than this is no answer; it is not read to its end."""

Element = Any


class Garbage(ValueError):
    """What came is not the portal's protocol; `why` is a code for words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Fault:
    """The portal's own error: its code and what it says."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Sender:
    """By whom messages are: the organisation's GUID on the portal, and whether the operator of the system signs."""

    organization: UUID
    is_operator: bool = False


def tag(namespace: str, name: str) -> str:
    """Return a qualified name as lxml writes it."""
    return f"{{{namespace}}}{name}"


def add(parent: Element, namespace: str, name: str, value: object = None) -> Element:
    """Append an element with this text (a truth is "true"; None: no text) and return it."""
    child = etree.SubElement(parent, tag(namespace, name))
    if value is not None:
        child.text = "true" if value is True else clean(str(value))
    return child


def clean(text: str) -> str:
    r"""Return the text without characters that XML cannot hold.

    >>> clean("\x00да\x0b\ud800!")
    'да!'
    """
    return re.sub(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def root(name: str, *, namespace: str = APPEALS, version: str = "") -> Element:
    """Return a message's own element; with a version it is one that may carry a signature."""
    prefixes = {prefix: uri for prefix, uri in NAMESPACES.items() if prefix != "soap"}
    made = etree.Element(tag(namespace, name), nsmap=prefixes)
    if version:
        made.set("Id", "signed-data-container")
        made.set(tag(BASE, "version"), version)
    return made


def envelope(body: Element, *, sender: Sender, guid: UUID, at: datetime) -> bytes:
    """Return the message in its envelope, by this organisation, under this GUID."""
    outer = etree.Element(tag(SOAP, "Envelope"), nsmap=NAMESPACES)
    header = add(add(outer, SOAP, "Header"), BASE, "RequestHeader")
    add(header, BASE, "Date", at.isoformat(timespec="seconds"))
    add(header, BASE, "MessageGUID", guid)
    add(header, BASE, "orgPPAGUID", sender.organization)
    if sender.is_operator:
        add(header, BASE, "IsOperatorSignature", True)
    add(outer, SOAP, "Body").append(body)
    return bytes(etree.tostring(outer, encoding="UTF-8", xml_declaration=True))


def read(raw: bytes) -> Element | Fault:
    """Return what the body of an answer holds, or the fault it tells of; raise Garbage."""
    outer = parse(raw)
    if outer.tag != tag(SOAP, "Envelope"):
        raise Garbage("not_soap")
    body = outer.find(tag(SOAP, "Body"))
    inside = [] if body is None else [child for child in body if isinstance(child.tag, str)]
    if len(inside) != 1:
        raise Garbage("not_soap")
    return _fault(inside[0]) if inside[0].tag == tag(SOAP, "Fault") else inside[0]


def parse(raw: bytes) -> Element:
    """Return the root of an XML document that nobody could have armed; raise Garbage."""
    if len(raw) > MOST_BYTES:
        raise Garbage("too_large")
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Garbage("not_utf8") from error
    declared = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", raw)
    if declared and declared[1].lower() not in {b"utf-8", b"us-ascii"}:
        raise Garbage("not_utf8")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8")
    try:
        made = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Garbage("not_xml") from error
    if made.getroottree().docinfo.doctype or made.getroottree().docinfo.internalDTD is not None:
        raise Garbage("document_type")
    return made


def text_of(parent: Element, path: str) -> str:
    """Return the text at a path (`appeals:AppealNumber`), "" where there is none."""
    return str(parent.findtext(path, default="", namespaces=NAMESPACES) or "").strip()


def guid_of(parent: Element, path: str) -> UUID | None:
    """Return the GUID at a path, None where there is none."""
    try:
        return UUID(text_of(parent, path))
    except ValueError:
        return None


def _fault(found: Element) -> Fault:
    detail = found.find(f".//{tag(BASE, 'Fault')}")
    if detail is None:
        return Fault(text_of(found, "faultcode")[:80] or "soap", text_of(found, "faultstring")[:2000])
    return Fault(text_of(detail, "base:ErrorCode")[:80] or "soap", text_of(detail, "base:ErrorMessage")[:2000])
