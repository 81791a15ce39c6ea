"""Importing does nothing: no network, no processes, no settings, and each package once."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

PACKAGES = (
    "okrsync",
    "okrsync_jira",
    "okrsync_linear",
    "okrsync_simulators",
    "okrsync_sql",
    "okrsync_yaml",
)
HEAVY = ("alembic", "gql", "httpx", "jira", "pydantic", "requests", "sqlalchemy", "starlette")
PROBE = """
import importlib, json, os, pkgutil, sys

FORBIDDEN = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system")

def watch(event, arguments):
    if event in FORBIDDEN:
        raise RuntimeError(f"importing {now!r} does {event}{arguments}")

def broken(name):
    raise RuntimeError(f"{name} cannot be imported") from sys.exc_info()[1]

now = ""
sys.addaudithook(watch)
before = os.listdir()
for package in sys.argv[1:]:
    folder = importlib.import_module(package).__path__
    for module in pkgutil.walk_packages(folder, package + ".", onerror=broken):
        now = module.name
        if not now.endswith("__main__"):
            importlib.import_module(now)
assert os.listdir() == before, "importing wrote files"
print(json.dumps(sorted(sys.modules)))
"""


def _modules_after(code: str, *arguments: str, folder: str) -> list[str]:
    """Run *code* with an empty environment in an empty folder; return what is imported then."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *arguments],
        cwd=folder,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    modules: list[str] = json.loads(done.stdout)
    return modules


def test_every_module_imports_with_an_empty_environment(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    modules = _modules_after(PROBE, *PACKAGES, folder=str(tmp_path_factory.mktemp("empty")))
    ours = [name for name in modules if name.split(".")[0] in PACKAGES]
    assert len(ours) > 100
    assert not [name for name in modules if name.split(".")[0] == "adapters"]


def test_help_needs_nothing_heavy(tmp_path_factory: pytest.TempPathFactory) -> None:
    code = "import json, sys, okrsync.cli.main; print(json.dumps(sorted(sys.modules)))"
    modules = _modules_after(code, folder=str(tmp_path_factory.mktemp("empty")))
    assert "typer" in modules
    assert {name.split(".")[0] for name in modules}.isdisjoint(HEAVY)


def test_gql_cannot_prefer_another_httpx() -> None:
    assert find_spec("httpx2") is None
