"""From bytes to lines of text: which encoding, which separator, which line is which. Pure.

What cannot be read with certainty is refused with the reason; nothing is guessed from damaged text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from svet.kernel.errors import DomainError
from svet.kernel.row_findings import ROW_FINDINGS

SEPARATORS = (";", ",", "\t")
_SAMPLE = 200_000
_CYRILLIC = re.compile("[а-яёА-ЯЁ]")
_UPSIDE_DOWN = re.compile("[а-яё][А-ЯЁ]")
_IN_ORDER = re.compile("[а-яёА-ЯЁ][а-яё]")
# Bytes that text in cp1251 has beside letters: quotes, dashes, the number sign, the letter ё, no-break space.
_CP1251_SIGNS = bytes.fromhex("84 85 91 92 93 94 96 97 a0 a7 a8 ab b0 b2 b3 b7 b8 b9 bb")


class FileRefused(DomainError):
    """The file as a whole cannot be read; the code says why."""

    code = "file_is_refused"


def decoded(data: bytes) -> str:
    """Return the text of a file in UTF-8 (with or without a mark) or cp1251; raise FileRefused for anything else."""
    if not data.strip():
        raise FileRefused("file_is_empty")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise FileRefused("encoding_is_utf16")
    if b"\x00" in data[:_SAMPLE]:
        raise FileRefused("file_is_not_text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = _as_cp1251(data, first_bad=error.start)
    else:
        _refuse_twice_encoded(text[:_SAMPLE])
    return text


def _as_cp1251(data: bytes, *, first_bad: int) -> str:
    before = data[:first_bad].decode("utf-8-sig", errors="replace")
    if _CYRILLIC.search(before) or data.startswith(b"\xef\xbb\xbf"):
        raise FileRefused("encoding_is_mixed", line=data.count(b"\n", 0, first_bad) + 1)
    for number, raw in enumerate(data.split(b"\n"), 1):
        if number > 1 and _is_utf8_cyrillic(raw):
            raise FileRefused("encoding_is_mixed", line=number)
    foreign = bytes(byte for byte in data[:_SAMPLE] if byte >= 0x80)
    strange = sum(1 for byte in foreign if byte < 0xC0 and byte not in _CP1251_SIGNS)
    if strange * 5 > len(foreign):
        raise FileRefused("encoding_is_unknown", like="cp866")
    try:
        text = data.decode("cp1251")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefused("encoding_is_unknown", like="", line=line) from error
    sample = text[:_SAMPLE]
    if len(_UPSIDE_DOWN.findall(sample)) > len(_IN_ORDER.findall(sample)):
        raise FileRefused("encoding_is_unknown", like="koi8-r")
    return text


def _is_utf8_cyrillic(line: bytes) -> bool:
    if line.isascii():
        return False
    try:
        return len(_CYRILLIC.findall(line.decode("utf-8"))) > 1
    except UnicodeDecodeError:
        return False


def _refuse_twice_encoded(sample: str) -> None:
    """Refuse text that was UTF-8, was taken for cp1251 and saved as UTF-8 again («РРІР°РЅ»)."""
    words = re.findall("[РС][^\\x00-\\x7f]", sample)
    if len(words) < 8 or len(words) * 3 < len(re.findall("[^\\x00-\\x7f]", sample)):
        return
    again = sample.encode("cp1251", errors="ignore").decode("utf-8", errors="ignore")
    if len(_CYRILLIC.findall(again)) * 3 > len(words):
        raise FileRefused("encoding_is_doubled")


def lines_of(text: str) -> pl.DataFrame:
    """Return the filled lines as `line` (from 1) and `raw`; Excel's own first line "sep=;" is left out."""
    text = text.replace("\r\n", "\n")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    lines = pl.DataFrame({"raw": [text]}).select(pl.col("raw").str.split("\n").explode())
    lines = lines.with_row_index("line", offset=1)
    lines = lines.cast({"line": pl.Int64})
    marked = (pl.col("line") == 1) & pl.col("raw").str.contains("(?i)^sep=.$")
    return lines.filter(pl.col("raw").str.contains(r"[^\s;,\"]") & ~marked)


def separator_of(header: str, *, known: Mapping[str, str]) -> str:
    """Return the separator by which most cells of the header are headings in `known`; ";" when none is."""

    def score(separator: str) -> int:
        return sum(heading(cell) in known for cell in header.split(separator))

    return max(SEPARATORS, key=score)


def heading(cell: str) -> str:
    """Return a heading as it is compared: small letters, ё as е, one space between words, no quotes.

    >>> heading(' "Лицевой  Счёт" ')
    'лицевой счет'
    """
    return " ".join(cell.strip(' \t\ufeff"*').lower().replace("ё", "е").split())


def cells_of(lines: pl.DataFrame, *, separator: str, width: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return `line` and the cells `0`, `1`, … of each line with `width` cells, and findings about the others.

    A cell may be quoted, with quotes doubled inside; it never goes on in the next line. Empty cells beyond the
    last heading are overlooked.
    """
    quoted = lines["raw"].str.contains('"', literal=True)
    plain, rest = lines.filter(~quoted), lines.filter(quoted)
    counts = plain["raw"].str.count_matches(separator, literal=True)
    fitting = plain.filter(counts == width - 1)
    cells = [_named(fitting["line"], fitting["raw"].str.split_exact(separator, width - 1).struct.unnest())]
    odd = plain.filter(counts != width - 1).select("line", "raw", cells=pl.col("raw").str.split(separator))
    mark = re.escape(separator)
    cell = rf'(?:"(?:[^"]|"")*"|[^"{mark}][^{mark}]*|)'
    well_formed = rest["raw"].str.contains(f"^{cell}(?:{mark}{cell})*$")
    parts = pl.col("raw").str.extract_all(rf'(?:^|{mark})(?:"(?:[^"]|"")*"|[^{mark}]*)')
    rest_cells = rest.filter(well_formed).select("line", "raw", cells=parts.list.eval(_unquoted(mark)))
    listed = pl.concat([odd, rest_cells])
    surplus = pl.col("cells").list.slice(width).list.join("").str.strip_chars() != ""
    ragged = (pl.col("cells").list.len() < width) | surplus
    even = listed.filter(~ragged)
    cut = even.select(pl.col("cells").list.get(place).alias(f"{place}") for place in range(width))
    cells.append(_named(even["line"], cut))
    findings = pl.concat(
        [
            _broken(rest.filter(~well_formed), code="quote_is_open", count=pl.lit(0), width=width),
            _broken(
                listed.filter(ragged), code="cells_are_not_as_headed", count=pl.col("cells").list.len(), width=width
            ),
        ]
    )
    return pl.concat(cells).sort("line"), findings.sort("line")


def _named(lines: pl.Series, cells: pl.DataFrame) -> pl.DataFrame:
    cells.columns = [f"{place}" for place in range(cells.width)]
    return cells.cast(pl.String).insert_column(0, lines.alias("line"))


def _unquoted(mark: str) -> pl.Expr:
    cell = pl.element().str.replace(f"^{mark}", "")
    inside = cell.str.extract(r'^"((?:[^"]|"")*)"$').str.replace_all('""', '"', literal=True)
    return pl.coalesce(inside, cell)


def _broken(rows: pl.DataFrame, *, code: str, count: pl.Expr, width: int) -> pl.DataFrame:
    facts = pl.struct(cells=count, headings=pl.lit(width)).struct.json_encode()
    return rows.select(
        "line",
        column=pl.lit(None, dtype=pl.String),
        code=pl.lit(code),
        level=pl.lit("refuse"),
        value=pl.col("raw").str.slice(0, 200),
        facts=facts,
    ).cast(ROW_FINDINGS)  # type: ignore[arg-type]
