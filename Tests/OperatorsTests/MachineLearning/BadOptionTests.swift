import Operators
import TestKit
import Testing
import Values
import WorkflowEngine

@Suite struct BadOptionTests {
  private func message(
    _ worker: (NotebookServices) -> any Operator,
    _ command: Value?,
    parameters: ObjectValue = [:]
  ) async throws -> String? {
    let fixture = try await MachineLearningFixture()
    let context = fixture.context(command, parameters: parameters)
    return await fixture.failure(worker(fixture.services()), context)?.description
  }

  @Test func `options beside the operator instead of below it are told apart from none`()
    async throws
  {
    let options: ObjectValue = ["notebook": "gluon_train"]
    #expect(
      try await message(MLTrainOperator.init, nil, parameters: options)
        == "`ml_train>` has no options: indent the options below `ml_train>:`, `notebook` among them (config)"
    )
  }

  @Test func `a text in place of the map is refused`() async throws {
    let text = try await message(MLPredictOperator.init, "gluon_predict")
    #expect(
      text?.hasPrefix("`ml_predict>` expects a map of options, found `gluon_predict` (string)")
        == true
    )
  }

  @Test func `an unknown notebook is answered with those there are`() async throws {
    #expect(
      try await message(MLTrainOperator.init, ["notebook": "gluon_trian"])
        == "`ml_train>` has no notebook `gluon_trian`; did you mean `gluon_train`?; a notebook of your own "
        + "is run with `ipynb>` (config)"
    )
  }

  @Test(
    arguments: [
      (["notebook": "gluon_train"], ["`gluon_train`", "`input_table`"]),
      (
        ["notebook": "gluon_train", "input_table": "db.t", "model_name": "m"],
        ["`gluon_train`", "`target_column`"]
      ),
      (
        ["notebook": "gluon_train", "input_table": "db.t", "model_name": "m", "target_colum": "y"],
        ["`target_column`"]
      ),
      (
        [
          "notebook": "gluon_train", "input_table": "db.t", "model_name": "m",
          "target_column": "y", "time_limt": 5,
        ], ["`time_limt`", "did you mean `time_limit`?"]
      ),
      (
        [
          "notebook": "gluon_train", "input_table": "db.t", "model_name": "m",
          "target_column": "y", "time_limit": "60 x 3",
        ], ["`time_limit`", "`60 x 3`"]
      ),
      (
        [
          "notebook": "gluon_train", "input_table": "db.t", "model_name": "m",
          "target_column": "y", "share_model": "perhaps",
        ], ["`share_model`", "true or false", "`perhaps`"]
      ),
      (
        [
          "notebook": "gluon_train", "input_table": "db.t", "model_name": "a/m",
          "target_column": "y",
        ], ["`model_name`", "`a/m`"]
      ),
      (
        [
          "notebook": "gluon_train", "input_table": "t", "model_name": "m",
          "target_column": "y",
        ], ["`input_table`", "`t` has no database", "`td.database`"]
      ),
    ] as [(Value, [String])]
  )
  func `an option that is missing, misspelt or of the wrong kind is named`(
    command: Value,
    words: [String]
  ) async throws {
    let text = try #require(try await message(MLTrainOperator.init, command))
    for word in words { #expect(text.contains(word)) }
    #expect(text.hasSuffix("(config)"))
  }

  @Test func `a prediction needs exactly one way to its model`() async throws {
    let tables: ObjectValue = [
      "notebook": "gluon_predict", "input_table": "db.t", "output_table": "db.u",
    ]
    let none = try await message(MLPredictOperator.init, .object(tables))
    #expect(none?.hasPrefix("`ml_predict>` needs `model_name`, or `shared_model`") == true)
    let both = tables.merging(["model_name": "m", "shared_model": "u"])
    let text = try await message(MLPredictOperator.init, .object(both))
    #expect(text?.contains("either `model_name` or `shared_model`, found both") == true)
  }

  @Test func `a parameter that Python cannot name is refused with one that it can`() async throws {
    let fixture = try await MachineLearningFixture()
    try fixture.writeNotebook("n.ipynb", "1")
    let worker = NotebookOperator(fixture.services())
    let bad = fixture.context(["notebook": "n", "max-depth": 3])
    #expect(await fixture.failure(worker, bad)?.message.contains("such as `max_depth`") == true)
    let word = fixture.context(["notebook": "n", "class": "x"])
    #expect(await fixture.failure(worker, word)?.message.contains("such as `class_`") == true)
  }

  @Test func `a notebook that does not exist is answered with the nearest`() async throws {
    let fixture = try await MachineLearningFixture()
    try fixture.writeNotebook("notebooks/report.ipynb", "1")
    let context = fixture.context(["notebook": "notebooks/reprot"])
    let failure = await fixture.failure(NotebookOperator(fixture.services()), context)
    #expect(failure?.code == .config)
    #expect(failure?.message.contains("`notebooks/report.ipynb`") == true)
  }

  @Test func `a missing Python environment is answered with the command that makes it`()
    async throws
  {
    let fixture = try await MachineLearningFixture()
    try fixture.writeNotebook("n.ipynb", "1")
    let services = fixture.services(runtime: fixture.folder.path + "/nowhere")
    let context = fixture.context(["notebook": "n"])
    let failure = await fixture.failure(NotebookOperator(services), context)
    #expect(failure?.code == .config)
    #expect(failure?.message.contains("`make runtime`") == true)
    #expect(try fixture.runs().isEmpty)
  }
}
