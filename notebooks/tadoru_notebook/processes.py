"""Linux processes: who descends from whom, and how to end them all. Standard library only."""

import ctypes
import os
import signal
import time

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def _prctl(option, value):
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def die_with_parent(parent):
    """Lets the system kill this process when its parent ends; ends at once if that has happened."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans():
    """Makes this process the parent of every descendant whose own parent ends."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def descendants(root):
    """The living processes below `root`, parents before children."""
    children = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", "rb") as file:
                # The command in brackets may itself hold blanks and brackets.
                state, parent = file.read().rpartition(b")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state not in (b"Z", b"X"):
            children.setdefault(int(parent), []).append(int(entry))
    found = []
    queue = [root]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def kill_below(root, spare=(), patience=2.0):
    """Kills every descendant of `root` but `spare`, again and again until none is left.

    Returns whether none is left after `patience` seconds.
    """
    end = time.monotonic() + patience
    while True:
        alive = [pid for pid in descendants(root) if pid not in spare]
        if not alive:
            return True
        for pid in alive:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if time.monotonic() > end:
            return False
        time.sleep(0.01)


def zombies_of(parent):
    """The ended children of `parent` that nobody has waited for."""
    found = []
    try:
        with open(f"/proc/{parent}/task/{parent}/children", encoding="ascii") as file:
            children = file.read().split()
    except FileNotFoundError:
        return found
    for child in children:
        try:
            with open(f"/proc/{child}/stat", "rb") as file:
                if file.read().rpartition(b")")[2].split()[0] == b"Z":
                    found.append(int(child))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def bury():
    """Waits for every ended child, so that none stays behind as a zombie."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        pass
