"""Runs one notebook job and leaves no process behind: `python -m tadoru_notebook.supervise JOB.json`.

The kernel of a notebook has a session and a process group of its own, so no signal to a group reaches it. This process
stands between the caller and the notebook. It adopts every orphan below it, and ends them all when the notebook is over,
when it gets SIGTERM, when its caller disappears (even by SIGKILL), or when the time limit has passed and the notebook's
own process has not seen to it. Standard library only.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from . import processes

# What the notebook's process gets to keep the notebook and to write its page.
GRACE_SECONDS = 2.5
# How long after the time limit this process steps in.
LATENESS_SECONDS = 15


class Supervisor:
    def __init__(self, job_file):
        self.job_file = job_file
        with open(job_file, encoding="utf-8") as file:
            self.job = json.load(file)
        self.asked_to_stop = False
        self.timed_out = False

    def run(self):
        processes.adopt_orphans()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        # Sockets of the kernel live here: their paths may have 107 bytes, which a work folder can exceed.
        sockets = tempfile.mkdtemp(prefix="tadoru-", dir=_short_folder())
        try:
            child = subprocess.Popen(
                [sys.executable, "-m", "tadoru_notebook.execute", self.job_file],
                env={**os.environ, "JUPYTER_RUNTIME_DIR": sockets},
                stdin=subprocess.DEVNULL,
            )
            self._wait(child)
            if child.poll() is None:
                self._end(child)
            processes.kill_below(os.getpid())
            processes.bury()
            self._explain(child.returncode)
            return child.returncode if child.returncode >= 0 else 128 - child.returncode
        finally:
            shutil.rmtree(sockets, ignore_errors=True)

    def _stop(self, number, frame):
        self.asked_to_stop = True

    def _wait(self, child):
        limit = self.job.get("timeout")
        end = time.monotonic() + limit + LATENESS_SECONDS if limit else None
        while child.poll() is None:
            if self.asked_to_stop or os.getppid() != self.job["parent"]:
                return
            if end and time.monotonic() > end:
                self.timed_out = True
                return
            self._reap(child)
            time.sleep(0.05)

    def _reap(self, child):
        """Buries adopted orphans; the child's own end is left to `child.poll`."""
        for pid in processes.zombies_of(os.getpid()):
            if pid != child.pid:
                try:
                    os.waitpid(pid, os.WNOHANG)
                except ChildProcessError:
                    pass

    def _end(self, child):
        processes.kill_below(os.getpid(), spare=(child.pid,))
        child.terminate()
        try:
            child.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _explain(self, status):
        """Writes why the notebook's process ended, where it could not do so itself."""
        if os.path.exists(self.job["outcome"]):
            return
        if self.timed_out:
            error = {"code": "timedOut", "message": f"the notebook exceeded its limit of {self.job['timeout']:g} s"}
        elif self.asked_to_stop:
            error = {"code": "cancelled", "message": "the notebook was cancelled"}
        elif status == -signal.SIGKILL:
            error = {
                "code": "outOfMemory",
                "message": "the notebook's process was killed from outside, mostly because the machine ran out of memory",
            }
        else:
            error = {"code": "runnerFailed", "message": f"the notebook's process ended with status {status}"}
        try:
            with open(self.job["outcome"], "w", encoding="utf-8") as file:
                json.dump({"error": error}, file)
        except OSError as problem:  # the status is all that is left to tell by
            print(f"cannot write `{self.job['outcome']}`: {problem.strerror}", flush=True)


def _short_folder():
    return "/tmp" if os.access("/tmp", os.W_OK) else None


if __name__ == "__main__":
    sys.exit(Supervisor(sys.argv[1]).run())
