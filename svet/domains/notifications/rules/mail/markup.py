"""HTML as plain text: no scripts, lines where the eye sees them, addresses of links beside their words. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_HIDDEN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object"})
_LINES = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol", "hr", "blockquote"})
_VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "col", "area", "base", "wbr", "source"})
_REMARKS = (("<!-->", ""), ("<!--->", ""), ("<!--", "-->"), ("<![CDATA[", "]]>"))
MOST_MARKUP = 2_000_000


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.hidden = 0
        self.quotes = 0
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN and tag not in _VOID:
            self.hidden += 1
        elif tag == "blockquote":
            self.quotes += 1
            self._line()
        elif tag in _LINES:
            self._line()
        elif tag == "a":
            address = dict(attrs).get("href") or ""
            self.link = address if address.startswith(("http://", "https://")) else ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(self.hidden - 1, 0)
        elif tag == "blockquote":
            self.quotes = max(self.quotes - 1, 0)
            self._line()
        elif tag in _LINES:
            self._line()
        elif tag == "a" and self.link:
            if self.link not in "".join(self.words[-5:]):
                self.words.append(f" ({self.link[:200]})")
            self.link = ""

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(re.sub(r"\s+", " ", data))

    def _line(self) -> None:
        self.words.append("\n" + "> " * min(self.quotes, 3))


def _without_remarks(markup: str) -> str:
    """Return a page without comments and declarations; one that has no end lasts to the page's end, as in browsers.

    `HTMLParser` looks for the end of each of them anew, so many without an end would take it hours.
    """
    kept, place = [], 0
    while (start := markup.find("<!", place)) >= 0:
        kept.append(markup[place:start])
        opening, closing = next((one for one in _REMARKS if markup.startswith(one[0], start)), ("<!", ">"))
        end = markup.find(closing, start + len(opening))
        if end < 0:
            return "".join(kept)
        place = end + len(closing)
    return "".join(kept) + markup[place:]


def text_of_html(markup: str) -> str:
    r"""Return what a page says, line by line.

    >>> text_of_html("<style>p{}</style><p>Добрый&nbsp;день<br>12 &lt; 13<script>alert(1)</script></p>")
    'Добрый день\n12 < 13'
    """
    reader = _Reader()
    try:
        reader.feed(_without_remarks(markup[:MOST_MARKUP]))
        reader.close()
    except (AssertionError, ValueError, RecursionError):
        return re.sub(r"<[^>]{0,2000}>", " ", markup[:MOST_MARKUP])
    lines = [" ".join(line.split()) for line in "".join(reader.words).split("\n")]
    kept = [line for place, line in enumerate(lines) if line.strip("> ") or (place and lines[place - 1].strip("> "))]
    return "\n".join(kept).strip()
