"""``evidence links``: how much hangs on one host, and the work list of whoever looks for another copy."""

import json
from pathlib import Path

import pytest

from lossledger.core.vocabulary import Act, Health, LinkState, Origin, Relation
from lossledger.db.engine import open_engine
from lossledger.ledger import catalogue
from lossledger.ledger.casefile import add_evidence, evidence_fields
from lossledger.ledger.files import HeldFile, hold
from lossledger.ledger.journal import recording
from tests.cli.conftest import LIST, POST, Run

GUNS = "guns222222"
PICTURE = HeldFile(sha256="ab" * 32, size=9, origin=Origin.GIVEN, media_type="image/jpeg")


@pytest.fixture
def gone(ledger: Path) -> None:
    """The post is gone, and another gun's link is held, archived elsewhere and looked at."""
    engine = open_engine(f"sqlite:///{ledger}")
    with recording(engine, actor="ann") as journal:
        found = {"health": "gone", "looked_at": "2021-05-09T08:00:00.000000Z", "gone_on": "2021-05-01"}
        journal.append(Act.EVIDENCE, "source", POST, found)
        url = {"url": "https://x.com/a/status/1", "archived": "https://web.archive.org/web/1/x"}
        seen = catalogue.create(journal, "source", url, "seen222222")
        hold(journal, seen, [PICTURE], {"health": "media", "looked_at": "2021-05-08T08:00:00.000000Z"})
        add_evidence(journal, GUNS, evidence_fields(seen, Relation.CONFIRMS))
    engine.dispose()


def test_what_hangs_on_each_host(run: Run, gone: None) -> None:
    assert run("evidence", "links").stdout == (
        "Links, by host: Valley War\n"
        "\n"
        "Host         Links  Share  Losses  Only  Held  Gone  Unseen\n"
        "───────────────────────────────────────────────────────────\n"
        "example.org      2   67 %       6     5     -     1       1\n"
        "twitter.com      1   33 %       1     -     1     -       -\n"
        "───────────────────────────────────────────────────────────\n"
        "Total            3  100 %       6     5     1     1       1\n"
        "\n"
        "67 % of the links, and 100 % of the losses, hang on example.org; 0 of its 2\n"
        "links are held.\n"
        "83 % of the losses rest on example.org and on nothing else.\n"
        "Counted: 3 links of 2 hosts behind 6 losses. Not counted: withdrawn and rejected\n"
        "losses, what disputes.\n"
        "Only: losses with nothing else: no source elsewhere, no file held, no copy\n"
        "archived.\n"
        "Archived by somebody else: 1 link.\n"
        "The oldest look is of 2021-05-08. Never looked at: 1 link.\n"
    )


def test_one_host_by_any_of_its_names(run: Run, gone: None) -> None:
    said = run("evidence", "links", "--host", "X.com").stdout
    assert said.startswith(
        "Links, by host: Valley War\n"
        "\n"
        "Host         Links  Share  Losses  Only  Held  Gone  Unseen\n"
        "───────────────────────────────────────────────────────────\n"
        "twitter.com      1   33 %       1     -     1     -       -\n"
        "\n"
        "33 % of the links, and 17 % of the losses, hang on twitter.com; its one link is\n"
        "held.\n"
    )


def test_rows_for_programs(run: Run, gone: None) -> None:
    done = run("evidence", "links", "--format", "csv", "--side", "redland")
    assert done.stdout == (
        "host,links,share,losses,only,held,elsewhere,page,login,gone,unreachable,refused,unseen,archived,oldest_look\n"
        "example.org,2,66.7,3,2,0,0,0,0,1,0,0,1,0,2021-05-09\n"
        "twitter.com,1,33.3,1,0,1,0,0,0,0,0,0,0,1,2021-05-08\n"
    )
    assert done.stderr.startswith("67 % of the links, and 100 % of the losses, hang on example.org")


@pytest.mark.parametrize("width", [80, 120])
def test_rarer_states_share_a_column_where_there_is_no_room(
    run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    engine = open_engine(f"sqlite:///{ledger}")
    with recording(engine, actor="ann") as journal:
        for number, health in enumerate(Health):
            about = {"health": health.value, "looked_at": "2021-05-08T08:00:00.000000Z"}
            seen = catalogue.create(journal, "source", {"url": f"https://example.net/{number}", **about})
            add_evidence(journal, GUNS, evidence_fields(seen, Relation.CONFIRMS))
    engine.dispose()
    lines = run("evidence", "links").stdout.splitlines()
    assert max(map(len, lines)) <= width
    rarer = ["Elsewhere", "Page", "Login", "Unreachable", "Refused"]
    states = ["Held", *rarer[:3], "Gone", *rarer[3:], "Unseen"] if width == 120 else ["Held", "Gone", "Unseen", "Other"]
    assert lines[2].split() == ["Host", "Links", "Share", "Losses", "Only", *states]
    other = "Other: 1 elsewhere, 1 page, 1 login, 1 unreachable, 1 refused."
    assert (other in lines) is (width == 80)


def test_the_links_in_a_state_with_what_hangs_on_them(run: Run, gone: None) -> None:
    assert run("evidence", "links", "--list", "gone,held").stdout == (
        "https://example.org/post\n"
        "  gone since 2021-05-01; source post222222\n"
        "  loss tank333333, T-72 of North Redland: nothing else\n"
        "  loss blue222222, T-72AV of Blueland: nothing else\n"
        "  loss jeep222222, Ural-4320 of Blueland: nothing else\n"
        "  loss none222222, (Type not given) of Blueland: nothing else\n"
        "  loss tank222222, T-72B of Redland: 1 other source\n"
        "\n"
        "https://x.com/a/status/1\n"
        "  held by the look of 2021-05-08; source seen222222, archived at https://web.archive.org/web/1/x\n"
        "  loss guns222222, D-30 of Redland: 1 other source\n"
        "\n"
        "2 links, behind 6 losses; 4 with nothing else.\n"
    )
    rows = json.loads(run("evidence", "links", "--list", "unseen", "--format", "json").stdout)
    assert [(row["source"], row["loss"], row["other_sources"], row["other_copies"]) for row in rows] == [
        (LIST, "tank222222", 1, 0),
        (LIST, GUNS, 1, 1),
    ]
    assert {row["state"] for row in rows} == {LinkState.UNSEEN}


def test_what_a_link_shows_is_inert(run: Run, ledger: Path) -> None:
    engine = open_engine(f"sqlite:///{ledger}")
    with recording(engine, actor="ann") as journal:
        bad = catalogue.create(journal, "source", {"url": "https://a.example/\x1b[31m[bold]\u202e"})
        add_evidence(journal, GUNS, evidence_fields(bad, Relation.CONFIRMS))
    engine.dispose()
    said = run("evidence", "links", "--list", "unseen").stdout
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_wrong_use(run: Run) -> None:
    def refused(*args: str) -> tuple[int, str]:
        done = run("evidence", "links", *args)
        assert done.stdout == ""
        return done.exit_code, done.stderr.removeprefix("lossledger: ")

    assert refused("--list", "gone") == (1, "no link that a loss rests on is gone\n")
    assert refused("--host", "example.net") == (1, "no loss rests on a link to example.net\n")
    assert refused("--host", "nope") == (2, "--host 'nope' is no host; write one such as example.org\n")
    assert refused("--list", "lost") == (
        2,
        "state of a link 'lost' is not one of: held, elsewhere, page, login, gone, unreachable, refused, unseen\n",
    )


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_an_address_with_colons_is_found_as_it_is_shown_and_without_brackets(run: Run, host: str) -> None:
    tank = ("add", "--side", "Redland", "--type", "T-72B", "--status", "destroyed", "--reason", "a post")
    uid = run(*tank, "--source", "http://[::1]:8931/x").stdout.strip()
    links = json.loads(run("evidence", "links", "--host", host, "--format", "json").stdout)
    assert [(one["host"], one["links"]) for one in links] == [("[::1]", 1)]
    losses = json.loads(run("list", "--where", f"host={host}", "--format", "json").stdout)
    assert [one["id"] for one in losses] == [uid]
    waiting = run("evidence", "archive", "--host", host, "--dry-run", "--format", "csv").stdout
    assert waiting == "host,links\n::1,1\n"
