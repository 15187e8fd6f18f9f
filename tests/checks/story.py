"""An honest ledger: every act at least once, and something in every column of every table."""

from functools import partial

from sqlalchemy import Engine

from lossledger.core.digest import new_uid
from lossledger.core.fields import Field, Form, child_path
from lossledger.core.records import KINDS
from lossledger.core.vocabulary import Act, Closed, Relation, Verification
from lossledger.db.engine import writing
from lossledger.db.migrate import upgrade
from lossledger.ledger import casefile, catalogue, groups, inbox, losses, published, redact, releases, scenes, undo
from lossledger.ledger.journal import recording

RED, BLUE, NORTH = "war/red", "war/blue", "war/blue-north"
FULL, ROOT, DUPLICATE, STAND_IN, LEFT = "fullfullfu", "rootrootro", "duplicated", "standinsta", "leftleftle"
FIRST, SECOND, SECRET, UNDATED = "firstfirst", "secondseco", "secretsecr", "undatedund"
SOURCE, COPY, RUN, TALLY = "sourcesour", "copycopyco", "runrunrunr", "tallytally"
SCENE, POST = "scenescene", "postpostpo"

_SAMPLES = {
    Form.LINE: "some {}",
    Form.TEXT: "a text, the {}",
    Form.URL: "https://example.org/{}",
    Form.WHOLE: "2",
    Form.DECIMAL: "40.25",
    Form.DAY: "2020-10-03",
    Form.INSTANT: "2020-10-03T10:00:00.000000Z",
    Form.FLAG: "yes",
    Form.LIST: '["t-72", "bmp-1"]',
}
_REFERRED = {
    "conflict": "war",
    "side": RED,
    "category": "tanks",
    "type": "t-72",
    "feed": "list",
    "source": SOURCE,
    "import": RUN,
    "loss": "firstfirst",
    "scene": SCENE,
}
_BY_ACTS = {"parent", "merged_into", "stands_in", "withdrawn", "split_from"}
"""Fields that acts of their own bring about."""


def filled(fields: tuple[Field, ...], **own: str) -> dict[str, str]:
    """A value for every field, so that a field that is new is in the story at once."""
    return {field.name: _sample(field) for field in fields if field.name not in _BY_ACTS} | own


def _sample(field: Field) -> str:
    if field.words:
        return field.words[0]
    if field.form is Form.REF:
        return _REFERRED[field.ref]
    return _SAMPLES[field.form].format(field.name)


def of_child(kind: str, child: str, key: str, **own: str) -> dict[str, str]:
    """A child with a value in every field."""
    fields = next(one.fields for one in KINDS[kind].children if one.name == child)
    return {child_path(child, key, name): value for name, value in filled(fields, **own).items()}


def tell(engine: Engine) -> None:
    """Make the schema, and enter the story."""
    with writing(engine) as connection:
        upgrade(connection)
    _enter_catalogue(engine)
    _report(engine)
    _act_on_losses(engine)
    _act_on_catalogue(engine)
    _look_through_posts(engine)
    _release(engine)
    _redact(engine)


def _enter_catalogue(engine: Engine) -> None:
    make = catalogue.create
    with recording(engine, actor="clerk", reason="the beginning") as journal:
        make(journal, "conflict", filled(KINDS["conflict"].fields, name="War"), "war", {"The War": None})
        make(journal, "conflict", {"name": "Another war"}, "another")
        make(journal, "side", {"conflict": "war", "name": "Blue"}, BLUE)
        make(journal, "side", filled(KINDS["side"].fields, name="Red"), RED, {"The Reds": None})
        make(journal, "side", {"conflict": "war", "name": "Blue North", "parent": BLUE}, NORTH)
        make(journal, "side", {"conflict": "war", "name": "Read"}, "war/read")
        make(journal, "category", filled(KINDS["category"].fields, name="Tanks"), "tanks")
        make(journal, "category", {"name": "Panzers", "group": "armoured"}, "panzers")
        make(journal, "category", {"name": "Carriers", "group": "armoured"}, "carriers")
        make(journal, "type", filled(KINDS["type"].fields, name="T-72"), "t-72", {"Object 172": "designation"})
        make(journal, "type", {"name": "T-72B", "category": "tanks", "parent": "t-72"}, "t-72b")
        make(journal, "type", {"name": "Ural", "category": "panzers"}, "ural")
        make(journal, "type", {"name": "BMP-1", "category": "carriers"}, "bmp-1")
        make(journal, "feed", {"name": "Own entries"}, "own")
        make(journal, "feed", filled(KINDS["feed"].fields, name="A list"), "list")
        full = filled(KINDS["source"].fields) | of_child("source", "file", "fileoffile")
        make(journal, "source", full | of_child("source", "file", "nextonfile", sha256="00"), SOURCE)
        make(journal, "source", {"url": "https://example.org/2"}, COPY)
        journal.append(Act.CATALOGUE, "import", RUN, filled(KINDS["import"].fields), new=True)
        journal.append(Act.CATALOGUE, "import", "nextimport", {"feed": "own"}, new=True)
        published.publish(journal, {"conflict": "war", "counted_by": "Red"}, uid="theirtally")
        published.publish(journal, filled(KINDS["published"].fields), uid=TALLY)
        published.set_value(journal, "conflict", "war")
        journal.append(Act.SETTING, "setting", "another", {"value": "one"}, new=True)


def _loss(uid: str, source: str = SOURCE, **own: str) -> dict[str, str]:
    base = {"side": RED, "type": "t-72", "status": "destroyed", "earliest": "2020-10-03", "latest": "2020-10-03"}
    return base | {child_path("evidence", f"e-{uid}", "source"): source} | _reports(uid) | own


def _reports(uid: str) -> dict[str, str]:
    return {child_path("evidence", f"e-{uid}", "relation"): Relation.REPORTS.value}


def _report(engine: Engine) -> None:
    full = filled(KINDS["loss"].fields, quantity="3", feed_key="key 1", reported="2020-10-04", status="damaged")
    full |= of_child("loss", "evidence", "pieceofevi")
    full |= of_child("loss", "row", "list") | {child_path("row", "own", "run"): "nextimport"}
    with recording(engine, actor="ann", reason="as reported") as journal:
        losses.report(journal, full, uid=FULL)
        for uid in (ROOT, DUPLICATE, STAND_IN, LEFT):
            losses.report(journal, _loss(uid), uid=uid)
        losses.report(journal, _loss(FIRST, note="one"), uid=FIRST)
        second = _loss(SECOND, COPY, side="war/read", type="ural", feed="list", feed_key="key 2", quantity="2")
        losses.report(journal, second, uid=SECOND)
        losses.report(journal, _loss(SECRET, note="a secret", place="a house", latitude="1", longitude="2"), uid=SECRET)
        undated = {name: value for name, value in _loss(UNDATED).items() if name not in ("earliest", "latest")}
        losses.report(journal, undated, uid=UNDATED)


def _act_on_losses(engine: Engine) -> None:
    event = {**filled(KINDS["loss"].children[0].fields), "status": "captured"}
    with recording(engine, actor="ann") as journal:
        losses.event(journal, FULL, event | {"earliest": "2020-10-05", "latest": "2020-10-06"})
        losses.event(journal, FULL, {"status": "recovered", "latest": "2020-10-08"})
        losses.event(journal, UNDATED, {"status": "captured", "latest": "2020-10-08"})
    with recording(engine, actor="ann", reason="looked again") as journal:
        losses.amend(journal, FIRST, {"side": NORTH, "type": "bmp-1", "reported": "2020-10-09"})
        losses.verify(journal, FIRST, Verification.CONFIRMED, "a photograph")
        losses.verify(journal, SECRET, Verification.CONFIRMED)
        losses.split(journal, FULL, 1, {"name": "No 7"})
    with recording(engine, actor="bob", reason="the same") as journal:
        groups.merge(journal, DUPLICATE, ROOT)
        groups.merge(journal, STAND_IN, ROOT)
        groups.merge(journal, LEFT, ROOT)
    with recording(engine, actor="bob") as journal:
        groups.unmerge(journal, LEFT)
        losses.withdraw(journal, LEFT)
        losses.withdraw(journal, DUPLICATE)
        losses.withdraw(journal, ROOT)  # now the second duplicate stands in for it
    with recording(engine, actor="bob") as journal:
        casefile.add_evidence(journal, FIRST, casefile.evidence_fields(COPY, Relation.CONFIRMS))
        casefile.dispute(journal, SECOND, SOURCE, "side", "Blue")
        casefile.note(journal, FIRST, "seen again")
        casefile.link(journal, FIRST, SECRET)
        casefile.hold(journal, SECOND, "captured")
    with recording(engine, actor="cleo") as journal:
        losses.withdraw(journal, FIRST)
    with recording(engine, actor="cleo") as journal:
        losses.reinstate(journal, FIRST)
    with recording(engine, actor="cleo") as journal:
        undo.undo(journal)
    with recording(engine, actor="cleo") as journal:
        undo.undo(journal)
    with recording(engine, actor="cleo") as journal:
        losses.report(journal, _loss("a mistake"), uid=new_uid())
    with recording(engine, actor="cleo") as journal:
        undo.undo(journal)


def _act_on_catalogue(engine: Engine) -> None:
    with recording(engine, actor="clerk") as journal:
        catalogue.merge(journal, "side", "war/read", RED)
        catalogue.merge(journal, "type", "ural", "t-72")
        catalogue.merge(journal, "category", "panzers", "tanks")
        catalogue.merge(journal, "source", COPY, SOURCE)
        catalogue.rename(journal, "side", BLUE, "The Blues")
        catalogue.change(journal, "type", "t-72b", {"category": "carriers"})
    with recording(engine, actor="clerk") as journal:
        catalogue.create(journal, "type", {"name": "A slip", "category": "tanks"}, "a-slip")
    with recording(engine, actor="clerk") as journal:
        undo.undo(journal)  # no row is left of it


def _look_through_posts(engine: Engine) -> None:
    with recording(engine, actor="ann") as journal:
        make = partial(journal.append, Act.CATALOGUE, new=True)
        make("scene", "nextscenes", {"name": "The ford"})
        make("scene", SCENE, filled(KINDS["scene"].fields))
        make("post", POST, filled(KINDS["post"].fields) | of_child("post", "loss", FIRST))
        make("post", "nextpostsp", {"url": "https://example.org/2", "added": journal.recorded_at})
    with recording(engine, actor="bob") as journal:
        scenes.merge(journal, "nextscenes", SCENE)
        scenes.join(journal, SCENE, ["nextpostsp"])
        inbox.close(journal, "nextpostsp", Closed.RECORDED, [SECOND])


def _release(engine: Engine) -> None:
    with recording(engine, actor="clerk", reason="for the report") as journal:
        releases.create(journal, "The report", conflict="war", own=True, joined=True, note="of October")
    with recording(engine, actor="clerk", reason="for the yearly report") as journal:
        releases.create(journal, "The year", verifications=("confirmed", "claimed"))
    with recording(engine, actor="clerk", reason="too early") as journal:
        releases.withdraw(journal, "the-report")


def _redact(engine: Engine) -> None:
    with recording(engine, actor="clerk", reason="a court says so") as journal:
        redact.redact(journal, "loss", SECRET, ["note", "place", "latitude", "longitude", "actor"])
    with recording(engine, actor="clerk", reason="privacy") as journal:
        redact.redact(journal, "source", COPY, ["url"])
    with recording(engine, actor="ann") as journal:
        casefile.note(journal, SECRET, "the last word")
