"""``inbox`` as a user sees it: pasted, taken, closed."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.screens import screen

PASTE = """\
# overnight
https://x.com/eye/status/1 two tanks by the bridge
12:31 ben: https://t.me/channel/77

nothing to see here
https://twitter.com/other/status/1?s=20
http://www.example.org/post/
"""

FOUND = """\
Inbox

Id          Reported    Assigned  Link
────────────────────────────────────────────────────────────
FIRST                   ann       https://x.com/eye/status/1
SECOND      2020-10-09            https://t.me/channel/77

2 posts listed.
Open: 2, of which 1 yours, 1 nobody's. Take one with: lossledger inbox next
Waiting for a place: 1; see: lossledger inbox list --as needs-place
"""


def add(run: Run, *args: str) -> list[str]:
    """Add posts; their ids."""
    done = run("inbox", "add", *args)
    assert done.exit_code == 0, done.stderr
    return done.stdout.split()


def table(run: Run, *args: str) -> list[dict[str, str]]:
    """The posts that are listed, without their empty fields."""
    rows = csv.DictReader(io.StringIO(run("inbox", "list", *args, "--format", "csv").stdout))
    return [{name: value for name, value in row.items() if value and name != "added"} for row in rows]


def test_thousands_that_are_known_are_a_few_lines(run: Run) -> None:
    """Of the first it is said what became of each, of the rest how many."""
    links = "\n".join(f"https://example.org/at/{number}" for number in range(13))
    run("inbox", "add", input=links)
    loss = ("--side", "redland", "--type", "T-72B", "--source")
    for number in (20, 21):
        run("add", *loss, f"https://example.org/at/{number}")
    done = run("inbox", "add", input=f"{links}\nhttps://example.org/at/20\nhttps://example.org/at/21")
    lines = done.stderr.splitlines()
    assert len(lines) == 12
    assert lines[9].endswith("is in the inbox already (open): https://example.org/at/9")
    assert lines[10:] == [
        "and 5 more links: 3 in the inbox already, 2 behind losses already, so closed as recorded",
        "2 posts added, 0 of them to look at",
    ]


def test_a_paste(served: Run) -> None:
    """What is new waits and is printed; what is known is said; a line without a link is refused, not the others."""
    done = served("inbox", "add", input=PASTE)
    assert done.exit_code == 3
    first, second = done.stdout.split()
    [known] = table(served, "--closed")
    assert done.stderr.splitlines() == [
        f"post {first} is in the inbox already (open): https://twitter.com/other/status/1?s=20",
        f"post {known['id']} is behind loss tank222222 and 4 more already, so it is closed as recorded: {known['url']}",
        "3 posts added, 2 of them to look at",
        "lossledger: 1 line refused: line 5: no http or https link",
    ]
    assert table(served) == [
        {"id": first, "url": "https://x.com/eye/status/1", "note": "two tanks by the bridge"},
        {"id": second, "url": "https://t.me/channel/77", "note": "12:31 ben:"},
    ]
    again = served("inbox", "add", input=PASTE)
    assert (again.exit_code, again.stdout, len(table(served, "--all"))) == (3, "", 3)
    assert "0 posts added" in again.stderr
    assert served("audit").exit_code == 0


def test_a_file_and_what_is_said_of_all_in_it(run: Run, tmp_path: Path) -> None:
    """A line's own words come before the note that is given for all."""
    (tmp_path / "links.txt").write_text("https://example.org/1\nhttps://example.org/2 a bridge\n", encoding="utf-8")
    dry = run("inbox", "add", "--file", str(tmp_path / "links.txt"), "--dry-run")
    assert (dry.exit_code, dry.stdout, dry.stderr) == (0, "", "would record: 2 posts added\n")
    add(run, "--file", str(tmp_path / "links.txt"), "--note", "from the night", "--reported", "2020-10-09")
    assert [(post["note"], post["reported"]) for post in table(run)] == [
        ("from the night", "2020-10-09"),
        ("a bridge", "2020-10-09"),
    ]


def test_a_paste_out_of_a_text(run: Run) -> None:
    """What a sentence puts around a link is no part of it, nor of the note."""
    text = (
        "three trucks (https://a.example/1), near <https://a.example/2>.\n"
        "https://a.example/3https://a.example/4\nT-72:https://a.example/5\n"
    )
    assert run("inbox", "add", input=text).exit_code == 0
    assert [(post["url"], post.get("note")) for post in table(run)] == [
        ("https://a.example/1", "three trucks near"),
        ("https://a.example/2", "three trucks near"),
        ("https://a.example/3", None),
        ("https://a.example/4", None),
        ("https://a.example/5", "T-72:"),
    ]


def test_the_inbox_for_people(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns in which nothing stands are left out; the caption says whose the posts are, and what else waits."""
    monkeypatch.setenv("LOSSLEDGER_ACTOR", "ann")
    assert screen(run("inbox")) == "No such post.\n"
    [first] = add(run, "https://x.com/eye/status/1")
    [second] = add(run, "https://t.me/channel/77", "--reported", "2020-10-09")
    [third] = add(run, "https://example.org/3")
    assert run("inbox", "close", third, "--as", "needs-place").exit_code == 0
    assert run("inbox", "next").exit_code == 0
    assert screen(run("inbox")) == FOUND.replace("FIRST     ", first).replace("SECOND    ", second)
    assert [post["id"] for post in table(run, "--mine")] == [first]
    assert [post["id"] for post in table(run, "--nobody")] == [second]
    assert [post["id"] for post in table(run, "--all", "--limit", "2")] == [first, second]
    assert [post["id"] for post in table(run, "--as", "needs-place,nothing")] == [third]


def test_the_next_post(served: Run) -> None:
    """Two people get two posts; a third is told that none is left; who has one gets it again."""
    one, other = add(served, "https://example.org/1", "https://example.org/2")

    def take(who: str) -> tuple[int, str, str]:
        done = served("--actor", who, "inbox", "next", "--format", "json")
        return done.exit_code, json.loads(done.stdout or "{}").get("id", ""), done.stderr

    assert take("ann") == (0, one, f"post {one} is yours now; 1 more waits\n")
    assert take("ben") == (0, other, f"post {other} is yours now; it is the last one\n")
    assert take("ann") == (0, one, f"post {one} is yours; it is the last one\n")
    assert take("cid") == (1, "", "lossledger: no open post is yours or nobody's; 2 posts are somebody else's\n")
    given = served("inbox", "assign", "https://example.org/2", "--nobody")
    assert given.stderr == f"post {other} is nobody's now (it was ben's)\n"
    assert take("cid")[:2] == (0, other)


def test_the_next_post_says_what_was_recorded_from_it_meanwhile(run: Run) -> None:
    """On a loss that stood there before, so that it may show something else as well."""
    add(run, "https://x.com/eye/status/1", "--note", "two tanks")
    said = run("evidence", "add", "tank2", "--source", "https://twitter.com/i/status/1", "--reason", "seen there, too")
    assert said.exit_code == 0, said.stderr
    loss = "tank222222"
    shown = screen(run("--actor", "ann", "inbox", "next")).splitlines()
    assert [line.split(None, 1) for line in shown if not line.startswith(("id", "added"))] == [
        ["url", "https://x.com/eye/status/1"],
        ["assigned", "to  ann"],
        ["note", "two tanks"],
        ["losses", loss],
    ]


def test_closing_showing_and_opening_again(run: Run) -> None:
    """By link or by the beginning of an id; the history says who and why."""
    [post] = add(run, "https://x.com/eye/status/1", "--note", "two tanks")
    done = run(
        "inbox", "close", "http://twitter.com/x/status/1", "--as", "recorded", "--loss", "tank2", "--loss", "guns"
    )
    assert done.stderr == f"post {post} closed as recorded, with 2 losses: tank222222, guns222222\n"
    shown = json.loads(run("inbox", "show", post[:5], "--format", "json").stdout)
    assert (shown["closed_as"], shown["losses"], len(shown["history"])) == ("recorded", "tank222222|guns222222", 2)
    assert "\n    loss       tank222222\n" in screen(run("inbox", "show", post))
    again = run("inbox", "close", post, "--as", "nothing")
    assert (again.exit_code, "open it again with: lossledger inbox reopen" in again.stderr) == (2, True)
    assert run("inbox", "reopen", post, "--reason", "it shows more").stderr == f"post {post} open again\n"
    assert table(run) == [{"id": post, "url": "https://x.com/eye/status/1", "note": "two tanks"}]
    assert f"post {post} is as it was before" in run("undo", "--reason", "no").stderr
    assert table(run, "--closed")[0]["losses"] == "tank222222|guns222222"


def test_what_is_private_goes_for_good(run: Run) -> None:
    """A post has a link, a note and a person; without its link it is found by its id."""
    [post] = add(run, "https://x.com/eye/status/1", "--note", "a private house")
    run("inbox", "assign", post, "ann")
    args = ("--kind", "post", "--field", "url,note,assigned_to", "--reason", "asked for", "--yes")
    assert run("redact", "https://x.com/eye/status/1", *args).exit_code == 0
    word = "[redacted]"
    assert table(run) == [{"id": post, "url": word, "assigned_to": word, "note": word}]
    assert run("inbox", "show", "https://x.com/eye/status/1").exit_code == 1
    assert run("audit").exit_code == 0


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("add", "x.com/eye/status/1"), 2, "link is no http or https link: 'x.com/eye/status/1'"),
        (("add", "https://example.org/1", "--file", "x"), 2, "give links or --file, not both"),
        (("add", "https://example.org/1", "--reported", "2199-01-01"), 2, "reported"),
        (("add", "https://example.org/1", "--scene", "the bridge"), 2, "no scene 'the bridge'"),
        (("add", "--file", "nonesuch"), 3, "nonesuch"),
        (("list", "--closed", "--all"), 2, "choose one of --closed, --as and --all"),
        (("list", "--mine", "--nobody"), 2, "choose one of --assigned, --mine and --nobody"),
        (("list", "--as", "open"), 2, "closed as 'open' is not one of: recorded, nothing, duplicate, needs-place"),
        (("next",), 1, "no open post is yours or nobody's; the inbox is empty"),
        (("assign", "abcd"), 2, "say to whom, or --nobody to give it back"),
        (("assign", "abcd", "ann"), 1, "no post has the id 'abcd'"),
        (("close", "https://example.org/9", "--as", "nothing"), 1, "no post in the inbox has the link"),
        (("close", "abcd", "--as", "done"), 2, "closed as 'done' is not one of:"),
    ],
)
def test_wrong_use(run: Run, typed: tuple[str, ...], code: int, said: str) -> None:
    """One line that says what is wrong; nothing is recorded."""
    done = run("inbox", *typed)
    assert (done.exit_code, said in done.stderr, done.stdout) == (code, True, "")
    assert table(run, "--all") == []


def test_waiting_posts_stand_beside_every_tally(run: Run) -> None:
    """And where the ledger stands; as it was known before, there is nothing to say of them."""
    add(run, "https://example.org/1", "https://example.org/2")
    assert screen(run("tally")).endswith("\nNot looked at: 2 posts in the inbox.\n")
    assert "Not looked at" not in screen(run("tally", "--known-on", "32"))
    assert "\ninbox              2 posts to look at\n" in screen(run("info"))
    assert "\n2 posts wait in the inbox; take the next one with: lossledger inbox next\n" in screen(run())
    assert json.loads(run("info", "--format", "json").stdout)["open_posts"] == 2
    run("inbox", "close", "https://example.org/1", "https://example.org/2", "--as", "nothing")
    assert "inbox" not in screen(run("tally")) + screen(run("info"))


def test_what_is_recorded_with_add_closes_its_post(run: Run) -> None:
    """In the same act, so that undo opens it again."""
    [post] = add(run, "https://x.com/eye/status/1")
    given = ("--side", "Redland", "--type", "T-72B", "--source", "https://twitter.com/other/status/1?s=20")
    done = run("add", *given)
    assert f"post {post} of the inbox: closed as recorded" in done.stderr
    assert [(one["closed_as"], one["losses"]) for one in table(run, "--closed")] == [("recorded", done.stdout.strip())]
    assert run("undo", "--reason", "another tank").exit_code == 0
    assert [one["id"] for one in table(run)] == [post]
