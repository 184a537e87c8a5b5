"""The pages of the desk, by kind of work."""

from svet.surfaces.desk.views.accounts import account, account_bill, find
from svet.surfaces.desk.views.billing import (
    close,
    issue,
    parked_cause,
    parked_cause_progress,
    progress,
    retry,
    run,
    runs,
    start,
)
from svet.surfaces.desk.views.contacts import end_contact, new_contact, why
from svet.surfaces.desk.views.log import access_log
from svet.surfaces.desk.views.messages import failed_messages, try_message_again
from svet.surfaces.desk.views.money import assign, unidentified
from svet.surfaces.desk.views.papers import certificate_pdf, certificates, statement, statement_pdf, statement_xlsx
from svet.surfaces.desk.views.payment_moves import account_payment
from svet.surfaces.desk.views.readings import held_readings, review
from svet.surfaces.desk.views.registers import load_register, register, registers
from svet.surfaces.desk.views.staff import (
    close_login,
    employ,
    reopen_login,
    reset_sign_in,
    staff,
    staff_member,
    units,
)
from svet.surfaces.desk.views.tariffs import (
    discard_tariff,
    draft_tariff,
    publish_tariff,
    tariff_calendar,
    tariff_version,
)
from svet.surfaces.desk.views.today import home

__all__ = [
    "access_log",
    "account",
    "account_bill",
    "account_payment",
    "assign",
    "certificate_pdf",
    "certificates",
    "close",
    "close_login",
    "discard_tariff",
    "draft_tariff",
    "employ",
    "end_contact",
    "failed_messages",
    "find",
    "held_readings",
    "home",
    "issue",
    "load_register",
    "new_contact",
    "parked_cause",
    "parked_cause_progress",
    "progress",
    "publish_tariff",
    "register",
    "registers",
    "reopen_login",
    "reset_sign_in",
    "retry",
    "review",
    "run",
    "runs",
    "staff",
    "staff_member",
    "start",
    "statement",
    "statement_pdf",
    "statement_xlsx",
    "tariff_calendar",
    "tariff_version",
    "try_message_again",
    "unidentified",
    "units",
    "why",
]
