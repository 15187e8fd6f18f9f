"""The fold: a subject is what its entries say, one after the other."""

from collections.abc import Iterable, Mapping

from lossledger.core.digest import Detail
from lossledger.core.fields import REDACTED, State
from lossledger.core.records import ACT_FIELDS


def fold(state: State, details: Iterable[Detail]) -> dict[str, str]:
    """The state of a subject after one more entry. A redacted text leaves the word for it behind."""
    after = dict(state)
    for detail in details:
        if detail.field in ACT_FIELDS:
            continue
        value = REDACTED if detail.redacted else detail.value
        if value is None:
            after.pop(detail.field, None)
        else:
            after[detail.field] = value
    return after


def changed_to(state: State, change: Mapping[str, str | None]) -> dict[str, str]:
    """The state of a subject after new details, of which none is redacted."""
    after = {**state, **change}
    return {path: value for path, value in after.items() if value is not None and path not in ACT_FIELDS}


def changed(before: State, fields: Mapping[str, str | None]) -> dict[str, str | None]:
    """Those of the fields that differ from the state before."""
    return {path: value for path, value in fields.items() if before.get(path) != value}
