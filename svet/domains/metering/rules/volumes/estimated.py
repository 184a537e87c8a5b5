"""Volumes without a reading: the average of a register (V04), the norm of a supply point (V05, V06).

The norm covers the supply's days on which no meter is measured or averaged. Its sum is exact: the numerators of
all days are added and divided once.
"""

from __future__ import annotations

import polars as pl

from svet.domains.metering.rules import EstimateReason, VolumeBasis
from svet.domains.metering.rules.volumes.measured import as_rows
from svet.domains.metering.rules.volumes.registers import KEY
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.period import Month
from svet.kernel.tables import DAYS, elementary, follows, half_up, overlap, uncovered, wide

_EQUIPMENT = ["territory", "electric_stove", "electric_heating"]
_NEED = [*_EQUIPMENT, "rooms", "persons", "from_on"]
_WH_DAYS = (wide("wh_per_person") * wide("persons") * DAYS).sum()


REASONS = [EstimateReason.NO_READING.value, EstimateReason.REFUSED.value, EstimateReason.FAILED.value]
"""From the weakest to the strongest: of several meters at a place the strongest reason decides."""
BY_AVERAGE = dict(zip(REASONS, ("V04", "V12", "V11"), strict=True))
BY_NORM = dict(zip(REASONS, ("V05", "V14", "V13"), strict=True))
RAISED = {"V06": "V15", "V13": "V15", "V05": "V16", "V14": "V16"}
"""The surcharge that goes with a norm: V15 stays for good, V16 may be taken back when a reading comes."""


def with_limits(open_ended: pl.DataFrame, *, policies: Policies) -> pl.DataFrame:
    """Add `spent`, the months charged by average for the same reason, and `limit_months` of that reason.

    Without a limit (a failed meter until it is replaced) `limit_months` is null.
    """
    failed = None if policies.failed_meter_average == "until_replaced" else policies.average_limit_failed_months
    months = {
        EstimateReason.NO_READING: ("average_months", policies.average_limit_months),
        EstimateReason.REFUSED: ("refused_months", policies.average_limit_refused_months),
        EstimateReason.FAILED: ("failed_months", failed),
    }
    by_reason = {reason.value: place for reason, place in months.items()}
    return open_ended.with_columns(
        spent=_by_reason({reason: pl.col(column) for reason, (column, _) in by_reason.items()}),
        limit_months=_by_reason({reason: pl.lit(limit, dtype=pl.Int32) for reason, (_, limit) in by_reason.items()}),
    )


def may_average(*, policies: Policies) -> pl.Expr:
    """Return whether a row of `with_limits` is charged by average."""
    at_once = pl.lit(policies.access_refused_twice == "norm_at_once")
    barred = at_once & pl.col("refused_twice") & (pl.col("reason") == EstimateReason.REFUSED.value)
    within = pl.col("limit_months").is_null() | (pl.col("spent") < pl.col("limit_months"))
    return pl.col("average_wh").is_not_null() & within & ~barred


@follows(0)
def averaged(rows: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return the average of each register for the days on which its meter hangs: a full month is the average."""
    days = (pl.col("hang_until") - pl.col("hang_from")).dt.total_days()
    return as_rows(
        rows,
        from_on="hang_from",
        until_on="hang_until",
        start_reading_id=pl.lit(None),
        start_wh=pl.lit(None),
        end_wh=pl.lit(None),
        wh=half_up(wide("average_wh") * days, month.days),
        basis=pl.lit(VolumeBasis.AVERAGE.value),
        rule=_by_reason({reason: pl.lit(rule) for reason, rule in BY_AVERAGE.items()}),
        months=pl.col("spent") + 1,
        facts=pl.struct(
            "average_wh",
            "reason",
            "limit_months",
            months="average_months_used",
            month=pl.col("spent") + 1,
            first_reading_id="average_first_id",
            last_reading_id="average_last_id",
            last_wh="base_wh",
            last_on=pl.col("base_on").cast(pl.String),
            days=days,
            month_days=pl.lit(month.days),
        ).struct.json_encode(),
    )


def _by_reason(values: dict[str, pl.Expr]) -> pl.Expr:
    weakest, middle, strongest = REASONS
    return (
        pl.when(pl.col("reason") == weakest)
        .then(values[weakest])
        .when(pl.col("reason") == middle)
        .then(values[middle])
        .otherwise(values[strongest])
    )


def norm_days(supplies: pl.DataFrame, covered: pl.DataFrame, wanting: pl.DataFrame) -> pl.DataFrame:
    """Return the days charged by norm, each row with its rule: V05, V13, V14 in place of readings, V06 without any.

    `covered` are registers measured or averaged; `wanting` hang and have neither.
    """
    hang = {"from_on": pl.col("hang_from"), "until_on": pl.col("hang_until")}
    holes = uncovered(supplies.select(*KEY, "from_on", "until_on"), covered.select(*KEY, **hang), on=KEY)
    return _instead(holes, wanting)


@follows(0)
def _instead(holes: pl.DataFrame, wanting: pl.DataFrame) -> pl.DataFrame:
    rank = pl.col("reason").replace_strict(REASONS, [0, 1, 2], return_dtype=pl.Int8)
    strongest = pl.col("rank") == pl.col("rank").max()
    metered = (
        wanting.with_columns(rank=rank)
        .filter(pl.col("base_id").is_not_null() | pl.col("unfit"))
        .group_by(KEY)
        .agg(
            from_on=pl.max_horizontal("hang_from", "base_on").min(),
            until_on=pl.col("hang_until").max(),
            spent=pl.col("spent").filter(strongest).max(),
            limit_months=pl.col("limit_months").filter(strongest).max(),
            refused_twice=pl.col("refused_twice").any(),
            rule=pl.col("rank").max().replace_strict([0, 1, 2], list(BY_NORM.values()), return_dtype=pl.String),
        )
    )
    instead = overlap(holes, metered, on=KEY)
    without = uncovered(holes, metered, on=KEY).with_columns(
        spent=pl.lit(0, dtype=pl.Int32),
        limit_months=pl.lit(None, dtype=pl.Int32),
        refused_twice=pl.lit(False),
        rule=pl.lit("V06"),
    )
    return pl.concat([instead, without.select(instead.columns)])


@follows(0)
def with_factor(
    days: pl.DataFrame, billed: pl.DataFrame, feasible: pl.DataFrame, refusals: pl.DataFrame, *, policies: Policies
) -> pl.DataFrame:
    """Add `raised`, whether the norm of the days is multiplied, and the months charged by it so far.

    Formula 4(1): where a meter is obliged and possible but absent (`feasible`, or access refused twice). After the
    average: by p. 60 for failure and refused access only, unless the policy says any estimate or never.
    """
    placed = billed.filter(pl.col("register_id").is_null()).select(
        *KEY, "norm_months", V05="average_months", V13="failed_months", V14="refused_months"
    )
    told = days.join(placed, on=KEY, how="left").with_columns(pl.col("norm_months", "V05", "V13", "V14").fill_null(0))
    by_rule = pl.when(pl.col("rule") == "V05").then("V05").when(pl.col("rule") == "V13").then("V13").otherwise("V14")
    exhausted = (pl.col("spent") + by_rule >= pl.col("limit_months")).fill_null(False)
    at_once = pl.lit(policies.access_refused_twice == "norm_at_once") & pl.col("refused_twice")
    is_instead = pl.col("rule") != "V06"
    after = {
        "never": pl.lit(False),
        "any_estimate": is_instead,
        "failure_refusal": pl.col("rule").is_in(["V13", "V14"]),
    }
    raised = after[policies.norm_factor_after] & (exhausted | (at_once & (pl.col("rule") == "V14")))
    told = told.with_columns(raised=raised).drop("V05", "V13", "V14", "limit_months", "refused_twice")
    if policies.norm_factor_after == "never" or (feasible.is_empty() and refusals.is_empty()):
        return told
    return _absent(told, feasible, refusals)


def _absent(told: pl.DataFrame, feasible: pl.DataFrame, refusals: pl.DataFrame) -> pl.DataFrame:
    """Return the days, those without a meter cut where its absence costs the factor."""
    without, others = told.filter(pl.col("rule") == "V06"), told.filter(pl.col("rule") != "V06")
    twice = (
        refusals.group_by("supply_point_id").agg(acts=pl.len()).filter(pl.col("acts") >= 2).select("supply_point_id")
    )
    whole = without.join(twice, on="supply_point_id", how="semi").with_columns(raised=pl.lit(True))
    rest = without.join(twice, on="supply_point_id", how="anti")
    spans = overlap(rest, feasible.select("supply_point_id", "from_on", "until_on"), on=["supply_point_id"])
    free = uncovered(rest, spans, on=KEY)
    held = uncovered(rest, free, on=KEY)  # in this way conditions that meet count once
    dear, cheap = (overlap(rest, part, on=KEY).select(told.columns) for part in (held, free))
    return pl.concat([others, whole, dear.with_columns(raised=pl.lit(True)), cheap])


@follows(0)
def normed(
    days: pl.DataFrame,
    *,
    supplies: pl.DataFrame,
    households: pl.DataFrame,
    categories: pl.DataFrame,
    norms: pl.DataFrame,
    month: Month,
    policies: Policies,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the volumes of `days` by norm, and a finding (F02, F03) for each supply that has none.

    `households` cover every day (`persons` null when nobody is known). E10: 3 residents × 46 kWh = 138 kWh.
    """
    premises = supplies.select(*KEY, "from_on", "until_on", "rooms", "electric_stove", "electric_heating")
    pieces = overlap(days, premises, on=KEY)
    pieces = overlap(pieces, households.select("account_id", "from_on", "until_on", "persons"), on=["account_id"])
    pieces = overlap(
        pieces, categories.select("supply_point_id", "from_on", "until_on", "territory"), on=["supply_point_id"]
    )
    pieces = overlap(pieces, elementary(norms, by=["territory"]), on=["territory"])
    found = pieces.join(_norms_of(pieces, norms), on=_NEED, how="left", nulls_equal=True)
    found = found.filter(pl.col("wh_per_person").is_not_null() & (pl.col("persons") > 0))
    rows = pl.concat([_norm_rows(found, month=month), _surcharges(found, month=month, policies=policies)])
    return rows, _missing(days, pieces, found)


def _norms_of(pieces: pl.DataFrame, norms: pl.DataFrame) -> pl.DataFrame:
    """Return the norm per person for each need: the table's largest row for rooms and persons not above it."""
    rows = norms.rename({"rooms": "upto_rooms", "persons": "upto_persons", "from_on": "norm_from"})
    return (
        pieces.select(_NEED)
        .unique()
        .join(rows, on=_EQUIPMENT)
        .filter(
            (pl.col("upto_rooms") <= pl.col("rooms"))
            & (pl.col("upto_persons") <= pl.col("persons"))
            & (pl.col("norm_from") <= pl.col("from_on"))
            & ((pl.col("until_on") > pl.col("from_on")) | pl.col("until_on").is_null())
        )
        .sort("upto_rooms", "upto_persons")
        .group_by(_NEED, maintain_order=True)
        .last()
        .select(*_NEED, "wh_per_person")
    )


@follows(0)
def _norm_rows(found: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    shares = pl.struct(
        "persons",
        "wh_per_person",
        "rooms",
        from_on=pl.col("from_on").cast(pl.String),
        days=DAYS,
    )
    summed = (
        found.sort(*KEY, "from_on")
        .group_by([*KEY, "rule"], maintain_order=True)
        .agg(
            shares.alias("shares"),
            _WH_DAYS.alias("wh_days"),
            (pl.col("spent") + pl.col("norm_months")).max().alias("spent"),
            pl.col("from_on").min(),
            pl.col("until_on").max(),
        )
    )
    return _of_the_place(
        summed,
        position=pl.lit(8),
        wh=half_up(pl.col("wh_days"), month.days),
        months=pl.col("spent") + 1,
        facts=pl.struct("shares", month_days=pl.lit(month.days)).struct.json_encode(),
    )


@follows(0)
def _surcharges(found: pl.DataFrame, *, month: Month, policies: Policies) -> pl.DataFrame:
    """Return what the factor adds to the norm, apart from it: half of 138 kWh is 69 kWh (E10)."""
    more = policies.norm_factor_percent - 100
    summed = (
        found.filter(pl.col("raised"))
        .group_by([*KEY, "rule"])
        .agg(_WH_DAYS.alias("wh_days"), pl.col("from_on").min(), pl.col("until_on").max())
        .with_columns(norm_rule="rule", wh=half_up(pl.col("wh_days") * more, 100 * month.days))
        .filter(pl.col("wh") != 0)
    )
    return _of_the_place(
        summed,
        position=pl.lit(9),
        rule=pl.col("norm_rule").replace_strict(RAISED, return_dtype=pl.String),
        months=pl.lit(0),
        facts=pl.struct("norm_rule", percent=pl.lit(policies.norm_factor_percent)).struct.json_encode(),
    )


def _of_the_place(rows: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    """Return volumes by norm: of the whole day, without a register."""
    return as_rows(
        rows,
        band=pl.lit("all"),
        zoning=pl.lit("1"),
        multiplier_e4=pl.lit(10_000),
        basis=pl.lit(VolumeBasis.NORM.value),
        **columns,
    )


def _missing(days: pl.DataFrame, pieces: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return a finding for each supply some of whose days have no norm: nobody known (F03), or no row (F02)."""
    nobody = pieces.group_by(KEY).agg((pl.col("persons").fill_null(0) == 0).any().alias("nobody"))
    asked = days.group_by(KEY).agg(DAYS.sum().alias("days"))
    given = found.group_by(KEY).agg(DAYS.sum().alias("given"))
    return (
        asked.join(given, on=KEY, how="left")
        .join(nobody, on=KEY, how="left")
        .filter(pl.col("given").fill_null(0) < pl.col("days"))
        .select(
            *KEY,
            code=pl.when(pl.col("nobody").fill_null(False)).then(pl.lit("F03")).otherwise(pl.lit("F02")),
            level=pl.lit("hold"),
            facts=pl.struct("days", given=pl.col("given").fill_null(0)).struct.json_encode(),
        )
    )
