"""Papers as answers to a browser: the file under a name that says what it is, never kept by caches on the way."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse

from svet.flows.answering import LetterPaper
from svet.flows.case_pages import Slip
from svet.flows.certificates import CertificatePaper
from svet.flows.statements import StatementPage
from svet.surfaces.paper import certificate, letter, slip, statement

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def statement_file(page: StatementPage, *, kind: str) -> HttpResponse:
    """Return the statement as "pdf" or "xlsx"; raise TypesettingFailed."""
    name = f"statement-{page.account.number}-{page.period.start}-{page.period.last_on}.{kind}"
    if kind == "xlsx":
        return attached(statement.sheet(page), name=name, content_type=XLSX)
    return attached(statement.render(page), name=name)


def certificate_file(paper: CertificatePaper) -> HttpResponse:
    """Return the certificate as it was given out; raise TypesettingFailed."""
    return attached(certificate.render(paper), name=f"certificate-{paper.certificate.number:06d}.pdf")


def slip_file(taken: Slip, *, at: datetime) -> HttpResponse:
    """Return the slip of a registered appeal; raise TypesettingFailed."""
    return attached(slip.render(taken, at=at), name=f"case-{taken.case.row.number.removeprefix('ОБ-')}.pdf")


def letter_file(paper: LetterPaper, *, at: datetime) -> HttpResponse:
    """Return a letter on letterhead; raise TypesettingFailed."""
    return attached(letter.render(paper, at=at), name=letter_name(paper))


def letter_name(paper: LetterPaper) -> str:
    """Return the name of a letter's file, in letters that every mail program takes."""
    number = paper.number.replace("ИСХ", "answer") or f"letter-{paper.case_number.removeprefix('ОБ-')}"
    return f"{number}.pdf"


def attached(file: bytes, *, name: str, content_type: str = "application/pdf") -> HttpResponse:
    """Return a file to keep."""
    response = HttpResponse(file, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
