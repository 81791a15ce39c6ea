"""The promises of `okrsync.ports.tracker.Tracker`, as tests that adapters inherit.

Usage, in an adapter's own tests::

    class TestMine(TrackerConformance):
        labels_have_definitions = True

        @pytest.fixture
        def world(self):
            with my_simulator() as simulator:
                yield MyWorld(simulator)

A promise that a tracker cannot keep is declared by a class attribute, and its tests are skipped
with that reason; nothing else is skipped. What an adapter makes of titles, states, parents and
dates is for its own tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okrsync.testing.promises_of_reading import ReadingPromises
from okrsync.testing.promises_of_writing import WritingPromises

if TYPE_CHECKING:
    from okrsync.testing.tracker_world import TrackerWorld


class TrackerConformance(ReadingPromises, WritingPromises):
    """Inherit, provide ``world``, and every promise of the port runs against your tracker."""

    @pytest.fixture
    def world(self) -> TrackerWorld:
        """Return a world to try; override this."""
        raise NotImplementedError("a conformance class must define the fixture `world`")

    def test_close_is_repeatable(self, world: TrackerWorld) -> None:
        """Close twice."""
        world.tracker.close()
        world.tracker.close()
