"""papermill, with our limits, live lines and a kernel that listens on sockets in a folder, not on ports."""

import re

import nbformat
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.execute import execute_notebook
from traitlets.config import Config

from .failures import BadNotebook


def execute(execution, kernel):
    """Runs the notebook of an execution; raises what papermill raises."""
    job = execution.job
    _refuse_other_languages(job["notebook"])
    papermill_engines.register("tadoru", _engine(execution))
    execute_notebook(
        job["notebook"].replace("{", "{{").replace("}", "}}"),
        job["executed"].replace("{", "{{").replace("}", "}}"),
        parameters=job["parameters"],
        engine_name="tadoru",
        kernel_name=kernel,
        language="python",
        progress_bar=False,
        stdout_file=execution.live,
        stderr_file=execution.live,
        cwd=job["working_directory"],
        autosave_cell_every=5,
    )


def _engine(execution):
    class Engine(NBClientEngine):
        @classmethod
        def execute_notebook(cls, nb, kernel_name, output_path=None, **options):
            manager = _manager(execution)(
                nb, output_path=output_path, progress_bar=False, autosave_cell_every=options["autosave_cell_every"]
            )
            execution.manager = manager
            manager.notebook_start()
            try:
                client = PapermillNotebookClient(
                    manager,
                    kernel_name=kernel_name,
                    timeout=None,
                    startup_timeout=120,
                    stdout_file=options["stdout_file"],
                    stderr_file=options["stderr_file"],
                    config=Config({"KernelManager": {"transport": "ipc"}}),
                )
                client.execute()
            finally:
                manager.notebook_complete()
            return manager.nb

    return Engine


def _manager(execution):
    class Manager(NotebookExecutionManager):
        def cell_start(self, cell, cell_index=None, **options):
            heading = re.match(r"#+ +(.+)", cell.source) if cell.cell_type == "markdown" else None
            if heading:
                execution.live.line(f"== {heading[1]}")
            if cell.cell_type == "code":
                execution.watchdog.cell_started(cell_index + 1)
            return super().cell_start(cell, cell_index, **options)

        def cell_complete(self, cell, cell_index=None, **options):
            execution.watchdog.cell_ended()
            return super().cell_complete(cell, cell_index, **options)

    return Manager


def _refuse_other_languages(path):
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as raised:  # nbformat raises whatever its parsers raise
        raise BadNotebook(f"`{path}` is no notebook: {str(raised).splitlines()[0]}") from raised
    language = notebook.metadata.get("kernelspec", {}).get("language", "python")
    if language.lower() != "python":
        raise BadNotebook(f"`{path}` is written in {language}; only notebooks in Python can be run")
