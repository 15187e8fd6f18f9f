"""What an act did, in a line for the person who acts."""

import json
from typing import TYPE_CHECKING

from lossledger.cli.app import App
from lossledger.cli.press import shown_count
from lossledger.core.days import show_days
from lossledger.core.fields import FLAG, Form, State
from lossledger.core.records import KINDS
from lossledger.core.text import quoted
from lossledger.core.vocabulary import SPOKEN, TYPE_NOT_GIVEN, Counts

if TYPE_CHECKING:
    from lossledger.ledger.journal import Journal

_DAYS = ("earliest", "latest", "inferred")
_NOTHING = "none"
_ORDER = tuple(dict.fromkeys("date" if field.name in _DAYS else field.name for field in KINDS["loss"].fields))


def tell(app: App, line: str, *, dry_run: bool) -> None:
    """Say what was recorded, or what would have been."""
    app.say(f"would record: {line}" if dry_run else line)


def called(kind: str, key: str, state: State) -> str:
    """A subject as people know it: "loss k3j2...", "type T-72B", "published tally 66z3... (40+ tanks, ...)"."""
    word = SPOKEN.get(kind, kind)
    if kind == "published":
        return f"{word} {key} ({published_line(state)})"
    if kind == "source":
        about = next((state[name] for name in ("title", "url", "publisher", "author", "party") if name in state), "")
        return f"{word} {key}{f' ({about})' if about else ''}"
    return f"{word} {key if kind == 'loss' else state.get('name', key)}"


def published_line(state: State) -> str:
    """Somebody else's count in short: "40+ tanks (claim), counted by The Counters"."""
    number = int(state["quantity"]) if "quantity" in state else None
    parts = (shown_count(number, state["bound"], state["unit"]), state.get("wording"), f"({state['kind']})")
    return f"{' '.join(part for part in parts if part)}, counted by {state['counted_by']}"


def loss_line(journal: "Journal", state: State) -> str:
    """A loss in short: "1 T-72B of Redland, destroyed on 2020-10-08, claimed"."""
    what = " or ".join(_names(journal, state["candidates"])) if "candidates" in state else _thing(journal, state)
    given = " (aggregate)" if state["counts"] == Counts.AGGREGATE else ""
    side = _name(journal, "side", state["side"])
    days = happened(state)
    became = f"{state['status']} {days}" if days else f"{state['status']}, day not given"
    return f"{state['quantity']} {what}{given} of {side}, {became}, {state['verification']}"


def happened(state: State) -> str:
    """When a loss or an event happened: "on 2020-10-08", "in 2020-10"; nothing where no day is given."""
    days = _days(state)
    if not days:
        return f"by {state['reported']}" if "reported" in state else ""
    exact = state.get("earliest") == state.get("latest")
    return f"{'on' if exact else 'within' if '..' in days else 'in'} {days}"


def facts(journal: "Journal", state: State) -> list[str]:
    """Every field of a loss with its value, a line each."""
    return [f"  {name.replace('_', ' ')}: {value}" for name, value in _shown(journal, state).items()]


def changes(journal: "Journal", before: State, after: State) -> str:
    """The fields of a loss that differ: "type T-72 -> T-72B, place 'Hadrut' -> none"."""
    was, is_now = _shown(journal, before), _shown(journal, after)
    differing = [name for name in _ORDER if was.get(name) != is_now.get(name)]
    said = ((name.replace("_", " "), was.get(name, _NOTHING), is_now.get(name, _NOTHING)) for name in differing)
    return ", ".join(f"{name} {old} -> {new}" for name, old, new in said)


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
    return f"({_name(journal, 'category', state['category'])}, {TYPE_NOT_GIVEN})"


def _names(journal: "Journal", types: str) -> list[str]:
    return [_name(journal, "type", slug) for slug in json.loads(types)]


def _name(journal: "Journal", kind: str, slug: str) -> str:
    return journal.state(kind, slug)["name"]
