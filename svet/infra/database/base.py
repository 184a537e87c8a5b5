"""Django's PostgreSQL backend that can start the embedded server on the first connection.

With `DATABASE_URL` set it is exactly Django's own backend.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base, operations

from svet.infra import embedded


class DatabaseOperations(operations.DatabaseOperations):
    """Tells prepared statements to the log as it tells all others."""

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """Return the statement with its values; the driver keeps none of one that was prepared."""
        told = super().last_executed_query(cursor, sql, params)
        return self.compose_sql(sql, params) if told is None else told


class DatabaseWrapper(base.DatabaseWrapper):
    """Fills in the embedded server's address where the settings name only its data folder."""

    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        """Return the parameters, with the embedded server running when it is the one."""
        data = self.settings_dict.get("EMBEDDED_DATA")
        if data and not self.settings_dict["HOST"]:
            parameters = embedded.server_parameters(Path(data), database=self.settings_dict["EMBEDDED_DATABASE"])
            self.settings_dict.update(HOST=parameters["host"], PORT=parameters["port"], USER=parameters["user"])
        return super().get_connection_params()
