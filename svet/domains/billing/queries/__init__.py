"""Reads of billing for others: runs while they run, bills, why an amount is what it is; inputs of the engine."""

from svet.domains.billing.queries.bills import (
    BillRow,
    ChargeRow,
    LastBill,
    account_of_bill,
    bill,
    bill_numbers,
    bill_of_month,
    bills_of,
    charged_months,
    charges_of,
    last_bill_of,
)
from svet.domains.billing.queries.documents import bill_document, bill_documents
from svet.domains.billing.queries.explanations import Explanation, explain
from svet.domains.billing.queries.foretelling import ForetoldCharge, ForetoldLine, preview_charge
from svet.domains.billing.queries.inputs import Span, UnknownScope, accounts_to_rate, load_inputs
from svet.domains.billing.queries.recalculations import RecalculationView, recalculation, waiting_recalculations
from svet.domains.billing.queries.runs import (
    FailedShard,
    ParkedAccount,
    ParkedCause,
    Preview,
    RunProgress,
    parked,
    parked_causes,
    previews,
    run_progress,
    runs,
    unfinished_runs,
    waiting_issues,
    waiting_shards,
)
from svet.domains.billing.rules.documents import BillDocument

__all__ = [
    "BillDocument",
    "BillRow",
    "ChargeRow",
    "Explanation",
    "FailedShard",
    "ForetoldCharge",
    "ForetoldLine",
    "LastBill",
    "ParkedAccount",
    "ParkedCause",
    "Preview",
    "RecalculationView",
    "RunProgress",
    "Span",
    "UnknownScope",
    "account_of_bill",
    "accounts_to_rate",
    "bill",
    "bill_document",
    "bill_documents",
    "bill_numbers",
    "bill_of_month",
    "bills_of",
    "charged_months",
    "charges_of",
    "explain",
    "last_bill_of",
    "load_inputs",
    "parked",
    "parked_causes",
    "preview_charge",
    "previews",
    "recalculation",
    "run_progress",
    "runs",
    "unfinished_runs",
    "waiting_issues",
    "waiting_recalculations",
    "waiting_shards",
]
