"""The pages of the desk, by kind of work."""

from svet.surfaces.desk.views.accounts import account, account_bill, find, timeline
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
from svet.surfaces.desk.views.messages import failed_messages, gates, try_message_again
from svet.surfaces.desk.views.money import assign, unidentified
from svet.surfaces.desk.views.papers import certificate_pdf, certificates, statement, statement_pdf, statement_xlsx
from svet.surfaces.desk.views.payment_moves import account_payment
from svet.surfaces.desk.views.readings import held_readings, review
from svet.surfaces.desk.views.registers import load_register, register, registers
from svet.surfaces.desk.views.service import service
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
from svet.surfaces.desk.views.till import close_any_shift, close_shift, open_shift, till, till_cash
from svet.surfaces.desk.views.till_money import (
    give_back,
    print_again,
    take_payment,
    till_operation,
    till_operation_state,
)
from svet.surfaces.desk.views.till_reports import (
    all_shifts,
    any_shift_report,
    any_shift_report_pdf,
    any_shift_report_xlsx,
    print_x_report,
    shift_report,
    shift_report_pdf,
    shift_report_xlsx,
)
from svet.surfaces.desk.views.today import home

__all__ = [
    "access_log",
    "account",
    "account_bill",
    "account_payment",
    "all_shifts",
    "any_shift_report",
    "any_shift_report_pdf",
    "any_shift_report_xlsx",
    "assign",
    "certificate_pdf",
    "certificates",
    "close",
    "close_any_shift",
    "close_login",
    "close_shift",
    "discard_tariff",
    "draft_tariff",
    "employ",
    "end_contact",
    "failed_messages",
    "find",
    "gates",
    "give_back",
    "held_readings",
    "home",
    "issue",
    "load_register",
    "new_contact",
    "open_shift",
    "parked_cause",
    "parked_cause_progress",
    "print_again",
    "print_x_report",
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
    "service",
    "shift_report",
    "shift_report_pdf",
    "shift_report_xlsx",
    "staff",
    "staff_member",
    "start",
    "statement",
    "statement_pdf",
    "statement_xlsx",
    "take_payment",
    "tariff_calendar",
    "tariff_version",
    "till",
    "till_cash",
    "till_operation",
    "till_operation_state",
    "timeline",
    "try_message_again",
    "unidentified",
    "units",
    "why",
]
