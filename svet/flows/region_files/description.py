"""Makes `docs/import_format.md` from the declared columns, so that the page cannot say anything else than the code."""

from __future__ import annotations

from svet.flows.region_files.columns import Column
from svet.flows.region_files.kinds import Kind, all_kinds

_OPENING = """# Files of a region

Made from the columns declared in `svet/flows/region_files`; a test holds that this page is what they say.

    svet import-file KIND FILE [--dry-run] [--skip-bad]
    svet export-file KIND FILE

- **Form.** CSV with `;`, `,` or a tab between cells, in UTF-8 (with or without a mark) or Windows-1251; or XLSX (also
  XLS, ODS): the first visible sheet. The first line holds the headings: the Russian one, the column's name, or one of
  the others listed. Case, ё/е and spaces around do not matter. A heading that is not known refuses the file.
- **Whole or not at all.** One error and nothing is loaded; `--skip-bad` loads the good rows and writes the bad ones,
  with the reasons, to a file that can be put right and loaded again. `--dry-run` does everything but keep it.
- **Again.** A row is known by its key. The same row again changes nothing; a changed one is updated, its former state
  stays in the history. Rows are never taken away. An absent column changes nothing; an empty cell empties the value
  (or sets the default), but an empty value of a meter says nothing.
- **Spans of days.** "From" is the first day, "until" the first day no longer in the span; empty means until further
  notice. Spans of one thing never overlap.
- **Cells.** Spaces around are dropped. Decimals with a comma or a point. Codes and numbers that begin with zeros are
  text cells in a workbook. Control and invisible characters are errors. Wrong check digits (INN, account number) are
  noted and loaded.
- **Order.** Load the kinds in the order of this page: a row refers to rows of the files before.
"""


def description() -> str:
    """Return the page."""
    return "\n".join([_OPENING, *(_section(kind) for kind in all_kinds())])


def _section(kind: Kind) -> str:
    head = f"## {kind.name} — {kind.title}\n\n{kind.about[0].upper()}{kind.about[1:]}."
    if kind.export is None:
        head += " Taken in only."
    rows = ["| column | heading | others | holds | needed |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([head, "", *rows, *map(_row, kind.columns), ""])


def _row(column: Column) -> str:
    needed = "always" if column.needed else "the column" if column.required else "—"
    default = f"; empty: {column.default}" if column.default not in (None, "") else ""
    cells = (
        f"`{column.name}`",
        column.title,
        ", ".join(column.aliases),
        f"{column.about}: {column.form}{default}",
        needed,
    )
    return "| " + " | ".join(cells) + " |"
