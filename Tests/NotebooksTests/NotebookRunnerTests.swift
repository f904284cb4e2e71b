import Foundation
import Notebooks
import TestKit
import Testing
import Values

@Suite struct NotebookRunnerTests {
  @Test
  func `hands over parameters of every kind and brings back result, notebook, page and lines`()
    async throws
  {
    let fixture = try NotebookFixture()
    let parameters: ObjectValue = [
      "count": 161_722_236, "text": " >50K \"'\\ {x}", "share": 0.1, "flag": true, "none": nil,
      "nested": ["list": [1, "two", ["three": 3.0]]],
    ]
    let job = try fixture.job(
      [
        "count = 0\ntext = 0\nshare = 0\nflag = 0\nnone = 0\nnested = 0",
        """
        import json
        from tadoru_notebook import job
        print("line one"); print("\\x1b[31mred\\x1b[0m\\ttabbed")
        job.write_result(seen=[count, text, share, flag, none, nested], integer=type(count).__name__)
        """,
      ],
      parameters: parameters
    )
    let (result, lines) = try await fixture.run(job)

    #expect(result.result["seen"] == .array(parameters.values))
    #expect(result.result["integer"] == "int")
    #expect(lines == ["line one", "red\ttabbed"])
    #expect(try JSON.decode(fixture.text(result.executedNotebook)).object?["cells"] != nil)
    #expect(try fixture.text(result.html).contains("line one"))
    #expect(result.seconds > 0)
  }

  @Test func `names cell and exception of a failure and keeps the notebook`() async throws {
    let fixture = try NotebookFixture()
    let job = try fixture.job(["a = 1", "print('before')", "{}['absent key']", "print('never')"])
    let error = try #require(await fixture.failure(of: job))

    #expect(error.code == .cellFailed)
    #expect(error.message == "cell 3 of `own.ipynb` raised KeyError: 'absent key'")
    let detail = try #require(error.detail)
    #expect(detail.contains("KeyError") && !detail.contains("\u{1B}"))
    #expect(try fixture.text(#require(error.executedNotebook)).contains("before"))
    let page = try fixture.text(#require(error.html))
    #expect(page.contains("before") && page.contains("absent key") && !page.contains("never</"))
  }

  @Test func `shows a problem of the input as the one sentence it is`() async throws {
    let fixture = try NotebookFixture()
    let job = try fixture.job([
      "from tadoru_notebook.problem import InputProblem",
      "raise InputProblem('`label` of `db.t` is null in 3 of 10 rows')",
    ])
    let error = try #require(await fixture.failure(of: job))
    #expect(error.code == .badInput)
    #expect(error.message == "`label` of `db.t` is null in 3 of 10 rows")
  }

  @Test func `gives a notebook few variables, and secrets without writing them down`() async throws
  {
    let fixture = try NotebookFixture()
    let canary = "canary-8f1c"
    var job = try fixture.job([
      "import os",
      "from tadoru_notebook import job",
      "job.write_result(names=sorted(os.environ), length=len(os.environ['API_KEY']), cwd=os.getcwd())",
    ])
    job.secrets = ["API_KEY": Secret(canary)]
    job.environment = ["MINE": "1"]
    job.workingDirectory = fixture.folder.path
    let (result, _) = try await fixture.run(job)

    let names = try #require(result.result["names"]?.array).compactMap(\.string)
    #expect(
      names.contains("API_KEY") && names.contains("MINE") && names.contains("OMP_WAIT_POLICY")
    )
    #expect(!names.contains("USER") && !names.contains("SSH_AUTH_SOCK"))
    #expect(result.result["length"] == 11)
    #expect(result.result["cwd"]?.string?.hasPrefix(fixture.folder.path) == true)
    let found = try Finished("/usr/bin/grep", ["-rl", canary, fixture.folder.path])
    #expect(found.output.isEmpty && found.status == 1)
    #expect(!FileManager.default.fileExists(atPath: "\(job.workFolder)/scratch"))
  }

  @Test func `says which memory limit was too small`() async throws {
    let fixture = try NotebookFixture()
    var job = try fixture.job(["a = 1", "block = bytearray(3 << 30)"])
    job.memoryLimit = 1 << 30
    let error = try #require(await fixture.failure(of: job))
    #expect(error.code == .outOfMemory)
    #expect(
      error.message
        == "cell 2 of `own.ipynb` raised MemoryError (limit 1.0 GiB, `task_mem`)"
    )
  }

  @Test func `tells a full disk and a crash from other failures`() async throws {
    let fixture = try NotebookFixture()
    let full = try fixture.job(["a = 1", "open('/dev/full', 'w', buffering=1).write('x\\n')"])
    #expect(await fixture.failure(of: full)?.code == .diskFull)
    let crash = try fixture.job(["a = 1", "import os; os.kill(os.getpid(), 11)"])
    let error = try #require(await fixture.failure(of: crash))
    #expect(error.code == .kernelDied)
    #expect(error.message.contains("in cell 2 of `own.ipynb`"))
  }

  @Test func `refuses what is no Python notebook`() async throws {
    let fixture = try NotebookFixture()
    let foreign = try fixture.job(["x <- 1"], language: "R")
    let error = try #require(await fixture.failure(of: foreign))
    #expect(error.code == .badParameters)
    #expect(error.message.contains("is written in R"))

    let broken = NotebookJob(
      notebook: try fixture.folder.write("{\"cells\": 1", to: "broken.ipynb"),
      parameters: [:],
      workFolder: "\(fixture.folder.path)/work"
    )
    #expect(await fixture.failure(of: broken)?.code == .badParameters)

    let absent = NotebookJob(notebook: "/absent.ipynb", parameters: [:], workFolder: "w")
    #expect(await fixture.failure(of: absent)?.code == .notebookMissing)
  }

  @Test func `names the command that makes a missing runtime`() async throws {
    let fixture = try NotebookFixture()
    let runner = NotebookRunner(
      runtime: PythonRuntime(root: fixture.folder.path),
      catalog: fixture.catalog
    )
    let job = try fixture.job(["a = 1"])
    await #expect {
      _ = try await runner.run(job) { _ in }
    } throws: { error in
      let error = error as? NotebookError
      return error?.code == .runtimeMissing && error?.message.contains("`make runtime`") == true
    }
  }

  @Test func `reads the versions of the runtime`() async throws {
    let versions = try await NotebookFixture().runtime.check()
    #expect(versions.python.hasPrefix("3.11."))
    #expect(versions.autogluon == "1.6.3")
    #expect(versions.papermill == "2.7.0")
  }

  @Test func `reports a work folder that cannot be written`() async throws {
    let fixture = try NotebookFixture()
    var job = try fixture.job(["a = 1"])
    job.workFolder = try fixture.folder.write("a file", to: "occupied")
    let error = try #require(await fixture.failure(of: job))
    #expect(error.code == .runnerFailed)
    #expect(error.message.contains("`\(job.workFolder)`"))
  }
}
