"""Data packages by the command line: written, validated by another program, taken in, and refused where they lie."""

import csv
import hashlib
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import LIST, Run, runner

BY_ALL = ("tally", "--by", "side,category,type,status,verification,feed,day", "--format", "csv")


@pytest.fixture
def package(run: Run, tmp_path: Path) -> Path:
    """The package of the small ledger, with its journal."""
    folder = tmp_path / "package"
    assert run("export", "datapackage", str(folder), "--full").exit_code == 0
    return folder


@pytest.fixture
def other(tmp_path: Path) -> Run:
    """Another ledger, which is yet to be made."""
    return runner(str(tmp_path / "other.db"))


def altered(package: Path, table: str, change: Callable[[str], str]) -> None:
    """Change a table, and what the package says of it, as somebody would who wants it to be believed."""
    path = package / f"{table}.csv"
    path.write_text(change(path.read_text()))
    described = json.loads((package / "datapackage.json").read_text())
    for resource in described["resources"]:
        if resource["path"] == path.name:
            resource["hash"] = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    (package / "datapackage.json").write_text(json.dumps(described))


def test_what_is_written_is_a_valid_data_package(package: Path) -> None:
    """Types, required cells, words, keys, references, sizes and digests: another program finds nothing wrong."""
    limit = csv.field_size_limit()
    from frictionless import Package

    csv.field_size_limit(limit)  # which that program sets for the whole process

    report = Package(str(package / "datapackage.json")).validate()

    assert report.flatten(["name", "rowNumber", "fieldName", "message"]) == []
    assert report.valid


def test_a_package_says_what_it_is(run: Run, package: Path) -> None:
    """When it was made, of which head, by which view; whom to name and under which terms."""
    described = json.loads((package / "datapackage.json").read_text())
    head = run("audit", "--head").stdout.strip().rpartition(":")[0]

    assert described["title"] == "Documented losses of equipment: Valley War"
    assert described["created"] == "2021-06-02T08:00:00.000000Z"
    assert described["licenses"] == [{"name": "CC-BY-4.0", "title": "CC BY 4.0"}]
    assert described["lossledger"]["head"] == head
    assert described["lossledger"]["public_view"] == [
        "coordinates rounded to 2 decimals (about 1 km)",
        "without the names of those who keep the ledger",
        "without their notes and reasons",
    ]


def test_another_ledger_takes_it_in(run: Run, package: Path, other: Run) -> None:
    """The same tallies and ids; what is here already stays, and a second time nothing is new."""
    assert other("init", "--from", str(package)).exit_code == 0

    assert other(*BY_ALL).stdout == run(*BY_ALL).stdout
    assert other("source", "list", "--format", "csv").stdout == run("source", "list", "--format", "csv").stdout
    again = other("pack", "add", str(package))
    assert again.stderr == "pack package: nothing new; the ledger holds all of it\n"


def test_import_takes_in_the_package_of_a_ledger(tmp_path: Path, other: Run) -> None:
    """A zip as well, into a ledger that has its catalogue already."""
    first, place = runner(str(tmp_path / "first.db")), tmp_path / "war.zip"
    first("init", "--pack", "nagorno-karabakh-2020")
    first("export", "datapackage", "-o", str(place))
    other("init")

    taken = other("import", str(place))

    everything = (*BY_ALL, "--verification", "confirmed,claimed")
    assert taken.stderr == (
        "pack war: 1 conflict, 3 sides, 1 feed, 27 sources, 16 losses, 1 merge, 104 published tallies\n"
    )
    assert other(*everything).stdout == first(*everything).stdout
    assert other("import", str(place)).stderr == "pack war: nothing new; the ledger holds all of it\n"
    assert "add: --as package" in other("import", str(place), "--feed", "x").stderr


def test_a_restored_ledger_knows_its_past(run: Run, package: Path, other: Run) -> None:
    """The same head; every earlier state can be had; and the audit says what a public copy withheld."""
    head = run("audit", "--head").stdout.strip()

    made = other("init", "--from", str(package))
    audit = other("audit", "--expect-head", head)

    assert "every hash verified" in made.stderr
    assert other("audit", "--head").stdout.strip() == head
    assert (audit.exit_code, "0 findings, 0 redacted texts." in audit.stdout) == (0, True)
    assert "are a public copy's, which withheld every one of:" in audit.stdout
    for number in ("25", "30"):
        assert other(*BY_ALL, "--known-on", number).stdout == run(*BY_ALL, "--known-on", number).stdout


def test_a_journal_only_begins_a_ledger(run: Run, package: Path, other: Run) -> None:
    """Into one that has entries it does not go; into the one that it is of, nothing of it is new."""
    other("init")

    refused = other("import", str(package))

    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"lossledger: {package} takes its journal along, and that can only begin a ledger")
    assert run("import", str(package)).stderr == "pack package: nothing new; the ledger holds all of it\n"


def _link(package: Path) -> None:
    (package / "losses.csv").unlink()
    (package / "losses.csv").symlink_to("/etc/passwd")


def _outside(package: Path) -> None:
    described = json.loads((package / "datapackage.json").read_text())
    described["resources"][0]["path"] = "../secret.csv"
    (package / "datapackage.json").write_text(json.dumps(described))


def _tampered(package: Path) -> None:
    path = package / "losses.csv"
    path.write_text(path.read_text().replace("destroyed", "captured"))


def _twice(package: Path) -> None:
    altered(package, "losses", lambda text: text + text.splitlines(keepends=True)[1])


def _column(package: Path) -> None:
    altered(package, "losses", lambda text: text.replace("quantity", "how_many", 1))


def _orphan(package: Path) -> None:
    altered(package, "evidence", lambda text: f"{text}evidence77,nosuchloss,{LIST},reports,,,,\n")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_link, "losses.csv is no plain file; a link could lead anywhere, so it is not read"),
        (_outside, "the resource '../secret.csv' does not lie in the package"),
        (_tampered, "losses.csv is not what its datapackage.json says (SHA-256); it was altered since it was exported"),
        (_twice, "stands there a second time"),
        (_column, "there is no column 'how_many'; the columns are uid, feed,"),
        (_orphan, "which is not in losses.csv"),
    ],
)
def test_a_package_that_is_not_what_it_says(
    run: Run, tmp_path: Path, other: Run, spoil: Callable[[Path], None], message: str
) -> None:
    """One line says what is wrong, and no ledger is made of it."""
    folder = tmp_path / "package"
    run("export", "datapackage", str(folder))
    spoil(folder)

    refused = other("init", "--from", str(folder))

    assert refused.exit_code == 3
    assert refused.stderr.count("\n") == 1
    assert message in refused.stderr
    assert not (tmp_path / "other.db").exists()


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        ("journal_details", lambda text: text.replace(",destroyed,", ",captured,", 1), "its details are not those"),
        ("journal_postings", lambda text: text.replace(",destroyed,", ",captured,", 1), "its hash is not that"),
        ("journal_entries", lambda text: text.replace("report", "amend", 1), "its hash is not that of what it says"),
        ("journal_entries", lambda text: "".join(text.splitlines(keepends=True)[:3]), "does not stand in its place"),
    ],
)
def test_a_journal_that_was_altered(
    package: Path, tmp_path: Path, other: Run, table: str, change: Callable[[str], str], message: str
) -> None:
    """The chain is verified on the way, and the entry is named where it breaks."""
    altered(package, table, change)

    refused = other("init", "--from", str(package))

    assert refused.exit_code == 3
    assert refused.stderr.count("\n") == 1
    assert "entry " in refused.stderr
    assert message in refused.stderr
    assert not (tmp_path / "other.db").exists()


def test_a_zip_that_leads_out_of_its_folder(tmp_path: Path, other: Run) -> None:
    """Paths and links out of it, and zips that unpack without end, are refused."""
    link = zipfile.ZipInfo("losses.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    for name, members, message in (
        ("path", [("../evil.csv", "x")], "'../evil.csv' would leave the package's folder"),
        ("link", [(link, "/etc/passwd")], "'losses.csv' is a link, which could lead anywhere"),
    ):
        place = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(place, "w") as archive:
            archive.writestr("datapackage.json", "{}")
            for member, text in members:
                archive.writestr(member, text)

        refused = other("init", "--from", str(place))

        assert (refused.exit_code, refused.stderr) == (3, f"lossledger: {place}: {message}\n")


def test_a_zip_that_unpacks_without_end(tmp_path: Path, other: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """No honest table is packed two hundred times smaller."""
    monkeypatch.setattr("lossledger.feeds.package_files.BOMB_FROM", 1_000_000)
    place = tmp_path / "bomb.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", "{}")
        archive.writestr("losses.csv", "a" * 5_000_000)

    refused = other("init", "--from", str(place))

    assert refused.exit_code == 3
    assert "no honest package is so packed" in refused.stderr


def test_what_is_there_stays(run: Run, package: Path, tmp_path: Path) -> None:
    """A package replaces another only where it is told to, and a folder of other things never."""
    things = tmp_path / "things"
    things.mkdir()
    (things / "letter.txt").write_text("dear")

    assert run("export", "datapackage", str(package)).stderr == (
        f"lossledger: {package} holds a package already; replace it with --force\n"
    )
    assert run("export", "datapackage", str(package), "--force").exit_code == 0
    assert not (package / "journal_entries.csv").exists()
    assert run("export", "datapackage", str(things), "--force").exit_code == 2
    assert (things / "letter.txt").read_text() == "dear"
