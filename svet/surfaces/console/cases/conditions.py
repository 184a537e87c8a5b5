"""What was the matter with a meter or the supply of a case, over time, as it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from svet.domains.metering.rules import ConditionKind
from svet.surfaces.console.cases import tree
from svet.surfaces.console.cases.meters import Meter
from svet.surfaces.console.cases.tree import CaseError, Node, one_of, scalar, validity

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
