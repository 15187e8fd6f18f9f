"""``scene`` as a user sees it, and what ``duplicates`` makes of it."""

import json

import pytest

from tests.cli.conftest import Run
from tests.cli.screens import screen

LISTED = """\
Id          Scene       Posts  Open  Losses
───────────────────────────────────────────
SCENE       The Bridge      2     -       2

1 scene.
"""


def losses(run: Run) -> list[str]:
    """Two tanks, each of a picture of its own; their ids."""
    given = ("--side", "Redland", "--type", "T-72B", "--source")
    return [run("add", *given, f"https://example.org/{number}").stdout.strip() for number in (1, 2)]


def posts(run: Run, *numbers: int) -> list[str]:
    """Posts of these pictures; their ids."""
    paste = "\n".join(f"https://example.org/{number}" for number in numbers)
    run("inbox", "add", input=paste)
    rows = json.loads(run("inbox", "list", "--all", "--format", "json").stdout)
    return [row["id"] for row in rows if int(row["url"].rpartition("/")[2]) in numbers]


def test_what_posts_of_one_scene_show_comes_first(served: Run) -> None:
    """Before the tank of the list, which is only near; alone with --scene."""
    front, back = posts(served, 1, 2)
    one, other = losses(served)
    served("unmerge", "tank4", "--reason", "look again")
    made = served("scene", "add", "The Bridge", "--post", front, "--post", "http://www.example.org/2")
    scene = made.stdout.strip()
    assert made.stderr == f"scene {scene}: 'The Bridge', 2 posts\n"
    assert screen(served("scene", "list")) == LISTED.replace("SCENE     ", scene)
    rows = json.loads(served("duplicates", "--format", "json").stdout)
    assert [(row["id"], row["other"], row["score"], row["why"]) for row in rows] == [
        (one, other, 100, "same scene, side, type and status"),
        ("tank222222", "tank444444", 60, "same side, type and status; same day"),
    ]
    alone = json.loads(served("duplicates", "--scene", "the bridge", "--format", "json").stdout)
    assert alone == rows[:1]
    shown = json.loads(served("scene", "show", scene[:6], "--format", "json").stdout)
    assert (shown["name"], shown["posts"], shown["losses"]) == ("The Bridge", f"{front}|{back}", f"{one}|{other}")
    assert served("audit").exit_code == 0


def test_posts_come_and_go(run: Run) -> None:
    """A post is in one scene at most; a scene that was merged is known by both names."""
    first, second, third = posts(run, 1, 2, 3)
    bridge = run("scene", "add", "bridge", "--post", first, "--note", "over the river").stdout.strip()
    ford = run("scene", "add", "ford", "--post", second).stdout.strip()
    assert run("scene", "join", "bridge", second, third).stderr == (
        f"2 posts joined scene {bridge} 'bridge'; 1 of them from 'ford'\n"
    )
    assert run("scene", "leave", third).stderr == "1 post left 'bridge'\n"
    assert run("scene", "rename", "ford", "the shallows").stderr == f"scene {ford}: 'ford' -> 'the shallows'\n"
    run("scene", "join", "The  Shallows", third)
    assert run("scene", "merge", "the shallows", "bridge").stderr == (
        f"scene {ford}: merged into {bridge}; 1 post moved along\n"
    )
    shown = json.loads(run("scene", "show", "the shallows", "--format", "json").stdout)
    assert (shown["id"], shown["posts"]) == (bridge, f"{first}|{second}|{third}")
    [row] = json.loads(run("scene", "list", "--format", "json").stdout)
    assert row == {"id": bridge, "name": "bridge", "posts": 3, "open": 3, "losses": 0, "note": "over the river"}
    rows = json.loads(run("inbox", "list", "--scene", "bridge", "--format", "json").stdout)
    assert [(post["id"], post["scene"]) for post in rows] == [(uid, "bridge") for uid in (first, second, third)]
    assert "scene the shallows is as it was before" in run("undo", "--reason", "two bridges").stderr


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("add", "BRIDGE"), 2, "is called 'bridge' already"),
        (("add", "--", "--"), 2, "has no letter or digit that a scene could be known by"),
        (("add", "ford", "--post", "https://example.org/9"), 1, "add it with: lossledger inbox add"),
        (("show", "brigde"), 2, "no scene 'brigde'; did you mean bridge? Make it with: lossledger scene add"),
        (("join", "bridge", "https://example.org/1"), 2, "is in this scene already"),
        (("leave", "https://example.org/2"), 2, "is in no scene"),
        (("rename", "bridge", "bridge"), 2, "is called so already"),
        (("merge", "bridge", "bridge"), 2, "a scene cannot be merged into itself"),
    ],
)
def test_wrong_use(run: Run, typed: tuple[str, ...], code: int, said: str) -> None:
    """One line that says what is wrong; nothing is recorded."""
    posts(run, 1, 2)
    run("scene", "add", "bridge", "--post", "https://example.org/1")
    before = run("scene", "list", "--format", "csv").stdout
    done = run("scene", *typed)
    assert (done.exit_code, said in done.stderr, done.stdout) == (code, True, ""), done.stderr
    assert run("scene", "list", "--format", "csv").stdout == before


def test_no_scene(run: Run) -> None:
    assert screen(run("scene", "list")) == "No scene yet; make one with: lossledger scene add\n"
