"""Nothing that the public view hides is in any byte of an export or a proof; what it tells is."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Run, open_view

HIDDEN_UNLESS_OPENED = {
    "coordinates": "40.123456",
    "handle": "markhandle",
    "note of a loss": "marklossnote",
    "note of evidence": "markevidencenote",
    "note of a source": "marksourcenote",
    "note in the case file": "marktext",
    "reason": "markreason",
}
NEVER_TOLD = {
    "redacted text": "markredacted",
    "post of the inbox": "markpost",
    "note of a post": "markpostnote",
    "scene": "markscene",
    "imported file": "markfile",
    "what a list says otherwise": "markrow",
}
TOLD = {"place": "the mill by the river"}


@pytest.fixture
def marked(served: Run, tmp_path: Path) -> Run:
    """A ledger in which every kind of text that may be hidden has its mark, on each engine."""

    def act(*args: str, reason: bool = True) -> str:
        done = served("--actor", "markhandle", *args, *(("--reason", "markreason") if reason else ()))
        assert done.exit_code == 0, done.stderr
        return done.stdout.strip()

    given = ("--side", "Redland", "--type", "T-72B", "--status", "destroyed", "--source", "https://example.org/mark")
    placed = ("--at", "40.123456,46.987654", "--place", TOLD["place"], "--note", "marklossnote")
    uid = act("add", *given, *placed, "--verification", "confirmed")
    act("evidence", "add", uid, "--source", "https://example.org/other", "--note", "markevidencenote")
    source = json.loads(served("source", "list", "other", "--format", "json").stdout)[0]["id"]
    act("source", "change", source, "--note", "marksourcenote")
    act("note", uid, "marktext")
    act("amend", uid, "--unit", "markredacted")
    act("redact", uid, "--field", "unit", "--yes")
    act("inbox", "add", "https://example.org/markpost", "--note", "markpostnote", reason=False)
    act("scene", "add", "markscene", "--post", "https://example.org/markpost", reason=False)
    row = "id,side,type,status,source,place\n1,Redland,T-72B,destroyed,https://example.org/9,{}\n"
    table = tmp_path / "markfile.csv"
    for place in ("a bridge", "markrow"):
        table.write_text(row.format(place))
        act("import", str(table), "--feed", "A list", reason=False)
        if place == "a bridge":
            listed = json.loads(served("list", "--where", "place=a bridge", "--format", "json").stdout)[0]["id"]
            act("amend", listed, "--place", "another bridge")
    return served


def written(run: Run, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Everything that can be exported, file by file, as bytes that nothing packs."""
    folder.mkdir()
    uids = [row["id"] for row in json.loads(run("list", "--merged", "--format", "json").stdout)]
    commands = [("csv", "all"), ("jsonl", "all"), ("parquet", "all"), ("geojson",), ("xlsx", "all"), ("sqlite",)]
    for form, *what in commands:
        narrowed = ("--merged", "--withdrawn") if form != "sqlite" else ()
        done = run("export", form, *what, *narrowed, "-o", str(folder / f"to-{form}"))
        assert done.exit_code == 0, done.stderr
        yield f"what is said of {form}", done.output.encode()
    for uid in uids:
        assert run("export", "--proof", uid, "-o", str(folder / f"{uid}.json")).exit_code == 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield path.name, path.read_bytes()
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            yield path.name, repr((table.to_pylist(), table.schema.metadata)).encode()
        elif path.name == "to-xlsx":
            with zipfile.ZipFile(path) as book:
                yield from ((f"{path.name}: {name}", book.read(name)) for name in book.namelist())


def found(run: Run, folder: Path) -> tuple[dict[str, set[str]], int]:
    """The marks that stand in exports, each with where; and how many files there are."""
    marks = HIDDEN_UNLESS_OPENED | NEVER_TOLD | TOLD
    where: dict[str, set[str]] = {}
    number = 0
    for name, content in written(run, folder):
        number += 1
        for what, mark in marks.items():
            if mark.encode() in content:
                where.setdefault(what, set()).add(name)
    return where, number


def test_what_is_hidden_is_in_no_byte(marked: Run, tmp_path: Path) -> None:
    """With the settings as they are unless somebody changes them."""
    where, number = found(marked, tmp_path / "exports")
    assert where.keys() == TOLD.keys()
    assert number > 30
    assert {"losses.csv", "losses.jsonl", "losses.parquet", "to-geojson", "to-sqlite"} <= where["place"]


def test_what_is_opened_is_there(marked: Run, tmp_path: Path) -> None:
    """So that a mark that is not found is hidden, and not lost."""
    open_view(marked)
    where, _ = found(marked, tmp_path / "exports")
    assert where.keys() == HIDDEN_UNLESS_OPENED.keys() | TOLD.keys()
    assert {"losses.csv", "losses.jsonl", "losses.parquet", "to-geojson", "to-sqlite"} <= where["coordinates"]
    assert {"losses.csv", "to-sqlite"} <= where["handle"]
    assert "to-sqlite" in where["reason"]
    assert any(name.endswith(".json") for name in where["reason"])


def test_what_is_rounded(run: Run, tmp_path: Path) -> None:
    """As many decimals as the setting says; in the journal's details, none."""
    run("amend", "tank222222", "--at", "40.123456,46.987654", "--reason", "from the map")
    run("setting", "public.coordinates", "4", "--reason", "near enough")
    for form in ("geojson", "sqlite"):
        run("export", form, "-o", str(tmp_path / form))
    [feature] = [one for one in json.loads((tmp_path / "geojson").read_text())["features"] if one["id"] == "tank222222"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [46.9877, 40.1235]}
    assert b"40.123456" not in (tmp_path / "sqlite").read_bytes()
