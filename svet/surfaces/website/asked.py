"""What somebody is asked about an answer, by the signed link of a message: a rating, or whether it was solved. Once.

Opening the page records nothing (mail programs open links by themselves); one press does.
"""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from svet.domains.cases import actions, queries
from svet.domains.cases.actions import RATING
from svet.infra import clock
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.surfaces.web import messages
from svet.surfaces.web.rating_form import RatingForm


class SolvedForm(RatingForm):
    """Yes or no."""

    answer = forms.ChoiceField(
        choices=[("yes", "Да, решён"), ("no", "Нет, не решён")],
        error_messages={"required": "Нажмите «да» или «нет»", "invalid_choice": "Нажмите «да» или «нет»"},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["comment"].label = "Что осталось нерешённым"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """Show the question and take its answer once."""
    try:
        asking = queries.asking_of_token(token)
    except NotFound as error:
        raise Http404 from error
    is_rating = asking.question == RATING
    form = (RatingForm if is_rating else SolvedForm)(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said, comment, now = form.cleaned_data["answer"], form.cleaned_data["comment"], clock.now()
        try:
            if is_rating:
                actions.rate(asking.asking_id, score=int(said), comment=comment, at=now)
            else:
                actions.say_whether_solved(asking.asking_id, is_solved=said == "yes", comment=comment, at=now)
        except Conflict:
            return redirect("website:asked", token=token)
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            return redirect("website:asked", token=token)
    context = {"asking": asking, "form": form, "is_rating": is_rating}
    return render(request, "website/asked.html", context, status=422 if form.errors else 200)
