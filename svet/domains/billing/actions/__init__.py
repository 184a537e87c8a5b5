"""Writes of billing, one verb each: runs, shards, parked accounts, bills, closing a month."""

from svet.domains.billing.actions.closing import close_month
from svet.domains.billing.actions.finals import (
    CannotBeRated,
    FinalBill,
    bill_finally,
    reverse_charges,
    reverse_final_bill,
)
from svet.domains.billing.actions.houses import settle_house_again, settle_houses
from svet.domains.billing.actions.issuing import NumbersDiffer, issue_bills, issue_shard
from svet.domains.billing.actions.queue import enqueue_revision, is_retrying
from svet.domains.billing.actions.rating import rate_parked, rate_shard, retry_failed, retry_parked, retry_waiting
from svet.domains.billing.actions.recalculating import ask_recalculation, settle_recalculation
from svet.domains.billing.actions.revising import (
    ask_revision,
    cancel_revision,
    release_revision,
    take_revision_back,
)
from svet.domains.billing.actions.revising_accounts import revise_piece
from svet.domains.billing.actions.runs import cancel_run, finish_rating, renew_totals, start_run
from svet.domains.billing.actions.unmetered import MOST_SCANS, UnmeteredPaper, record_unmetered, undo_unmetered

__all__ = [
    "MOST_SCANS",
    "CannotBeRated",
    "FinalBill",
    "NumbersDiffer",
    "UnmeteredPaper",
    "ask_recalculation",
    "ask_revision",
    "bill_finally",
    "cancel_revision",
    "cancel_run",
    "close_month",
    "enqueue_revision",
    "finish_rating",
    "is_retrying",
    "issue_bills",
    "issue_shard",
    "rate_parked",
    "rate_shard",
    "record_unmetered",
    "release_revision",
    "renew_totals",
    "retry_failed",
    "retry_parked",
    "retry_waiting",
    "reverse_charges",
    "reverse_final_bill",
    "revise_piece",
    "settle_house_again",
    "settle_houses",
    "settle_recalculation",
    "start_run",
    "take_revision_back",
    "undo_unmetered",
]
