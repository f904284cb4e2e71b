"""Ends a kernel that works longer than it may, also when it is deep inside native code."""

import os
import threading
import time

from . import processes


class Watchdog:
    """A thread that kills the kernel at a time limit and remembers which limit it was."""

    def __init__(self, timeout, cell_timeout):
        self.cell_timeout = cell_timeout
        self.timeout = timeout
        self.expired = None
        self.cell = None
        self._end = time.monotonic() + timeout if timeout else None
        self._cell_end = None
        if timeout or cell_timeout:
            threading.Thread(target=self._watch, daemon=True).start()

    def cell_started(self, number):
        self.cell = number
        if self.cell_timeout:
            self._cell_end = time.monotonic() + self.cell_timeout

    def cell_ended(self):
        self._cell_end = None

    @property
    def message(self):
        """Which limit was exceeded where, or None."""
        if self.expired is None:
            return None
        if self.expired == "cell":
            return f"cell {self.cell} exceeded its limit of {self.cell_timeout:g} s (`timeout`)"
        where = f" in cell {self.cell}" if self.cell else ""
        return f"the notebook exceeded its limit of {self.timeout:g} s{where}"

    def _watch(self):
        while self.expired is None:
            now = time.monotonic()
            cell_end = self._cell_end
            if self._end and now > self._end:
                self.expired = "notebook"
            elif cell_end and now > cell_end:
                self.expired = "cell"
            else:
                time.sleep(0.05)
        processes.kill_below(os.getpid())
