"""Wires what check-ins, decisions and evidence need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.app.learning import Learning
from okrsync.bootstrap.clock import SystemClock
from okrsync.bootstrap.goals import manifest_of
from okrsync.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from okrsync.core.clock import Clock
    from okrsync.settings.tree import Settings


def learning(settings: Settings, folder: Path, *, clock: Clock | None = None) -> Learning:
    """Wire what check-ins, decisions and evidence need.

    Raises:
        ConfigError: the goals' source can only be read.

    """
    manifest = manifest_of("okrs", settings.okrs)
    if manifest.edit_goals is None:
        raise ConfigError(f"okrs: the source {settings.okrs.source!r} can only be read")
    return Learning(
        goal_source=manifest.open_goals(settings.okrs.options, folder),
        editor=manifest.edit_goals(settings.okrs.options, folder),
        today=(clock or SystemClock()).now().astimezone(settings.zone).date(),
    )
