"""The module `digdag` that scripts import: `digdag.env` reads parameters and leaves values and tasks behind."""
import json
import sys
import types


class Environment:
    """What a script sees of its task, as `digdag.env`."""

    def __init__(self, params):
        # All parameters of the task.
        self.params = params
        self._left = {"store": {}, "export": {}, "subtasks": {}, "state": {}}

    def store(self, params=None, **more):
        """Leaves values behind for all tasks that follow."""
        self._merge("store", params, more)

    def export(self, params=None, **more):
        """Leaves values behind for the subtasks of this task and for its `_check`."""
        self._merge("export", params, more)

    def set_state(self, params=None, **more):
        """Keeps values for the rest of this try."""
        self._merge("state", params, more)
        self.params.update(self._left["state"])

    def add_subtask(self, function=None, **params):
        """Adds a task that runs after this one: a function or method for `py>`, or the map of any task."""
        if function is None or isinstance(function, dict):
            task = dict(function or {}, **params)
        else:
            task = dict(params)
            task["py>"] = "%s.%s" % (function.__module__, function.__qualname__)
        subtasks = self._left["subtasks"]
        subtasks["+subtask%d" % len(subtasks)] = snapshot(task)

    def _merge(self, kind, params, more):
        for values in (params or {}, more):
            self._left[kind].update(snapshot(dict(values)))


def snapshot(values):
    """A copy made of JSON types only, so that what is changed later does not count."""
    try:
        return json.loads(json.dumps(values, default=scalar, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise TypeError("Parameters must be serializable using JSON: %s" % error) from None


def scalar(value):
    """Numbers of NumPy and the like know their Python value."""
    if hasattr(value, "item") and getattr(value, "shape", None) in ((), None):
        return value.item()
    raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


def install(params):
    module = types.ModuleType("digdag", __doc__)
    module.env = Environment(params)
    sys.modules["digdag"] = module


def left_behind():
    left = sys.modules["digdag"].env._left
    return {kind: left[kind] for kind in ("store", "export", "subtasks")}
