"""The example company: a shop whose payment and web teams use Jira, growth and operations Linear.

Plain data, the same for the same seed and moment. No such shop exists.
"""

from okrsync_simulators.company.jira import JiraSeedIssue, LabelChange, jira_seed
from okrsync_simulators.company.linear import LinearSeedIssue, linear_seed

__all__ = ["JiraSeedIssue", "LabelChange", "LinearSeedIssue", "jira_seed", "linear_seed"]
