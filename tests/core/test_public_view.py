"""The public view: every text that may be redacted has its class, and the view says itself in words."""

import pytest

from lossledger.core.public_view import HIDDEN_KINDS, OF_ACTS, OF_SUBJECTS, SETTINGS, PublicView, check, view_of
from lossledger.core.records import ACT_FIELDS, KINDS
from lossledger.errors import Refused


def test_every_field_that_may_be_redacted_has_its_class() -> None:
    """A new one that nobody has thought about fails here, and so does a class of a field that is no more."""
    private = {
        kind.name: {field.name for field in kind.fields if field.private}
        | {f"{child.name}.{field.name}" for child in kind.children for field in child.fields if field.private}
        for kind in KINDS.values()
    }
    assert {kind: set(fields) for kind, fields in OF_SUBJECTS.items()} == private
    assert set(OF_ACTS) == {name for name, field in ACT_FIELDS.items() if field.private}


def test_no_row_is_left_without_what_it_must_have() -> None:
    """What a view may withhold is never a column that has to be filled, but of kinds that are hidden altogether."""
    most_careful = PublicView(coordinates=0)
    needed = [
        (kind.name, field)
        for kind in KINDS.values()
        for field in most_careful.withheld(kind.name)
        if kind.field(field.replace(".", ".key.")).required and kind.name not in HIDDEN_KINDS
    ]
    assert needed == []


def test_what_is_not_set_is_careful() -> None:
    """Without settings: rounded coordinates, no names, no notes, no embargo."""
    view = view_of({})
    assert view == PublicView(coordinates=2, embargo=0, actors="none", notes=False)
    assert view.withheld("loss") == (
        "latitude", "longitude", "verified_by", "note", "event.note", "evidence.note", "row.given", "row.held",
    )  # fmt: skip
    assert view.withheld("source") == ("note", "file.name", "file.captured")
    assert view.withheld_of_acts() == ("actor", "reason", "text", "held")
    assert view.words == (
        "coordinates rounded to 2 decimals (about 1 km)",
        "without the names of those who keep the ledger",
        "without their notes and reasons",
    )


def test_what_is_opened() -> None:
    """With everything set open, what lists said word for word and what lies on disks is withheld still."""
    view = view_of(
        {"public.coordinates": "exact", "public.embargo": "3", "public.actors": "handles", "public.notes": "in"}
    )
    assert view == PublicView(coordinates=None, embargo=3, actors="handles", notes=True)
    assert (view.withheld("loss"), view.withheld("import")) == (("row.given", "row.held"), ("file",))
    assert view.withheld_of_acts() == ("held",)
    assert view.words == (
        "as the ledger stood 3 days ago",
        "coordinates as exact as they were recorded",
        "with the names of those who keep the ledger",
        "with their notes and reasons",
    )


@pytest.mark.parametrize(
    ("name", "value", "can_be"),
    [
        ("public.coordinates", "7", "0 to 6 (decimals) or exact"),
        ("public.coordinates", "02", "0 to 6 (decimals) or exact"),
        ("public.coordinates", "-1", "0 to 6 (decimals) or exact"),
        ("public.coordinates", "²", "0 to 6 (decimals) or exact"),
        ("public.embargo", "soon", "a number of days, 0 to 3650"),
        ("public.embargo", "3651", "a number of days, 0 to 3650"),
        ("public.embargo", "1.5", "a number of days, 0 to 3650"),
        ("public.actors", "yes", "handles or none"),
        ("public.notes", "no", "in or out"),
    ],
)
def test_a_value_that_cannot_be(name: str, value: str, can_be: str) -> None:
    """It is refused with those that can."""
    with pytest.raises(Refused) as refused:
        check(name, value)
    assert str(refused.value) == f"setting {name} is {can_be}, not '{value}'"
    assert name in SETTINGS


@pytest.mark.parametrize("decimals", range(7))
def test_decimals(decimals: int) -> None:
    """Every number of decimals has its words."""
    view = view_of({"public.coordinates": str(decimals)})
    assert view.coordinates == decimals
    assert view.words[0].startswith(f"coordinates rounded to {decimals} decimal")
