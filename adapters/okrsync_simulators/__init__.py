"""Loopback trackers for demonstrations and tests, written from the vendors' contracts.

They know nothing of okrsync or of its adapters, so that they can disagree with both.
"""

from okrsync_simulators.jira import JIRA
from okrsync_simulators.linear import LINEAR
from okrsync_simulators.manifest import Running, Simulator

__all__ = ["JIRA", "LINEAR", "Running", "Simulator"]
