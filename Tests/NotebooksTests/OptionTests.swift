import Foundation
import Notebooks
import TestKit
import Testing
import Values

@Suite struct OptionTests {
  private let catalog = NotebookCatalog(folder: "\(NotebookFixture.root)notebooks")
  private let least: ObjectValue = [
    "input_table": "ml.t", "target_column": "class", "model_name": "m",
  ]

  private func train(_ more: ObjectValue) throws -> ShippedNotebook.Options {
    try catalog.notebook(named: "gluon_train").check(least.merging(more))
  }

  private func refusal(_ more: ObjectValue) -> String? {
    do {
      _ = try train(more)
      return nil
    } catch {
      return (error as? NotebookError)?.message
    }
  }

  @Test func `fills in the documented defaults`() throws {
    let options = try train([:])
    #expect(options.parameters["time_limit"] == 3600)
    #expect(options.parameters["presets"] == "very_light")
    #expect(options.parameters["ignore_columns"] == ["time"])
    #expect(options.parameters["oversampling_threshold"] == 0.001)
    #expect(options.parameters["proba_calibration"] == true)
    #expect(options.operatorValues["share_model"] == false)
    #expect(options.warnings.isEmpty)
  }

  @Test func `reads texts as the kinds that options have`() throws {
    let options = try train([
      "time_limit": "60 * 3", "ignore_columns": "a, b", "proba_calibration": "false",
      "oversampling_threshold": "0", "model_name": 161_722_236, "share_model": "true",
      "docker": ["task_mem": "64g"], "notebook": "gluon_train", "export_leaderboard": "db.l",
    ])
    #expect(options.parameters["time_limit"] == 180.0)
    #expect(options.parameters["ignore_columns"] == ["a", "b"])
    #expect(options.parameters["proba_calibration"] == false)
    #expect(options.parameters["model_name"] == "161722236")
    #expect(options.operatorValues["share_model"] == true)
    #expect(options.operatorValues["export_leaderboard"] == "db.l")
    #expect(options.parameters["docker"] == nil)
  }

  @Test func `says what was expected and found`() throws {
    #expect(
      refusal(["problem_type": "binery"])
        == "`problem_type` must be one of auto, binary, multiclass, regression, quantile, found `binery`; did you mean `binary`?"
    )
    #expect(
      refusal(["time_limit": "soon"])
        == "`time_limit` must be seconds, as `600` or `60 * 10`, found `soon`"
    )
    #expect(
      refusal(["time_limit": 90_000]) == "`time_limit` must be between 1 and 86400, found `90000`"
    )
    #expect(
      refusal(["input_table": "a.b.c"])
        == "`input_table` must be a table as `database.table`, found `a.b.c`"
    )
    #expect(
      refusal(["oversampling_threshold": 2])
        == "`oversampling_threshold` must be between 0 and 0.5, found `2`"
    )
    #expect(throws: NotebookError.self) {
      try catalog.notebook(named: "gluon_train").check(["input_table": "a.b"])
    }
  }

  @Test func `takes a near miss for a slip and ignores what is far off`() throws {
    #expect(
      refusal(["time_limt": 5])
        == "notebook `gluon_train` has no option `time_limt`; did you mean `time_limit`?"
    )
    #expect(
      try train(["zzz": 1]).warnings
        == ["notebook `gluon_train` has no option `zzz`: it is ignored"]
    )
  }

  @Test func `suggests names of notebooks`() throws {
    let error = try #require(throws: NotebookError.self) {
      try catalog.notebook(named: "gluon_trian")
    }
    #expect(error.code == .notebookMissing)
    #expect(error.message.contains("did you mean `gluon_train`"))
  }

  @Test func `declares what the notebooks read, and ships what it declares`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: catalog.folder)
      .filter { $0.hasSuffix(".ipynb") }.map { String($0.dropLast(6)) }
    #expect(files.sorted() == catalog.notebooks.map(\.name).sorted())
    for notebook in catalog.notebooks {
      let text = try String(contentsOfFile: catalog.file(of: notebook), encoding: .utf8)
      let cells = try #require(JSON.decode(text).object?["cells"]?.array)
      let tagged = cells.filter { $0.object?[path: ["metadata", "tags"]] == ["parameters"] }
      let source = try #require(tagged.first?.object?["source"]?.array).compactMap(\.string)
      let names = source.filter { $0.contains(" = ") }.map { String($0.prefix { $0 != " " }) }
      let declared = notebook.options.filter { $0.reader != .operator }.map(\.name)
      #expect(Set(names).subtracting(["input_path", "model_path"]) == Set(declared))
    }
  }
}

@Suite struct NotebookFindingTests {
  private let catalog = NotebookCatalog(folder: "\(NotebookFixture.root)notebooks")

  @Test func `finds a user's notebook with and without its ending`() throws {
    let fixture = try NotebookFixture()
    let file = try fixture.folder.write("{}", to: "eda/report.ipynb")
    let project = fixture.folder.path
    let expected = URL(filePath: file).standardizedFileURL.path(percentEncoded: false)
    #expect(try catalog.find("eda/report", in: project) == expected)
    #expect(try catalog.find("eda/report.ipynb", in: project) == expected)
  }

  @Test func `suggests the nearest and refuses to leave the project`() throws {
    let fixture = try NotebookFixture()
    try fixture.folder.write("{}", to: "project/eda/report.ipynb")
    try fixture.folder.write("{}", to: "outside.ipynb")
    let project = "\(fixture.folder.path)/project"
    let missing = try #require(throws: NotebookError.self) {
      try catalog.find("eda/raport", in: project)
    }
    #expect(missing.message.contains("did you mean `eda/report.ipynb`?"))
    let outside = try #require(throws: NotebookError.self) {
      try catalog.find("../outside", in: project)
    }
    #expect(outside.message.contains("outside the project"))
  }
}
