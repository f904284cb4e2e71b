import Foundation
import TestKit
import Testing
import Values

/// Templates that cannot be evaluated: the task fails, the attempt ends, and what ran before is kept.
@Suite struct BadTemplateTests {
  private func failure(of expression: String) async throws -> (String, TadoruProcess.Outcome) {
    let project = try ProjectFixture([
      "w.dig": "_export: {colour: red}\n+a:\n  echo>: first\n+b:\n  echo>: \"${\(expression)}\"\n"
    ])
    let (outcome, report) = try await project.run("w")
    #expect(outcome.status == 1)
    #expect(outcome.output == "first\n")
    #expect(report.status == "error")
    #expect(report.state("+w+a") == "success")
    #expect(outcome.errors.contains("+w+b failed at w.dig:4:1"))
    return (report.error("+w+b") ?? "", outcome)
  }

  @Test func `an undefined variable is named, with the nearest one`() async throws {
    let (message, outcome) = try await failure(of: "color")
    #expect(message.contains("color is not defined"))
    #expect(outcome.errors.contains("did you mean `colour`?"))
  }

  @Test func `an undefined variable that is near to nothing says how to set one`() async throws {
    let (message, outcome) = try await failure(of: "qqqqqqqqqqqqqqqqqqqqqqqqqqq")
    #expect(message.contains("is not defined"))
    #expect(outcome.errors.contains("`_export:`"))
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      "(function(){while(true){}})()",
      "(function(){try{while(true){}}catch(e){while(true){}}})()",
      "/^(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')",
    ]
  )
  func `an endless loop is stopped`(expression: String) async throws {
    let (message, _) = try await failure(of: expression)
    #expect(message.contains("stopped: a template may run for 300.0 ms"), "\(message)")
  }

  @Test func `a memory bomb is stopped`() async throws {
    let (message, _) = try await failure(of: "'x'.repeat(1e9)")
    #expect(message.contains("out of memory: a template may use 64 MB"), "\(message)")
  }

  @Test func `a bomb of many small pieces is stopped by one of the two limits`() async throws {
    let (message, _) = try await failure(
      of: "(function(){var a=[];while(true)a.push(new Array(100000).join('x'))})()"
    )
    #expect(message.contains("out of memory") || message.contains("stopped"), "\(message)")
  }

  @Test func `a call without end is stopped`() async throws {
    #expect(try await failure(of: "(function f(){return f()})()").0.contains("call stack"))
  }

  @Test func `a variable missing in an SQL file is named with file and line`() async throws {
    let project = try ProjectFixture([
      "w.dig": "+a:\n  td>: q/var.sql\n  database: d\n", "q/var.sql": "SELECT\n  ${nope} AS n\n",
    ])
    let (outcome, report) = try await project.run("w")
    #expect(outcome.status == 1)
    let message = report.error("+w+a") ?? ""
    #expect(message.contains("in `q/var.sql`: "))
    #expect(
      message.contains("${nope} in line 2 (ReferenceError: nope is not defined)"),
      "\(message)"
    )
  }
}
