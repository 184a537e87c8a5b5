"""The portal over HTTP: one call, one answer, bounded in time and size. TLS with the organisation's certificate is a
tunnel's business (README.md), so the address is usually one on loopback.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import httpx
from django.conf import settings

from svet.surfaces.gates.gis_zhkh import soap
from svet.surfaces.gates.gis_zhkh.signing import Signer, signer_of
from svet.surfaces.gates.gis_zhkh.soap import Element, Fault, Garbage, Sender

APPEALS_PATH = "/ext-bus-appeals-service/services/AppealsAsync"
FILES_PATH = "/ext-bus-file-store-service/rest/appeals"
"""The last part names the service whose files they are; that it is so called is not in the published schemas."""
TIMEOUT_SECONDS, CONNECT_SECONDS, WHOLE_SECONDS = 60, 5, 180
"""How long a silence, a connection and a whole answer may last."""
_PLAIN = {"Accept-Encoding": "identity"}
"""A packed answer, the more one packed twice, swells in one piece past any bound: none is asked for or unpacked."""


class Silent(Exception):
    """The portal does not answer, or not in its protocol: whether it did anything is unknown. `why` is for words."""

    def __init__(self, why: str = "silent") -> None:
        super().__init__(why)
        self.why = why


class NotReached(Silent):
    """The message surely never arrived: nobody took the call."""


@dataclass(frozen=True, slots=True)
class Portal:
    """How the portal is reached and by whom."""

    url: str
    sender: Sender
    answerer: UUID
    signer: Signer
    login: str = ""

    def call(self, operation: str, element: Element, *, guid: UUID, at: datetime) -> Element | Fault:
        """Send one message under our GUID, signed if it must be, and return what the answer holds. Raises Silent."""
        answer = self.ask(
            "POST",
            APPEALS_PATH,
            content=soap.envelope(element, sender=self.sender, guid=guid, at=at),
            headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"urn:{operation}"'},
        )
        try:
            return soap.read(answer.content)
        except Garbage as garbage:
            # A proxy's page of errors is no answer of the portal.
            raise Silent(f"http_{answer.status_code}" if answer.status_code >= 400 else garbage.why) from garbage

    def ask(self, method: str, path: str, *, headers: dict[str, str], content: bytes | None = None) -> httpx.Response:
        """Make one HTTP call and return its answer, read to the end. Raises Silent for none, too long, too large."""
        login, _, password = self.login.partition(":")
        try:
            with (
                httpx.Client(
                    timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS),
                    auth=httpx.BasicAuth(login, password) if login else None,
                    trust_env=False,
                ) as client,
                client.stream(method, f"{self.url}{path}", content=content, headers=_PLAIN | headers) as answer,
            ):
                return _read(answer)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise NotReached from error
        except httpx.HTTPError as error:
            raise Silent from error


def _read(answer: httpx.Response) -> httpx.Response:
    if answer.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Silent("packed")
    parts, size, limit = [], 0, time.monotonic() + WHOLE_SECONDS
    for part in answer.iter_bytes():
        size += len(part)
        if size > soap.MOST_BYTES:
            raise Silent("too_large")
        if time.monotonic() > limit:
            raise Silent("too_slow")
        parts.append(part)
    return httpx.Response(answer.status_code, headers=answer.headers, content=b"".join(parts), request=answer.request)


def portal_of_settings() -> Portal | None:
    """Return the portal as the installation's settings name it, None where the exchange is off."""
    if not settings.GIS_URL:
        return None
    return Portal(
        url=settings.GIS_URL.rstrip("/"),
        sender=Sender(UUID(settings.GIS_ORGANIZATION), is_operator=settings.GIS_OPERATOR_SIGNS),
        answerer=UUID(settings.GIS_ANSWERER),
        signer=signer_of(
            program=settings.GIS_SIGN_PROGRAM,
            key_file=settings.GIS_SIGN_KEY,
            certificate_file=settings.GIS_SIGN_CERTIFICATE,
        ),
        login=settings.GIS_LOGIN,
    )
