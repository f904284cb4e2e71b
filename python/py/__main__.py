"""Runs one Python function or method for a `py>` task: python …/python/py EXCHANGE

EXCHANGE is a JSON file. At the start it holds `{"command": "module.Class.method", "params": {…}}`; at the end its
content is replaced by what came of it: `{"store": {…}, "export": {…}, "subtasks": {…}}`, or
`{"error": {"message": …, "class": …, "traceback": …}}` with exit code 1.

Works with every Python from 3.6 on and needs no package.
"""
import os
import sys

# Python put this file's folder first; projects find their own modules there instead.
HERE = os.path.dirname(os.path.abspath(__file__))


def main(exchange):
    from tadoru_py import calling, environment, outcome

    request = outcome.read(exchange)
    sys.path[0] = os.getcwd()
    environment.install(request["params"])
    try:
        calling.call(request["command"], request["params"])
    except SystemExit as end:
        # `sys.exit()` in a script means that it is done, as anywhere else.
        if end.code in (None, 0):
            code = 0
        elif isinstance(end.code, int):
            code = end.code & 0xFF or 1
        else:
            code = 1
        if code:
            outcome.write_failure(exchange, end, HERE)
            return code
    except BaseException as error:
        outcome.write_failure(exchange, error, HERE)
        return 1
    outcome.write(exchange, environment.left_behind())
    return 0


if __name__ == "__main__":
    sys.path[0] = HERE
    # What is printed is seen at once, although it goes through a pipe.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main(sys.argv[1]))
