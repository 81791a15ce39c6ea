"""OKR files as git had them at a revision, laid out in a folder of their own."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from okrsync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def as_of(revision: str, path: Path) -> Iterator[Path | None]:
    """Lay out *path* as it was at *revision*; yield where it is, or None if it was not there.

    Raises:
        UsageError: *path* is in no git repository, or git knows no such revision.

    """
    where = path if path.is_dir() else path.parent
    root = Path(_git(where, "rev-parse", "--show-toplevel").decode().strip())
    inside = path.resolve().relative_to(root.resolve())
    commit = _git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    tree = commit.decode().strip()
    if not _git(root, "ls-tree", tree, "--", inside.as_posix() or "."):
        yield None
        return
    archive = _git(root, "archive", "--format=tar", tree, "--", inside.as_posix())
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
            packed.extractall(folder, filter="data")
        yield Path(folder) / inside


def _git(folder: Path, *words: str) -> bytes:
    command = ["git", "-C", str(folder), *words]
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise UsageError("--changed-since needs git, which is not installed") from None
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines()
        why = told[-1] if told else f"git knows no {words[-1].removesuffix('^{commit}')!r}"
        raise UsageError(f"--changed-since: {why}")
    return done.stdout
