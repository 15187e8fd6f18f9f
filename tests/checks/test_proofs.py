"""Proofs of a ledger in which every act stands: each holds, and says what the ledger says."""

from sqlalchemy import Connection, select

from lossledger.core.head import Head
from lossledger.core.merkle import tree_root
from lossledger.core.proving import WITHHELD, faults_of_continuation, faults_of_loss, told
from lossledger.core.records import field_of
from lossledger.db.tables import entry, loss
from lossledger.queries.history import folded
from lossledger.queries.proofs import continuation, head_with_root, proof_of_loss, root_over


def test_every_loss_is_proved_as_the_ledger_has_it(ledger: Connection) -> None:
    head, uids = head_with_root(ledger), ledger.scalars(select(loss.c.uid)).all()
    assert len(uids) > 8
    for uid in uids:
        proof = proof_of_loss(ledger, uid, lambda field: False)
        assert faults_of_loss(proof, head) == []
        assert told(proof).state == folded(ledger, "loss", uid)


def test_every_loss_is_proved_with_all_withheld_that_may_be(ledger: Connection) -> None:
    head = head_with_root(ledger)
    for uid in ledger.scalars(select(loss.c.uid)):
        proof = proof_of_loss(ledger, uid, lambda field: field != "*" and field_of("loss", field).private)
        assert faults_of_loss(proof, head) == []
        state, steps = told(proof)
        public = {
            name: text for name, text in folded(ledger, "loss", uid).items() if not field_of("loss", name).private
        }
        assert {name: text for name, text in state.items() if not field_of("loss", name).private} == public
        hidden = {text for name, text in state.items() if field_of("loss", name).private}
        assert hidden <= {WITHHELD, "[redacted]"}
        assert {step.actor for step in steps} <= {WITHHELD, "[redacted]"}


def test_the_ledger_continues_every_head_that_it_had(ledger: Connection) -> None:
    hashes = ledger.scalars(select(entry.c.hash).order_by(entry.c.number)).all()
    head = head_with_root(ledger)
    for number in range(1, len(hashes) + 1, 7):
        earlier = Head(number, hashes[number - 1])
        proof = continuation(ledger, earlier)
        assert proof.earlier.root == tree_root(hashes, number) == root_over(ledger, number)
        assert faults_of_continuation(proof, earlier, head) == []
        assert faults_of_continuation(proof, proof.earlier, head) == []
