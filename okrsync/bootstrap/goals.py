"""Opens where goals and mapping rules are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync.errors import ConfigError
from okrsync.plugins import load_goal_sources
from okrsync.settings.tree import SourceSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from okrsync.core.goals import Goals
    from okrsync.ports.goals import GoalSource, GoalSourceManifest, GoalStore, MappingSource
    from okrsync.ports.mapping_editor import MappingEditor
    from okrsync.settings.tree import Settings


def goal_source(settings: Settings, folder: Path) -> GoalSource:
    """Open the goals alone."""
    return manifest_of("okrs", settings.okrs).open_goals(settings.okrs.options, folder)


def goals_in(path: Path, folder: Path) -> GoalSource:
    """Open the OKR files at *path*, which no settings need to name."""
    return manifest_of("okrs", SourceSettings()).open_goals({"path": path}, folder)


def goal_store(settings: Settings, folder: Path) -> GoalStore | None:
    """Open where `okrs import` puts goals; nothing, if the goals' source takes none in."""
    manifest = manifest_of("okrs", settings.okrs)
    return manifest.keep_goals and manifest.keep_goals(settings.okrs.options, folder)


def goal_files(goals: Goals) -> Mapping[str, bytes]:
    """Return the content of OKR files, by name, that load to equal goals."""
    write = manifest_of("okrs", SourceSettings()).write_goals
    if write is None:
        raise ConfigError("the installed source 'yaml' cannot write OKR files")
    return write(goals)


def mapping_source(settings: Settings, folder: Path) -> MappingSource:
    """Open the mapping rules.

    Raises:
        ConfigError: their source holds none.

    """
    return _open_mapping(settings.mapping, settings.mapping.options, folder)


def mapping_at(path: Path, folder: Path) -> MappingSource:
    """Return the mapping rules in a file that no settings name."""
    return _open_mapping(SourceSettings(), {"path": path}, folder)


def mapping_editor(settings: Settings, folder: Path) -> MappingEditor:
    """Return what changes mapping rules.

    Raises:
        ConfigError: their source can only be read.

    """
    edit = manifest_of("mapping", settings.mapping).edit_mapping
    if edit is None:
        raise ConfigError(f"mapping: the source {settings.mapping.source!r} can only be read")
    return edit(settings.mapping.options, folder)


def manifest_of(what: str, section: SourceSettings) -> GoalSourceManifest:
    """Return what a section of the settings names.

    Raises:
        ConfigError: it is not installed.

    """
    sources = load_goal_sources()
    if section.source not in sources:
        installed = ", ".join(sorted(sources)) or "none"
        raise ConfigError(
            f"{what}: the source {section.source!r} is not part of this okrsync",
            hint=f"installed: {installed}",
        )
    return sources[section.source]


def _open_mapping(
    section: SourceSettings, options: Mapping[str, Any], folder: Path
) -> MappingSource:
    manifest = manifest_of("mapping", section)
    if manifest.open_mapping is None:
        raise ConfigError(f"mapping: the source {section.source!r} holds no mapping rules")
    return manifest.open_mapping(options, folder)
