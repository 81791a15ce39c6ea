"""Read the settings: defaults, then ``okrsync.yaml``, then the environment.

Every mistake is found at once and told where it was made. No secret ever stands in a message.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from okrsync.core.place import Place, Problem, did_you_mean
from okrsync.documents.read import Document, parse_file
from okrsync.documents.validate import problems_of
from okrsync.errors import ConfigError
from okrsync.settings.checks import cross_checks, database_urls, written_password
from okrsync.settings.environment import Override, overrides, tracker_names, variable_of
from okrsync.settings.layers import (
    adapter_of,
    anchor_paths,
    anchored_store,
    copied,
    items,
    leaf_paths,
    put,
    tracker_data,
)
from okrsync.settings.secrets import Slot, bare, read_secret, secret_slots
from okrsync.settings.tree import Settings, TrackerSection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

    from okrsync.documents.read import Steps

FILE = "okrsync.yaml"
_TRACKER_NAME = re.compile(r"[a-z0-9-]+")


def find(start: Path, environ: Mapping[str, str]) -> Path | None:
    """Find the settings file: ``OKRSYNC_CONFIG``, else ``okrsync.yaml`` in *start*, else none."""
    named = environ.get("OKRSYNC_CONFIG")
    if named:
        return start / named
    here = start / FILE
    return here if here.is_file() else None


def load(
    path: Path | None,
    *,
    environ: Mapping[str, str],
    adapters: Mapping[str, type[BaseModel]],
    folder: Path | None = None,
    secrets_needed: bool = True,
) -> Settings:
    """Load the settings from the file at *path*, if any, and from *environ*.

    *adapters* are the models of the installed adapters' own sections. Relative paths are relative
    to the file's folder, or without a file to *folder*. Where no secret is needed, because nothing
    outside is asked, none has to be there; stand-ins that open no door take their place.

    Raises:
        ConfigError: they cannot be used; all mistakes at once.

    """
    document = parse_file(path) if path else Document(FILE, {})
    base = path.absolute().parent if path else (folder or Path.cwd()).absolute()
    loading = _Loading(document, base, adapters)
    loading.take(environ)
    loading.take_secrets(needed=secrets_needed)
    loading.anchor()
    settings = loading.settled()
    if settings is None or loading.problems:
        count = len(loading.problems)
        told = f"{count} mistakes" if count > 1 else "a mistake"
        raise ConfigError(f"the settings hold {told}", problems=_in_order(loading.problems))
    return settings


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.place, problem.message))


class _Loading:
    """The settings on their way: layers of data, where each piece comes from, what is wrong."""

    def __init__(
        self, document: Document, base: Path, adapters: Mapping[str, type[BaseModel]]
    ) -> None:
        self.problems: list[Problem] = list(document.problems)
        self.data: dict[str, Any] = {}
        self._document = document
        self._base = base
        self._adapters = adapters
        self._overridden: dict[Steps, Override] = {}
        self._origins: dict[Steps, str] = {}
        self._models: dict[str, type[BaseModel] | None] = {}
        if isinstance(document.data, dict):
            self.data = copied(document.data)
        elif document.data is not None:
            self._note((), "the settings must be a mapping of keys")
        for steps in leaf_paths(self.data):
            self._origins[steps] = f"file {document.place(steps)}"

    def place(self, path: Steps, *, key: bool = False) -> Place:
        """Tell where the value at *path* was given: a variable or a spot in the file."""
        for length in range(len(path), 0, -1):
            override = self._overridden.get(path[:length])
            if override is not None:
                return override.place
        return self._document.place(path, key=key)

    def take(self, environ: Mapping[str, str]) -> None:
        """Put the environment's values over the file's."""
        self._find_trackers(tracker_names(environ))
        found, problems = overrides(environ, Settings, self._models, self.data)
        self.problems += problems
        self._refuse_written_secrets()
        for override in found:
            self._overridden[override.path] = override
            put(self.data, override.path, override.value)
            for below in leaf_paths(override.value, override.path):
                self._origins[below] = f"environment {override.variable}"

    def take_secrets(self, *, needed: bool) -> None:
        """Read the files that hold secrets, except where the secret itself is given."""
        for slot in self._secrets():
            file = slot.holder.pop(f"{slot.key}_file", None)
            if slot.key in slot.holder:
                self._bare(slot)
            elif file is not None:
                slot.holder[slot.key] = self._secret(slot, file, needed=needed)
            elif slot.required:
                if needed:
                    self._ask_for(slot)
                slot.holder[slot.key] = self._stand_in(slot)

    def _bare(self, slot: Slot) -> None:
        """Look at a secret of the environment; one of the file is refused whatever it is."""
        given = slot.holder[slot.key]
        if slot.path not in self._overridden or not isinstance(given, str):
            return
        try:
            slot.holder[slot.key] = bare(given, key=slot.key)
        except ValueError as error:
            self._note(slot.path, f"cannot be used as {slot.key!r}: {error}")
            slot.holder[slot.key] = self._stand_in(slot)

    def _ask_for(self, slot: Slot) -> None:
        file, variable = f"{slot.key}_file", variable_of(slot.path)
        self._note(
            slot.path[:-1],
            f"{slot.key!r} is missing here",
            f"set {variable}, or write `{file}: PATH`; a secret never stands in this file",
        )

    def _secret(self, slot: Slot, file: Any, *, needed: bool) -> str:
        at = (*slot.path[:-1], f"{slot.key}_file")
        if not isinstance(file, str) or not file:
            self._note(at, f"'{slot.key}_file' must be a path")
            return self._stand_in(slot)
        where = self._base / file
        self._origins[slot.path] = f"file {where}"
        try:
            return read_secret(where, key=slot.key)
        except (OSError, ValueError) as error:
            if needed:
                why = getattr(error, "strerror", None) or str(error)
                self._note(at, f"{where} cannot be used as {slot.key!r}: {why}")
            return self._stand_in(slot)

    def _stand_in(self, slot: Slot) -> str:
        self._origins[slot.path] = "not read"
        return "not-read"

    def anchor(self) -> None:
        """Make relative paths absolute."""
        data = self.data
        anchor_paths(Settings, data, self._base)
        for name, options in self._models.items():
            if options is not None:
                anchor_paths(options, tracker_data(self.data, name), self._base)
        for section, default in (("okrs", "okrs"), ("mapping", "mapping.yaml")):
            source = data.setdefault(section, {})
            if isinstance(source, dict) and source.get("source", "yaml") == "yaml":
                source.setdefault("path", str(self._base / default))
        store = data.setdefault("store", Settings.model_fields["store"].default)
        if isinstance(store, str):
            data["store"] = anchored_store(store, self._base)
        for section in ("okrs", "mapping"):
            source = data[section]
            if isinstance(source, dict) and source.get("source") == "database":
                url = source.setdefault("url", data["store"])
                if isinstance(url, str):
                    source["url"] = anchored_store(url, self._base)

    def settled(self) -> Settings | None:
        """Validate everything, and check what no single section can know."""
        sections = self._tracker_sections()
        self.problems += cross_checks(self.data, sections, self.place)
        for path, url in database_urls(self.data):
            if path not in self._overridden:
                self.problems += written_password(path, url, self.place)
        try:
            settings = _build({**self.data, "trackers": sections})
        except ValidationError as error:
            self.problems += problems_of(error, Settings, self.place)
            return None
        settings._origins = self._origins  # noqa: SLF001 - given to it here and nowhere else
        settings._places = self._waiver_places(settings)  # noqa: SLF001
        return settings

    def _waiver_places(self, settings: Settings) -> dict[Steps, Place]:
        paths = [("lint", "waivers", index) for index in range(len(settings.lint.waivers))]
        return {path: self.place(path) for path in paths}

    def _find_trackers(self, from_environment: Mapping[str, str]) -> None:
        """Learn the model of each tracker's section, if its adapter is installed."""
        named = {n: adapter_of(section) for n, section in items(self.data.get("trackers"))}
        for name, adapter in (named | dict(from_environment)).items():
            self._models[name] = self._adapters.get(adapter)

    def _secrets(self) -> Iterator[Slot]:
        yield from secret_slots(Settings, self.data)
        for name, options in self._models.items():
            if options is not None:
                data = tracker_data(self.data, name)
                yield from secret_slots(options, data, ("trackers", name))

    def _refuse_written_secrets(self) -> None:
        for slot in self._secrets():
            if slot.key in slot.holder:
                told = f"the secret {slot.key!r} must not stand in this file"
                place = self._document.place(slot.path, key=True)
                hint = f"give {slot.key}_file, or put it into the environment"
                self.problems.append(Problem(place, told, hint))

    def _tracker_sections(self) -> dict[str, TrackerSection]:
        given = self.data.get("trackers")
        if given is not None and not isinstance(given, dict):
            self._note(("trackers",), "'trackers' must be a mapping of keys")
        sections = {}
        for name, section in items(given):
            read = self._tracker_section(name, section)
            if read is not None:
                sections[name] = read
        return sections

    def _tracker_section(self, name: str, section: Any) -> TrackerSection | None:
        path: Steps = ("trackers", name)
        if not _TRACKER_NAME.fullmatch(name):
            told = f"a tracker cannot be called {name!r}"
            place = self.place(path, key=True)
            self.problems.append(Problem(place, told, "small letters, digits and hyphens"))
        if not isinstance(section, dict):
            self._note(path, f"{name!r} must be a mapping of keys")
            return None
        adapter = adapter_of(section)
        model = self._adapters.get(adapter)
        if model is None:
            self._note_adapter(path, adapter, section)
            return None
        data = {key: value for key, value in section.items() if key != "adapter"}
        try:
            return TrackerSection(adapter=adapter, options=model.model_validate(data))
        except ValidationError as error:
            self.problems += problems_of(error, model, self.place, below=path)
            return None

    def _note_adapter(self, path: Steps, adapter: str, section: Mapping[str, Any]) -> None:
        installed = ", ".join(sorted(self._adapters)) or "none"
        if "adapter" not in section:
            self._note(path, f"'adapter' is missing here; installed: {installed}")
        else:
            told = f"there is no adapter {adapter!r}; installed: {installed}"
            hint = did_you_mean(adapter, self._adapters)
            self.problems.append(Problem(self.place((*path, "adapter")), told, hint))

    def _note(self, path: Steps, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(self.place(path), message, hint))


def _build(data: dict[str, Any]) -> Settings:
    """Hand the data to pydantic-settings as its only source."""

    class Loaded(Settings):
        @classmethod
        def settings_customise_sources(
            cls, settings_cls: type[BaseSettings], *_: Any, **__: Any
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return (_Given(settings_cls, data),)

    return Loaded()


class _Given(PydanticBaseSettingsSource):
    """Settings as plain data."""

    def __init__(self, settings_cls: type[BaseSettings], data: dict[str, Any]) -> None:
        super().__init__(settings_cls)
        self._data = data

    def get_field_value(self, _field: Any, field_name: str) -> tuple[Any, str, bool]:
        return self._data.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        return self._data
