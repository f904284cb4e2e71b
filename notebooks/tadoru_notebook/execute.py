"""Executes one notebook with papermill and writes its page: `python -m tadoru_notebook.execute JOB.json`.

Started by `tadoru_notebook.supervise`. How it ended is written to the job's `outcome` file: `seconds`, and `error` with
`code`, `message` and `detail` when it failed. The executed notebook and its page are kept in either case.
"""

import json
import os
import signal
import sys
import time

from . import failures, processes
from .live import LiveOutput
from .watchdog import Watchdog

KERNEL = "tadoru"
# Exit status that says "no space left", for the case in which not even the outcome can be written.
DISK_FULL = 28


class Execution:
    def __init__(self, job):
        self.job = job
        self.started = time.monotonic()
        self.live = LiveOutput()
        self.watchdog = None
        self.manager = None

    def run(self):
        signal.signal(signal.SIGTERM, self._stop)
        self._prepare_kernel()
        error = None
        try:
            self._execute()
        except Exception as raised:  # every failure is reported, whatever it is
            error = failures.describe(raised, self)
        page_error = self._write_page()
        self._finish(error or page_error)
        return 1 if error or page_error else 0

    @property
    def notebook_name(self):
        return os.path.basename(self.job["notebook"])

    def _prepare_kernel(self):
        """Describes the one kernel there is, in folders that belong to this run alone."""
        scratch = self.job["scratch"]
        folder = f"{scratch}/jupyter/kernels/{KERNEL}"
        os.makedirs(folder, exist_ok=True)
        argv = [self.job["kernel_python"], "-m", "tadoru_notebook.kernel", "-f", "{connection_file}"]
        with open(f"{folder}/kernel.json", "w", encoding="utf-8") as file:
            json.dump({"argv": argv, "display_name": "Tadoru", "language": "python"}, file)
        os.environ.update(
            JUPYTER_PATH=f"{scratch}/jupyter",
            JUPYTER_CONFIG_DIR=f"{scratch}/jupyter/config",
            JUPYTER_DATA_DIR=f"{scratch}/jupyter",
            JUPYTER_PLATFORM_DIRS="1",
            IPYTHONDIR=f"{scratch}/ipython",
            TADORU_RUNNER=str(os.getpid()),
        )

    def _execute(self):
        from . import engine

        job = self.job
        self.watchdog = Watchdog(job.get("timeout"), job.get("cell_timeout"))
        engine.execute(self, KERNEL)

    def _write_page(self):
        """Makes the page of what was executed; returns the error if that fails."""
        if not os.path.exists(self.job["executed"]):
            return None
        from . import page

        try:
            page.write(self.job["executed"], self.job["html"])
        except Exception as raised:  # the notebook itself is kept all the same
            return failures.describe_page(raised, self)
        return None

    def _finish(self, error):
        outcome = {"seconds": round(time.monotonic() - self.started, 3)}
        if error:
            outcome["error"] = error
        partial = self.job["outcome"] + ".part"
        try:
            with open(partial, "w", encoding="utf-8") as file:
                json.dump(outcome, file, ensure_ascii=False)
            os.replace(partial, self.job["outcome"])
        except OSError as raised:
            self.live.line(f"cannot write `{self.job['outcome']}`: {raised.strerror}")
            os._exit(DISK_FULL if failures.is_disk_full(raised) else 1)

    def _stop(self, number, frame):
        """Keeps what there is, within the short time that a cancelled run has."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        processes.kill_below(os.getpid(), patience=0.5)
        try:
            if self.manager is not None:
                self.manager.save()
            self._write_page()
            self._finish({"code": "cancelled", "message": "the notebook was cancelled"})
        finally:
            os._exit(1)


def main(job_file):
    with open(job_file, encoding="utf-8") as file:
        job = json.load(file)
    processes.die_with_parent(os.getppid())
    return Execution(job).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
