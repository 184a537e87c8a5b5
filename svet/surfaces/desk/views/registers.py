"""Banks' registries (clause B5): what came and what became of it; load a file, first for trial, then for real."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from svet.domains.access.rules import Right
from svet.domains.payments import queries as money
from svet.domains.payments.rules import RegisterState, SourceKind
from svet.domains.payments.rules.register import RegisterReport
from svet.flows import register_formats
from svet.flows.bank_register import post_bank_register
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.kernel.findings import Finding, Level
from svet.surfaces.desk.register_forms import RegisterForm
from svet.surfaces.web import messages
from svet.surfaces.web.doors import needs

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as the page shows it; `line` is None for one about the whole file, `more` counts those not listed."""

    line: int | None
    text: str
    raw: str
    refuses: bool
    more: int


@require_safe
@needs(Right.ASSIGN_PAYMENTS)
def registers(request: HttpRequest) -> HttpResponse:
    """Show the files that came, the latest first."""
    return render(request, "desk/registers.html", {"rows": money.registers(limit=SHOWN), "shown": SHOWN})


@require_safe
@needs(Right.ASSIGN_PAYMENTS)
def register(request: HttpRequest, register_id: int) -> HttpResponse:
    """Show one file: its sums and everything that was found in it."""
    found = money.register(register_id)
    return render(request, "desk/register.html", {"register": found, **told(found.findings)})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.ASSIGN_PAYMENTS)
def load_register(request: HttpRequest) -> HttpResponse:
    """Take a file: check it and keep nothing, or post it and go to its page."""
    form = RegisterForm(
        request.POST or None,
        request.FILES or None,
        channels=[one for one in money.sources() if one.kind is SourceKind.BANK_REGISTER and one.active],
        formats=register_formats.posted(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            report = post_bank_register(
                form.raw,
                format_name=form.cleaned_data["format"],
                file_name=form.file_name,
                source_code=form.cleaned_data["channel"],
                at=clock.now(),
                dry_run=not form.is_for_real,
            )
        except DomainError as error:
            form.add_error(None, messages.of_error(error))
        else:
            if not form.is_for_real:
                context = {"form": form, "report": report, "file_name": form.file_name, **told(report.findings)}
                return render(request, "desk/register_load.html", context)
            _say(request, report)
            return redirect("desk:register", register_id=report.register_id)
    return render(request, "desk/register_load.html", {"form": form}, status=422 if form.errors else 200)


def told(findings: tuple[Finding, ...]) -> dict[str, list[Told]]:
    """Return the findings of the whole file and those of its lines, as the page shows them."""
    shown = [_told(finding) for finding in findings]
    return {
        "about_file": [one for one in shown if one.line is None],
        "about_lines": sorted((one for one in shown if one.line is not None), key=lambda one: one.line or 0),
    }


def _told(finding: Finding) -> Told:
    line = finding.facts.get("line")
    return Told(
        line=line,
        text=messages.of_finding(finding) if line is None else messages.in_its_line(finding),
        raw=str(finding.facts.get("raw", "")),
        refuses=finding.level is Level.REFUSE,
        more=int(finding.facts.get("more", 0)),
    )


def _say(request: HttpRequest, report: RegisterReport) -> None:
    if not report.is_new:
        flash.warning(request, "Этот файл уже проведён: второй раз не зачислено ничего.", extra_tags="warn")
    elif report.state is RegisterState.POSTED:
        flash.success(request, f"Реестр проведён: новых платежей {report.posted}.", extra_tags="good")
