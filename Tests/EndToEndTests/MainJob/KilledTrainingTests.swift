import Foundation
import TestKit
import Testing
import Values

@Suite(.serialized) struct KilledTrainingTests {
  /// Starts a training and gives it back in the middle of its work.
  private func startTraining(_ project: IncomeProject) async throws -> TadoruProcess {
    let process = TadoruProcess(
      ["run", "train", "--session", "2025-03-01", "-p", "seconds=60"],
      in: project.path,
      environment: ["TADORU_USER": "ada"]
    )
    try process.start()
    let processes = ProcessesOfFolder(project.path)
    let isTraining = try await processes.wait(atMost: .seconds(60)) { commands in
      commands.contains { $0.contains("tadoru_notebook.kernel") } && isFitting(project)
    }
    try #require(isTraining, "\(processes.commandLines)")
    return process
  }

  private func isFitting(_ project: IncomeProject) -> Bool {
    // why: the log is not there yet when the attempt has just started
    let logs = (try? project.files("attempts", ending: "attempt.log")) ?? []
    return logs.contains { name in
      let bytes = FileManager.default.contents(atPath: project.path + "/.tadoru/attempts/" + name)
      return String(decoding: bytes ?? Data(), as: UTF8.self).contains("AutoGluon training ...")
    }
  }

  private func statuses(_ project: IncomeProject) async throws -> [String?] {
    try await project.rows("SELECT status FROM tadoru.runs ORDER BY start_time")
      .map { $0["status"]?.string }
  }

  @Test(.timeLimit(.minutes(3)))
  func `kill -9 leaves no kernel behind after five seconds, and the session can be run again`()
    async throws
  {
    let project = try await IncomeProject()
    let process = try await startTraining(project)
    process.send(SIGKILL)
    let processes = ProcessesOfFolder(project.path)
    #expect(
      try await processes.wait(atMost: .seconds(5), until: \.isEmpty),
      "\(processes.commandLines)"
    )
    #expect(await process.finish().status == 128 + SIGKILL)
    let again = try await project.run("train", ["--session", "2025-03-01", "-p", "seconds=4"])
    #expect(again.outcome.status == 0, "\(again.outcome.errors)")
    #expect(try await statuses(project) == ["KILLED", "FINISHED"])
  }

  @Test(.timeLimit(.minutes(3)))
  func `an interrupt ends kernel and run, which is remembered as killed`() async throws {
    let project = try await IncomeProject()
    let process = try await startTraining(project)
    process.send(SIGINT)
    let outcome = await process.finish()
    #expect(outcome.status == 130, "\(outcome.errors)")
    let processes = ProcessesOfFolder(project.path)
    #expect(
      try await processes.wait(atMost: .seconds(5), until: \.isEmpty),
      "\(processes.commandLines)"
    )
    #expect(try await statuses(project) == ["KILLED"])
  }
}
