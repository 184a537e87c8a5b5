"""What was the matter with a meter or the supply of a case, over time, as it is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

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


def _minute(node: Node, name: str) -> int:
    text = scalar(node, name)
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    except ValueError:
        raise CaseError(f"«{name}»: время пишется так: 2026-03-02 10:00", line=node.line) from None
    return int(moment.timestamp()) // 60
