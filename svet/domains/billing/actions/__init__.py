"""Writes of billing, one verb each: runs, shards, parked accounts, bills, closing a month."""

from svet.domains.billing.actions.closing import close_month
from svet.domains.billing.actions.finals import (
    CannotBeRated,
    FinalBill,
    bill_finally,
    reverse_charges,
    reverse_final_bill,
)
from svet.domains.billing.actions.issuing import NumbersDiffer, issue_bills, issue_shard
from svet.domains.billing.actions.queue import is_retrying
from svet.domains.billing.actions.rating import rate_shard, retry_failed, retry_parked, retry_waiting
from svet.domains.billing.actions.recalculating import ask_recalculation, settle_recalculation
from svet.domains.billing.actions.runs import cancel_run, finish_rating, start_run

__all__ = [
    "CannotBeRated",
    "FinalBill",
    "NumbersDiffer",
    "ask_recalculation",
    "bill_finally",
    "cancel_run",
    "close_month",
    "finish_rating",
    "is_retrying",
    "issue_bills",
    "issue_shard",
    "rate_shard",
    "retry_failed",
    "retry_parked",
    "retry_waiting",
    "reverse_charges",
    "reverse_final_bill",
    "settle_recalculation",
    "start_run",
]
