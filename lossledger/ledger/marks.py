"""Which row ids were met: a bit each, so that a million take an eighth of a megabyte."""


class Marks:
    """A set of whole numbers up to a highest one."""

    def __init__(self, highest: int) -> None:
        self._bits = bytearray(highest // 8 + 1)

    def add(self, number: int) -> None:
        """Put a number in."""
        self._bits[number >> 3] |= 1 << (number & 7)

    def __contains__(self, number: int) -> bool:
        """Whether a number is in."""
        return bool(self._bits[number >> 3] & 1 << (number & 7))
