import Foundation
import Operators
import TestKit
import Testing
import Tracking
import Values
import WorkflowEngine

/// Notebooks of the user, executed for real.
@Suite(.serialized) struct OwnNotebookTests {
  @Test func `parameters arrive with their types, and the notebook is kept and recorded`()
    async throws
  {
    let fixture = try await MachineLearningFixture()
    try fixture.writeNotebook(
      "sub/report.ipynb",
      parameters: "region = 'none'\nlevels = []\nsettings = {}",
      """
      import json, os
      print("region", region, levels[1] + 1, settings["deep"]["on"] is True)
      print("beside", os.path.basename(os.getcwd()))
      with open(os.environ["TADORU_OUTPUT"] + "/result.json", "w") as file:
          json.dump({"metrics": {"share": 0.25}, "warnings": ["few rows"]}, file)
      """
    )
    let context = fixture.context(
      [
        "notebook": "report", "region": "EMEA", "levels": [1, 2],
        "settings": ["deep": ["on": true]], "docker": ["task_mem": "900t"], "timeout": "60 * 2",
      ],
      task: "+flow+réport^sub+a b",
      directory: "project/sub"
    )
    let services = fixture.services(machineMemory: 8 << 30)
    let result = try await fixture.run(NotebookOperator(services), context)

    #expect(fixture.log.texts.contains("region EMEA 3 True"))
    #expect(fixture.log.texts.contains("beside sub"))
    #expect(
      fixture.log.warnings == [
        "`task_mem: 900t` is more than this machine has: limited to 8.0 GiB", "few rows",
      ]
    )
    let address = try #require(result.store[path: ["automl", "last_executed_notebook"]]?.string)
    #expect(address.hasPrefix("file:///") && address.hasSuffix("/notebook.html"))
    let page = try #require(URL(string: address))
    #expect(try String(contentsOf: page, encoding: .utf8).contains("EMEA"))
    #expect(result.store[path: ["automl", "last_executed_user_id"]] == 1)
    #expect(result.store[path: ["automl", "last_executed_user_email"]] == "ada@example.com")
    #expect(result.reset.isEmpty)

    let run = try #require(try fixture.runs().first)
    #expect(run.status == .finished && run.experiment == "income/flow" && run.name == "report")
    #expect(run.lineage.task == "+flow+réport^sub+a b" && run.lineage.attemptID == 7)
    #expect(run.lineage.notebook == address)
    #expect(try fixture.store.params(of: run.id)["levels"] == "[1,2]")
    #expect(try fixture.store.tags(of: run.id)["tadoru.operator"] == "ipynb")
    #expect(try fixture.store.latestMetrics(of: run.id).map(\.value) == [0.25])
    #expect(
      try fixture.store.artifactFiles(of: run.id).map(\.path) == [
        "notebook.html", "notebook.ipynb",
      ]
    )
    #expect(try fixture.keptFiles("+flow+r_port^sub+a_b").contains("notebook.ipynb"))
  }

  @Test func `a cell that raises is named, and every try keeps its notebook`() async throws {
    let fixture = try await MachineLearningFixture()
    try fixture.writeNotebook("n.ipynb", "print('so far')", "{}['missing']")
    let context = fixture.context(["notebook": "n.ipynb"], task: "+flow+n")
    let worker = NotebookOperator(fixture.services())
    let failure = try #require(await fixture.failure(worker, context))
    #expect(failure.code == .runtime)
    #expect(failure.message.contains("raised KeyError: 'missing'; the notebook is kept in `/"))
    #expect(failure.detail?.contains("KeyError") == true)
    #expect(await fixture.failure(worker, context) != nil)
    #expect(try fixture.keptFiles("+flow+n").contains("notebook.html"))
    #expect(try fixture.keptFiles("+flow+n~2").contains("notebook.html"))

    let runs = try fixture.runs()
    #expect(runs.map(\.status) == [.failed, .failed])
    let tags = try fixture.store.tags(of: runs[0].id)
    #expect(tags["tadoru.error"]?.string?.contains("KeyError") == true)
    #expect(try fixture.store.artifactFiles(of: runs[0].id).count == 2)
  }

  @Test func `a cell beyond its limit is ended`() async throws {
    let fixture = try await MachineLearningFixture()
    try fixture.writeNotebook("n.ipynb", "import threading\nthreading.Event().wait()")
    let context = fixture.context(["notebook": "n", "timeout": 2])
    let failure = await fixture.failure(NotebookOperator(fixture.services()), context)
    #expect(failure?.code == .runtime)
    #expect(failure?.message.contains("exceeded its limit of 2 s (`timeout`)") == true)
    #expect(failure?.message.contains("the notebook is kept in") == true)
  }

  @Test func `memory beyond the limit is told as such`() async throws {
    let fixture = try await MachineLearningFixture()
    try fixture.writeNotebook("n.ipynb", "x = bytearray(3 << 30)")
    let context = fixture.context(["notebook": "n", "docker": ["task_mem": "1g"]])
    let failure = await fixture.failure(NotebookOperator(fixture.services()), context)
    #expect(failure?.message.contains("limit 1.0 GiB, `task_mem`") == true)
    #expect(failure?.message.contains("the notebook is kept in") == true)
  }

  @Test func `a killed run is recorded as killed, with what was executed so far`() async throws {
    let fixture = try await MachineLearningFixture()
    try fixture.writeNotebook(
      "n.ipynb",
      "print('first')",
      "import threading\nprint('waiting now')\nthreading.Event().wait()"
    )
    let worker = NotebookOperator(fixture.services())
    let context = fixture.context(["notebook": "n"], task: "+flow+n")
    let wasCancelled = await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        do {
          _ = try await worker.run(context)
          return false
        } catch {
          return error is CancellationError
        }
      }
      await fixture.log.wait(for: "waiting now")
      group.cancelAll()
      return await group.next() ?? false
    }
    #expect(wasCancelled)
    #expect(try fixture.runs().map(\.status) == [.killed])
    #expect(try fixture.keptFiles("+flow+n").contains("notebook.ipynb"))
  }
}
