"""What went wrong, in the words and codes that the caller shows. Standard library only."""

import errno
import traceback

from .live import plain

MEMORY_NAMES = ("MemoryError", "ArrayMemoryError", "_ArrayMemoryError", "ArrowMemoryError", "OutOfMemory")
MEMORY_WORDS = ("std::bad_alloc", "bad allocation", "Cannot allocate memory", "malloc of size", "can't start new thread")
DISK_WORDS = ("No space left on device", "Errno 28", "Disk quota exceeded")


class BadNotebook(Exception):
    """The file is no notebook that can be run."""


def describe(raised, execution):
    """The `error` of the outcome for an exception of papermill."""
    watchdog = execution.watchdog
    expired = watchdog.message if watchdog else None
    if expired:
        return _error("timedOut", expired)
    kind = type(raised).__name__
    if kind == "PapermillExecutionError":
        return _cell(raised, execution)
    if isinstance(raised, BadNotebook):
        return _error("badParameters", str(raised))
    if kind == "DeadKernelError":
        return _dead_kernel(execution)
    if is_disk_full(raised):
        return _error("diskFull", f"no space left on the device while `{execution.notebook_name}` was executed")
    return _error(
        "runnerFailed",
        f"`{execution.notebook_name}` could not be executed: {kind}: {_last_line(str(raised))}",
        "".join(traceback.format_exception(raised)),
    )


def describe_page(raised, execution):
    if is_disk_full(raised):
        return _error("diskFull", "no space left on the device for the notebook's page")
    return _error(
        "runnerFailed",
        f"no page could be made of `{execution.notebook_name}`: {type(raised).__name__}: {_last_line(str(raised))}",
        "".join(traceback.format_exception(raised)),
    )


def is_disk_full(raised):
    return isinstance(raised, OSError) and raised.errno in (errno.ENOSPC, errno.EDQUOT)


def _cell(raised, execution):
    """A cell raised; `raised` carries name and text of the exception and the coloured traceback."""
    detail = plain("\n".join(raised.traceback))
    if raised.ename == "InputProblem":
        return _error("badInput", raised.evalue, detail)
    number = execution.watchdog.cell
    last = f"{raised.ename}: {_last_line(raised.evalue)}".rstrip(": ")
    message = f"cell {number} of `{execution.notebook_name}` raised {last}"
    text = f"{raised.ename}: {raised.evalue}"
    if raised.ename in MEMORY_NAMES or any(word in text for word in MEMORY_WORDS):
        return _error("outOfMemory", f"{message}{_limit(execution)}", detail)
    if any(word in text for word in DISK_WORDS):
        return _error("diskFull", message, detail)
    return _error("cellFailed", message, detail)


def _dead_kernel(execution):
    where = f"in cell {execution.watchdog.cell} of `{execution.notebook_name}`"
    if execution.job.get("memory_limit"):
        return _error("outOfMemory", f"the kernel died {where}, most likely out of memory{_limit(execution)}")
    return _error(
        "kernelDied",
        f"the kernel died {where} without an exception: a crash in native code, or the machine ran out of memory",
    )


def _limit(execution):
    limit = execution.job.get("memory_limit")
    return f" (limit {limit / 2**30:.1f} GiB, `task_mem`)" if limit else ""


def _last_line(text):
    lines = [line.strip() for line in plain(text).splitlines() if line.strip()]
    return lines[-1] if lines else ""


def _error(code, message, detail=None):
    return {"code": code, "message": message} | ({"detail": detail} if detail else {})
