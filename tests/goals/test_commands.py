"""The commands that move goals and write down what was learnt, as people type them."""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from okrsync.core.goaledits import same
from okrsync.testing import example_goals
from okrsync_yaml.export import write_goals
from okrsync_yaml.goals import YamlGoals
from tests.cli.conftest import type_command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ran

TODAY = datetime.now(UTC).date().isoformat()  # noqa: TID251 - the commands' own clock


@dataclass(frozen=True)
class Home:
    """A folder with settings, OKR files, and perhaps a database."""

    folder: Path

    def run(self, *words: str) -> Ran:
        return type_command("--config", str(self.folder / "okrsync.yaml"), *words)

    @property
    def files(self) -> Path:
        return self.folder / "okrs"


def home(folder: Path, source: str) -> Home:
    okrs = folder / "okrs"
    okrs.mkdir()
    for name, text in write_goals(example_goals()).items():
        (okrs / name).write_bytes(text)
    (folder / "mapping.yaml").write_text("rules: []\n")
    (folder / "okrsync.yaml").write_text(f"okrs: {{source: {source}}}\n")
    return Home(folder)


@pytest.fixture
def of_files(tmp_path) -> Home:
    return home(tmp_path, "yaml")


@pytest.fixture
def of_database(tmp_path) -> Home:
    made = home(tmp_path, "database")
    ran = made.run("okrs", "import", str(made.files), "--yes")
    assert ran.code == 0, ran.err
    return made


@pytest.fixture(params=["of_files", "of_database"])
def anywhere(request) -> Home:
    made: Home = request.getfixturevalue(request.param)
    return made


def test_a_check_in_is_written_where_the_goals_are(anywhere):
    ran = anywhere.run("check-in", "kr-bare", "--value", "-3", "--confidence", "0.4", "--note", "n")
    assert ran.code == 0, ran.err
    assert ran.out == f"KR-BARE: date {TODAY}, value -3.0, confidence 0.4, note n\n"
    shown = anywhere.run("okrs", "show", "KR-BARE", "-f", "json").json
    assert shown["check_ins"] == [
        {"date": TODAY, "value": -3.0, "confidence": 0.4, "note": "n", "decision": ""}
    ]


def test_a_decision_is_written_with_its_reason(anywhere):
    words = ("decide", "H-BARE", "kill", "--because", "Nobody came", "--saved", "A month")
    told = anywhere.run(*words, "-f", "json")
    assert told.json["rules"] is True
    shown = anywhere.run("okrs", "show", "H-BARE", "-f", "json").json
    assert [(one["choice"], one["saved"]) for one in shown["decisions"]] == [("kill", "A month")]


def test_an_older_decision_says_that_a_newer_one_rules(anywhere):
    anywhere.run("decide", "H-BARE", "pivot", "--because", "x", "--date", "2026-02-02")
    ran = anywhere.run("decide", "H-BARE", "kill", "--because", "x", "--date", "2026-01-01")
    assert ran.code == 0
    assert "The newer decision of 2026-02-02 still rules: pivot." in ran.err


def test_evidence_is_written(anywhere):
    ran = anywhere.run("evidence", "add", "B-RAIN", "--against", "--note", "Wet and full")
    assert ran.code == 0, ran.err
    shown = anywhere.run("okrs", "show", "B-RAIN").out
    assert f"  - date {TODAY}, says against, note Wet and full\n" in shown


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("check-in", "KR-BARES", "--value", "1"), "did you mean 'KR-BARE'?"),
        (("check-in", "KR-BARE"), "must say something"),
        (("check-in", "KR-BARE", "--value", "nan"), "finite"),
        (("check-in", "KR-BARE", "--confidence", "60"), "from 0 to 1"),
        (("check-in", "KR-BARE", "--value", "1", "--date", "2999-01-01"), "in the future"),
        (("decide", "H-BARE", "pivot", "--because", "  "), "needs a reason"),
        (("decide", "H-BARE", "pivot", "--because", "x", "--saved", "y"), "only stopping"),
        (("decide", "H-BARE", "kill", "--because", "x", "--until", "2999-01-01"), "leave out"),
        (("decide", "KR-BARE", "kill", "--because", "x"), "a decision belongs to a hypothesis"),
        (("evidence", "add", "H-BARE"), "--for, --against or --unclear"),
        (("evidence", "add", "H-BARE", "--for", "--against"), "--for, --against or --unclear"),
        (("okrs", "show", "H-BAR"), "did you mean 'H-BARE'?"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_way_out(anywhere, words, told):
    ran = anywhere.run(*words)
    assert ran.code == 2
    assert told in ran.err


def test_show_tells_what_is_around_a_goal(anywhere):
    shown = anywhere.run("okrs", "show", "kr-old", "-f", "json").json
    assert shown["id"] == "KR-RIDE"
    assert shown["moved_by"] == ["O-FIRST"]
    assert shown["tested_by"] == ["H-MAP"]
    text = anywhere.run("okrs", "show", "O-TOWN").out
    assert "stands on: B-RAIN" in text


def test_the_first_import_makes_the_tables_and_shows_what_comes(tmp_path):
    made = home(tmp_path, "database")
    before = made.run("okrs", "tree")
    assert before.code == 6
    assert "okrsync okrs import DIR" in before.err
    ran = made.run("okrs", "import", str(made.files), "--yes")
    assert "+ key result KR-RIDE\n" in ran.out
    assert "They are in the database now." in ran.out
    assert made.run("okrs", "tree").code == 0
    assert made.run("check", "--format", "json").code in {0, 1}


def test_an_import_shows_what_changes_and_a_second_one_nothing(of_database):
    file = next(of_database.files.glob("*riders*"))
    file.write_text(file.read_text().replace("The first ride is easy", "Easy rides"))
    ran = of_database.run("okrs", "import", str(of_database.files), "--yes", "-f", "json")
    assert ran.json == {
        "written": True,
        "added": [],
        "changed": [{"what": "objective", "id": "O-FIRST"}],
        "removed": [],
        "moved": False,
    }
    again = of_database.run("okrs", "import", str(of_database.files))
    assert (again.code, again.out) == (0, "The database holds exactly these goals already.\n")


def test_without_a_terminal_an_import_needs_yes(of_database):
    of_database.run("check-in", "KR-BARE", "--value", "1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO())
        ran = of_database.run("okrs", "import", str(of_database.files))
    assert ran.code == 2
    assert "give --yes" in ran.err
    assert of_database.run("okrs", "show", "KR-BARE", "-f", "json").json["check_ins"]


def test_an_import_of_goals_that_cannot_be_used_changes_nothing(of_database):
    (of_database.files / "99.yaml").write_text("beliefs: [{id: O-TOWN, text: x}]\n")
    ran = of_database.run("okrs", "import", str(of_database.files), "--yes")
    assert ran.code == 6
    assert "99.yaml:1:16: the goal id 'O-TOWN' is given twice" in ran.err
    assert of_database.run("okrs", "show", "O-TOWN").code == 0


def test_goals_in_files_take_no_import(of_files):
    ran = of_files.run("okrs", "import", str(of_files.files), "--yes")
    assert ran.code == 6
    assert "okrs: {source: database}" in ran.err


def test_what_is_exported_loads_to_the_same_goals(anywhere, tmp_path):
    out = tmp_path / "out"
    ran = anywhere.run("okrs", "export", str(out), "-f", "json")
    assert ran.code == 0, ran.err
    assert sorted(ran.json["written"]) == sorted(map(str, out.iterdir()))
    assert same(YamlGoals(out, tmp_path).read().goals, example_goals())


def test_an_export_overwrites_nothing_unless_forced_and_never_doubles_goals(anywhere, tmp_path):
    out = tmp_path / "out"
    anywhere.run("okrs", "export", str(out))
    strategy = next(out.glob("01-*"))
    strategy.write_text("# mine\n")
    refused = anywhere.run("okrs", "export", str(out))
    assert refused.code == 4
    assert "--force" in refused.err
    assert strategy.read_text() == "# mine\n"
    shutil.copy(strategy, out / "more.yml")
    assert anywhere.run("okrs", "export", str(out), "--force").code == 4
    assert strategy.read_text() == "# mine\n"
    (out / "more.yml").unlink()
    assert anywhere.run("okrs", "export", str(out), "--force").code == 0
    assert same(YamlGoals(out, tmp_path).read().goals, example_goals())


def test_upgrading_the_store_upgrades_the_goals_too(tmp_path):
    made = home(tmp_path, "database")
    first, again = made.run("db", "upgrade"), made.run("db", "upgrade")
    assert "The goals' database went from nothing to schema g0001." in first.out
    assert "The goals' database is up to date (schema g0001)." in again.out


def test_a_password_of_the_goals_database_never_stands_in_the_file(tmp_path):
    made = home(tmp_path, "database")
    url = "postgresql://okr:secret@127.0.0.1/goals"
    (tmp_path / "okrsync.yaml").write_text(f"okrs: {{source: database, url: '{url}'}}\n")
    ran = made.run("okrs", "tree")
    assert ran.code == 6
    assert "OKRSYNC_OKRS__URL" in ran.err
    assert "secret" not in ran.err
