"""What stands behind a number, kept and looked at: files, by the digests of what they hold. It writes to no ledger."""
