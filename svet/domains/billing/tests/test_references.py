"""No row of the great tables is without its parent, and no parent is deleted: `svet.infra.references`."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from svet.domains.billing import actions
from svet.domains.billing.tests.region import AT, OCTOBER, build_street
from svet.domains.billing.tests.test_bill_run import issued, rated

pytestmark = pytest.mark.django_db

NOBODY = 9_999_999_999
AGAIN = {
    "billing_charge": "id = id + 1000000, version = version + 50",
    "billing_line": "number = number + 1000",
    "billing_volume": "number = number + 1000",
    "billing_bill": "id = id + 1000000, number = number + 1000000, month = '2030-01-01'",
    "ledger_entry": "id = id + 1000000, source_id = source_id + 1000000",
    "ledger_turnover": "month = '2030-01-01'",
    "metering_billed": "month = '2030-01-01'",
}
"""What makes the rows of a table new ones."""
REFERRING = [
    ("billing_charge", "account_id"),
    ("billing_charge", "supply_point_id"),
    ("billing_charge", "run_id"),
    ("billing_charge", "reverses_id"),
    ("billing_line", "charge_id"),
    ("billing_line", "account_id"),
    ("billing_line", "tariff_version_id"),
    ("billing_volume", "charge_id"),
    ("billing_volume", "account_id"),
    ("billing_bill", "account_id"),
    ("billing_bill", "run_id"),
    ("ledger_entry", "account_id"),
    ("ledger_turnover", "account_id"),
    ("metering_billed", "account_id"),
]


@pytest.mark.parametrize(("table", "column"), REFERRING)
def test_a_row_without_its_parent_is_refused_among_those_that_have_one(table, column):
    build_street(20)
    issued(rated())
    actions.close_month(OCTOBER, at=AT, by=None, leave_parked=True)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE part ON COMMIT DROP AS SELECT * FROM {table} LIMIT 3")
        cursor.execute(f"UPDATE part SET {AGAIN[table]}")
        with transaction.atomic():
            cursor.execute(f"INSERT INTO {table} SELECT * FROM part")
            assert cursor.rowcount == 3
            transaction.set_rollback(True)
        cursor.execute(f"UPDATE part SET {column} = {NOBODY} WHERE ctid = (SELECT max(ctid) FROM part)")
        with pytest.raises(IntegrityError, match=f"in {table} ") as refused, transaction.atomic():
            cursor.execute(f"INSERT INTO {table} SELECT * FROM part")
        assert "is not in" in str(refused.value)


@pytest.mark.parametrize("table", ["accounts_account", "supply_point", "billing_run"])
@pytest.mark.parametrize("change", ["DELETE FROM {table}", "UPDATE {table} SET id = id + 1000000"])
def test_a_parent_stays_and_keeps_its_id(table, change):
    build_street(1)
    rated()

    with connection.cursor() as cursor, pytest.raises(DatabaseError, match=r"Cannot .* rows"):
        cursor.execute(change.format(table=table))
