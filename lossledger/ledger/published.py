"""Acts on published tallies and settings."""

from collections.abc import Mapping

from lossledger.core import public_view, site
from lossledger.core.digest import new_uid
from lossledger.core.text import quoted
from lossledger.core.vocabulary import ITEMS, OFF, ON, SECOND_PERSON, Act, Bound, PublishedKind, Span
from lossledger.errors import Refused
from lossledger.ledger.journal import Journal
from lossledger.queries.names import resolve

SETTINGS = {
    "conflict": "the conflict that is meant where none is named",
    SECOND_PERSON: f"{ON}: nobody confirms what they alone reported",
    **site.SETTINGS,
    **public_view.SETTINGS,
}
"""Every setting there is, and what it does."""

_SWITCHES = (SECOND_PERSON,)


def publish(journal: Journal, fields: Mapping[str, str], uid: str | None = None) -> str:
    """Enter somebody else's count as of a day; a claim unless said otherwise. Returns its uid.

    Errors: Refused for a negative count, or a period that ends before it starts.
    """
    defaults = {
        "kind": PublishedKind.CLAIM.value,
        "span": Span.CUMULATIVE.value,
        "unit": ITEMS,
        "bound": Bound.EXACT.value,
    }
    state = defaults | dict(fields)
    if int(state.get("quantity", "0")) < 0:
        raise Refused(f"a published count cannot be negative ({state['quantity']})")
    if "since" in state and "as_of" in state and state["since"] > state["as_of"]:
        raise Refused(f"days {state['since']}..{state['as_of']}: the end lies before the start")
    uid = uid or new_uid()
    journal.append(Act.CATALOGUE, "published", uid, state, new=True)
    return uid


def accept(journal: Journal, uid: str) -> None:
    """Acknowledge that a published count differs from ours, for the journal's reason."""
    state = journal.state("published", uid)
    if not state:
        raise Refused(f"no published tally {uid!r} in this ledger")
    if state["kind"] != PublishedKind.ASSERTION:
        raise Refused(f"published tally {uid} is a claim; a claim is never compared, so there is nothing to accept")
    if not journal.reason:
        raise Refused("say why the difference is known, with --reason")
    journal.append(Act.CATALOGUE, "published", uid, {"accepted": journal.reason})


def set_value(journal: Journal, name: str, value: str | None) -> None:
    """Change a setting, or clear it with None.

    Errors: Refused for a setting that does not exist, or a value that it cannot have.
    """
    if name not in SETTINGS:
        raise Refused(f"no setting {name!r}; there are: {', '.join(SETTINGS)}")
    if name == "conflict" and value is not None:
        value = resolve(journal.connection, "conflict", value)
    if name in _SWITCHES and value not in (None, ON, OFF):
        raise Refused(f"setting {name} is {ON} or {OFF}, not {quoted(str(value))}")
    if value is not None:
        site.check(name, value)
        public_view.check(name, value)
    if journal.state("setting", name).get("value") == value:
        raise Refused(f"setting {name} is {value or 'not set'} already")
    journal.append(Act.SETTING, "setting", name, {"value": value})
