"""Writes the test vectors in ``docs/proof.md`` from the worked example in ``docs/journal-format.md``."""

import json
import re
from pathlib import Path
from typing import Any

from lossledger.core.digest import Detail, Entry
from lossledger.core.head import Head
from lossledger.core.merkle import consistency_spans, inclusion_spans, leaf_hash, tree_hashes, tree_root
from lossledger.core.proof import Continuation, LossProof, Of, Placed, write
from lossledger.core.trail import Posting

TARGET = Path(__file__).parent / "proof.md"
JOURNAL = Path(__file__).parent / "journal-format.md"

_BLOCK = re.compile(r"^```(text|json)\n.*?^```$", re.MULTILINE | re.DOTALL)


class Example:
    """The journal of the worked example, and proofs of it."""

    loss = "lossbbbbbb"

    def __init__(self, earlier: int = 3) -> None:
        self.earlier = earlier
        found = re.search(r"^```json\n(\[.*?)^```$", JOURNAL.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        if found is None:
            raise RuntimeError(f"{JOURNAL} has no worked example")
        self.journal: list[dict[str, Any]] = json.loads(found[1])
        self.hashes = [bytes.fromhex(entry["hash"]) for entry in self.journal]
        self.size = len(self.hashes)

    def head(self, size: int) -> Head:
        """The head that the ledger had with so many entries."""
        return Head(size, self.hashes[size - 1], tree_root(self.hashes, size))

    def proof(self) -> LossProof:
        """The proof of the loss that has most entries."""
        own = (entry for entry in self.journal if entry["subject"] == self.loss)
        return LossProof(self.head(self.size), self.loss, tuple(map(self._placed, own)))

    def continuation(self) -> Continuation:
        """The proof that all entries continue the first ones."""
        path, last = consistency_spans(self.earlier, self.size), inclusion_spans(self.earlier - 1, self.size)
        hashes = tree_hashes(self.hashes, self.size, {*path, *last})
        there, its_last = (tuple(hashes[span] for span in spans) for spans in (path, last))
        return Continuation(self.head(self.earlier), self.head(self.size), there, its_last)

    def _placed(self, entry: dict[str, Any]) -> Placed:
        spans = inclusion_spans(entry["number"] - 1, self.size)
        hashes = tree_hashes(self.hashes, self.size, spans)
        details = (
            Detail(one["field"], one.get("value"), _bytes(one.get("salt")), _bytes(one.get("digest")))
            for one in entry["details"]
        )
        head = {name: entry[name] for name in Entry._fields}
        head |= {name: _bytes(entry[name]) for name in ("digest", "previous", "hash")}
        return Placed(
            Of.LOSS,
            Entry(**head),
            tuple(sorted(details)),
            tuple(Posting(*line) for line in entry["postings"]),
            tuple(hashes[span] for span in spans),
        )


def blocks(example: Example) -> list[str]:
    """What stands in each block of the test vectors."""
    return [
        "".join(f"{number} {leaf_hash(data).hex()}\n" for number, data in enumerate(example.hashes, 1)),
        "".join(f"{size} {tree_root(example.hashes, size).hex()}\n" for size in range(example.size + 1)),
        write(example.proof()),
        write(example.continuation()),
    ]


def filled(page: str) -> str:
    """The page with its test vectors as they should be."""
    before, title, vectors = page.partition("\n## Test vectors\n")
    found = iter(blocks(Example()))
    return before + title + _BLOCK.sub(lambda block: f"```{block[1]}\n{next(found)}```", vectors)


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)


if __name__ == "__main__":
    TARGET.write_text(filled(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
