"""What a query costs by Linear's formula, before it runs.

A field is 0.1, an object 1 and its fields, a to-one object asked only for its id 0.2, and a
connection `first` times a node and the page information, whatever it will really hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    IntValueNode,
    OperationDefinitionNode,
    VariableNode,
    get_named_type,
)

from okrsync_simulators.linear.connections import DEFAULT_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import DocumentNode, GraphQLSchema, SelectionSetNode

FIELD = 0.1
OBJECT = 1.0
ONLY_ID = 0.2
# Recorded mutations that return `labelIds` cost about this much more than their other fields.
LIST_OF_IDS = 1.0
NODES = frozenset({"nodes", "node"})


def complexity_of(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    schema: GraphQLSchema,
) -> float:
    """Return the points of one operation of a valid document."""
    root = schema.get_root_type(operation.operation)
    pricing = _Pricing(document, variables)
    return pricing.fields(operation.selection_set, root)


class _Pricing:
    def __init__(self, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }

    def fields(self, selections: SelectionSetNode, parent: Any) -> float:
        return sum(self._field(node, parent) for node in self._selected(selections))

    def _field(self, node: FieldNode, parent: Any) -> float:
        if node.name.value.startswith("__"):
            return 0.0
        field = parent.fields[node.name.value]
        named = get_named_type(field.type)
        if not isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
            return LIST_OF_IDS if node.name.value == "labelIds" else FIELD
        if node.selection_set is None:
            return FIELD
        if named.name.endswith("Connection"):
            return self._first(node) * self.fields(node.selection_set, named)
        asked = [selected.name.value for selected in self._selected(node.selection_set)]
        if asked == ["id"] and node.name.value not in NODES:
            return ONLY_ID
        return OBJECT + self.fields(node.selection_set, named)

    def _first(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value == "first":
                value = argument.value
                if isinstance(value, IntValueNode):
                    return int(value.value)
                if isinstance(value, VariableNode):
                    given = self._variables.get(value.name.value)
                    return given if isinstance(given, int) else DEFAULT_PAGE
        return DEFAULT_PAGE

    def _selected(self, selections: SelectionSetNode) -> Iterator[FieldNode]:
        """Yield the fields of a selection, those of its fragments among them."""
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, FragmentSpreadNode):
                fragment = self._fragments[node.name.value]
                yield from self._selected(fragment.selection_set)
            else:
                yield from self._selected(node.selection_set)  # type: ignore[attr-defined]
