"""The declared columns of benefits and of unmetered use; units as in `frames`."""

from __future__ import annotations

import polars as pl

ENTITLEMENTS = {
    # Who is entitled to a benefit at a supply point, by the terms of its kind: a row for each time of the same terms.
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "entitlement_id": pl.Int64,
    "form": pl.String,  # kwh, percent, roubles
    "percent_e2": pl.Int64,  # so much less, in hundredths of a per cent (10,000: free); null for roubles
    "covers": pl.String,  # all, volume (up to `limit_wh`), first_step (the social norm, the first range)
    "limit_wh": pl.Int64,  # of a month; null unless `volume`
    "amount_kop": pl.Int64,  # of a month; null unless roubles
    "is_per_person": pl.Boolean,  # `limit_wh` and `amount_kop` are of each of `people`
    "is_share": pl.Boolean,  # only the share of `people` among the residents
    "people": pl.Int32,
    "from_on": pl.Date,
    "until_on": pl.Date,
}
GIVEN = {
    # What stands given for earlier months that a reading settles: the sums of `BENEFITS` so far.
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "month_on": pl.Date,
    "entitlement_id": pl.Int64,
    "form": pl.String,
    "method": pl.String,
    "wh": pl.Int64,
    "base_kop": pl.Int64,
    "amount_kop": pl.Int64,
}
BENEFITS = {
    # What an entitlement is worth in a month. One of an earlier month is the difference to what was given for it.
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "number": pl.Int32,  # 1.. within account and supply point
    "line_number": pl.Int32,  # of the line that takes it off the bill; null: only reported, or nothing
    "month_on": pl.Date,
    "entitlement_id": pl.Int64,
    "form": pl.String,
    "method": pl.String,  # reduces_bill, compensated
    "from_on": pl.Date,
    "until_on": pl.Date,
    "wh": pl.Int64,  # the energy that it covers
    "base_kop": pl.Int64,  # what that energy costs
    "percent_e2": pl.Int64,
    "limit_wh": pl.Int64,
    "people": pl.Int32,
    "persons": pl.Int32,  # who live there; null: unknown
    "amount_kop": pl.Int64,  # plus = so much less to pay
}
UNMETERED = {
    # What acts of unmetered use charge in this month, calculated when they were recorded; minus: an act taken back.
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "act_id": pl.Int64,
    "from_on": pl.Date,
    "until_on": pl.Date,
    "wh": pl.Int64,
    "rate_urub": pl.Int64,
    "amount_kop": pl.Int64,
    "tariff_version_id": pl.Int64,
}
