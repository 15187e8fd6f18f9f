"""The only room that writes: the journal, the acts, the packs."""
