"""The mapping file, key by key. Whether a rule makes sense is decided elsewhere."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from okrsync.documents.types import (
    AsList,
    FileModel,
    Flag,
    Name,
    OneAsList,
    OneOrMore,
    one_or_more,
)

Values = Annotated[OneOrMore, Field(min_length=1)]
"""One value, or a list of which any will do."""


def _fields(value: object) -> object:
    if not isinstance(value, dict):
        raise ValueError("must map names of fields to values")  # noqa: TRY004 - for pydantic
    return {name: one_or_more(values) for name, values in value.items()}


def _one_or_many(schema: dict[str, Any]) -> None:
    """Tell editors that a single condition may stand without a list."""
    schema.pop("type")
    one = schema.pop("items")
    schema["anyOf"] = [one, {"type": "array", "items": one, "minItems": 1}]


Many = Field(min_length=1, json_schema_extra=_one_or_many)


class ConditionIn(FileModel):
    """All keys must hold; of several values of one key any will do. Strings disregard case."""

    tracker: Values = ()
    """Name of a tracker in the settings."""
    scope: Values = ()
    """Jira project key or Linear team key."""
    project: Values = ()
    """Project key or name."""
    team: Values = ()
    """Id of a team in the OKR files."""
    type: Values = ()
    """Type of the item, such as Bug."""
    label: Values = ()
    """A label on the item; never one of okrsync's own."""
    component: Values = ()
    """Jira component."""
    status: Values = ()
    """Name of the status, or its category: todo, doing, done, cancelled."""
    parent: Values = ()
    """Key of any ancestor."""
    milestone: Values = ()
    """Linear project milestone."""
    initiative: Values = ()
    """Linear initiative."""
    title_matches: Values = ()
    """RE2 pattern searched for in the title."""
    text_matches: Values = ()
    """RE2 pattern searched for in the description."""
    field: Annotated[dict[str, OneOrMore], BeforeValidator(_fields), Field(min_length=1)] = Field(
        default_factory=dict
    )
    """Custom fields by the name used in the settings: `{NAME: VALUE}`."""
    any: Annotated[tuple[ConditionIn, ...], OneAsList, Many] = ()
    """At least one of these conditions holds."""
    all: Annotated[tuple[ConditionIn, ...], OneAsList, Many] = ()
    """Every one of these conditions holds."""
    none: Annotated[tuple[ConditionIn, ...], OneAsList, Many] = ()
    """Not one of these conditions holds."""

    @model_validator(mode="after")
    def _says_something(self) -> ConditionIn:
        if not self.model_fields_set:
            raise ValueError("must not be empty: it would match every item")
        return self


class ExemptIn(FileModel):
    """Why such work needs no outcome."""

    because: Name
    """The reason, as a person would say it."""


class RuleIn(FileModel):
    """Which items serve which goals, or are exempt; the first rule that matches wins."""

    id: Name
    """What messages and commands call the rule."""
    when: ConditionIn
    """Which items it is about."""
    serves: Values = ()
    """Ids of goals that such items serve."""
    learning: Flag = False
    """Research that tests a hypothesis or a belief."""
    exempt: ExemptIn | None = None
    """Such work needs no outcome."""
    enabled: Flag = True
    """Whether the rule counts."""
    contact: Name | None = None
    """Id of the team to ask about the rule."""

    @model_validator(mode="after")
    def _decides_one_way(self) -> RuleIn:
        if bool(self.serves) is bool(self.exempt):
            told = "both 'serves' and 'exempt'" if self.serves else "neither 'serves' nor 'exempt'"
            raise ValueError(f"has {told}; one of them decides")
        return self


class MappingFile(FileModel):
    """The mapping rules, in the order in which they are tried."""

    rules: Annotated[tuple[RuleIn, ...], AsList] = ()
    """Mapping rules; the first that matches wins."""
