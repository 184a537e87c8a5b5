"""The words by which a case is found: made anew when a letter comes or its applicant changes."""

from __future__ import annotations

from django.db import connection

from svet.domains.cases.rules.register import RUSSIAN_TEXT

_WORDS = """
INSERT INTO cases_words (case_id, words)
SELECT c.id, to_tsvector(%(config)s::regconfig, left(concat_ws(' ', c.title, c.incoming_number, c.bill_number,
    (SELECT string_agg(concat_ws(' ', name, email, phone, postal_address, account_number, contract_number,
                                 supply_address), ' ') FROM cases_applicant a WHERE a.case_id = c.id),
    (SELECT string_agg(concat_ws(' ', title, text), ' ' ORDER BY id) FROM cases_letter l WHERE l.case_id = c.id)
), 200000))
FROM cases_case c WHERE c.id = %(case)s
ON CONFLICT (case_id) DO UPDATE SET words = excluded.words
"""


def index_case(case_id: int) -> None:
    """Write down the words of the case's letters and applicants."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, {"config": RUSSIAN_TEXT, "case": case_id})
