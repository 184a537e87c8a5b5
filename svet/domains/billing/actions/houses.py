"""The first stage of a shard: houses of its accounts are settled, each once for the month, before anybody is rated.

A house is a transaction of its own: killed in between, the next worker settles what is left and finds the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from svet.domains.billing import queries
from svet.domains.billing.actions.recalculating import ask_recalculation
from svet.domains.billing.queries.inputs import Span
from svet.domains.billing.rules import Why
from svet.domains.houses import actions as houses
from svet.domains.houses import queries as house_queries
from svet.domains.houses.actions import Unsettled
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.period import Month


def settle_houses(span: Span, *, month: Month, policies: Policies, run_id: int | None, at: datetime) -> int:
    """Settle the houses of the span that wait for the month; return how many are settled now.

    Accounts that were charged before their house was settled are noted for a revision.
    """
    waiting = house_queries.to_settle(span.first, span.last, month=month)
    if not waiting:
        return 0
    own = queries.own_use_of(house_queries.accounts_of(waiting, month=month), month=month, policies=policies)
    done = 0
    for house_id in waiting:
        with transaction.atomic():
            found = houses.settle_house(
                house_id, month=month, own=own.uses, unknown=own.unknown, policies=policies, run_id=run_id, at=at
            )
            if isinstance(found, int):
                done += 1
                _ask([house_id], month=month, reason="", at=at)
    return done


def settle_house_again(house_id: int, *, month: Month, reason: str, by: int, at: datetime) -> int | Unsettled | None:
    """Settle a house by what is known now; return the id of the month that stands, why there is none, or None.

    Where a figure differs it is a next version, and its charged accounts are noted for a revision. Raises NotFound.
    """
    policies = Policies.from_values(tariffs.policy_values(month.first_on))
    accounts = house_queries.accounts_of([house_id], month=month)
    is_charged = not queries.standing_charges(accounts, month=month).is_empty()
    own = queries.own_use_of(accounts, month=month, policies=policies, again=is_charged)
    with transaction.atomic():
        before = house_queries.standing_month(house_id, month=month)
        found = houses.settle_house(
            house_id, month=month, own=own.uses, unknown=own.unknown, policies=policies,
            again=True, reason=reason, by=by, at=at,
        )  # fmt: skip
        if isinstance(found, int) and found != before:
            _ask([house_id], month=month, reason=reason, at=at)
    return found


def _ask(house_ids: Sequence[int], *, month: Month, reason: str, at: datetime) -> None:
    accounts = house_queries.accounts_of(house_ids, month=month)
    charged = queries.standing_charges(accounts, month=month)
    for account_id in sorted(set(charged["account_id"])):
        ask_recalculation(account_id, months=[month], why=Why.HOUSE, reason=reason, at=at)
