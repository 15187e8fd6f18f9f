"""What auto-archiver's CSV database and its sheets tell of links, and what no such file may do."""

import csv
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from lossledger.core.vocabulary import Health
from lossledger.errors import BadData
from lossledger.feeds import auto_archiver
from lossledger.feeds.auto_archiver import Kept, Look
from lossledger.feeds.auto_archiver_status import Outcome
from lossledger.feeds.opening import opened
from lossledger.feeds.records import Unread

POST = "https://x.com/observer/status/1"
WHEN = datetime(2024, 5, 1, 9, 30, 15, 250, tzinfo=UTC)
AT = "2024-05-01T09:30:15.000250Z"
SHA256, SHA3 = "a1" * 32, "b2" * 64
SHEET = "Link,Archive status,Archive location,Archive date,Hash\n"


def _read(folder: Path, text: str) -> list[Look | Unread]:
    path = folder / "db.csv"
    path.write_text(text, encoding="utf-8", newline="")
    with opened(str(path)) as found:
        return list(auto_archiver.read(found))


def _database(*rows: tuple[str, object, object], columns: str = "status,metadata,media") -> str:
    """A file as the archiver's CSV database writes it."""
    out = StringIO()
    out.write(columns + "\r\n")
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _media(filename: str, **more: object) -> dict[str, object]:
    return {"filename": filename, "_key": None, "urls": [], "properties": {}, "_mimetype": None, **more}


def test_a_row_of_the_csv_database(tmp_path: Path) -> None:
    metadata = {"_processed_at": WHEN, "url": POST, "original_url": "https://t.co/1", "title": 'Two, "three"\nit\'s'}
    film = _media(
        "./tmp1/film.mp4",
        _key="folder/abc.mp4",
        urls=["https://cdn.example/folder/a%20bc.mp4?x=1"],
        properties={"hash": f"SHA-256:{SHA256}", "thumbnails": [_media("./tmp1/thumb.jpg")]},
    )
    summary = _media("./tmp1/sum.html", urls=["local/sum.html", "https://cdn.example/sum.html"])
    summary["properties"] = {"id": "_final_media", "hash": f"SHA3-512:{SHA3}"}
    assert _read(tmp_path, _database(("generic: success", metadata, [film, summary]))) == [
        Look(
            "line 2",
            ("https://t.co/1", POST),
            Outcome.ARCHIVED,
            Health.MEDIA,
            AT,
            "https://cdn.example/sum.html",
            (
                Kept(
                    ("abc.mp4", "a bc.mp4", "film.mp4"), "sha256", SHA256, "https://cdn.example/folder/a%20bc.mp4?x=1"
                ),
                Kept(("sum.html",), "sha3_512", SHA3, "https://cdn.example/sum.html"),
            ),
        )
    ]


def test_rows_of_earlier_versions(tmp_path: Path) -> None:
    """They had one column more, times without a zone, and another name for where a file lies."""
    metadata = {"_processed_at": WHEN.replace(tzinfo=None), "url": POST}
    picture: dict[str, object] = {
        "filename": "tmp/a.jpg",
        "key": "b.jpg",
        "urls": ["/srv/b.jpg"],
        "properties": {},
        "_mimetype": None,
    }
    text = _database(("success", metadata, [picture], True), columns="status,metadata,media,rearchivable")  # type: ignore[arg-type]
    assert _read(tmp_path, text) == [
        Look(
            "line 2",
            (POST,),
            Outcome.ARCHIVED,
            Health.MEDIA,
            AT,
            None,
            (Kept(("b.jpg", "a.jpg"), None, None, None),),
        )
    ]


def test_rows_of_a_sheet(tmp_path: Path) -> None:
    rows = (
        f"{POST},twitter: success,https://cdn.example/a/1.html,{WHEN.isoformat()},SHA-256:{SHA256.upper()}\n"
        f'{POST},[cached] twitter: success,"file.html\nhttps://cdn.example/b",2024-05-01 09:30:15,not-calculated\n'
        f"{POST},Archive in progress,,,\n"
        f"{POST},,,,\n"
        ",,,,\n"
    )
    waiting = (Outcome.WAITING, None, None, None, ())
    assert _read(tmp_path, SHEET + rows) == [
        Look(
            "line 2",
            (POST,),
            Outcome.ARCHIVED,
            Health.MEDIA,
            AT,
            "https://cdn.example/a/1.html",
            (Kept(("1.html",), "sha256", SHA256, "https://cdn.example/a/1.html"),),
        ),
        Look(
            "line 3",
            (POST,),
            Outcome.BEFORE,
            None,
            "2024-05-01T09:30:15.000000Z",
            "https://cdn.example/b",
            (Kept(("file.html", "b"), None, None, "https://cdn.example/b"),),
        ),
        Look("line 5", (POST,), *waiting),
        Look("line 6", (POST,), *waiting),
    ]


@pytest.mark.parametrize(
    ("status", "media", "health"),
    [
        ("generic: success", ["a.jpg"], Health.MEDIA),
        ("generic: success", ["a.pdf"], Health.PAGE),
        ("generic: success", [], Health.PAGE),
        ("wayback: success", ["a.jpg"], Health.PAGE),
        ("yt-dlp_Twitter", ["a.jpg"], Health.PAGE),
        ("wayback: already archived", [], None),
        ("nothing archived", [], Health.UNREACHABLE),
        ("no archiver", [], Health.UNREACHABLE),
        ("no archiver", ["shot.png"], Health.PAGE),
        ("failed: no archiver", [], Health.UNREACHABLE),
        ("wayback: Internet Archive failed: busy", [], Health.UNREACHABLE),
        ("Archive failed unexpected error", [], Health.UNREACHABLE),
        ("Archive failed Invalid IP used", [], Health.REFUSED),
        ("Archive in progress", [], None),
    ],
)
def test_what_a_status_means(tmp_path: Path, status: str, media: list[str], health: Health | None) -> None:
    text = _database((status, {"_processed_at": WHEN, "url": POST}, [_media(name) for name in media]))
    [look] = _read(tmp_path, text)
    assert isinstance(look, Look)
    assert look.health is health


def test_a_screenshot_shows_the_page_and_is_not_what_stood_on_it(tmp_path: Path) -> None:
    shot = _media("shot.png", properties={"id": "screenshot"})
    [look] = _read(tmp_path, _database(("generic: success", {"_processed_at": WHEN, "url": POST}, [shot])))
    assert isinstance(look, Look)
    assert look.health is Health.PAGE


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("quantum: maybe", {"url": POST}, []), "status 'quantum: maybe' is none that auto-archiver is known to give"),
        (("success", {"url": "javascript:alert(1)"}, []), "link is no http or https link: 'javascript:alert(1)'"),
        (("success", {}, []), "no link"),
        (("success", "]", []), "no value as Python writes it: sign 1 is one too many"),
        (("success", "metadata", []), "metadata is no dict as Python writes it"),
        (("success", [POST], []), "metadata is no dict as Python writes it"),
        (("success", "{'url': __import__('os')['x']}", []), None),
        (
            ("success", {"url": POST, "_processed_at": "yesterday"}, []),
            "archive date 'yesterday' is no time in ISO form",
        ),
        (("success", {"url": POST, "_processed_at": 7}, []), "_processed_at is no time as Python writes it"),
        (("success", f"{{'url': '{POST}', '_processed_at': datetime.datetime(2024, 13, 1)}}", []), None),
        (("success", f"{{'url': '{POST}', '_processed_at': datetime.datetime(2024, 1, 1, tzinfo=tz())}}", []), None),
        (("success", {"url": POST}, [_media("a", properties={"hash": "MD5:" + "a" * 32})]), None),
        (("success", {"url": POST}, [_media("a", properties={"hash": f"SHA3-512:{SHA256}"})]), None),
        (("success", "[" * 100_000, []), "no value as Python writes it: nested deeper than 40"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(
    tmp_path: Path, row: tuple[str, object, object], reason: str | None
) -> None:
    good: tuple[str, object, object] = ("success", {"url": POST}, [])
    refused, taken = _read(tmp_path, _database(row, good))
    assert isinstance(refused, Unread)
    assert reason in (None, refused.reason)
    assert len(refused.text) <= 200
    assert isinstance(taken, Look)


def test_names_lead_nowhere(tmp_path: Path) -> None:
    """Where a file lay on another machine is not looked at: only what it was called."""
    media = _media(
        "..\\..\\windows\\a.jpg", _key="../../etc/passwd", urls=["file:///etc/..", "https://h.example/%2e%2e"]
    )
    [look] = _read(tmp_path, _database(("success", {"url": POST}, [media])))
    assert isinstance(look, Look)
    assert look.files[0].names == ("passwd", "a.jpg")
    assert look.archived == "https://h.example/%2e%2e"


def test_a_long_post_is_one_cell(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    [look] = _read(tmp_path, _database(("success", {"url": POST, "content": "x" * 500_000}, [])))
    assert isinstance(look, Look)
    assert csv.field_size_limit() == before


def test_another_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="this is nothing that auto-archiver writes"):
        _read(tmp_path, "url,status\nhttps://example.org,success\n")
