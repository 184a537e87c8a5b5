"""References checked for many rows at once: what a foreign key promises, for tables that are written by the thousand.

A foreign key looks the parent of each row up by a statement of its own; here one statement looks for rows without a
parent among all that an INSERT or COPY brought. Nothing is rewritten in these tables, and their parents are never
deleted (`never_deleted`): so no row loses its parent afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import pgtrigger
from django.db.models import Model

ROWS = "added"
"""The name under which a trigger sees the rows of its statement."""


@dataclass(frozen=True, slots=True)
class Reference:
    """`columns` of a table name the row of `parent` with these `keys`; the first of them is numbered. Nulls name none.

    >>> Reference("run_id", "billing_run").lost("billing_charge")
    'SELECT min(a.run_id) FROM billing_charge a WHERE NOT EXISTS (SELECT FROM billing_run p WHERE p.id = a.run_id)'
    """

    columns: str
    parent: str
    keys: str = "id"

    @property
    def first(self) -> tuple[str, str]:
        """The first column and its key."""
        return self.columns.split()[0], self.keys.split()[0]

    def lost(self, table: str, *, within: str = "") -> str:
        """Return the query for the least value of the first column in `table` that names no parent."""
        pairs = zip(self.columns.split(), self.keys.split(), strict=True)
        same = " AND ".join(f"p.{key} = a.{column}" for column, key in pairs)
        found = f"SELECT FROM {self.parent} p WHERE {same}{within}"
        return f"SELECT min(a.{self.first[0]}) FROM {table} a WHERE NOT EXISTS ({found})"  # noqa: S608


class References(pgtrigger.Trigger):
    """Refuses an INSERT or COPY with a row whose parent is not there, as a foreign key would.

    Parents are sought between the least and the greatest key that the rows name: so the planner knows how few there
    are, and takes them by their index.
    """

    name = "rows_refer"
    level = pgtrigger.Statement
    when = pgtrigger.After
    operation = pgtrigger.Insert
    referencing = pgtrigger.Referencing(new=ROWS)

    def __init__(self, *references: Reference) -> None:
        self.references = references
        super().__init__(declare=[("least_key", "bigint"), ("greatest_key", "bigint"), ("lost", "bigint")])

    def get_func(self, model: Model) -> str:
        """Return the body of the trigger's function."""
        return "".join(self._checked(one, model._meta.db_table) for one in self.references) + "RETURN NULL;"

    @staticmethod
    def _checked(reference: Reference, table: str) -> str:
        column, key = reference.first
        query = reference.lost(ROWS, within=f" AND p.{key} BETWEEN $1 AND $2") + f" AND a.{column} IS NOT NULL"
        return _CHECK.format(table=table, column=column, query=query, parent=reference.parent)


_CHECK = (
    "SELECT min({column}), max({column}) INTO least_key, greatest_key FROM added;"
    " IF least_key IS NOT NULL THEN"
    " EXECUTE '{query}' INTO lost USING least_key, greatest_key;"
    " IF lost IS NOT NULL THEN RAISE EXCEPTION 'in {table} {column} % is not in {parent}', lost"
    " USING ERRCODE = 'foreign_key_violation'; END IF; END IF; "
)


def never_deleted() -> pgtrigger.Trigger:
    """Return the trigger of a table whose rows others name by `References`: they stay, and keep their ids."""
    return pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete | pgtrigger.UpdateOf("id"))
