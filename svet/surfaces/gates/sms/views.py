"""Where Kannel reports what became of an SMS, and where it brings those that people send.

A report comes from its network only, with our own signature of the message's number. An SMS comes with a password too;
it is kept first, then answered; what cannot be answered now, a job answers (`gates/jobs.py`).
"""

from __future__ import annotations

import structlog
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from svet.domains.notifications import actions
from svet.infra import clock
from svet.infra.context import Actor, Context, acting, current
from svet.kernel.errors import NotFound
from svet.surfaces.gates.door import Verdict, knock
from svet.surfaces.gates.sms.receive import answer_now, keep
from svet.surfaces.gates.sms.send import SIGNER_SALT
from svet.surfaces.web.addresses import client_address

log = structlog.get_logger("svet.gates.sms")

DELIVERED, NOT_DELIVERED, TAKEN, REFUSED = "1", "2", "8", "16"


@require_GET
def report(request: HttpRequest, signed: str) -> HttpResponse:
    """Note one report; unknown kinds of reports are accepted and change nothing."""
    verdict = knock(request, name="kannel", allowed_networks=settings.SMS_NETWORKS, secret_name="")
    if verdict is not Verdict.OPEN:
        log.warning("knock_refused", gate="kannel", verdict=verdict.value, address=client_address(request))
        return HttpResponse(status=403)
    try:
        message_id = int(Signer(salt=SIGNER_SALT).unsign(signed))
        with acting(Context(Actor("gate", "kannel"), current().request_id, client_address(request))):
            _note(message_id, status=request.GET.get("status", ""))
    except (BadSignature, NotFound):
        return HttpResponse(status=404)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def incoming(request: HttpRequest, external_id: str) -> HttpResponse:
    """Take one SMS. 200 means that it is kept for good; with anything else Kannel must bring it again.

    The gateway's id is in the path: the charset of an SMS is its request's, and would be that of a query too.
    """
    networks, secret = settings.SMS_NETWORKS, settings.SMS_SECRET_NAME
    verdict = knock(request, name="kannel", allowed_networks=networks, secret_name=secret)
    if verdict is not Verdict.OPEN:
        log.warning("knock_refused", gate="kannel", verdict=verdict.value, address=client_address(request))
        return HttpResponse(status=401 if verdict is Verdict.WRONG_PASSWORD else 403)
    if len(external_id) > 200 or not external_id.isprintable():
        return HttpResponse(status=400)
    with acting(Context(Actor("gate", "kannel"), current().request_id, client_address(request))):
        kept = keep(external_id, headers=request.headers, body=request.body, at=clock.now())
        answer_now(kept, at=clock.now())
    return HttpResponse(status=200)


def _note(message_id: int, *, status: str) -> None:
    at = clock.now()
    if status == DELIVERED:
        actions.mark_delivered(message_id, at=at)
    elif status == TAKEN:
        # Also stops a second try when we were killed between Kannel's answer and our own note of it.
        actions.mark_sent(message_id, at=at, provider_id="kannel")
    elif status in {NOT_DELIVERED, REFUSED}:
        actions.mark_failed(message_id, error=f"operator_{status}", at=at, for_good=True)
