"""Proofs that the ledger is whole: each check reads the database and yields findings."""
