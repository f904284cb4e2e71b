"""The kernel's process: takes its limits, then becomes an ordinary IPython kernel."""

import os
import resource
import sys

from . import processes


def main():
    processes.die_with_parent(int(os.environ["TADORU_RUNNER"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit = os.environ.get("TADORU_MEMORY_LIMIT")
    if limit:
        resource.setrlimit(resource.RLIMIT_DATA, (int(limit), int(limit)))
    from ipykernel import kernelapp

    kernelapp.launch_new_instance()


if __name__ == "__main__":
    sys.exit(main())
