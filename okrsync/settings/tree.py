"""Every setting there is, with its default. How values come here is `okrsync.settings.load`'s.

A setting's docstring is what people read in the JSON Schema and in the reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, parse_qs, urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from okrsync.core.goals import Waiver
from okrsync.core.place import Place, did_you_mean
from okrsync.documents.durations import Duration
from okrsync.documents.read import Steps
from okrsync.documents.types import (
    AsList,
    Day,
    FileModel,
    Flag,
    Name,
    Number,
    OneOrMore,
    Secret,
    Share,
    Whole,
    is_loopback,
)
from okrsync.settings.codes import CODES, UNWAIVABLE

Severity = Literal["error", "warning", "advice", "off"]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ValueError(f"must be a time zone such as Europe/Amsterdam, not {name!r}") from None
    return name


def _clock_time(text: str) -> str:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise ValueError(f"must be a time such as 03:00, not {text!r}")
    return text


def _weekly_time(text: str) -> str:
    day, _, clock = text.partition(" ")
    if day not in {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}:
        raise ValueError(f"must be a day and a time such as Tue 07:30, not {text!r}")
    _clock_time(clock)
    return text


def _store_url(url: str) -> str:
    scheme = url.partition(":")[0]
    if scheme.partition("+")[0] not in {"sqlite", "postgresql"} or "://" not in url:
        raise ValueError("must begin with sqlite:/// or postgresql://")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("is no address") from None
    if scheme.startswith("sqlite") and _names_no_file(parts):
        raise ValueError(
            "must name a file, such as sqlite:///var/okrsync.db: "
            "what is kept in memory is forgotten after each command"
        )
    return url


def _names_no_file(url: SplitResult) -> bool:
    path, query = url.path.strip("/"), parse_qs(url.query)
    return not path or ":memory:" in path or "memory" in query.get("mode", ())


def _label_prefix(prefix: str) -> str:
    if re.search(r"[\s,]", prefix):
        raise ValueError("must not hold spaces or commas")
    return prefix


def _subject(about: str) -> str:
    if not re.fullmatch(r"company|(team|unit):.+", about):
        raise ValueError(f"must be company, unit:ID or team:ID, not {about!r}")
    return about


def _code(code: str) -> str:
    if code not in CODES:
        hint = did_you_mean(code, CODES)
        raise ValueError(f"names {code!r}, which is no code of a rule{f'; {hint}' if hint else ''}")
    return code


def _waivable(code: str) -> str:
    if code == UNWAIVABLE:
        raise ValueError(f"is {code}, which cannot be waived")
    return code


def _positive(duration: timedelta) -> timedelta:
    if not duration:
        raise ValueError("must be longer than nothing")
    return duration


Code = Annotated[Name, AfterValidator(_code)]
Span = Annotated[Duration, AfterValidator(_positive)]
Count = Annotated[Whole, Field(ge=1)]


class SourceSettings(FileModel):
    """Where goals or mapping rules come from. Other sources than `yaml` have keys of their own."""

    model_config = ConfigDict(extra="allow")

    source: Name = "yaml"
    """`yaml`, `database`, or any installed source."""
    path: Path | None = None
    """For `yaml`: a file or a folder."""
    url: Annotated[Name | None, Field(repr=False)] = None
    """For `database`: its address; default the store's."""

    @property
    def options(self) -> Mapping[str, Any]:
        """The keys that are the source's own business, as far as they are given."""
        given = dict(self).items()
        return {key: value for key, value in given if key != "source" and value is not None}


class TrackerSection(FileModel):
    """One tracker: its adapter, and what that adapter wants to know."""

    adapter: Name
    """`jira`, `linear`, or any installed adapter."""
    options: BaseModel
    """The section as the adapter's own model."""


class LabelSettings(FileModel):
    """Which labels okrsync writes."""

    prefix: Annotated[Name, AfterValidator(_label_prefix)] = "okr:"
    """Begins every label okrsync writes: verdicts `okr:aligned`, links `okr:<goal id>`."""
    links: Annotated[
        tuple[Literal["objectives", "key_results", "hypotheses", "beliefs"], ...], AsList
    ] = ("key_results", "hypotheses")
    """The kinds of goals whose links are written. All kinds are heard."""
    linear_group: Name = "OKR"
    """Linear: verdict labels become children of this exclusive group."""


class SyncSettings(FileModel):
    """When and how much."""

    mode: Literal["report", "write"] = "report"
    """`report` plans and reports only; `write` changes labels."""
    every: Span = timedelta(minutes=10)
    """Between passes; a webhook brings one forward."""
    overlap: Duration = timedelta(minutes=10)
    """How far each pull reaches back."""
    sweep: Annotated[Name, AfterValidator(_clock_time)] = "03:00"
    """When all items are compared, daily."""
    done_within: Duration = timedelta(days=30)
    """Finished items older than this are left alone."""
    mentions: Flag = True
    """Goal ids in titles and descriptions are signals."""
    max_changes: Annotated[Whole, Field(ge=0)] = 500
    """Labels changed per tracker in 24 hours; more waits for an approval."""
    max_change_percent: Annotated[Number, Field(ge=0, le=100)] = 30.0
    """Share of a scope's items that may lose or swap a label; not looked at below 20 items."""
    max_vanished: Annotated[Whole, Field(ge=0)] = 20
    """Vanished labels per scope and day before okrsync stops and asks."""
    retention: Span = timedelta(days=400)
    """How long runs, the journal, snapshots and archived reports are kept."""


class SmtpSettings(FileModel):
    """The mail server."""

    host: Name
    """Name of the server."""
    port: Annotated[Whole, Field(ge=1, le=65535)] = 587
    """Port of the server."""
    username: Name | None = None
    """Account on the server."""
    password: Secret | None = None
    """Password of the account."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """`none` is for a server on this machine only."""

    @model_validator(mode="after")
    def _never_in_the_clear(self) -> SmtpSettings:
        if self.security == "none" and not is_loopback(self.host):
            raise ValueError("has security: none, which is for a server on this machine only")
        return self


class RecipientSettings(FileModel):
    """Who reads about what."""

    to: Annotated[OneOrMore, Field(min_length=1)]
    """Mail addresses."""
    about: Annotated[Name, AfterValidator(_subject)] = "company"
    """`company`, `unit:ID` or `team:ID`."""


class ReportSettings(FileModel):
    """The report by mail."""

    weekly: Annotated[Name, AfterValidator(_weekly_time)] = "Tue 07:30"
    """Day and time of the weekly report."""
    sender: Annotated[Name | None, Field(alias="from")] = None
    """Who the report comes from."""
    smtp: SmtpSettings | None = None
    """The mail server; without one nothing is sent."""
    recipients: Annotated[tuple[RecipientSettings, ...], AsList] = ()
    """Who reads about what."""
    quiet: Flag = True
    """Nothing new and nothing due: no mail, but one heartbeat in four weeks."""


class WebSettings(FileModel):
    """Where okrsync listens."""

    host: Name = "127.0.0.1"
    """Address to listen on; anything but loopback needs a token."""
    port: Annotated[Whole, Field(ge=0, le=65535)] = 8484
    """Port to listen on."""
    token: Secret | None = None
    """Token that callers show."""

    @model_validator(mode="after")
    def _guarded(self) -> WebSettings:
        if self.token is None and not is_loopback(self.host):
            raise ValueError("listens beyond this machine and needs a token (token_file)")
        return self


class Thresholds(FileModel):
    """From where on rules speak. A key is a rule's code."""

    OKR113: Span = timedelta(days=14)
    """Time without a check-in, where the cycle does not say."""
    OKR117: Share = 0.4
    """Confidence below which a key result is off track."""
    KR208: Annotated[Number, Field(ge=0, le=100)] = 5.0
    """Percent of change below which a step is trivial."""
    HY303: Span = timedelta(days=14)
    """How long evidence against may wait for a decision."""
    HY305: Span = timedelta(weeks=4)
    """Time of work without evidence."""
    HY309: Span = timedelta(weeks=4)
    """Measuring window where no key result states its time to effect."""
    PF501: Annotated[Number, Field(ge=0, le=100)] = 60.0
    """Percent of open items that should be aligned."""
    PF503: Count = 3
    """Key results a team can work on at once."""
    PF505: Annotated[Number, Field(ge=0, le=100)] = 10.0
    """Percent of the way that should be made at half the cycle."""


class WaiverSettings(FileModel):
    """A finding that somebody answered for."""

    code: Annotated[Code, AfterValidator(_waivable)]
    """The code of the rule."""
    goal: Name
    """The goal the finding is about, or the key of the item."""
    reason: Name
    """Why the finding may stand."""
    until: Day | None = None
    """Last day it may stand; default for ever."""


class LintSettings(FileModel):
    """How strictly goals and work are read."""

    fail_level: Literal["error", "warning", "advice"] = "error"
    """Findings of this severity or above make `check` fail."""
    severity: dict[Code, Severity] = Field(default_factory=dict)
    """Severities other than the rules' own, by code."""
    teams: dict[Name, dict[Code, Severity]] = Field(default_factory=dict)
    """Severities for one team's goals: team id, then code."""
    waivers: Annotated[tuple[WaiverSettings, ...], AsList] = ()
    """Findings that somebody answered for."""
    objectives_per_team: Count = 1
    """Objectives a team may have in a cycle."""
    key_results_per_objective: Count = 3
    """Key results an objective may have."""
    planning_cycles: Count = 2
    """Cycles that work may be planned for: this one and the next."""
    thresholds: Thresholds = Thresholds()
    """From where on rules speak, by code."""


class Words(FileModel):
    """What this organisation says instead, in texts for people."""

    customer: Name = "customer"
    """The word for customer."""


class Settings(BaseSettings):
    """Settings of okrsync."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        env_prefix="OKRSYNC_",
        env_nested_delimiter="__",
    )

    timezone: Annotated[Name, AfterValidator(_zone)] = "UTC"
    """Decides what today is, for schedules and reports too."""
    okrs: SourceSettings = SourceSettings(path=Path("okrs"))
    """Where goals come from."""
    mapping: SourceSettings = SourceSettings(path=Path("mapping.yaml"))
    """Where mapping rules come from."""
    store: Annotated[Name, AfterValidator(_store_url), Field(repr=False)] = (
        "sqlite:///var/okrsync.db"
    )
    """The database: `sqlite:///PATH`, relative to this file, or `postgresql://USER@HOST/NAME`."""
    trackers: dict[str, TrackerSection] = Field(default_factory=dict)
    """The trackers, by names of small letters, digits and hyphens."""
    labels: LabelSettings = LabelSettings()
    """Which labels okrsync writes."""
    sync: SyncSettings = SyncSettings()
    """When and how much."""
    report: ReportSettings = ReportSettings()
    """The report by mail."""
    web: WebSettings = WebSettings()
    """Where okrsync listens."""
    lint: LintSettings = LintSettings()
    """How strictly goals and work are read."""
    words: Words = Words()
    """What this organisation says instead."""

    _origins: Mapping[Steps, str] = PrivateAttr(default_factory=dict)
    _places: Mapping[Steps, Place] = PrivateAttr(default_factory=dict)

    @classmethod
    def settings_customise_sources(  # noqa: D102 - pydantic-settings' word
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - ours knows places and hints
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - no hidden files
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - NAME_file instead
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.timezone)

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """The waivers of the ``lint:`` section, as the rules' engine takes them."""
        return tuple(
            Waiver(
                code=waiver.code,
                reason=waiver.reason,
                goal=waiver.goal,
                until=waiver.until,
                place=self._places.get(("lint", "waivers", index), Place("okrsync.yaml")),
            )
            for index, waiver in enumerate(self.lint.waivers)
        )

    @property
    def secret_files(self) -> tuple[Path, ...]:
        """The files that secrets were read from."""
        told = (origin.removeprefix("file ") for origin in self._origins.values())
        return tuple(sorted({Path(each) for each in told if Path(each).is_absolute()}))

    def origin(self, path: str | Steps) -> str:
        """Tell where a leaf's value comes from: ``default``, a file, or a variable."""
        steps = tuple(path.split(".")) if isinstance(path, str) else path
        return self._origins.get(steps, "default")
