"""The exchange file: what a task asks for, and what came of it."""
import json
import traceback


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write(path, result):
    # In place: the file was made for this user's eyes only.
    with open(path, "w", encoding="utf-8") as file:
        json.dump(result, file)


def write_failure(path, error, here):
    """Tells the error and where it happened, in the script's own terms."""
    lines = traceback.TracebackException(type(error), error, error.__traceback__)
    hide(lines, here)
    message = str(error.code) if isinstance(error, SystemExit) else str(error)
    write(path, {"error": {
        "message": message,
        "class": type(error).__name__,
        "traceback": "".join(lines.format()).rstrip("\n"),
    }})


def hide(lines, here):
    """Takes the frames of this runner and of the import machinery out."""
    while lines is not None:
        own = [frame for frame in lines.stack
               if not frame.filename.startswith((here, "<frozen importlib"))
               and not frame.filename.endswith("importlib/__init__.py")]
        lines.stack[:] = own
        lines = lines.__cause__ or lines.__context__
