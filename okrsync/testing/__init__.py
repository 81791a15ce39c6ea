"""Public test kit, for adapter authors and for okrsync itself: a fake tracker and the suite.

Needs pytest, which `pip install okrsync[testing]` brings.
"""

from __future__ import annotations

import pytest

# Assertions in a library stay bare unless pytest is told before the first import.
pytest.register_assert_rewrite(
    "okrsync.testing.claims",
    "okrsync.testing.goal_conformance",
    "okrsync.testing.promises_of_reading",
    "okrsync.testing.promises_of_writing",
)

from okrsync.testing.conformance import TrackerConformance  # noqa: E402
from okrsync.testing.example_goals import example_goals  # noqa: E402
from okrsync.testing.fakes import FakeTracker  # noqa: E402
from okrsync.testing.faults import Crash, Fault, FaultKind  # noqa: E402
from okrsync.testing.goal_conformance import GoalSourceConformance, GoalWorld  # noqa: E402
from okrsync.testing.tracker_world import TrackerWorld, Trouble  # noqa: E402
from okrsync.testing.world import FakeWorld, work_item  # noqa: E402

__all__ = [
    "Crash",
    "FakeTracker",
    "FakeWorld",
    "Fault",
    "FaultKind",
    "GoalSourceConformance",
    "GoalWorld",
    "TrackerConformance",
    "TrackerWorld",
    "Trouble",
    "example_goals",
    "work_item",
]
