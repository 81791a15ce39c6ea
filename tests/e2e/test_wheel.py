"""The wheel is whole: built, installed in a new environment, run with the source tree absent.

Only the dependencies come from the environment that runs the tests, so no network is needed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "okrsync",
    "okrsync_jira",
    "okrsync_linear",
    "okrsync_simulators",
    "okrsync_sql",
    "okrsync_yaml",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    _run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)],
        cwd=ROOT,
    )
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of programs of an environment that has the wheel."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=True)
    (site,) = home.glob("lib/python*/site-packages")
    _run([sys.executable, "-m", "pip", "--python", str(home / "bin/python"), "install",
          "--no-deps", "--no-index", "--quiet", str(wheel)])  # fmt: skip
    # Folders named in a .pth come after the wheel's own, and their .pth files are not read: the
    # editable installation that runs these tests stays out of sight.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin"


def test_it_holds_what_runs_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    tops = {name.split("/")[0] for name in names}
    meta = next(top for top in tops if top.endswith(".dist-info"))
    assert tops == {*PACKAGES, meta}
    assert {f"{package}/py.typed" for package in PACKAGES} <= names
    assert "okrsync_simulators/linear/schema.graphql" in names
    assert f"{meta}/licenses/LICENSE" in names
    assert f"{meta}/entry_points.txt" in names
    assert not [name for name in names if "test_" in name or name.endswith((".pyc", ".db"))]


def test_it_holds_every_file_of_the_packages(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    sources = {
        path.relative_to(folder).as_posix()
        for folder, packages in ((ROOT, PACKAGES[:1]), (ROOT / "adapters", PACKAGES[1:]))
        for package in packages
        for path in (folder / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert any(re.fullmatch(r"okrsync/storage/migrations/versions/v0001\w*\.py", x) for x in names)
    assert "okrsync/cli/demo_files/okrsync.yaml" in names
    assert sources <= names


def test_the_installed_program_tells_its_version_and_commands(
    installed: Path, tmp_path: Path
) -> None:
    version = _run([str(installed / "okrsync"), "--version"], cwd=tmp_path)
    assert re.fullmatch(r"okrsync \d+\.\d+\.\d+\n", version)
    told = _run([str(installed / "okrsync"), "--help"], cwd=tmp_path)
    for command in ("plan", "apply", "undo", "check", "demo"):
        assert command in told


def test_nothing_comes_from_the_source_tree(installed: Path, tmp_path: Path) -> None:
    code = f"import sys, {', '.join(PACKAGES)}; " + "".join(
        f"print({package}.__file__); " for package in PACKAGES
    )
    told = _run([str(installed / "python"), "-P", "-c", code + "print(*sys.path)"], cwd=tmp_path)
    assert told.count(str(installed.parent / "lib")) >= len(PACKAGES)
    assert f"{ROOT}/okrsync" not in told
    assert f"{ROOT}/adapters" not in told


def test_the_demo_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    told = _run([str(installed / "okrsync"), "demo"], cwd=tmp_path)
    held = re.search(r"Everything held: (\d+) items", told)
    assert held is not None, told
    assert int(held[1]) > 100
    assert not list(tmp_path.iterdir()), "the demo leaves nothing behind"


def _run(command: list[str], cwd: Path | None = None) -> str:
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("OKRSYNC_", "PYTHON", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        command, cwd=cwd, env=environ, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout
