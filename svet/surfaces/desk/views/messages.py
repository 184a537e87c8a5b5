"""Messages that could not be sent: who did not get which, why, and the way to try again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from svet.domains.access.rules import Right
from svet.domains.notifications import actions, queries
from svet.flows import service_status
from svet.infra import clock
from svet.kernel.errors import Conflict
from svet.surfaces.web import gate_words, message_words, messages
from svet.surfaces.web.doors import needs


@require_safe
@needs(Right.SEE_SERVICE_FIGURES)
def failed_messages(request: HttpRequest) -> HttpResponse:
    """Show the messages that were given up, the latest first."""
    return _page(request)


@require_safe
@needs(Right.SEE_SERVICE_FIGURES)
def gates(request: HttpRequest) -> HttpResponse:
    """Show each gate: when it worked last, what waits, what went wrong last."""
    now = clock.now()
    rows = [
        {"gate": one, "name": gate_words.NAMES[one.code], "problem": gate_words.problem(one)}
        for one in service_status.gates(at=now)
    ]
    return render(request, "desk/gates.html", {"rows": rows, "now": now})


@require_POST
@needs(Right.SEE_SERVICE_FIGURES)
def try_message_again(request: HttpRequest, message_id: int) -> HttpResponse:
    """Put one back into the outbox; say so when somebody else did already."""
    try:
        actions.try_again(message_id, at=clock.now())
    except Conflict as error:
        return _page(request, problem=messages.of_error(error), status=409)
    return redirect("desk:failed_messages")


def _page(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    rows = [
        {"message": message, "about": message_words.about(message.kind), "why": message_words.why(message.last_error)}
        for message in queries.failed_messages(limit=200)
    ]
    context = {"rows": rows, "count": queries.failed_count(), "problem": problem}
    return render(request, "desk/failed_messages.html", context, status=status)
