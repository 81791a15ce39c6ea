"""Every GraphQL document sent to Linear, small and cheap.

Linear prices a query before it runs: a connection costs `first` times one node, whatever it holds.
So labels are asked for as ids and named from a catalogue, objects are asked only for what is used,
and every connection says how many it wants. Nothing here is written by hand into a string at run
time: values travel as variables.
"""

from __future__ import annotations

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
  projectMilestone { name }
  state { name type }
}
"""

WHO_AM_I = """
query WhoAmI {
  viewer { id }
}
"""

TEAMS = """
query Teams($first: Int!, $after: String) {
  teams(first: $first, after: $after) {
    nodes { key }
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

PROJECTS = """
query Projects($filter: ProjectFilter!, $first: Int!, $after: String) {
  projects(filter: $filter, first: $first, after: $after, includeArchived: false) {
    nodes {
      id
      name
      url
      createdAt
      updatedAt
      archivedAt
      trashed
      status { name type }
      initiatives(first: 10) { nodes { name } }
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

CREATE_LABEL = """
mutation CreateLabel($input: IssueLabelCreateInput!) {
  issueLabelCreate(input: $input) {
    success
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
