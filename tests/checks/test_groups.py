"""Merged groups, as the table of losses shows them: each counts once, and what counts has a source."""

import pytest
from sqlalchemy import Connection, delete, select

from lossledger.checks.groups import groups, sources
from lossledger.db.tables import evidence, loss
from tests.checks.story import DUPLICATE, FIRST, LEFT, ROOT, SECRET, STAND_IN
from tests.checks.tamper import Row, rows

# The root is withdrawn, so is the first duplicate: the second one stands in.


def the_loss(connection: Connection, uid: str) -> Row:
    return next(row for row in rows(connection, loss) if row["uid"] == uid)


def put(connection: Connection, uid: str, **columns: object) -> None:
    connection.execute(loss.update().where(loss.c.uid == uid).values(**columns))


def told(connection: Connection) -> dict[str, str]:
    """What is found, by uid."""
    return {finding.place.removeprefix("loss "): finding.wrong for finding in groups(connection)}


def test_an_honest_group_is_no_finding(ledger: Connection) -> None:
    assert told(ledger) == {}


def test_a_group_that_counts_twice_is_found(ledger: Connection) -> None:
    put(ledger, DUPLICATE, withdrawn=None, stands_in=1)
    assert told(ledger) == {
        ROOT: "of its group 2 count, not 1",
        STAND_IN: "it stands in for its group, and should not",
    }


def test_a_root_that_counts_beside_its_stand_in_is_found(ledger: Connection) -> None:
    put(ledger, ROOT, withdrawn=None)
    assert told(ledger) == {
        ROOT: "of its group 2 count, not 1",
        STAND_IN: "it stands in for its group, and should not",
    }


def test_a_group_that_counts_not_at_all_is_found(ledger: Connection) -> None:
    put(ledger, STAND_IN, stands_in=None)
    assert told(ledger) == {
        ROOT: "of its group 0 count, not 1",
        STAND_IN: "it does not stand in for its group, and should",
    }


def test_the_wrong_one_standing_in_is_found(ledger: Connection) -> None:
    put(ledger, DUPLICATE, withdrawn=None)
    assert told(ledger) == {
        DUPLICATE: "it does not stand in for its group, and should",
        STAND_IN: "it stands in for its group, and should not",
    }


def test_a_group_that_is_withdrawn_as_a_whole_counts_not_at_all(ledger: Connection) -> None:
    put(ledger, STAND_IN, withdrawn=1, stands_in=None)
    assert told(ledger) == {}


def test_a_withdrawn_loss_that_stands_in_is_found(ledger: Connection) -> None:
    put(ledger, DUPLICATE, stands_in=1)
    assert told(ledger) == {DUPLICATE: "it stands in for its group, and should not"}


def test_one_that_stands_in_for_no_group_is_found(ledger: Connection) -> None:
    put(ledger, FIRST, stands_in=1)
    assert told(ledger) == {FIRST: "it stands in for a group, and is merged into none"}


def test_a_root_that_is_merged_itself_is_found(ledger: Connection) -> None:
    put(ledger, ROOT, merged_into_id=the_loss(ledger, FIRST)["id"])
    assert told(ledger)[ROOT] == "others are merged into it, and it is merged itself"


def test_a_loss_merged_into_itself_is_found(ledger: Connection) -> None:
    put(ledger, LEFT, merged_into_id=the_loss(ledger, LEFT)["id"])
    assert told(ledger)[LEFT] == "others are merged into it, and it is merged itself"


def test_a_loss_merged_into_one_that_is_not_there_is_found(ledger: Connection) -> None:
    put(ledger, LEFT, merged_into_id=9_999)
    assert told(ledger) == {LEFT: "it is merged into a loss that is not there"}


def test_unequal_quantities_are_found(ledger: Connection) -> None:
    put(ledger, DUPLICATE, quantity=5)
    assert told(ledger) == {DUPLICATE: f"it has 5, and is merged into {ROOT}, which has 1"}


@pytest.mark.parametrize(("uid", "counts"), [(SECRET, True), (STAND_IN, True), (ROOT, False), (DUPLICATE, False)])
def test_a_loss_that_counts_without_a_source_is_found(ledger: Connection, uid: str, counts: bool) -> None:
    mine = select(loss.c.id).where(loss.c.uid == uid)
    ledger.execute(delete(evidence).where(evidence.c.loss_id.in_(mine)))
    assert [finding.place for finding in sources(ledger)] == ([f"loss {uid}"] if counts else [])
