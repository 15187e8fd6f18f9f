"""``evidence archive`` as it is typed, over a server on loopback; no test asks any other host."""

import gzip
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.pictures import ALTERATIONS, encoded, picture
from lossledger.core.text import told_size
from tests.cli.conftest import Run, _stop_clock
from tests.cli.terminal import Terminal
from tests.evidence.server import PNG, Server, head, redirects, sends, serving, silent, trickles, whole

PAGE = b"<!doctype html><p>words"
LOGIN = b"<!doctype html><form><input type=password></form>"
PNG_SHA256 = "e7ecd4b437389d213e106da39986fb7b2bd23014ae911e6ceafea056b49265e6"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.plays |= {
            "/a.png": sends(whole(PNG, "image/png")),
            "/page": sends(whole(PAGE)),
            "/login": sends(whole(LOGIN)),
            "/busy": sends(whole(b"", status="503 Service Unavailable")),
            "/away": redirects("http://169.254.169.254/latest/meta-data/"),
        }
        yield server


def cite(run: Run, server: Server, *paths: str) -> list[str]:
    """A loss for each path of the server; their ids."""
    tank = ("add", "--side", "Redland", "--type", "T-72B", "--status", "destroyed", "--reason", "a post")
    return [run(*tank, "--source", server.url(path)).stdout.strip() for path in paths]


def archive(run: Run, server: Server, *more: str) -> tuple[int, str, str]:
    """Archive what links to the server: exit code, output, what was said; the server by a name without its port."""
    result = run("evidence", "archive", "--host", "127.0.0.1", "--allow-host", server.place, "--delay", "0", *more)
    return result.exit_code, result.stdout, result.stderr.replace(server.place, "the.server")


ALL = ("/a.png", "/page", "/login", "/nothing", "/busy", "/away")


def test_what_came_of_all_links(run: Run, server: Server, ledger: Path) -> None:
    cite(run, server, *ALL)
    code, out, said = archive(run, server)
    assert code == 0
    assert out == (
        "Found         Links\n"
        "───────────────────\n"
        "media held        1\n"
        "page only         1\n"
        "login wall        1\n"
        "gone              1\n"
        "unreachable       1\n"
        "refused           1\n"
    )
    assert sorted(said.splitlines()) == [
        "gone: http://the.server/nothing (404 Not Found)",
        "login wall: http://the.server/login (a page that asks for a login)",
        "page only: http://the.server/page (a page)",
        (
            "refused: http://the.server/away (169.254.169.254 is no public address; allow it with "
            "--again --allow-host 169.254.169.254)"
        ),
        "unreachable: http://the.server/busy (503 Service Unavailable)",
    ]
    store = ledger.with_suffix(".evidence")
    assert (store / PNG_SHA256[:2] / PNG_SHA256).read_bytes() == PNG
    assert run("evidence", "verify").exit_code == run("audit").exit_code == 0


def test_on_each_engine(served: Run, server: Server, tmp_path: Path) -> None:
    cite(served, server, "/a.png", "/page", "/nothing")
    store = ("--store", str(tmp_path / "files"))
    archive_ = ("evidence", "archive", "--host", "127.0.0.1", "--allow-host", server.place, "--delay", "0")
    result = served(*store, *archive_, "--format", "tsv")
    assert result.exit_code == 0
    assert [line.split("\t")[2] for line in result.stdout.splitlines()[1:]] == ["media", "page", "gone"]
    assert served(*store, "evidence", "verify").exit_code == 0
    assert served(*store, "audit").exit_code == 0


def test_what_is_fetched_is_compared_from_the_beginning(run: Run, server: Server) -> None:
    tank = picture(1, 8)
    server.plays["/tank.png"] = sends(whole(encoded(tank), "image/png"))
    server.plays["/cut.jpg"] = sends(whole(encoded(ALTERATIONS["4 % off two sides"](tank), "JPEG"), "image/jpeg"))
    one, other = cite(run, server, "/tank.png", "/cut.jpg")
    assert archive(run, server)[0] == 0
    rows = json.loads(run("duplicates", "--format", "json").stdout)
    assert [(row["id"], row["other"]) for row in rows if row["why"].startswith("near-identical")] == [(one, other)]
    assert run("evidence", "likeness").stderr == "no held picture is without a likeness\n"


def test_a_link_that_is_redacted_is_said_to_stand_in_the_record(run: Run, server: Server) -> None:
    cite(run, server, "/a.png")
    archive(run, server)
    (row,) = json.loads(run("evidence", "files", "--format", "json").stdout)
    told = run("redact", row["source"], "--kind", "source", "--field", "url", "--reason", "asked for", "--yes")
    held = "1 record in the store of how its files came"
    assert told.stderr.splitlines() == [
        f"source {row['source']}: 1 detail of url redacted",
        f"the link also stands in {held}, which this cannot touch: {row['record']}",
        "backups and copies of the ledger that were made before still hold it",
    ]


def test_the_record_of_how_a_file_came_is_copied_out(
    run: Run, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As any file; it holds what was fetched, and so is graphic with it."""
    monkeypatch.chdir(tmp_path)
    cite(run, server, "/a.png")
    archive(run, server)
    (row,) = json.loads(run("evidence", "files", "--format", "json").stdout)
    record, name = row["record"], f"{row['record'][:12]}.warc.gz"
    got = run("evidence", "get", record[:12])
    content = Path(name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == record
    assert f"files              1, {len(PNG)} bytes, and 1 record of how they came\n" in run("info").stdout
    assert got.stderr == f"{name}: {told_size(len(content))}, sha256 {record}\n"
    assert PNG in gzip.decompress(content)
    run("evidence", "mark", row["sha256"], "--graphic", "--reason", "the crew")
    assert run("evidence", "get", record, "-o", "-").exit_code == 2
    assert run("evidence", "get", record, "-o", "-", "--graphic").stdout_bytes == content


def test_a_row_for_each_link_as_soon_as_it_is_entered(run: Run, server: Server) -> None:
    cite(run, server, "/a.png", "/nothing")
    code, out, said = archive(run, server, "--format", "json")
    rows = json.loads(out)
    assert [list(row) for row in rows] == [["source", "url", "health", "found", "sha256"]] * 2
    assert [(row["url"], row["health"], row["found"], row["sha256"]) for row in rows] == [
        (server.url("/a.png"), "media", "image/png", PNG_SHA256),
        (server.url("/nothing"), "gone", "404 Not Found", None),
    ]
    assert (code, said.splitlines()[1:]) == (0, ["1 media held, 1 gone"])


def test_the_next_run_looks_at_what_could_not_be_reached(
    run: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --again at all of which nothing is held; what is held is never fetched again."""
    cite(run, server, *ALL)
    archive(run, server)
    server.plays["/busy"] = sends(whole(PNG))
    server.asked.clear()
    _stop_clock(monkeypatch, 3)
    assert archive(run, server) == (0, "Found        Links\n──────────────────\nmedia held       1\n", "")
    assert server.asked == ["/busy"]
    server.asked.clear()
    _stop_clock(monkeypatch, 4)
    server.plays["/nothing"] = sends(whole(PNG))
    assert archive(run, server, "--again")[1] == (
        "Found        Links\n──────────────────\nmedia held       1\nlogin wall       1\nrefused          1\n"
    )
    assert sorted(server.asked) == ["/away", "/login", "/nothing"]


def test_what_waits_is_shown_by_host(run: Run, server: Server, ledger: Path) -> None:
    cite(run, server, "/a.png", "/page")
    result = run("evidence", "archive", "--dry-run", "--delay", "3600")
    assert (result.exit_code, result.stdout) == (
        0,
        (
            "Host          Links\n"
            "───────────────────\n"
            "127.0.0.1         2\n"
            "example.org       2\n"
            "\n"
            "4 links on 2 hosts. With 3600 s between two requests, 127.0.0.1 takes 2.0 hours\n"
            "at least.\n"
        ),
    )
    rows = run("evidence", "archive", "--dry-run", "--format", "csv")
    assert rows.stdout == "host,links\n127.0.0.1,2\nexample.org,2\n"
    assert server.asked == []
    assert not ledger.with_suffix(".evidence").exists()


def test_only_some_links(run: Run, server: Server) -> None:
    first_loss, second_loss, _ = cite(run, server, "/a.png", "/page", "/nothing")
    assert archive(run, server, "--limit", "1", "--format", "csv")[1].splitlines()[1].split(",")[2] == "media"
    _, out, _ = archive(run, server, first_loss, second_loss[:6], "--format", "csv")
    assert [line.split(",")[2] for line in out.splitlines()[1:]] == ["page"]
    assert archive(run, server, "--limit", "5", "--format", "csv")[2].splitlines()[-1] == "1 gone"


def test_what_is_left_is_said(run: Run, server: Server) -> None:
    cite(run, server, *(f"/busy?{number}" for number in range(7)))
    code, out, _ = archive(run, server, "--tries", "1")
    assert (code, out) == (
        0,
        (
            "Found         Links\n"
            "───────────────────\n"
            "unreachable       5\n"
            "\n"
            "2 links left; run it again to go on.\n"
            "127.0.0.1 could not be reached too often; 2 links of it put off.\n"
        ),
    )


def test_nothing_to_do(run: Run, server: Server) -> None:
    for loss in ("tank222222", "tank333333", "tank444444", "guns222222", "blue222222", "jeep222222", "none222222"):
        run("withdraw", loss, "--reason", "so that nothing waits")
    result = run("evidence", "archive")
    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        "",
        "nothing to fetch: of every link something is held, or it was looked at; --again looks again\n",
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--host", "nowhere.example"], 1, "no such link waits to be archived"),
        (["--feed", "nothing"], 2, "no feed 'nothing'"),
        (["zzzzzz"], 1, "no loss has the id 'zzzzzz'"),
        (["--allow-host", "http://a/b"], 2, "--allow-host 'http://a/b' is no host"),
        (["--contact", "тест"], 2, "contact must be ASCII"),
        (["--contact", "a\nHost: b"], 2, "contact holds a line break"),
        (["--jobs", "0"], 2, "--jobs"),
        (["--max-size", "0"], 2, "--max-size"),
        (["--delay", "-1"], 2, "--delay"),
        (["--timeout", "0"], 2, "--timeout"),
    ],
)
def test_wrong_use(run: Run, arguments: list[str], code: int, said: str) -> None:
    result = run("evidence", "archive", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr


def test_without_the_extra_it_says_what_to_install(ledger: Path) -> None:
    program = "import sys; sys.modules['httpx'] = None; from lossledger.cli.main import main; main()"
    command = [sys.executable, "-c", program, "--db", str(ledger), "evidence", "archive"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (
        2,
        "lossledger: fetching needs a few more packages: pip install 'lossledger[evidence]'\n",
    )


@pytest.mark.parametrize("command", [["tally"], ["evidence", "--help"], ["evidence", "archive", "--help"]])
def test_nothing_heavy_is_imported_unasked(ledger: Path, command: list[str]) -> None:
    program = (
        "import sys; from lossledger.cli.main import cli\n"
        "try: cli.main(sys.argv[1:])\n"
        "finally: print(*{'httpx', 'httpcore', 'warcio'} & set(sys.modules), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, "--db", str(ledger), *command], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr.splitlines()[-1]) == (0, "")


def test_interrupted_it_ends_after_what_it_enters(run: Run, server: Server, ledger: Path) -> None:
    cite(run, server, "/a.png", "/hangs", "/page")
    server.plays["/hangs"] = silent
    here = ["evidence", "archive", "--host", "127.0.0.1", "--allow-host", server.place, "--delay", "0"]
    command = [sys.executable, "-m", "lossledger", "--db", str(ledger), *here, "--format", "csv"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    rows = [process.stdout.readline(), process.stdout.readline()]
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert (rows[1].split(",")[2], out) == ("media", "")
    assert said.splitlines() == [
        "1 media held",
        "2 links left; run it again to go on.",
        "interrupted; what is counted above is entered, and nothing else was done",
    ]
    assert run("evidence", "verify").exit_code == 0


def test_on_a_terminal_it_shows_how_far_it_is(run: Run, server: Server, ledger: Path) -> None:
    cite(run, server, "/a.png", "/nothing", "/slow?1", "/slow?2")
    server.plays["/slow"] = trickles(head("200 OK"), b"x", 0.1)
    here = ("evidence", "archive", "--host", "127.0.0.1", "--allow-host", server.place, "--delay", "0")
    environment = {name: text for name, text in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
    with Terminal(
        "--db", str(ledger), *here, "--timeout", "1.5", environment=environment | {"TERM": "xterm"}
    ) as screen:
        screen.end()
    assert screen.code == 0
    drawn = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.drawn.decode())
    assert re.search("3 links ━+.* 75%", drawn)
    assert f"gone: {server.url('/nothing')} (404 Not Found)" in drawn
    assert drawn.rstrip().endswith("unreachable       2")
