"""What holds for every test: nothing leaves this machine, and no setting comes from outside."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests.postgres import Postgres, running_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

# On a build machine the same examples are tried every time; elsewhere new ones each time.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True, scope="session")
def _a_closed_room() -> Iterator[None]:
    """Refuse connections to other machines, and forget settings of the one who runs this."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "localhost"
        if host not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test must not talk to {host}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        for name in [name for name in os.environ if name.startswith("OKRSYNC_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL; tests that want it are skipped, with the reason, where there is none."""
    with running_postgres() as server:
        yield server
