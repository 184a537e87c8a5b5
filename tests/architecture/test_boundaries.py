"""What imports alone cannot show: no ORM in surfaces and flows, every job has a caller, rules stay pure."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "svet"
ORM_WORDS = {"objects", "select_for_update", "bulk_create", "cursor"}
# The workshop of the installation itself: measuring and dropping databases is not business.
WORKSHOP = {"surfaces/console/bench", "surfaces/console/management/commands/bench.py", "surfaces/web/health.py"}


def modules(*folders):
    for folder in folders:
        for path in sorted((CODE / folder).rglob("*.py")):
            place = path.relative_to(CODE).as_posix()
            if "tests" in path.parts or "migrations" in path.parts or place.startswith(tuple(WORKSHOP)):
                continue
            yield path


@pytest.mark.parametrize("path", list(modules("surfaces", "flows")), ids=lambda p: p.relative_to(CODE).as_posix())
def test_surfaces_and_flows_leave_the_database_to_the_domains(path):
    used = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}

    assert not used & ORM_WORDS


def test_no_module_imports_inside_a_function():
    hidden = []
    for path in modules("kernel", "infra", "domains", "flows", "surfaces"):
        if path.name == "apps.py":
            continue  # ready() is Django's own place for it
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
                hidden += [f"{path.relative_to(ROOT)}:{n.lineno}" for n in inner]

    assert hidden == []


def test_no_float_in_kernel_and_rules():
    floats = []
    for path in modules("kernel", "domains"):
        if path.parts[-1] != "rules.py" and "rules" not in path.parts and "kernel" not in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                floats.append(f"{path.relative_to(ROOT)}:{node.lineno}")

    assert floats == []


def test_every_job_is_scheduled_or_called():
    from procrastinate.contrib.django import app

    code = "\n".join(path.read_text() for path in CODE.rglob("*.py") if "tests" not in path.parts)
    scheduled = (CODE / "config/schedule.py").read_text()
    uncalled = []
    for name in app.tasks:
        module, _, function = name.rpartition(".")
        called = any(word in code for word in (f"{function}.defer", f"{function}.configure", f'"{name}"'))
        if module.startswith("svet.") and not called and function not in scheduled:
            uncalled.append(name)

    assert uncalled == []


def test_a_domain_has_only_the_agreed_modules():
    allowed = {
        "rules",
        "models",
        "queries",
        "actions",
        "jobs",
        "apps",
        "admin",
        "migrations",
        "tests",
        "data",
        "README",
        "__init__",
    }
    strange = [
        path.relative_to(CODE).as_posix()
        for domain in (CODE / "domains").iterdir()
        if domain.is_dir() and domain.name != "__pycache__"
        for path in domain.iterdir()
        if path.name != "__pycache__" and path.stem not in allowed
    ]

    assert strange == []


def test_every_domain_says_in_its_readme_what_it_owns():
    domains = [path for path in (CODE / "domains").iterdir() if (path / "apps.py").exists()]
    silent = [d.name for d in domains if not (d / "README.md").exists() or "Owns" not in (d / "README.md").read_text()]

    assert silent == []
