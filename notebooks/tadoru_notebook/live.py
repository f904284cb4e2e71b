"""The lines of a running notebook, as they are printed."""

import re
import sys

CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b[@-_]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def plain(text):
    """Without colours, cursor movements and other control sequences; line breaks and tabs stay."""
    return CONTROL.sub("", text)


class LiveOutput:
    """A file that passes text on to our own output; a caller that went away does not matter."""

    def __init__(self):
        self._listening = True

    def write(self, text):
        if not self._listening:
            return
        try:
            sys.stdout.write(plain(text))
            sys.stdout.flush()
        except (BrokenPipeError, ValueError):
            self._listening = False

    def flush(self):
        pass

    def line(self, text):
        self.write(text + "\n")
