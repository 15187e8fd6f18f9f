"""What was met, a bit each: a million row ids take an eighth of a megabyte, any number of other things eight."""

_PLACES = 1 << 26


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


class Traces:
    """What has a trace may have been met, though seldom something else left it; what has none was not.

    So whoever would look up thousands of things that are mostly new looks up the others alone.
    """

    def __init__(self) -> None:
        self._places = Marks(_PLACES - 1)

    def add(self, number: int) -> None:
        """Leave the trace of a number, which is any that is spread evenly, as a hash is."""
        self._places.add(number % _PLACES)

    def __contains__(self, number: int) -> bool:
        """Whether a number, or another one, left this trace."""
        return number % _PLACES in self._places
