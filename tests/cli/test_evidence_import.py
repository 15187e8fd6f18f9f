"""``evidence import``: what auto-archiver has of the links that losses rest on."""

import csv
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.pictures import encoded, picture
from tests.cli.conftest import LIST, POST, Run

LINK, OTHER = "https://example.org/post", "https://example.org/list"
PICTURE, FILM = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"a" * 50, b"\x89PNG\r\n\x1a\n" + b"b" * 50
COPY = "https://cdn.example/sum.html"


def _when(day: int) -> datetime:
    return datetime(2021, 5, day, 9, tzinfo=UTC)


def _media(name: str, content: bytes, algorithm: str = "SHA-256", **more: Any) -> dict[str, Any]:
    """A file as the archiver tells it, with its digest."""
    digest = hashlib.new({"SHA-256": "sha256", "SHA3-512": "sha3_512"}[algorithm], content).hexdigest()
    told = {"hash": f"{algorithm}:{digest}"}
    return {"filename": f"tmp/{name}", "_key": f"kept/{name}", "urls": [], "properties": told, "_mimetype": None} | more


def _row(link: str, day: int, *media: Mapping[str, Any], status: str = "generic: success") -> Sequence[object]:
    return status, {"_processed_at": _when(day), "url": link}, list(media)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Where the archiver's file is written."""
    return tmp_path / "db.csv"


def _write(path: Path, *rows: Sequence[object]) -> str:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("status", "metadata", "media"), *rows])
    return str(path)


def _source(run: Run, uid: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(run("source", "show", uid, "--format", "json").stdout)
    return {name: said.get(name) for name in ("archived", "health", "looked_at", "gone_on")}


def _entries(run: Run) -> int:
    head = next(line for line in run("audit", "--head").stdout.splitlines() if ":" in line)
    return int(head.split(":")[0].split()[-1])


def _imported(run: Run, file: str, *more: str) -> tuple[dict[str, int], dict[str, int] | None]:
    """What became of rows and of files, without what there is none of."""
    said = json.loads(run("evidence", "import", file, "--format", "json", *more).stdout)
    assert sum(said["rows"].values()) == said["read"]
    rows = {fate: number for fate, number in said["rows"].items() if number}
    files = said["files"]
    return rows, files and {fate: number for fate, number in files.items() if number}


def test_what_it_says(served: Run, db: Path) -> None:
    file = _write(
        db,
        _row("http://www.example.org/post/", 1, _media("a.jpg", PICTURE, urls=[COPY])),
        _row("https://nobody.example/1", 1),
        _row(OTHER, 1, status="Archive in progress"),
        _row(OTHER, 1, status="quantum: maybe"),
    )
    done = served("evidence", "import", file)
    assert done.exit_code == 3
    assert done.stdout == (
        "Import of what is archived, db.csv\n"
        "\n"
        "         Rows\n"
        "──────────────────────────────────────────\n"
        "Taken       1  of a link that a source has\n"
        "Known       -  say nothing new\n"
        "Older       -  somebody has looked since\n"
        "Waiting     1  not archived yet\n"
        "Uncited     1  no loss rests on the link\n"
        "Refused     1  could not be taken\n"
        "──────────────────────────────────────────\n"
        "Read        4\n"
    )
    assert done.stderr.startswith(
        "refused, line 5: status 'quantum: maybe' is none that auto-archiver is known to give\n"
    )
    known = {"archived": COPY, "health": "media", "looked_at": "2021-05-01T09:00:00.000000Z", "gone_on": None}
    assert _source(served, POST) == known
    assert _source(served, LIST) == dict.fromkeys(known)
    assert "elsewhere" in served("evidence", "links", "--list", "elsewhere").stdout
    assert served("audit").exit_code == 0


def test_the_same_file_twice_appends_nothing(served: Run, db: Path) -> None:
    """Nor does an older word, whatever its row; a dry run neither."""
    file = _write(db, _row(LINK, 3, _media("a.jpg", PICTURE)), _row(LINK, 2, status="nothing archived"))
    before = _entries(served)
    served("evidence", "import", file, "--dry-run")
    assert _entries(served) == before
    assert _imported(served, file) == ({"taken": 1, "older": 1}, None)
    assert _entries(served) == before + 1
    assert _imported(served, file) == ({"known": 1, "older": 1}, None)
    assert _entries(served) == before + 1


def test_the_later_look_holds(run: Run, db: Path) -> None:
    _imported(run, _write(db, _row(LINK, 3, _media("a.jpg", PICTURE))))
    assert _imported(run, _write(db, _row(LINK, 4))) == ({"taken": 1}, None)
    later = {"archived": None, "health": "page", "looked_at": "2021-05-04T09:00:00.000000Z", "gone_on": None}
    assert _source(run, POST) == later
    # That it got nothing is no word on what is there; an earlier copy's address is new all the same.
    assert _imported(run, _write(db, _row(LINK, 5, status="nothing archived"))) == ({"known": 1}, None)
    assert _imported(run, _write(db, _row(LINK, 1, _media("a.jpg", PICTURE, urls=[COPY])))) == ({"taken": 1}, None)
    assert _source(run, POST) == later | {"archived": COPY}


def test_a_day_that_is_still_to_come_is_refused(run: Run, db: Path) -> None:
    row: Sequence[object] = ("success", {"_processed_at": datetime(2999, 1, 1, tzinfo=UTC), "url": LINK}, [])
    done = run("evidence", "import", _write(db, row))
    assert (done.exit_code, "refused, line 2: the archive date lies in the future" in done.stderr) == (3, True)


def test_files_that_fit_are_held(served: Run, db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.jpg").write_bytes(PICTURE)
    (folder / "b.png").write_bytes(FILM)
    (folder / "c.jpg").write_bytes(PICTURE + b"changed")
    unhashed = _media("d.jpg", PICTURE, properties={})
    file = _write(
        db,
        _row(LINK, 1, _media("a.jpg", PICTURE), _media("b.png", FILM, "SHA3-512"), unhashed),
        _row(OTHER, 1, _media("c.jpg", PICTURE), _media("e.jpg", PICTURE)),
    )
    store = ("--store", str(tmp_path / "store"))
    done = served(*store, "evidence", "import", file, "--files", str(folder))
    assert done.exit_code == 3
    assert done.stdout.endswith(
        "\n"
        "          Files\n"
        "─────────────────────────────────────────────\n"
        "Taken         2  held now\n"
        "Known         -  held before\n"
        "Absent        1  not in the folder\n"
        "Unhashed      1  the archiver gives no digest\n"
        "Refused       1  the digest is another\n"
        "─────────────────────────────────────────────\n"
        "Named         5\n"
    )
    assert "refused, line 3: c.jpg is not the file that was archived: its digest is another\n" in done.stderr
    digests = {hashlib.sha256(content).hexdigest() for content in (PICTURE, FILM)}
    assert {path.name for path in (tmp_path / "store").glob("??/*")} == digests
    before = _entries(served)
    assert served(*store, "evidence", "import", file, "--files", str(folder), "--format", "json").exit_code == 3
    assert _entries(served) == before
    shown = json.loads(served("evidence", "links", "--format", "json").stdout)
    assert [(one["host"], one["held"], one["elsewhere"]) for one in shown] == [("example.org", 1, 1)]


def test_a_picture_is_compared_from_the_beginning(run: Run, db: Path, tmp_path: Path) -> None:
    content = encoded(picture(1, 8))
    (tmp_path / "tank.png").write_bytes(content)
    _imported(run, _write(db, _row(LINK, 1, _media("tank.png", content))), "--files", str(tmp_path))
    assert run("evidence", "likeness").stderr == "no held picture is without a likeness\n"
    assert json.loads(run("evidence", "files", "--format", "json").stdout)[0]["media_type"] == "image/png"


def test_a_dry_run_takes_no_file(run: Run, db: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "a.jpg").write_bytes(PICTURE)
    file = _write(db, _row(LINK, 1, _media("a.jpg", PICTURE)))
    assert _imported(run, file, "--files", str(tmp_path / "kept"), "--dry-run") == ({"taken": 1}, {"taken": 1})
    assert not list(tmp_path.glob("*.evidence"))


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_nothing_from_outside_the_folder_is_taken(run: Run, db: Path, tmp_path: Path) -> None:
    """However a row names it, and wherever a symbolic link leads."""
    folder, secret = tmp_path / "kept", tmp_path / "secret.jpg"
    folder.mkdir()
    secret.write_bytes(PICTURE)
    (folder / "linked.jpg").symlink_to(secret)
    (folder / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.jpg")
    (folder / "empty.jpg").touch()
    media = [_media(name, PICTURE) for name in ("../secret.jpg", str(secret), "linked.jpg", "pipe.jpg")]
    file = _write(db, _row(LINK, 1, *media, _media("empty.jpg", b"")))
    assert _imported(run, file, "--files", str(folder)) == ({"taken": 1}, {"absent": 5})


def test_links_that_no_loss_rests_on_go_into_the_inbox_where_asked(run: Run, db: Path) -> None:
    file = _write(db, *(_row("https://nobody.example/1", day) for day in (1, 2)), _row("https://nobody.example/2", 1))
    assert _imported(run, file) == ({"uncited": 3}, None)
    assert run("inbox", "list", "--format", "json").stdout == "[]\n"
    assert run("evidence", "import", file, "--inbox").stdout.endswith("\nPut into the inbox: 2 links.\n")
    urls = [post["url"] for post in json.loads(run("inbox", "list", "--format", "json").stdout)]
    assert urls == ["https://nobody.example/1", "https://nobody.example/2"]


def test_wrong_use(run: Run, db: Path) -> None:
    db.write_text("url,status\nhttps://example.org,success\n", encoding="utf-8")
    done = run("evidence", "import", str(db))
    assert done.exit_code == 3
    assert done.stderr == (
        "lossledger: db.csv: this is nothing that auto-archiver writes: its CSV database has the columns status, "
        "metadata, media, its sheet at least 'link' and 'archive status'\n"
    )
    assert run("evidence", "import", str(db), "--files", "nowhere").stderr == "lossledger: nowhere is no folder\n"
