"""The state portal's service of appeals and its file service, as a program of its own: for tests.

It takes `exportAppeal`, `importAnswer` and `getState` over SOAP and files over REST (the gate's README tells how) and
keeps what it took in a file. `POST /tell` makes it misbehave: {"slow": 2} (so many looks before a message is ready),
{"fault": ["AUT011003", "text"], "times": 1}, {"error": [code, text]} (in results), {"state_error": [code, text]},
{"silent": 2} (seconds), {"die_after": true} (takes the next message and dies), {"no_duplicates": true} (a repeated
GUID is a fault, not the old acknowledgement), {"raw": base64} (with {"packed": "gzip"} said to be packed so),
{"endless": true}, {"drip": true}, {"status": 502}, {"file_error": name}, {"silent_files": 2}, {"appeals": [xml, …]},
{"put_file": [guid, base64]}. `GET /seen` shows what it took, `GET /files` the sizes of what it was given."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from lxml import etree

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
BASE = "http://dom.gosuslugi.ru/schema/integration/base/"
APPEALS = "http://dom.gosuslugi.ru/schema/integration/appeals/"
NS = {"soap": SOAP, "base": BASE, "appeals": APPEALS}
SERVICE, FILES = "/ext-bus-appeals-service/services/AppealsAsync", "/ext-bus-file-store-service/rest/appeals"
PART = 5 * 1024 * 1024


class Portal:
    """What the portal knows; all of it lives in the file, so a killed portal remembers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.told: dict[str, Any] = {}
        empty: dict[str, Any] = {"messages": {}, "appeals": [], "files": {}, "uploads": {}, "looks": 0, "bad": []}
        self.state = json.loads(path.read_text()) if path.exists() else empty

    def keep(self) -> None:
        unfinished = self.path.with_suffix(".new")
        unfinished.write_text(json.dumps(self.state, ensure_ascii=False))
        unfinished.replace(self.path)

    def answer(self, action: str, raw: bytes) -> tuple[int, str]:
        envelope = etree.fromstring(raw)
        guid = envelope.findtext(".//base:RequestHeader/base:MessageGUID", namespaces=NS)
        sender = envelope.findtext(".//base:RequestHeader/base:orgPPAGUID", namespaces=NS)
        if not guid or not sender:
            return fault("FMT001300", "Некорректный XML")
        told = self.told.get("fault")
        if told and self.spent("fault"):
            return fault(*told)
        body = envelope.find("soap:Body", namespaces=NS)[0]
        if action == "urn:getState":
            return self.look(body.findtext("base:MessageGUID", namespaces=NS))
        return self.take(action.removeprefix("urn:"), guid, body)

    def spent(self, what: str) -> bool:
        """Use a misbehaviour up, once or as often as told."""
        self.told["times"] = self.told.get("times", 1) - 1
        if self.told["times"] <= 0:
            self.told.pop(what)
        return True

    def take(self, operation: str, guid: str, body: Any) -> tuple[int, str]:
        known = next((ack for ack, one in self.state["messages"].items() if one["guid"] == guid), None)
        if known and self.told.get("no_duplicates"):
            return fault("FMT001304", "Сообщение с таким идентификатором уже получено")
        dies = self.told.pop("die_after", False)
        if known is None:
            known = str(uuid.uuid4())
            self.state["messages"][known] = {
                "operation": operation,
                "guid": guid,
                "slow": self.told.get("slow", 0),
                "signed": body.find("{http://www.w3.org/2000/09/xmldsig#}Signature") is not None,
                "transports": [one.text for one in body.iter(f"{{{BASE}}}TransportGUID")],
                "attached": [one.text for one in body.iter(f"{{{BASE}}}AttachmentGUID")],
                "body": etree.tostring(body, encoding="unicode"),
            }
            self.keep()
        if dies:
            os._exit(1)
        ack = (
            f"<base:MessageGUID>{known}</base:MessageGUID><base:RequesterMessageGUID>{guid}</base:RequesterMessageGUID>"
        )
        return 200, enveloped(f"<base:AckRequest><base:Ack>{ack}</base:Ack></base:AckRequest>")

    def look(self, ack: str) -> tuple[int, str]:
        self.state["looks"] += 1
        message = self.state["messages"].get(ack)
        if message is None:
            return fault("INT002013", "Запрос не найден")
        if message["slow"]:
            message["slow"] -= 1
            return 200, self.state_of(ack, 2, "")
        if self.told.get("state_error"):
            code, text = self.told["state_error"]
            return 200, self.state_of(ack, 3, f"<base:ErrorMessage>{said(code, text)}</base:ErrorMessage>")
        if message["operation"] == "exportAppeal":
            found = "".join(self.state["appeals"])
            empty = f"<base:ErrorMessage>{said('INT002012', 'Нет объектов для экспорта')}</base:ErrorMessage>"
            return 200, self.state_of(ack, 3, found or empty)
        return 200, self.state_of(ack, 3, "".join(self.result(one) for one in message["transports"]))

    def result(self, transport: str) -> str:
        named = f"<base:TransportGUID>{transport}</base:TransportGUID>"
        if self.told.get("error"):
            inside = f"{named}<base:Error>{said(*self.told['error'])}</base:Error>"
        else:
            made = f"<base:GUID>{uuid.uuid5(uuid.NAMESPACE_OID, transport)}</base:GUID>"
            inside = f"{made}{named}<base:UniqueNumber>77-1</base:UniqueNumber>"
            inside += "<base:UpdateDate>2026-11-18T10:30:00+03:00</base:UpdateDate>"
        return f"<appeals:ImportResult>{inside}</appeals:ImportResult>"

    def state_of(self, ack: str, state: int, inside: str) -> str:
        own = f"<base:RequestState>{state}</base:RequestState><base:MessageGUID>{ack}</base:MessageGUID>"
        return enveloped(
            f'<appeals:getStateResult Id="x" base:version="12.2.0.5">{own}{inside}</appeals:getStateResult>'
        )


def enveloped(inside: str) -> str:
    header = (
        "<base:ResultHeader><base:Date>2026-11-18T10:30:00+03:00</base:Date>"
        f"<base:MessageGUID>{uuid.uuid4()}</base:MessageGUID></base:ResultHeader>"
    )
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NS.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soap:Envelope {spaces}><soap:Header>{header}</soap:Header>'
        f"<soap:Body>{inside}</soap:Body></soap:Envelope>"
    )


def said(code: str, text: str) -> str:
    return f"<base:ErrorCode>{code}</base:ErrorCode><base:Description>{text}</base:Description>"


def fault(code: str, text: str) -> tuple[int, str]:
    detail = (
        f"<base:Fault><base:ErrorCode>{code}</base:ErrorCode><base:ErrorMessage>{text}</base:ErrorMessage></base:Fault>"
    )
    return 500, enveloped(
        "<soap:Fault><faultcode>soap:Server</faultcode><faultstring>InvalidRequest</faultstring>"
        f"<detail>{detail}</detail></soap:Fault>"
    )


class Handler(BaseHTTPRequestHandler):
    """The portal's HTTP door."""

    portal: Portal
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/tell":
            told = json.loads(body)
            self.portal.state["appeals"] = told.pop("appeals", self.portal.state["appeals"])
            if "put_file" in told:
                guid, content = told.pop("put_file")
                self.portal.state["files"][guid] = content
            self.portal.keep()
            self.portal.told = told
            return self.say(200, b"{}", "application/json")
        if self.path.startswith(FILES):
            return self.post_file()
        return self.soap(body)

    def soap(self, body: bytes) -> None:
        told = self.portal.told
        time.sleep(told.get("silent", 0))
        if told.get("status"):
            return self.say(told["status"], b"<html>Bad Gateway</html>", "text/html")
        if told.get("raw"):
            packed = {"Content-Encoding": told["packed"]} if told.get("packed") else None
            return self.say(200, base64.b64decode(told["raw"]), "text/xml", packed)
        if told.get("endless") or told.get("drip"):
            return self.go_on()
        status, answer = self.portal.answer(self.headers["SOAPAction"].strip('"'), body)
        return self.say(status, answer.encode(), "text/xml; charset=utf-8")

    def go_on(self) -> None:
        """Answer without an end: very much at once, or a little again and again."""
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while True:
                self.wfile.write(b" " * (1 if self.portal.told.get("drip") else 1_000_000))
                self.wfile.flush()
                if self.portal.told.get("drip"):
                    time.sleep(0.05)
        except OSError:
            return

    def do_GET(self) -> None:
        state = self.portal.state
        if self.path == "/seen":
            return self.say(200, json.dumps(state["messages"]).encode(), "application/json")
        if self.path == "/files":
            sizes = {guid: len(base64.b64decode(content)) for guid, content in state["files"].items()}
            return self.say(200, json.dumps(sizes).encode(), "application/json")
        content = self.file()
        if content is None:
            return None
        wanted = self.headers.get("Range", "").removeprefix("bytes=").partition("-")
        if wanted[1]:
            return self.say(206, content[int(wanted[0]) : int(wanted[2]) + 1], "application/octet-stream")
        return self.say(200, content, "application/octet-stream")

    def do_HEAD(self) -> None:
        content = self.file()
        if content is not None:
            self.say(200, b"", "text/plain", {"X-Upload-Length": str(len(content)), "X-Upload-Completed": "true"})

    def file(self) -> bytes | None:
        time.sleep(self.portal.told.get("silent_files", 0))
        guid = self.path.removeprefix(f"{FILES}/").partition("?")[0]
        stored = self.portal.state["files"].get(guid)
        if stored is None or self.portal.told.get("file_error"):
            self.refuse_file(self.portal.told.get("file_error", "FileNotFoundException"))
            return None
        return base64.b64decode(stored)

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        digest = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
        if self.portal.told.get("file_error"):
            return self.refuse_file(self.portal.told["file_error"])
        if self.headers["Content-MD5"] != digest or not self.headers["X-Upload-OrgPPAGUID"] or len(content) > PART:
            return self.refuse_file("FieldValidationException")
        guid = self.path.removeprefix(FILES).strip("/")
        if guid:
            upload = self.portal.state["uploads"][guid]
            upload["parts"][self.headers["X-Upload-Partnumber"]] = base64.b64encode(content).decode()
        else:
            if int(self.headers["X-Upload-Length"]) != len(content) or not self.headers["X-Upload-Filename"]:
                return self.refuse_file("FieldValidationException")
            guid = str(uuid.uuid4())
            self.portal.state["files"][guid] = base64.b64encode(content).decode()
        self.portal.keep()
        return self.say(200, b"", "text/plain", {"X-Upload-UploadID": guid})

    def post_file(self) -> None:
        if self.path.endswith("/?upload"):
            guid = str(uuid.uuid4())
            told = {"length": int(self.headers["X-Upload-Length"]), "count": int(self.headers["X-Upload-Part-Count"])}
            self.portal.state["uploads"][guid] = told | {"parts": {}}
            return self.say(200, b"", "text/plain", {"X-Upload-UploadID": guid})
        guid = self.path.removeprefix(f"{FILES}/").removesuffix("?completed")
        upload = self.portal.state["uploads"][guid]
        whole = b"".join(base64.b64decode(upload["parts"].get(str(place + 1), "")) for place in range(upload["count"]))
        if len(whole) != upload["length"]:
            return self.refuse_file("InvalidSizeException")
        self.portal.state["files"][guid] = base64.b64encode(whole).decode()
        self.portal.keep()
        return self.say(200, b"", "text/plain")

    def refuse_file(self, why: str) -> None:
        self.say(400, b"", "text/plain", {"X-Upload-Error": why})

    def say(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def main(port: int, path: Path) -> None:
    Handler.portal = Portal(path)
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
