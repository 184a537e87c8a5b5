"""The one statement that writes the bills of a range of accounts, and what it freezes in each bill's snapshot.

The charges of the month are read at once, in the order of accounts; everything beside is looked up account by account
through indices (laterals cannot be planned wrongly before the tables have statistics), few months each: the opening
balance starts from the turnover of the last closed month. Households have an index with their columns in it, and
`IS TRUE` keeps the planner off their GiST index, whose look-up costs four times as much. What never changes is not
frozen but read again with the document: lines, volumes, and the chart of months.
"""

import re

from svet.domains.ledger.rules import TURNOVER_COLUMN

_INSERT_BILLS = """
WITH mine AS (
    SELECT account_id, sum(kwh) AS kwh, sum(vat) AS vat, max(vat_percent) AS vat_percent,
           max(estimated_months) AS estimated_months, min(supply_point_id) AS supply_point_id,
           array_agg(id) AS charge_ids, row_number() OVER (ORDER BY account_id) - 1 + %(number)s AS bill_number
      FROM billing_charge
     WHERE month = %(month)s AND account_id BETWEEN %(first)s AND %(last)s AND run_id = %(run)s
       AND account_id NOT IN (SELECT account_id FROM billing_bill
            WHERE month = %(month)s AND account_id BETWEEN %(first)s AND %(last)s AND run_id = %(run)s)
     GROUP BY account_id),
issued AS (
    INSERT INTO billing_bill (account_id, month, run_id, number, issued_on, due_on,
                              opening, charged, corrected, penalties, paid, closing, snapshot)
    SELECT n.account_id, %(month)s, %(run)s, n.bill_number, %(issued_on)s, %(due_on)s,
           before.closing + m.earlier, m.charged, m.corrected, m.penalties, m.paid,
           before.closing + m.earlier + m.charged + m.corrected + m.penalties - m.paid,
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
               'corrections', coalesce(m.corrections, '[]'),
               'payments', coalesce(m.payments, '[]'))
      FROM mine n
      JOIN accounts_account a ON a.id = n.account_id
      JOIN customers_customer c ON c.id = a.customer_id
      JOIN supply_point p ON p.id = n.supply_point_id
      JOIN supply_premises s ON s.id = p.premises_id
     CROSS JOIN LATERAL (
        SELECT coalesce(sum(closing), 0) AS closing FROM ledger_turnover t
         WHERE t.account_id = n.account_id AND t.month = %(closed_until)s) AS before
     CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount) FILTER (WHERE month < %(month)s OR kind IN ({opening})), 0) AS earlier,
               coalesce(sum(amount) FILTER (WHERE month = %(month)s AND kind IN ({charged})), 0) AS charged,
               coalesce(sum(amount) FILTER (WHERE month = %(month)s AND kind IN ({corrected})), 0) AS corrected,
               coalesce(sum(amount) FILTER (WHERE month = %(month)s AND kind IN ({penalties})), 0) AS penalties,
               -coalesce(sum(amount) FILTER (WHERE month = %(month)s AND kind IN ({paid})), 0) AS paid,
               jsonb_agg(jsonb_build_array(posted_on, (-amount)::text) ORDER BY posted_on, e.id)
                   FILTER (WHERE month = %(month)s AND kind IN ({paid})) AS payments,
               jsonb_agg(jsonb_build_array(concerns, amount::text) ORDER BY concerns, e.id)
                   FILTER (WHERE month = %(month)s AND kind IN ({corrected}) AND concerns < month) AS corrections
          FROM ledger_entry e
         WHERE e.account_id = n.account_id AND e.month = ANY(%(open)s::date[])) AS m
     CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(v.register_id, w.serial) AS serials
          FROM billing_volume v
          JOIN metering_register r ON r.id = v.register_id
          JOIN metering_meter w ON w.id = r.meter_id
         WHERE v.charge_id = ANY(n.charge_ids) AND v.account_id = n.account_id) AS meters
      LEFT JOIN LATERAL (
        SELECT registered + temporary AS residents FROM accounts_household h
         WHERE h.account_id = n.account_id AND (h.valid @> %(last_on)s) IS TRUE) AS people ON true
     ORDER BY n.account_id
    RETURNING account_id, id AS bill_id, number, closing::text)
SELECT * FROM issued
"""
_KINDS = {
    part: ", ".join(f"'{kind.value}'" for kind, column in TURNOVER_COLUMN.items() if column == part)
    for part in TURNOVER_COLUMN.values()
}
INSERT_BILLS = re.sub(r"{(\w+)}", lambda found: _KINDS[found[1]], _INSERT_BILLS)
