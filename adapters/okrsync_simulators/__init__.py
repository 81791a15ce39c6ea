"""Loopback trackers for demonstrations and tests, written from the vendors' contracts.

They know nothing of okrsync or of its adapters, so that they can disagree with both.
"""

from okrsync_simulators.jira import JIRA, JIRA_DATACENTER
from okrsync_simulators.linear import LINEAR
from okrsync_simulators.manifest import Running, Simulator

__all__ = ["JIRA", "JIRA_DATACENTER", "LINEAR", "Running", "Simulator"]
