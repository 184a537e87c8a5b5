"""What was the matter with a meter or the supply of a case, over time, as it is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from svet.domains.benefits.rules import BenefitForm, Covers
from svet.domains.houses.rules import BY_AVERAGE, BY_METER, BY_NORM, GIVEN_BACK
from svet.domains.metering.rules import ConditionKind
from svet.domains.supply.rules import InterruptionKind
from svet.surfaces.console.cases import tree
from svet.surfaces.console.cases.meters import Meter
from svet.surfaces.console.cases.tree import CaseError, Node, one_of, scalar, scaled, validity

SUPPLY_POINT = 1
KINDS = tuple(kind.value for kind in ConditionKind)


def read_conditions(meters: list[Meter]) -> Callable[[Node, str], dict[str, Any]]:
    """Return a reader of one condition: of a meter when it failed, else of the supply."""

    def read(node: Node, name: str) -> dict[str, Any]:
        row = tree.table(node, name)
        kind = row.take("kind", one_of(*KINDS), needed=True)
        serial = row.take("meter", scalar, default="")
        found = [place for place, meter in enumerate(meters) if serial in ("", meter.serial)]
        of_meter = kind == ConditionKind.FAILED.value
        if of_meter and len(found) != 1:
            raise CaseError("«meter»: укажите неисправный прибор", line=row.line)
        meter_id = found[0] + 1 if of_meter else None
        result = {"supply_point_id": SUPPLY_POINT, "meter_id": meter_id, "kind": kind, **validity(row)}
        row.close()
        return result

    return read


def read_interruption(node: Node, name: str) -> dict[str, Any]:
    """Read one failure of supply; its moments are written as 2026-03-02 10:00."""
    row = tree.table(node, name)
    result = {
        "supply_point_id": SUPPLY_POINT,
        "kind": row.take("kind", one_of(*(kind.value for kind in InterruptionKind)), default="outage"),
        "independent_sources": int(row.take("sources", one_of("1", "2"), default="1")),
        "from_minute": row.take("from", _minute, needed=True),
        "until_minute": row.take("until", _minute, needed=True),
    }
    row.close()
    return result


def read_share(node: Node, name: str) -> dict[str, Any]:
    """Read what falls of the house in one month: `kwh`, and how it is known (`by`)."""
    row = tree.table(node, name)
    rules = {"meter": BY_METER, "average": BY_AVERAGE, "norm": BY_NORM, "given_back": GIVEN_BACK}
    result = {
        "month_on": row.take("month", tree.month, needed=True).first_on,
        "supply_point_id": SUPPLY_POINT,
        "wh": row.take("kwh", scaled(3), needed=True),
        "rule": rules[row.take("by", one_of(*rules), default="meter")],
        "facts": "{}",
    }
    row.close()
    return result


def read_benefit(node: Node, name: str) -> dict[str, Any]:
    """Read somebody's benefit: what is taken off (`percent`), up to how much (`kwh`) or `roubles`, for how many."""
    row = tree.table(node, name)
    kwh, roubles = row.take("kwh", scaled(3)), row.take("roubles", scaled(2))
    form = row.take("form", one_of(*(form.value for form in BenefitForm)), needed=True)
    covers = Covers.ALL.value if kwh is None else Covers.VOLUME.value
    is_money = form == BenefitForm.ROUBLES.value
    result = {
        "supply_point_id": SUPPLY_POINT,
        "form": form,
        "percent_e2": None if is_money else row.take("percent", scaled(2), default=100_00),
        "covers": row.take("covers", one_of(*(one.value for one in Covers)), default=covers),
        "limit_wh": kwh,
        "amount_kop": roubles,
        "is_per_person": row.take("per_person", tree.yes_no, default=False),
        "is_share": row.take("share", tree.yes_no, default=False),
        "people": row.take("people", tree.whole, default=1),
        **validity(row),
    }
    if (form == BenefitForm.ROUBLES.value) != (roubles is not None):
        raise CaseError("«roubles»: сумма нужна льготе в рублях и только ей", line=row.line)
    if (result["covers"] == Covers.VOLUME.value) != (kwh is not None):
        raise CaseError("«kwh»: сколько киловатт-часов, говорит льгота на объём и только она", line=row.line)
    row.close()
    return result


def _minute(node: Node, name: str) -> int:
    text = scalar(node, name)
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    except ValueError:
        raise CaseError(f"«{name}»: время пишется так: 2026-03-02 10:00", line=node.line) from None
    return int(moment.timestamp()) // 60
