"""What a stranger's phone gets over a slow line: little, at once readable, and nothing that moves while it comes."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Page, Response

from svet.domains.content import actions as content
from tests import cast, reference
from tests.browser.conftest import SMALL_PHONE, photograph

PAGES = (
    "/",
    "/tariffs/",
    "/offices/",
    "/calculator/",
    "/readings/give/",
    "/pay/",
    "/contacts/",
    "/info/readings/",
    "/faq/",
    "/payment-places/",
    "/queue/book/",
    "/appeals/new/",
)
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 150_000, "uploadThroughput": 50_000}
"""Milliseconds, bytes a second: slow enough for what comes late to show."""
MOST_BYTES, MOST_ASKED = 150 * 1024, 15
MOST_SHIFT = 0.1
"""What the field calls a good cumulative layout shift (web.dev, Core Web Vitals)."""
LOOKED_AT = """() => new Promise((resolve) => {
  let shift = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) shift += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve({
    shift,
    painted: performance.getEntriesByType("paint").some((one) => one.name === "first-contentful-paint"),
    images: [...document.images].filter((one) => !one.hasAttribute("alt")).length,
    description: document.querySelector("meta[name=description]")?.content || "",
    language: document.documentElement.lang,
    sideways: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  }), 300);
})"""


@dataclass
class Coming:
    """A page on its way, and what is seen of it."""

    path: str
    page: Page
    answer: Response | None = None
    bytes_came: list[float] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def test_pages_on_a_slow_phone(visit, people, live_server):
    reference.load(content, at=cast.NOW)
    failures = []
    for some in batched(PAGES):
        # The line is slow, not the machine: while one page comes the others do.
        coming = [begin(visit, path) for path in some]
        failures += [one for page in coming for one in end(page, home=live_server.url)]
    assert failures == []


def batched(paths: tuple[str, ...], together: int = 4) -> list[tuple[str, ...]]:
    return [paths[first : first + together] for first in range(0, len(paths), together)]


def begin(visit, path: str) -> Coming:
    """Ask for the page in a window that keeps nothing yet."""
    coming = Coming(path, visit("/healthz", viewport=SMALL_PHONE))
    page = coming.page
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW)
    wire.on("Network.loadingFinished", lambda told: coming.bytes_came.append(told["encodedDataLength"]))
    page.on("request", lambda one: coming.asked.append(one.url))
    page.on("requestfailed", lambda one: coming.wrong.append(f"{one.url} did not come"))
    page.on("console", lambda one: coming.wrong.append(one.text) if one.type in {"error", "warning"} else None)
    coming.answer = page.goto(path, timeout=60_000, wait_until="commit")
    return coming


def end(coming: Coming, *, home: str) -> list[str]:
    """Wait for the page; return what is wrong with how it came."""
    page, answer, asked = coming.page, coming.answer, coming.asked
    page.wait_for_load_state("networkidle", timeout=60_000)
    found = page.evaluate(LOOKED_AT)
    photograph(page, f"slow-phone-{coming.path.strip('/').replace('/', '-') or 'home'}-360")
    page.context.close()

    came = sum(coming.bytes_came)
    checks = {
        "not compressed": answer is not None and answer.headers.get("content-encoding") == "gzip",
        f"{came:.0f} bytes": 0 < came < MOST_BYTES,
        f"{len(asked)} requests": len(asked) <= MOST_ASKED,
        "asks others": all(url.startswith((home, "data:")) for url in asked),
        "a picture without words": not found["images"],
        "nothing is painted": found["painted"],
        f"moves by {found['shift']:.2f}": found["shift"] < MOST_SHIFT,
        "says nothing to those who search": found["description"] and found["language"] == "ru",
        "scrolls sideways": not found["sideways"],
    }
    wrong = [*coming.wrong, *(what for what, is_right in checks.items() if not is_right)]
    return [f"{coming.path}: {one}" for one in wrong]
