"""What benefits take off a month: kWh free or cheaper (B01), a per cent of the charge (B02), roubles (B03).

Each entitlement is one line without energy. All are reckoned from the month's own energy as it was priced, before one
another; what the norm's factor adds is never made cheaper. Together they never come to more than that energy costs.

The order: energy is priced with its zones, norm and ranges first. Covered kWh then fill the steps from the first one
up, or all in proportion (policy `benefit_steps`); within a step they are divided over the zones and the days of each
price in proportion to their energy. A benefit of a part of the month counts by days, and so do its kWh and roubles.
"""

from __future__ import annotations

import polars as pl

from svet.domains.billing.rules.perk_frames import BENEFITS
from svet.domains.tariffs.rules.policies import Policies
from svet.domains.tariffs.rules.segments import KEY, UNIT
from svet.kernel.period import Month
from svet.kernel.rulebook import Rule
from svet.kernel.tables import DAYS, at_end, days_in_month, half_up, overlap, running, since_last, starts, wide

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule(
            "B01",
            "A benefit of kWh: up to so many of a month, by days, free or cheaper by a per cent. They fill the social "
            "norm and the first range before dearer steps, or all in proportion (policy); zones by their energy.",
            "The act of the kind of benefit (reference data); the order: a policy (benefit_steps)",
            "E1 with 50 kWh free: 50 × 3.98 = 199.00 less",
        ),
        Rule(
            "B02",
            "A benefit of a per cent of the charge: of all energy, of a volume of a month, or of step 1; of all "
            "residents or only the holder's share of them.",
            "The act of the kind of benefit (reference data)",
            "E1, 50 % within the norm: 636.80 / 2 = 318.40 less; of one of two residents: 159.20",
        ),
        Rule(
            "B03",
            "A benefit of roubles a month, by days, never more than the month's energy costs.",
            "The act of the kind of benefit (reference data)",
            "300.00 from the 16th of 30 days: 150.00 less",
        ),
    )
}
CODES = tuple(RULES)
FORMS = {"kwh": "B01", "percent": "B02", "roubles": "B03"}
"""The rule of each form, in the order in which they take from what the month costs."""
REDUCES = "reduces_bill"

_ENERGY = ["P01", "P02", "P03", "P04", "P05"]
_PIECE = [*UNIT, "entitlement_id", "form", "term_on", "persons"]
"""Days of one month with the same terms and the same number of residents."""
_ONE = [*UNIT, "entitlement_id", "form"]
_DIALS = ["all", "peak", "half_peak", "day", "night"]


def benefits(
    lines: pl.DataFrame,
    segments: pl.DataFrame,
    entitlements: pl.DataFrame,
    living: pl.DataFrame,
    *,
    less: pl.DataFrame,
    policies: Policies,
) -> pl.DataFrame:
    """Return what each entitlement is worth in each month of `lines` (columns of `BENEFITS` but the numbers).

    `less` are the lines by which the months became cheaper before: the benefits leave at least nothing of both.
    """
    if entitlements.is_empty():
        return pl.DataFrame(schema=_plain())
    energy = lines.filter(pl.col("rule").is_in(_ENERGY)).join(entitlements.select(KEY).unique(), on=KEY, how="semi")
    parts = _parts(segments, entitlements, living)
    pieces = _limits(parts)
    covered = _covered(parts.filter(pl.col("form") != "roubles"), pieces, energy, policies=policies)
    worth = pieces.join(covered, on=_PIECE, how="left", nulls_equal=True).with_columns(
        pl.col("wh", "base_kop").fill_null(0)
    )
    some = (pl.col("persons") > 0).fill_null(False) & pl.col("is_share")
    share = pl.when(some).then(pl.min_horizontal("people", "persons")).otherwise(1).cast(pl.Int64)
    among = pl.when(some).then(pl.col("persons")).otherwise(1).cast(pl.Int64)
    off = half_up(wide("base_kop") * pl.col("percent_e2") * share, among * 10_000)
    worth = worth.with_columns(amount_kop=pl.when(pl.col("form") == "roubles").then("roubles_kop").otherwise(off))
    one = worth.sort(*_ONE, "from_on").group_by(_ONE, maintain_order=True)
    told = one.agg(
        pl.col("from_on").min(),
        pl.col("until_on").max(),
        pl.col("wh", "base_kop", "limit_wh", "amount_kop").sum(),
        has_limit=pl.col("limit_wh").is_not_null().any(),
        **{name: pl.col(name).last() for name in ("percent_e2", "people", "persons")},
    ).with_columns(limit_wh=pl.when("has_limit").then("limit_wh"), method=pl.lit(policies.benefit_method))
    return _within(told, pl.concat([energy.select(*UNIT, "amount_kop"), less.select(*UNIT, "amount_kop")]))


def corrected(worth: pl.DataFrame, given: pl.DataFrame, settled: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return `worth`, that of settled months less what was given for them (`GIVEN`) before."""
    if given.is_empty():
        return worth.filter((pl.col("wh") != 0) | (pl.col("amount_kop") != 0))
    by = [*_ONE, "method"]
    spans = settled.group_by(UNIT).agg(pl.col("from_on").min(), pl.col("until_on").max())
    before = given.group_by(by).agg(-pl.col("wh", "base_kop", "amount_kop").sum()).join(spans, on=UNIT)
    both = pl.concat([worth, before], how="diagonal").group_by(by, maintain_order=True)
    sums = both.agg(
        pl.col("from_on").min(),
        pl.col("until_on").max(),
        pl.col("wh", "base_kop", "amount_kop").sum(),
        pl.col("percent_e2", "limit_wh", "people", "persons").drop_nulls().first(),
    )
    return sums.filter((pl.col("wh") != 0) | (pl.col("amount_kop") != 0)).select(
        pl.col(name).cast(dtype) for name, dtype in _plain().items()
    )


def with_benefits(lines: pl.DataFrame, worth: pl.DataFrame, segments: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return the lines with one of less than nothing for each benefit that reduces the bill."""
    reducing = worth.filter((pl.col("method") == REDUCES) & (pl.col("amount_kop") != 0))
    if reducing.is_empty():
        return lines
    versions = segments.group_by(UNIT).agg(pl.col("tariff_version_id").max())
    made = reducing.join(versions, on=UNIT).with_columns(
        zoning=pl.lit("1"),
        band=pl.lit("all"),
        step=pl.lit(1),
        wh=pl.lit(0),
        rate_urub=pl.lit(0),
        amount_kop=-pl.col("amount_kop"),
        basis=pl.lit("measured"),
        rule=pl.col("form").replace_strict(FORMS, return_dtype=pl.String),
        subject_id="entitlement_id",
        is_prior=pl.col("month_on") < month.first_on,
        is_new=pl.lit(True),
    )
    return pl.concat([lines, made.select(pl.col(name).cast(dtype) for name, dtype in lines.schema.items())])


def numbered_by_line(worth: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Return `worth` with the number of the line (`lines` are numbered) that takes each off the bill."""
    if worth.is_empty():
        return pl.DataFrame(schema=BENEFITS)
    of = lines.filter(pl.col("rule").is_in(CODES)).select(*UNIT, "rule", "subject_id", line_number="number")
    named = worth.with_columns(rule=pl.col("form").replace_strict(FORMS, return_dtype=pl.String))
    found = named.join(
        of, left_on=[*UNIT, "rule", "entitlement_id"], right_on=[*UNIT, "rule", "subject_id"], how="left"
    ).with_columns(line_number=pl.when((pl.col("method") == REDUCES) & (pl.col("amount_kop") != 0)).then("line_number"))
    ordered = found.sort(*KEY, "month_on", "rule", "entitlement_id", "method").with_columns(first=starts(*KEY))
    number = pl.int_range(1, pl.len() + 1) - pl.when("first").then(pl.int_range(0, pl.len())).forward_fill()
    return ordered.with_columns(number=number).select(pl.col(name).cast(dtype) for name, dtype in BENEFITS.items())


def _plain() -> dict[str, type[pl.DataType]]:
    return {name: dtype for name, dtype in BENEFITS.items() if name not in ("number", "line_number")}


def _parts(segments: pl.DataFrame, entitlements: pl.DataFrame, living: pl.DataFrame) -> pl.DataFrame:
    """Return the days of each segment with the same terms and number of residents."""
    days = segments.select(*UNIT, "from_on", "until_on", segment_on="from_on", segment_days="days")
    held = overlap(days, entitlements.with_columns(term_on="from_on"), on=KEY)
    held = overlap(held, living.select("account_id", "from_on", "until_on", "persons"), on=["account_id"])
    terms = [name for name in entitlements.columns if name not in (*_PIECE, "from_on", "until_on")]
    return held.group_by([*_PIECE, "segment_on", "segment_days"]).agg(
        *(pl.col(name).first() for name in terms),
        pl.col("from_on").min(),
        pl.col("until_on").max(),
        days=DAYS.sum(),
    )


def _limits(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the pieces with the kWh and the roubles that their days bring."""
    each = pl.when("is_per_person").then("people").otherwise(1).cast(pl.Int64)
    month_days = days_in_month("month_on")
    return (
        parts.with_columns(each=each)
        .group_by(_PIECE)
        .agg(
            pl.col("percent_e2", "covers", "is_share", "people").first(),
            pl.col("from_on").min(),
            pl.col("until_on").max(),
            limit_days=(wide("limit_wh") * pl.col("each") * pl.col("days")).sum(),
            amount_days=(wide("amount_kop") * pl.col("each") * pl.col("days")).sum(),
        )
        .with_columns(
            limit_wh=pl.when(pl.col("covers") == "volume").then(half_up(pl.col("limit_days"), month_days)),
            roubles_kop=half_up(pl.col("amount_days"), month_days),
        )
    )


def _covered(parts: pl.DataFrame, pieces: pl.DataFrame, energy: pl.DataFrame, *, policies: Policies) -> pl.DataFrame:
    """Return for each piece the energy that its benefit covers, and what that energy costs."""
    priced = energy.select(
        *UNIT, "zoning", "band", "step", segment_on="from_on", line_wh="wh", line_kop="amount_kop"
    ).join(parts, on=[*UNIT, "segment_on"])
    whole, first_step = pl.col("covers") == "all", pl.col("covers") == "first_step"
    counts = (whole | (pl.col("line_wh") > 0)) & (~first_step | (pl.col("step") == 1)) & (pl.col("line_wh") != 0)
    layer = pl.col("step") if policies.benefit_steps == "first_steps" else pl.lit(0, dtype=pl.Int32)
    rows = (
        priced.filter(counts)
        .with_columns(
            there=half_up(wide("line_wh") * pl.col("days"), pl.col("segment_days")),
            layer=layer,
            dial=pl.col("band").replace_strict(_DIALS, list(range(len(_DIALS))), return_dtype=pl.Int8),
        )
        .join(pieces.select(*_PIECE, piece_limit="limit_wh"), on=_PIECE, nulls_equal=True)
        .sort(*_PIECE, "layer", "zoning", "dial", "segment_on", "step")
        .with_columns(first=starts(*_PIECE), first_of_layer=starts(*_PIECE, "layer"))
        .with_columns(
            run=running(pl.col("there"), first="first"), layer_run=running(pl.col("there"), first="first_of_layer")
        )
        .with_columns(layer_wh=at_end(pl.col("layer_run"), first="first_of_layer"))
    )
    before = pl.col("run") - pl.col("layer_run")
    limit = wide("piece_limit")
    in_layer = pl.min_horizontal(limit, before + pl.col("layer_wh")) - pl.min_horizontal(limit, before)
    reached = half_up(in_layer * pl.col("layer_run"), pl.max_horizontal("layer_wh", 1))
    limited = pl.when(pl.col("piece_limit").is_not_null()).then(since_last(pl.col("reached"), first="first_of_layer"))
    cost = half_up(wide("line_kop") * pl.col("wh") * pl.col("line_wh").sign(), pl.col("line_wh").abs())
    return (
        rows.with_columns(reached=reached)
        .with_columns(wh=pl.coalesce(limited, "there"))
        .with_columns(base_kop=cost)
        .group_by(_PIECE)
        .agg(pl.col("wh", "base_kop").sum())
    )


def _within(told: pl.DataFrame, costs: pl.DataFrame) -> pl.DataFrame:
    """Return the benefits, together no more than the month's energy costs: kWh first, then per cent, then roubles."""
    most = costs.group_by(UNIT).agg(most_kop=pl.col("amount_kop").sum().clip(0))
    order = list(FORMS)
    capped = (
        told.join(most, on=UNIT, how="left")
        .with_columns(
            pl.col("most_kop").fill_null(0),
            rank=pl.col("form").replace_strict(order, list(range(len(order))), return_dtype=pl.Int8),
        )
        .sort(*UNIT, "rank", "entitlement_id")
        .with_columns(first=starts(*UNIT))
        .with_columns(reached=pl.min_horizontal(running(pl.col("amount_kop"), first="first"), wide("most_kop")))
        .with_columns(amount_kop=since_last(pl.col("reached"), first="first"))
    )
    return capped.select(pl.col(name).cast(dtype) for name, dtype in _plain().items())
