"""Find trackers, goal sources and simulators by entry point. Ours use the same door as others'."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, TypeVar

from okrsync.errors import ConfigError
from okrsync.ports.goals import GOAL_SPI_VERSION, GoalSourceManifest
from okrsync.ports.tracker import SPI_VERSION, TrackerManifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from okrsync.ports.simulator import Simulator

M = TypeVar("M", TrackerManifest, GoalSourceManifest)


def load_trackers(found: Iterable[EntryPoint] | None = None) -> dict[str, TrackerManifest]:
    """Load every installed tracker adapter, by name."""
    return _manifests("okrsync.trackers", TrackerManifest, SPI_VERSION, found)


def load_goal_sources(
    found: Iterable[EntryPoint] | None = None,
) -> dict[str, GoalSourceManifest]:
    """Load every installed goal source, by name."""
    return _manifests("okrsync.goal_sources", GoalSourceManifest, GOAL_SPI_VERSION, found)


def load_simulators(found: Iterable[EntryPoint] | None = None) -> Mapping[str, Simulator]:
    """Load every installed simulator, by name."""
    return _loaded("okrsync.simulators", found)


def _manifests(
    group: str, wanted: type[M], spi: int, found: Iterable[EntryPoint] | None
) -> dict[str, M]:
    manifests = _loaded(group, found)
    for name, manifest in manifests.items():
        if not isinstance(manifest, wanted) or manifest.spi != spi:
            raise ConfigError(
                f"{name!r} of {group} is not made for this okrsync",
                hint=f"it must export a {wanted.__name__} with spi={spi}",
            )
    return manifests


def _loaded(group: str, found: Iterable[EntryPoint] | None) -> dict[str, Any]:
    loaded: dict[str, Any] = {}
    for point in entry_points(group=group) if found is None else found:
        if point.name in loaded:
            raise ConfigError(f"two installed packages both provide {point.name!r} of {group}")
        loaded[point.name] = _load(point, group)
    return loaded


def _load(point: EntryPoint, group: str) -> Any:
    try:
        return point.load()
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            f"{point.name!r} of {group} ({point.value}) cannot be loaded: {error}"
        ) from error
