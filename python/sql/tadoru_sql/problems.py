"""What is wrong with a statement, in words for the person who wrote it."""

from __future__ import annotations


class Problem(Exception):
    """A statement that cannot be translated.

    `code` is one of the warehouse's error codes; `word` helps to find the place in the text when line and column
    are not known.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        line: int | None = None,
        column: int | None = None,
        word: str | None = None,
        hint: str | None = None,
    ):
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line
        self.column = column
        self.word = word
        self.hint = hint

    def to_json(self) -> dict:
        fields = {
            "code": self.code,
            "message": self.message,
            "line": self.line,
            "column": self.column,
            "word": self.word,
            "hint": self.hint,
        }
        return {name: value for name, value in fields.items() if value is not None}


def unsupported(message: str, word: str | None = None, hint: str | None = None) -> Problem:
    return Problem("unsupported", message, word=word, hint=hint)
