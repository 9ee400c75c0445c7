"""What actions raise when the rules say no. Nothing here knows of the web."""


class RuleBroken(Exception):
    """The rules forbid this. The words are for the person who tried it."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class StaleRecord(RuleBroken):
    """Somebody else changed the record after it was read, so nothing was written."""


class ConfigurationError(Exception):
    """The site cannot start as it is configured. One line says why."""
