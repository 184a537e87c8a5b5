"""Giving a certificate by the form, the same in the account area and at the desk."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from svet.domains.accounts.queries import AccountView
from svet.domains.ledger.queries import CertificateView
from svet.flows import certificates
from svet.kernel.errors import DomainError, NotAllowed, NotFound
from svet.surfaces.web import messages
from svet.surfaces.web.certificate_form import CertificateForm


def give(
    request: HttpRequest, account: AccountView, form: CertificateForm, *, by: int | None, at: datetime
) -> CertificateView | None:
    """Give what the sent form asks for; None while nothing whole was sent or the rules refuse, which the form tells."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return certificates.give(
            account,
            kind=form.chosen,
            stated_on=form.cleaned_data["stated_on"],
            request_key=form.cleaned_data["request_key"],
            check_url=request.build_absolute_uri(reverse("website:check")),
            by=by,
            at=at,
        )
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        form.add_error(None, messages.of_error(error))
    return None
