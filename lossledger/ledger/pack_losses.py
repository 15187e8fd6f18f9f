"""The losses of a pack: each with its evidence and its events; then which are one, and which were withdrawn."""

from collections import Counter, defaultdict

from lossledger.core.fields import FLAG, child_path
from lossledger.core.package_layout import MERGE_COLUMNS, MERGES, layout
from lossledger.errors import BadData, Refused
from lossledger.ledger import casefile, groups, losses
from lossledger.ledger.journal import Journal
from lossledger.ledger.pack_tables import PackTables, Record, fields_of

_LOSSES, _EVENTS, _EVIDENCE = layout("loss"), layout("loss", "event"), layout("loss", "evidence")


def add(journal: Journal, tables: PackTables, feed: str) -> Counter[str]:
    """Enter the losses of a pack that the ledger does not hold yet, those that name no feed under ``feed``.

    Returns how many were entered, and how many merged into others. Errors: BadData with file and line.
    """
    merges = {row["loss"]: (line, row) for line, row in tables.plain_rows(
        MERGES, (*MERGE_COLUMNS, "reason"), MERGE_COLUMNS[:1], MERGE_COLUMNS
    )}  # fmt: skip
    grouped = {*merges, *(row["into"] for _, row in merges.values())}
    children = _children(tables)
    added, withdrawn = 0, []
    for line, row in tables.rows(_LOSSES):
        uid = row["uid"]
        own = children.pop(uid, {})
        if journal.keys.find("loss", uid) is not None:
            continue
        with tables.at(_LOSSES.name, line):
            fields = {"feed": feed, **fields_of(_LOSSES, row), **own}
            if uid in grouped and fields.pop("withdrawn", None) == FLAG:
                withdrawn.append((line, uid))  # once it is clear with what it is merged, for then another may count
            losses.report(journal, fields, uid=uid, edited=True)
        added += 1
    for uid in children:
        raise BadData(f"{tables.path(_EVIDENCE.name)}: it speaks of loss {uid!r}, which is not in {_LOSSES.file}")
    merged = sum(_merge(journal, tables, line, row) for line, row in merges.values())
    for line, uid in withdrawn:
        with tables.at(_LOSSES.name, line):
            losses.withdraw(journal, uid)
    return Counter(loss=added, merge=merged)


def _children(tables: PackTables) -> dict[str, Record]:
    """The fields of all events and pieces of evidence, by the loss that they belong to."""
    found: dict[str, Record] = defaultdict(dict)
    for table, key in ((_EVENTS, "position"), (_EVIDENCE, "uid")):
        for line, row in tables.rows(table):
            with tables.at(table.name, line):
                if key == "position" and not (row[key].isascii() and row[key].isdecimal()):
                    raise Refused(f"position {row[key]!r} is no number")
                fields = fields_of(table, row)
            found[row["loss"]] |= {child_path(table.child or "", row[key], name): told for name, told in fields.items()}
    return found


def _merge(journal: Journal, tables: PackTables, line: int, row: Record) -> bool:
    """Merge two losses, unless the first is merged already; whether it was done."""
    if journal.state("loss", row["loss"]).get("merged_into") is not None:
        return False
    with tables.at(MERGES, line):
        groups.merge(journal, row["loss"], row["into"])
        if "reason" in row:
            casefile.note(journal, row["loss"], row["reason"])
    return True
