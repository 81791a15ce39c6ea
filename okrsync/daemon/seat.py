"""Where one worker thread sits: connections of its own, made anew when settings change."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from okrsync.app.context import Context
    from okrsync.daemon.house import House


class Seat:
    """Belongs to one thread."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._fork: Context | None = None
        self._generation = -1

    def context(self) -> Context:
        """Return what one piece of work needs: own connections, and the goals in force now.

        Raises:
            ConfigError: there are no goals yet.

        """
        generation = self._house.generation
        if self._fork is None or self._generation != generation:
            self.leave()
            self._fork, self._generation = self._house.fittings.context.fork(), generation
        return self._house.lend(self._fork)

    def leave(self) -> None:
        """Give back the connections; what failed may have been their fault."""
        if self._fork is not None:
            self._fork.disconnect()
            self._fork = None
