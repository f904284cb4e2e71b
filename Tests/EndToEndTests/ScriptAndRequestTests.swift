import TestKit
import Testing
import Values

/// `py>`, `http>` and what hands values on, through the real executable.
@Suite struct ScriptAndRequestTests {
  @Test func `values travel between Python, HTTP and later sessions`() async throws {
    let server = try HTTPServer()
    let project = try ProjectFixture([
      "flow.dig": """
      _export: {base: "http://127.0.0.1:\(server.port)"}
      +settings:
        store>: {x: "7"}
      +ask:
        http>: ${base}/told
        query: {x: "${x}"}
        store_content: true
      +work:
        py>: work.Job
        answer: ${JSON.parse(http.last_content).query.x}
        _check: {echo>: "check ${exported}"}
      +fetch: {http_call>: "${base}/fragment.json"}
      +keep:
        param_set>:
        kept: ${stored}
      """,
      "work.py": """
      import digdag
      class Job:
          def __init__(self, x): self.x = x
          def run(self, answer):
              print("job", self.x, answer)
              digdag.env.store(stored=answer + "!")
              digdag.env.export(exported="E")
              digdag.env.add_subtask(self.step, n=3)
          def step(self, n, exported): print("step", n, exported)
      """,
      "later.dig": """
      +read:
        param_get>:
        kept: found
      +show: {echo>: "${found}"}
      +fail: {py>: work.missing}
      """,
    ])
    let first = try await project.run("flow.dig")
    #expect(first.report.status == "success", "\(first.outcome.errors)")
    #expect(
      first.outcome.output == "job 7 [\"7\"]\nstep 3 E\ncheck E\nfrom afar\n"
    )
    let second = try await project.run("later.dig")
    #expect(second.outcome.output == "[\"7\"]!\n")
    #expect(
      second.report.error("+later+fail") == """
        Python command failed with code 1
        Error messages from python: Module 'work' has no attribute 'missing' (AttributeError) (runtime)
        """
    )
  }
}
