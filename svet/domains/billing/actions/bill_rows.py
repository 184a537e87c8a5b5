"""The one statement that writes the bills of a range of accounts, and what it freezes in each bill's snapshot.

Everything is read by ranges of accounts and few months, never by whole histories: the opening balance starts
from the turnover of the last closed month.
"""

from svet.domains.ledger.rules import TURNOVER_COLUMN

INSERT_BILLS = """
WITH mine AS (
    SELECT c.account_id, sum(c.kwh) AS kwh, sum(c.vat) AS vat, max(c.vat_percent) AS vat_percent,
           max(c.estimated_months) AS estimated_months, min(c.supply_point_id) AS supply_point_id
      FROM billing_charge c
     WHERE c.account_id BETWEEN %(first)s AND %(last)s AND c.month = %(month)s AND c.run_id = %(run)s
       AND NOT EXISTS (SELECT 1 FROM billing_bill b
                        WHERE b.account_id = c.account_id AND b.month = %(month)s AND b.run_id = %(run)s)
     GROUP BY c.account_id),
before AS (
    SELECT account_id, sum(closing) AS closing FROM ledger_turnover
     WHERE account_id BETWEEN %(first)s AND %(last)s AND month = %(closed_until)s GROUP BY account_id),
moved AS (
    SELECT account_id,
           coalesce(sum(amount) FILTER (WHERE month < %(month)s OR part = 'opening'), 0) AS earlier,
           coalesce(sum(amount) FILTER (WHERE month = %(month)s AND part = 'charged'), 0) AS charged,
           coalesce(sum(amount) FILTER (WHERE month = %(month)s AND part = 'corrected'), 0) AS corrected,
           coalesce(sum(amount) FILTER (WHERE month = %(month)s AND part = 'penalties'), 0) AS penalties,
           -coalesce(sum(amount) FILTER (WHERE month = %(month)s AND part = 'paid'), 0) AS paid,
           jsonb_agg(jsonb_build_array(posted_on, (-amount)::text) ORDER BY posted_on, e.id)
               FILTER (WHERE month = %(month)s AND part = 'paid') AS payments
      FROM ledger_entry e
      JOIN (VALUES {columns}) AS columns (kind, part) USING (kind)
     WHERE account_id BETWEEN %(first)s AND %(last)s AND month > %(closed_until)s AND month <= %(month)s
     GROUP BY account_id),
chart AS (
    SELECT account_id, jsonb_agg(jsonb_build_array(month, kwh::text, basis) ORDER BY month) AS bars
      FROM (SELECT account_id, month, sum(kwh) AS kwh,
                   CASE WHEN bool_or(basis = 'norm') THEN 'norm' WHEN bool_or(basis = 'average') THEN 'average'
                        ELSE 'measured' END AS basis
              FROM billing_charge
             WHERE account_id BETWEEN %(first)s AND %(last)s AND month BETWEEN %(chart_from)s AND %(month)s
             GROUP BY account_id, month) AS monthly
     GROUP BY account_id),
meters AS (
    SELECT v.account_id, jsonb_object_agg(v.register_id, m.serial) AS serials
      FROM billing_charge c
      JOIN billing_volume v ON v.account_id = c.account_id AND v.charge_id = c.id
      JOIN metering_register r ON r.id = v.register_id
      JOIN metering_meter m ON m.id = r.meter_id
     WHERE c.account_id BETWEEN %(first)s AND %(last)s AND c.month = %(month)s AND c.run_id = %(run)s
     GROUP BY v.account_id),
people AS (
    SELECT account_id, registered + temporary AS residents FROM accounts_household
     WHERE account_id BETWEEN %(first)s AND %(last)s AND valid @> %(last_on)s),
numbered AS (
    SELECT account_id, supply_point_id, kwh, vat, vat_percent, estimated_months, payments,
           row_number() OVER (ORDER BY account_id) - 1 + %(number)s AS bill_number,
           coalesce(before.closing, 0) + coalesce(moved.earlier, 0) AS opening, coalesce(charged, 0) AS charged,
           coalesce(corrected, 0) AS corrected, coalesce(penalties, 0) AS penalties, coalesce(paid, 0) AS paid
      FROM mine LEFT JOIN before USING (account_id) LEFT JOIN moved USING (account_id)),
issued AS (
    INSERT INTO billing_bill (account_id, month, run_id, number, issued_on, due_on,
                              opening, charged, corrected, penalties, paid, closing, snapshot)
    SELECT n.account_id, %(month)s, %(run)s, n.bill_number, %(issued_on)s, %(due_on)s,
           n.opening, n.charged, n.corrected, n.penalties, n.paid,
           n.opening + n.charged + n.corrected + n.penalties - n.paid,
           jsonb_build_object(
               'account_number', a.number, 'delivery', a.bill_delivery,
               'payer', coalesce(nullif(c.organisation_name, ''), concat_ws(' ',
                   nullif(c.family_name, ''), nullif(c.given_name, ''), nullif(c.patronymic, ''))),
               'postal_code', s.postal_code,
               'address', jsonb_build_object(
                   'settlement', s.settlement, 'street', s.street, 'house', s.house, 'flat', s.flat),
               'area_m2', s.area_m2::text, 'residents', people.residents,
               'kwh', n.kwh::text, 'vat', n.vat::text, 'vat_percent', n.vat_percent::text,
               'estimated_months', n.estimated_months,
               'meters', coalesce(meters.serials, '{{}}'),
               'chart', coalesce(chart.bars, '[]'), 'payments', coalesce(n.payments, '[]'))
      FROM numbered n
      JOIN accounts_account a ON a.id = n.account_id
      JOIN customers_customer c ON c.id = a.customer_id
      JOIN supply_point p ON p.id = n.supply_point_id
      JOIN supply_premises s ON s.id = p.premises_id
      LEFT JOIN chart ON chart.account_id = n.account_id
      LEFT JOIN meters ON meters.account_id = n.account_id
      LEFT JOIN people ON people.account_id = n.account_id
     ORDER BY n.account_id
    RETURNING account_id, id AS bill_id, number, closing::text)
SELECT * FROM issued
""".replace("{columns}", ", ".join(f"('{kind.value}', '{column}')" for kind, column in TURNOVER_COLUMN.items()))
