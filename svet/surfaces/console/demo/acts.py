"""Some meters of the town are replaced by acts with a scan, so that their cards have something to show."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from PIL import Image, ImageDraw

from svet.domains.metering import actions as metering
from svet.domains.metering.rules.acts import Hung, NewMeter, Paper, TakenDown
from svet.infra import files
from svet.kernel.energy import Zoning
from svet.surfaces.console.demo import town

MOST = 8
SIGNED_BY = "Кузнецов А. В., инженер сетей"


def replace_some(
    homes: list[town.Home], *, account_of: Callable[[town.Home], int], on: date, at: datetime
) -> list[town.Home]:
    """Replace the meters of some homes by acts, those with a story first; return the other homes."""
    ordered = sorted(homes, key=lambda home: not home.story)
    for home in ordered[:MOST]:
        replace_by_act(home, account_of(home), on=on, at=at)
    return ordered[MOST:]


def replace_by_act(home: town.Home, account_id: int, *, on: date, at: datetime) -> None:
    """Take the home's meter down and hang a new one up the same day, by an act with a scan."""
    number = f"З-{home.account[-4:]}/{on:%y}"
    scan = files.store(sheet(number), name=f"Акт {number.replace('/', '-')}.png", by=None, at=at)
    old, values = home.serial or "", {str(place): str(value) for place, value in enumerate(home.values, 1)}
    home.serial, home.installed_on = f"7{old}", on
    home.opening = home.values = [0] * len(home.values)
    meter = NewMeter(
        serial=home.serial,
        model=town.MODELS[home.zoning],
        zoning=Zoning(home.zoning),
        digits=home.digits,
        multiplier=Decimal(1),
        verified_on=on - timedelta(days=190),
        verification_due_on=on + timedelta(days=16 * 365),
    )
    metering.replace_meter(
        account_id,
        down=TakenDown(old, on, values),
        hung=Hung(meter, on, dict.fromkeys(values, "0")),
        paper=Paper(number, SIGNED_BY, f"demo-{home.account}-{on}", seals=f"АБ {old[-6:]}", scans=(scan.id,)),
        by=None,
        at=at,
        is_sure=True,
    )


def sheet(number: str) -> bytes:
    """Return a picture of a sheet with lines where an act has words."""
    image, made = Image.new("L", (620, 877), 255), io.BytesIO()
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 60, 560, 90), fill=90)
    for line in range(18):
        pen.line((60, 130 + line * 32, 560 - 40 * ((line * 7 + len(number)) % 5), 130 + line * 32), fill=140, width=3)
    image.save(made, "PNG")
    return made.getvalue()
