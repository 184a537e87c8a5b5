"""A region in files: what is loaded from CSV and XLSX, in which columns, and how it goes out again.

`load` and `load_frame` are the doors in, `export` and `export_file` the doors out, `all_kinds` what there is.
"""

# Registered in the order in which a region is loaded.
from svet.flows.region_files import region  # isort: skip
from svet.flows.region_files import meters, readings  # isort: skip
from svet.flows.region_files.exporting import as_file, export, export_file
from svet.flows.region_files.kinds import Kind, all_kinds, kind_called
from svet.flows.region_files.loading import Progress, load, load_frame
from svet.flows.region_files.report import Report
from svet.flows.region_files.tables import REPORT_COLUMNS

__all__ = [
    "REPORT_COLUMNS",
    "Kind",
    "Progress",
    "Report",
    "all_kinds",
    "as_file",
    "export",
    "export_file",
    "kind_called",
    "load",
    "load_frame",
    "meters",
    "readings",
    "region",
]
