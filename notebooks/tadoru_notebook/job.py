"""What the runner told this notebook: where results go and how much memory there is."""

import json
import math
import os
import platform
import resource
import time
from importlib.metadata import PackageNotFoundError, version

_started = time.monotonic()


def output_folder():
    """The folder that the runner collects results from."""
    folder = os.environ.get("TADORU_OUTPUT") or os.path.join(os.getcwd(), "output")
    os.makedirs(folder, exist_ok=True)
    return folder


def output(name):
    return os.path.join(output_folder(), name)


def memory_limit_bytes():
    """The hard limit of this process, or None."""
    soft, _ = resource.getrlimit(resource.RLIMIT_DATA)
    return None if soft == resource.RLIM_INFINITY else soft


def versions():
    """What a kept model depends on."""
    found = {"python": platform.python_version()}
    for name in ("autogluon.tabular", "lightgbm", "xgboost-cpu", "catboost", "scikit-learn", "pandas", "numpy", "pyarrow"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def write_result(**result):
    """Writes `result.json`; numbers that JSON does not have become null."""
    result["seconds"] = {**result.get("seconds", {}), "kernel": round(time.monotonic() - _started, 2)}
    partial = output("result.json.part")
    with open(partial, "w", encoding="utf-8") as file:
        json.dump(jsonable(result), file, ensure_ascii=False, indent=1)
    os.replace(partial, output("result.json"))


def jsonable(value):
    """A value in JSON's own kinds."""
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [jsonable(item) for item in value]
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)
