"""What a site remembers of the journal, so that of one that only grew no more is read than came since."""

from typing import Any, NamedTuple, Self

from lossledger.core.merkle import Tree
from lossledger.core.vocabulary import Act
from lossledger.queries.corrections import ActOn


class Remembered(NamedTuple):
    """The journal up to the entry as of which a site was written."""

    tree: Tree
    """Over all entries up to that."""
    pages: tuple[int, ...]
    """The entry with which each page of the log of corrections begins, the oldest first."""
    acts: tuple[ActOn, ...]
    """The latest acts, as the feed of changes tells them."""

    @property
    def kept(self) -> dict[str, Any]:
        """The same as a manifest keeps it."""
        return {
            "tree": [root.hex() for root in self.tree.roots],
            "pages": self.pages,
            "acts": list(map(tuple, self.acts)),
        }

    @classmethod
    def of(cls, made: dict[str, Any]) -> Self | None:
        """What a manifest keeps, which others may have changed; None where that cannot be."""
        try:
            tree = Tree(int(made["entry"]), tuple(map(bytes.fromhex, made["tree"])))
            acts = tuple(map(_act, made["acts"]))
            found = cls(tree, tuple(map(int, made["pages"])), acts)
        except (KeyError, TypeError, ValueError):
            return None
        return found if tree.is_sound and found.pages else None


def _act(kept: list[Any]) -> ActOn:
    act_id, number, recorded_at, acts, losses, uid = kept
    return ActOn(str(act_id), int(number), str(recorded_at), tuple(map(Act, acts)), int(losses), str(uid))
