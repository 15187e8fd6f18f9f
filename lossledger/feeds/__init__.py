"""Foreign formats: bytes in, records out. Nothing here sees a database."""
