"""The door for terminals: raw request into the inbox, one call, an XML answer. Never an error page."""

from __future__ import annotations

import hashlib
from datetime import datetime

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from svet.domains.payments import queries
from svet.domains.payments.queries import SourceRow
from svet.flows.terminal_payment import Answer, Outcome, check_account, pay_account
from svet.infra import clock, inbox
from svet.infra.context import Actor, Context, acting, current
from svet.kernel.errors import NotFound
from svet.surfaces.gates.door import Verdict, knock
from svet.surfaces.gates.osmp.answers import as_xml, malformed
from svet.surfaces.gates.osmp.parse import Malformed, TerminalRequest, parse_request
from svet.surfaces.web.addresses import client_address

log = structlog.get_logger("svet.gates.osmp")


@csrf_exempt
def terminal(request: HttpRequest, source_code: str) -> HttpResponse:
    """Answer one request of the check/pay protocol for the source in the URL."""
    try:
        source = queries.source(source_code)
    except NotFound:
        return HttpResponse(status=404)
    verdict = knock(request, name=source.code, allowed_networks=source.allowed_networks, secret_name=source.secret_name)
    if verdict is not Verdict.OPEN:
        log.warning("knock_refused", gate=source.code, verdict=verdict.value, address=client_address(request))
        return _closed(verdict)
    if request.method != "GET":
        answer = _xml(malformed("not_get"), txn_id="", status=405)
        answer["Allow"] = "GET"
        return answer
    context = Context(Actor("gate", f"osmp/{source.code}"), current().request_id, client_address(request))
    with acting(context):
        return _answer(source, query=request.META.get("QUERY_STRING", ""), at=clock.now())


def _closed(verdict: Verdict) -> HttpResponse:
    if verdict is Verdict.WRONG_PASSWORD:
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="svet", charset="UTF-8"'})
    return HttpResponse(status=403)


def _answer(source: SourceRow, *, query: str, at: datetime) -> HttpResponse:
    asked = parse_request(query)
    try:
        message, is_new = inbox.receive(
            f"osmp/{source.code}"[:40], external_id=_external_id(asked, query=query), raw=query.encode()[:65536], at=at
        )
        answer = _ask(source, asked=asked, at=at)
        if is_new or message.state != "done":
            result = {"result": answer.outcome.value, "why": answer.why, "payment_id": answer.payment_id}
            inbox.finish(message, at=at, result=result)
    except Exception:
        # The agent gives the money back on a final code: after a failure of ours it must come again.
        log.exception("terminal_request_failed", gate=source.code)
        is_check = isinstance(asked, TerminalRequest) and asked.command == "check"
        answer = Answer(Outcome.CANNOT_CHECK if is_check else Outcome.TEMPORARY, "failed")
    return _xml(answer, txn_id=asked.txn_id)


def _external_id(asked: TerminalRequest | Malformed, *, query: str) -> str:
    digest = hashlib.sha256(query.encode()).hexdigest()
    if isinstance(asked, Malformed):
        return f"malformed:{asked.txn_id}:{digest[:32]}"
    return f"{asked.command}:{asked.txn_id}:{digest[:32]}"


def _ask(source: SourceRow, *, asked: TerminalRequest | Malformed, at: datetime) -> Answer:
    if isinstance(asked, Malformed):
        return malformed(asked.why)
    if asked.command == "check":
        return check_account(source_code=source.code, account_number=asked.account, amount=asked.amount, at=at)
    if asked.command == "cancel" or asked.amount is None or asked.paid_at is None:
        return Answer(Outcome.CANNOT_CANCEL, "cannot_cancel")
    return pay_account(
        source_code=source.code,
        txn_id=asked.txn_id,
        account_number=asked.account,
        amount=asked.amount,
        paid_at=asked.paid_at,
        at=at,
    )


def _xml(answer: Answer, *, txn_id: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(as_xml(answer, txn_id=txn_id), content_type="text/xml; charset=utf-8", status=status)
    response["Cache-Control"] = "no-store"
    return response
