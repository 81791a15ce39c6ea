"""Every GraphQL document sent to Linear, small and cheap.

Linear prices a query before it runs: a connection costs `first` times one node, whatever it holds.
So labels are asked for as ids and named from a catalogue, objects are asked only for what is used,
and every connection says how many it wants. No value is ever written into a document: values
travel as variables.
"""

from __future__ import annotations

from functools import cache

ISSUE_FIELDS = """
fragment IssueFields on Issue {
  id
  identifier
  title
  description @include(if: $text)
  url
  createdAt
  updatedAt
  archivedAt
  trashed
  completedAt
  canceledAt
  dueDate
  estimate
  labelIds
  team { key }
  parent { id }
  project { id name initiatives(first: 10) { nodes { name } } }
  projectMilestone { id name }
  state { name type }
}
"""

WHO_AM_I = """
query WhoAmI {
  viewer { id }
}
"""

WORKSPACE = """
query Workspace {
  viewer { id }
  organization { id }
}
"""

TEAMS = """
query Teams($first: Int!, $after: String) {
  teams(first: $first, after: $after) {
    nodes { id key name }
    pageInfo { hasNextPage endCursor }
  }
}
"""

# Ordered by creation, which never changes: in the order of updates, an issue that is changed
# between two pages moves to the front and would be missed.
ISSUES = (
    """
query Issues($filter: IssueFilter!, $first: Int!, $after: String, $text: Boolean!) {
  issues(
    filter: $filter
    first: $first
    after: $after
    includeArchived: false
    orderBy: createdAt
  ) {
    nodes { ...IssueFields }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + ISSUE_FIELDS
)

# In the order of creation too, and nothing but what tells whether an issue changed.
STAMPS = """
query Stamps($filter: IssueFilter!, $first: Int!, $after: String) {
  issues(
    filter: $filter
    first: $first
    after: $after
    includeArchived: false
    orderBy: createdAt
  ) {
    nodes { id updatedAt trashed }
    pageInfo { hasNextPage endCursor }
  }
}
"""

PROJECTS = """
query Projects($filter: ProjectFilter!, $first: Int!, $after: String, $text: Boolean!) {
  projects(filter: $filter, first: $first, after: $after, includeArchived: false) {
    nodes {
      id
      name
      description @include(if: $text)
      content @include(if: $text)
      url
      createdAt
      updatedAt
      archivedAt
      trashed
      status { name type }
      initiatives(first: 50) { nodes { id name } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""

MILESTONES = """
query Milestones($filter: ProjectMilestoneFilter!, $first: Int!, $after: String, $text: Boolean!) {
  projectMilestones(filter: $filter, first: $first, after: $after, includeArchived: false) {
    nodes {
      id
      name
      description @include(if: $text)
      createdAt
      updatedAt
      archivedAt
      status
      project { id name url archivedAt trashed }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""

INITIATIVES = """
query Initiatives($filter: InitiativeFilter!, $first: Int!, $after: String, $text: Boolean!) {
  initiatives(filter: $filter, first: $first, after: $after, includeArchived: false) {
    nodes {
      id
      name
      description @include(if: $text)
      content @include(if: $text)
      url
      createdAt
      updatedAt
      archivedAt
      trashed
      status
      parentInitiative { id }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""

PLANNED = """
query Planned($first: Int!, $after: String) {
  initiatives(first: $first, after: $after, includeArchived: false) {
    nodes {
      name
      description
      content
      status
      trashed
      projects(first: 50, includeArchived: false) { nodes { name trashed } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""

HISTORY_FIELDS = """
fragment HistoryFields on IssueHistoryConnection {
  nodes {
    id
    createdAt
    actorId
    addedLabelIds
    removedLabelIds
    addedLabels { id name }
    removedLabels { id name }
  }
  pageInfo { hasNextPage endCursor }
}
"""

HISTORIES = (
    """
query Histories($filter: IssueFilter!, $first: Int!, $after: String) {
  issues(filter: $filter, first: $first, after: $after, includeArchived: false) {
    nodes {
      id
      createdAt
      trashed
      labelIds
      history(first: 40) { ...HistoryFields }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + HISTORY_FIELDS
)

MORE_HISTORY = (
    """
query MoreHistory($id: String!, $first: Int!, $after: String) {
  issue(id: $id) {
    history(first: $first, after: $after) { ...HistoryFields }
  }
}
"""
    + HISTORY_FIELDS
)

# Archived and retired definitions too: they still stand on issues, and still occupy their names.
LABELS = """
query Labels($filter: IssueLabelFilter, $first: Int!, $after: String) {
  issueLabels(filter: $filter, first: $first, after: $after, includeArchived: true) {
    nodes {
      id
      name
      isGroup
      archivedAt
      retiredAt
      parent { id }
      team { key }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""

UPDATE_ISSUE = (
    """
mutation UpdateIssue($id: String!, $input: IssueUpdateInput!, $text: Boolean!) {
  issueUpdate(id: $id, input: $input) {
    success
    issue { ...IssueFields }
  }
}
"""
    + ISSUE_FIELDS
)


@cache
def update_issues(count: int) -> str:
    """Return the mutation that updates so many issues, each with variables of its own."""
    each = range(count)
    variables = " ".join(f"$id{n}: String!, $input{n}: IssueUpdateInput!," for n in each)
    mutations = "\n".join(
        f"issue{n}: issueUpdate(id: $id{n}, input: $input{n}) "
        "{ success issue { ...IssueFields } }"
        for n in each
    )
    return f"mutation UpdateIssues({variables} $text: Boolean!) {{\n{mutations}\n}}{ISSUE_FIELDS}"


@cache
def create_labels(count: int) -> str:
    """Return the mutation that creates so many label definitions, one after the other."""
    each = range(count)
    variables = ", ".join(f"$input{n}: IssueLabelCreateInput!" for n in each)
    mutations = "\n".join(
        f"label{n}: issueLabelCreate(input: $input{n}) {{ success }}" for n in each
    )
    return f"mutation CreateLabels({variables}) {{\n{mutations}\n}}"
