"""The mailbox at the desk: the ledger by what became of letters, and the letters that need a person.

Of a letter that is in a case the ledger shows only the case: who may see that, the case's own door decides.
"""

from __future__ import annotations

import re

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.notifications import actions, queries
from svet.domains.notifications.queries import MailView
from svet.domains.notifications.rules.mail import own_words
from svet.flows import mail_intake
from svet.infra import clock
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.surfaces.desk.mail_forms import MailForm
from svet.surfaces.web import mail_words, messages
from svet.surfaces.web.doors import needs, person

FILTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("Нужен человек", ("unusable",)),
    "cases": ("Новые обращения", ("new_case",)),
    "joined": ("К обращениям", ("joined",)),
    "bounces": ("Не дошло", ("bounce",)),
    "machines": ("Автоответы", ("auto_reply",)),
    "repeats": ("Повторы", ("repeat",)),
    "aside": ("Отложены", ("set_aside",)),
    "waiting": ("Ждут разбора", ("new",)),
}
ON_A_PAGE = 50


@require_safe
@needs(Right.ANSWER_CASES)
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show how many letters there are of each fate, and those of one, the latest first."""
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in FILTERS else ""
    asked = request.GET.get("page", "")
    page = max(int(asked), 1) if re.fullmatch(r"[0-9]{1,6}", asked) else 1
    found, total = queries.mail_page(states=FILTERS[chosen][1], limit=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE)
    counts = queries.mail_counts()
    filters = [
        {"code": code, "title": title, "count": sum(counts.get(one, 0) for one in states)}
        for code, (title, states) in FILTERS.items()
    ]
    context = {
        "rows": [_row(one) for one in found],
        "filters": filters,
        "chosen": chosen,
        "looks": queries.looks(),
        "newer": f"?state={chosen}&page={page - 1}" if page > 1 else "",
        "older": f"?state={chosen}&page={page + 1}" if page * ON_A_PAGE < total else "",
    }
    return render(request, "desk/mailbox.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ANSWER_CASES)
def letter_of_mailbox(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Show a letter that is in no case, and take what a person decides about it."""
    letter = queries.mail(mail_id)
    if letter.case_number and request.method != "POST":
        return redirect("desk:case", case_number=letter.case_number)
    form, problem = MailForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            return _decided(request, letter, form)
        except NotFound:
            form.add_error("number", "Такого обращения нет")
        except Conflict as error:
            letter, problem = queries.mail(mail_id), messages.of_error(error)
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
    own, quoted = own_words(letter.text)
    context = {**_row(letter), "own": own, "quoted": quoted, "form": form, "problem": problem}
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "desk/letter_of_mailbox.html", context, status=status)


def _decided(request: HttpRequest, letter: MailView, form: MailForm) -> HttpResponse:
    who, now, decision = person(request).user_id, clock.now(), form.cleaned_data["decision"]
    if decision == "aside":
        actions.set_aside(letter.id, reason=form.cleaned_data["reason"], by=who, at=now)
        flash.success(request, "Письмо отложено.", extra_tags="good")
        return redirect("desk:mailbox")
    if decision == "join":
        done = mail_intake.join_case(letter.id, number=form.cleaned_data["number"], by=who, at=now)
        flash.success(request, "Письмо добавлено к обращению.", extra_tags="good")
    else:
        done = mail_intake.make_case(letter.id, by=who, at=now)
        flash.success(request, f"Заведено обращение {done.number}.", extra_tags="good")
    return redirect("desk:case", case_number=done.number)


def _row(letter: MailView) -> dict[str, object]:
    title, kind = mail_words.STATES[letter.state]
    return {
        "letter": letter,
        "is_hidden": bool(letter.case_number),
        "state": {"title": title, "kind": kind},
        "sort": mail_words.SORTS.get(letter.sort, ""),
        "flags": [mail_words.FLAGS[one] for one in letter.flags],
        "refused": [(one["name"], mail_words.refused(one["why"])) for one in letter.refused_files],
        "may_decide": letter.state in actions.BY_HAND and not letter.case_number,
    }
