"""One loss from a claim with a link to confirmed by a second person, by the commands that people type."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.cli.screens import screen
from tests.evidence.server import PNG, sends, serving, whole

CLAIMED = """\
Sources
  reports  Blueland's ministry, 2020-10-09, official
           https://ministry.example/briefing/8
           not judged; nothing held
           source BRIEFING, entered by ann on 2021-06-02
"""

CONFIRMED = """\
Loss ID: 1 T-72B3 of Redland, destroyed

conflict      Valley War
side          Redland
type          T-72B3
category      Tanks
quantity      1
happened      2020-10-08
day           2020-10-08
place         the ford
feed          own
verification  confirmed, by dora, a second person
counted       yes

What became of it
  2020-10-08  destroyed

Sources
  reports   Blueland's ministry, 2020-10-09, official
            https://ministry.example/briefing/8
            judged D2: not usually reliable, probably true; nothing held
            source BRIEFING, entered by ann on 2021-06-02

  confirms  @eyewitness, post
            the turret lies beside the ford
            https://posts.example/77
            judged F1: reliability cannot be judged, confirmed by other sources;
            nothing held
            source POST, entered by ben on 2021-06-02

  disputes  The Morning, 2020-10-10, press, Redland's ministry speaks
            https://paper.example/denial
            judged C-: fairly reliable, credibility not judged; nothing held
            source DENIAL, entered by carl on 2021-06-02

            @eyewitness, on type, settled since
            “T-72B3”
            judged F-: reliability cannot be judged, credibility not judged
            source POST (above), entered by carl on 2021-06-02

Decided
  2021-06-02  carl  loss disputed by The Morning, claimed -> disputed: they deny
                    it
  2021-06-02  ben   reliability of Blueland's ministry: not judged -> D: two of
                    nine claims held
  2021-06-02  ben   credibility of Blueland's ministry: not judged -> 2: the
                    picture agrees
  2021-06-02  ben   credibility of @eyewitness: not judged -> 1: the paper has
                    it, too
  2021-06-02  carl  type disputed by @eyewitness: the sight
  2021-06-02  carl  disputed -> rejected: I took it for another
                    undone by carl on 2021-06-02: it is the right one
  2021-06-02  ben   type is T-72B3, as @eyewitness says: the sight is seen
  2021-06-02  dora  disputed -> confirmed: turret, ford and day agree
"""

ALONE = (
    "lossledger: loss {} was reported by ann alone, and this ledger asks for a second person "
    "(setting review.second-person): have somebody else confirm it\n"
)

BRIEFING = "https://ministry.example/briefing/8"
POST = "https://posts.example/77"
DENIAL = "https://paper.example/denial"


def test_from_a_claim_to_confirmed_by_a_second_person(
    served: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opposite stances, each judged by two signs; a rule of two people; a mistake that was taken back; then what was
    seen is fetched and held, and all of it proved to somebody without a ledger."""
    did(served, "clerk", "setting", "review.second-person", "yes", "--reason", "the editors agreed")

    uid = _claim(served)
    assert _named(served, uid).endswith(CLAIMED)
    alone = served("--actor", "ann", "verify", uid, "--reason", "so they say")
    assert (alone.exit_code, alone.stderr) == (2, ALONE.format(uid))

    _heard(served, uid)
    _judged(served, uid)
    _settled(served, uid)
    assert _named(served, uid) == CONFIRMED

    for found in (
        ("--where", "second-reviewed", "--where", "reported_by=ann", "--where", "decided_by=dora"),
        ("--where", "disputes.party=Redland's ministry", "--where", "confirms.reliability=F"),
        ("--where", "sources=2", "--where", "voices=2", "--where", "credibility=1..2"),
        ("--where", "!file", "--where", "health=never", "--where", "disputes.credibility=not-judged"),
    ):
        assert [loss["id"] for loss in _json(served, "list", *found)] == [uid], found
    assert served("list", "--where", "decided_by=carl", "--where", "verification=rejected").exit_code == 1

    monkeypatch.setenv("LOSSLEDGER_STORE", str(tmp_path / "store"))
    _archived(served, uid)
    _proved(served, uid, tmp_path)


def _claim(run: Run) -> str:
    """A ministry claims a tank; there is a link."""
    about = ("--publisher", "Blueland's ministry", "--source-date", "2020-10-09", "--source-kind", "official")
    what = ("--side", "redland", "--type", "T-72B", "--status", "destroyed", "--date", "2020-10-08")
    return did(run, "ann", "add", *what, "--place", "the ford", "--source", BRIEFING, *about)


def _heard(run: Run, uid: str) -> None:
    """The other side denies it, and somebody shows it."""
    paper = ("--publisher", "The Morning", "--party", "Redland's ministry", "--reliability", "c")
    dated = ("--source-date", "2020-10-10", "--source-kind", "press")
    did(run, "carl", "dispute", uid, "--source", DENIAL, *paper, *dated, "--reason", "they deny it")
    post = ("--author", "@eyewitness", "--source-kind", "post", "--reliability", "F", "--relation", "confirms")
    note = ("--note", "the turret lies beside the ford")
    did(run, "ben", "evidence", "add", uid, "--source", POST, *post, *note, "--reason", "a picture")


def _judged(run: Run, uid: str) -> None:
    """A poor source may say what is true, and one that cannot be judged what others confirm."""
    [briefing] = _json(run, "source", "list", "--where", "publisher=Blueland's ministry")
    did(run, "ben", "source", "change", briefing["id"], "--reliability", "d", "--reason", "two of nine claims held")
    judge = ("evidence", "judge", uid)
    did(run, "ben", *judge, BRIEFING, "--credibility", "2", "--reason", "the picture agrees")
    did(run, "ben", *judge, POST, "--credibility", "1", "--reason", "the paper has it, too")


def _settled(run: Run, uid: str) -> None:
    """The type is another, carl rejects the wrong loss for a moment, and dora, who reported nothing, confirms it."""
    did(run, "carl", "dispute", uid, "--field", "type", "--says", "T-72B3", "--source", POST, "--reason", "the sight")
    did(run, "carl", "verify", uid, "--as", "rejected", "--reason", "I took it for another")
    did(run, "carl", "undo", "--reason", "it is the right one")
    did(run, "ben", "amend", uid, "--type", "T-72B3", "--reason", "the sight is seen")
    did(run, "dora", "verify", uid, "--reason", "turret, ford and day agree")


def _archived(run: Run, uid: str) -> None:
    """What the eyewitness's page shows is fetched, from a server on loopback, and held."""
    with serving() as server:
        server.plays["/turret.png"] = sends(whole(PNG, "image/png"))
        seen = ("--source", server.url("/turret.png"), "--relation", "confirms")
        did(run, "ben", "evidence", "add", uid, *seen, "--reason", "the same, closer")
        only = ("--host", "127.0.0.1", "--allow-host", server.place, "--delay", "0")
        assert "media held       1" in did(run, "clerk", "evidence", "archive", uid, *only)
    assert [loss["id"] for loss in _json(run, "list", "--where", "media_type=image/png")] == [uid]
    assert (run("evidence", "verify").exit_code, run("audit").exit_code) == (0, 0)


def _proved(run: Run, uid: str, folder: Path) -> None:
    """The file is proved by the head alone; with one word changed it is not, and what was changed is named."""
    head, file = run("audit", "--head").stdout.strip(), folder / "proof.json"
    did(run, "dora", "export", "--proof", uid, "--withhold", "place", "--withhold", "evidence.note", "-o", str(file))
    proved = run("prove", str(file), "--head", head)
    assert (proved.exit_code, "verification" in proved.stdout, "the ford" in proved.stdout) == (0, True, False)
    file.write_text(file.read_text(encoding="utf-8").replace('"t-72b3"', '"t-90"'), encoding="utf-8")
    changed = run("prove", str(file), "--head", head)
    assert changed.exit_code == 1
    assert "entry" in changed.stdout + changed.stderr


def did(run: Run, actor: str, *args: str) -> str:
    """What a command of somebody's printed; it did what it should."""
    return screen(run("--actor", actor, *args)).strip()


def _json(run: Run, *args: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(*args, "--format", "json").stdout)
    return found


def _named(run: Run, uid: str) -> str:
    """What `show` prints, ids by what they are of."""
    shown = screen(run("show", uid)).replace(uid, "ID")
    for name, url in (("BRIEFING", BRIEFING), ("POST", POST), ("DENIAL", DENIAL)):
        for source in _json(run, "source", "list", url):
            shown = shown.replace(source["id"], name)
    return shown
