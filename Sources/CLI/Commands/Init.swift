import ArgumentParser
import Foundation

/// `tadoru init`: a small project that runs.
struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Makes a small project that runs.")

  @Argument(help: "The folder of the new project.")
  var directory: String

  func run() throws {
    let folder = URL(filePath: directory)
    let name = folder.standardizedFileURL.lastPathComponent
    for file in ProjectTemplate.files
    where FileManager.default.fileExists(
      atPath: folder.appending(path: file.name).path(percentEncoded: false)
    ) {
      throw CommandFailure(
        .usage,
        "`\(directory)/\(file.name)` is there already, nothing was written",
        hint: "choose another folder"
      )
    }
    do {
      for file in ProjectTemplate.files {
        let path = folder.appending(path: file.name)
        try FileManager.default.createDirectory(
          at: path.deletingLastPathComponent(),
          withIntermediateDirectories: true
        )
        try file.text.write(to: path, atomically: true, encoding: .utf8)
      }
    } catch {
      throw CommandFailure(
        .failed,
        "`\(directory)` cannot be written: \(error.localizedDescription)"
      )
    }
    StandardOutput.line(
      "made the project `\(name)`: \(ProjectTemplate.files.map(\.name).joined(separator: ", "))"
    )
    StandardOutput.line("run it: tadoru run \(directory)/hello.dig")
    StandardOutput.line("test it: tadoru test \(directory)")
  }
}

/// What a new project is made of.
enum ProjectTemplate {
  static let files = [
    (
      name: "hello.dig",
      text: """
      # A workflow: tasks run from top to bottom. `tadoru run hello.dig` runs it.
      timezone: UTC

      _export:
        greeting: Hello
        td:
          engine: presto
          database: hello

      +greet:
        echo>: ${greeting} from session ${session_time}

      +tables:
        td_ddl>:
        create_databases: ["hello"]
        create_tables: ["visits"]

      +count:
        td>: queries/visits.sql
        create_table: visits

      +measure:
        td>:
          data: SELECT count(*) AS visits, sum(pages) AS pages FROM visits
        store_last_results: true

      +report:
        echo>: ${td.last_results.visits} visits, ${td.last_results.pages} pages

      +many:
        if>: ${td.last_results.pages > 10}
        _do:
          echo>: that is a busy day
        _else_do:
          echo>: that is a quiet day

      """
    ),
    (
      name: "queries/visits.sql",
      text: """
      SELECT visitor, pages
      FROM (VALUES ('ada', 5), ('grace', 8)) AS v(visitor, pages)

      """
    ),
    (
      name: "tests/hello.test.yml",
      text: """
      # `tadoru test` runs this: without a warehouse unless a test asks for one, and never sends or trains anything.
      workflow: hello
      session: 2026-01-05
      tests:
        - name: few pages make a quiet day
          answers:
            +measure: {results: [{visits: 1, pages: 3}]}
          expect:
            output: {contains: [Hello from session 2026-01-05, that is a quiet day]}
            statements:
              +measure: SELECT count(*) AS visits, sum(pages) AS pages FROM visits
        - name: the visits of the query make a busy day
          warehouse: real
          expect:
            output: {contains: ["2 visits, 13 pages", that is a busy day]}

      """
    ),
    (name: ".gitignore", text: ".tadoru/\n"),
  ]
}
