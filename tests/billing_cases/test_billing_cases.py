"""Every case file of this folder, billed by the production engine and compared with what it expects."""

from pathlib import Path

import pytest

from svet.domains.houses.rules import SHARED
from svet.surfaces.console.cases.case import read_case
from svet.surfaces.console.cases.compare import differences
from svet.surfaces.console.cases.document import as_document
from svet.surfaces.console.cases.months import bill

CASES = sorted(Path(__file__).parent.glob("*.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_comes_out_as_its_author_expects(path):
    case = read_case(path.read_text(encoding="utf-8"))

    assert case.expected is not None
    assert differences(case.expected, as_document(case, bill(case))) == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_lines_volumes_and_balances_of_a_case_add_up(path):
    case = read_case(path.read_text(encoding="utf-8"))

    for month in bill(case):
        charge = month.charge or {"wh": 0, "amount_kop": 0}
        own, common = (
            [[row["wh"] for row in rows if (row["rule"] in SHARED) is shared] for rows in (month.lines, month.volumes)]
            for shared in (False, True)
        )
        assert sum(own[0]) == sum(own[1]) == charge["wh"]
        assert sum(common[0]) == sum(common[1])
        assert sum(line["amount_kop"] for line in month.lines) == charge["amount_kop"]
        assert month.closing == month.opening + charge["amount_kop"] - month.paid


def test_every_worked_example_of_the_household_charge_has_a_case():
    named = {path.stem.split("_")[0] for path in CASES}

    assert {"e01", "e03", "e06", "e07", "e08", "e10", "e12", "e14"} <= named
