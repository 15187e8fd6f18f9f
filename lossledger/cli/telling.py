"""What an act did, in a line for the person who acts."""

import json
from typing import TYPE_CHECKING

from lossledger.cli.app import App
from lossledger.core.days import show_days
from lossledger.core.fields import FLAG, Form, State
from lossledger.core.records import KINDS
from lossledger.core.text import quoted
from lossledger.core.vocabulary import Counts

if TYPE_CHECKING:
    from lossledger.ledger.journal import Journal

_DAYS = ("earliest", "latest", "inferred")
_NOTHING = "none"
_ORDER = tuple(dict.fromkeys("date" if field.name in _DAYS else field.name for field in KINDS["loss"].fields))


def tell(app: App, line: str, *, dry_run: bool) -> None:
    """Say what was recorded, or what would have been."""
    app.say(f"would record: {line}" if dry_run else line)


def loss_line(journal: "Journal", state: State) -> str:
    """A loss in short: "1 T-72B of Redland, destroyed on 2020-10-08, claimed"."""
    what = " or ".join(_names(journal, state["candidates"])) if "candidates" in state else _thing(journal, state)
    given = " (aggregate)" if state["counts"] == Counts.AGGREGATE else ""
    side = _name(journal, "side", state["side"])
    return f"{state['quantity']} {what}{given} of {side}, {state['status']} {happened(state)}, {state['verification']}"


def happened(state: State) -> str:
    """When a loss or an event happened: "on 2020-10-08", "in 2020-10", "on a day not given"."""
    days = _days(state)
    if not days:
        return f"by {state['reported']}" if "reported" in state else "on a day not given"
    exact = state.get("earliest") == state.get("latest")
    return f"{'on' if exact else 'within' if '..' in days else 'in'} {days}"


def facts(journal: "Journal", state: State) -> list[str]:
    """Every field of a loss with its value, a line each."""
    return [f"  {name}: {value}" for name, value in _shown(journal, state).items()]


def changes(journal: "Journal", before: State, after: State) -> str:
    """The fields of a loss that differ: "type T-72 -> T-72B, place 'Hadrut' -> none"."""
    was, is_now = _shown(journal, before), _shown(journal, after)
    differing = [name for name in _ORDER if was.get(name) != is_now.get(name)]
    return ", ".join(f"{name} {was.get(name, _NOTHING)} -> {is_now.get(name, _NOTHING)}" for name in differing)


def _shown(journal: "Journal", state: State) -> dict[str, str]:
    """The fields of a loss that people know, as they read them, in the order of the records."""
    shown: dict[str, str] = {}
    for field in KINDS["loss"].fields:
        if field.name in _DAYS:
            days = _days(state)
            shown |= {"date": days} if days else {}
        elif (value := state.get(field.name)) is not None:
            shown[field.name] = _value(journal, field.name, value)
    return shown


def _days(state: State) -> str:
    return show_days(state.get("earliest"), state.get("latest"), state.get("inferred") == FLAG)


def _value(journal: "Journal", name: str, value: str) -> str:
    field = KINDS["loss"].field(name)
    if name == "candidates":
        return " or ".join(_names(journal, value))
    if field.form is Form.LIST:
        return ", ".join(json.loads(value))
    if field.form is Form.REF and field.ref != "loss":
        return _name(journal, field.ref, value)
    return quoted(value) if field.form in (Form.LINE, Form.TEXT) else value


def _thing(journal: "Journal", state: State) -> str:
    if "type" in state:
        return _name(journal, "type", state["type"])
    return f"under {_name(journal, 'category', state['category'])}"


def _names(journal: "Journal", types: str) -> list[str]:
    return [_name(journal, "type", slug) for slug in json.loads(types)]


def _name(journal: "Journal", kind: str, slug: str) -> str:
    return journal.state(kind, slug)["name"]
