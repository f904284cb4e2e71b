import ArgumentParser
import Foundation
import Values

/// `tadoru doctor`: what is installed, where it was found and how to mend what is missing.
struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows every dependency, its version, where it was found and how to mend it.",
    discussion: "Exit code 0 when everything is there, 1 when something is missing."
  )

  @Flag(help: "Print the findings as JSON.")
  var json = false

  func run() async throws {
    let findings = await Examination(home: Home.ofThisProcess()).findings()
    if json {
      let report: Value = [
        "ok": .bool(findings.allSatisfy(\.isFound)), "version": .string(Version.number),
        "dependencies": .array(findings.map(\.value)),
      ]
      StandardOutput.line(JSON.encode(report, pretty: true))
    } else {
      StandardOutput.line(
        TextTable(
          header: ["", "dependency", "version", "needed for", "where"],
          rows: findings.map {
            [
              $0.isFound ? "ok" : "MISSING", $0.name, $0.version ?? "-", $0.purpose,
              $0.place ?? "-",
            ]
          }
        ).text
      )
      for missing in findings where !missing.isFound {
        StandardOutput.line(
          "\n\(missing.name): \(missing.problem ?? "not found")\n  mend it: \(missing.remedy)"
        )
      }
    }
    if !findings.allSatisfy(\.isFound) { throw ExitCode(Exit.failed.rawValue) }
  }
}

/// What was found out about one dependency.
struct Finding {
  let name: String
  let purpose: String
  var version: String?
  var place: String?
  var problem: String?
  let remedy: String

  var isFound: Bool { problem == nil }

  var value: Value {
    [
      "name": .string(name), "purpose": .string(purpose), "found": .bool(isFound),
      "version": version.map { .string($0) } ?? .null, "path": place.map { .string($0) } ?? .null,
      "problem": problem.map { .string($0) } ?? .null, "remedy": .string(remedy),
    ]
  }
}
