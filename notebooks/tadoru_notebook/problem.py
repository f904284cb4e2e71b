"""What a table does not allow, in one sentence that names the table, the column and the number of rows."""


class InputProblem(ValueError):
    """The data is not fit for what was asked. Its text is shown to people as it is, without a traceback."""

    def _render_traceback_(self):
        """IPython asks for this instead of printing a traceback."""
        return [f"InputProblem: {self}"]
