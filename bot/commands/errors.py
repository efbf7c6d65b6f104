"""What a command refuses to go on with, beside what is wrong with settings, store or protocol."""


class BadStartError(Exception):
    """The channel cannot start; the text is one line that says what to do."""
