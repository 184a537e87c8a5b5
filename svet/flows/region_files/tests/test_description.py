from pathlib import Path

from svet.flows.region_files import all_kinds
from svet.flows.region_files.description import description

PAGE = Path(__file__).resolve().parents[4] / "docs" / "import_format.md"


def test_the_page_of_formats_is_what_the_columns_say():
    assert PAGE.read_text() == description(), "make it anew: svet import-format > docs/import_format.md"


def test_no_two_columns_of_a_kind_share_a_heading():
    for kind in all_kinds():
        said = [heading for column in kind.columns for heading in {column.name, column.title.lower(), *column.aliases}]

        assert len(said) == len(set(said)), kind.name
