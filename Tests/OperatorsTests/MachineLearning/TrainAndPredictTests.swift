import Foundation
import Operators
import SQLWarehouse
import TestKit
import Testing
import Tracking
import Values
import WorkflowEngine

/// The main job's two operators on a small table, executed for real.
@Suite(.serialized) struct TrainAndPredictTests {
  private static let people = """
    SELECT i AS id, i % 50 AS "education-num", CAST(i % 7 AS double) AS hours, 'c' || CAST(i % 3 AS varchar) AS city,
      CASE WHEN i % 50 > 24 AND i % 11 <> 0 THEN ' >50K' ELSE ' <=50K' END AS "class", i AS time
    FROM UNNEST(sequence(1, 300)) AS t(i)
    """
  private static let train: ObjectValue = [
    "notebook": "gluon_train", "model_name": "income", "input_table": "people",
    "target_column": "CLASS", "time_limit": "10 * 2", "share_model": "true",
    "hyperparameters": ["GBM": [:]], "export_leaderboard": "db.board",
    "export_feature_importance": "importance", "some_key_of_mine": 1,
  ]
  private static let td: ObjectValue = ["td": ["database": "db"]]

  @Test func `a training is a tracked run, a model and two tables; a prediction uses it`()
    async throws
  {
    let fixture = try await MachineLearningFixture()
    try await fixture.createTable("people", as: Self.people)
    let result = try await train(fixture)
    let shared = try #require(result.store[path: ["automl", "shared_model"]]?.string)
    try await checkTraining(fixture, shared: shared)
    try await predict(fixture)
    try await predictShared(fixture, shared: shared)
    try await refuse(fixture)
  }

  private func train(_ fixture: MachineLearningFixture) async throws -> TaskResult {
    let context = fixture.context(.object(Self.train), task: "+flow+train", parameters: Self.td)
    let result = try await fixture.run(MLTrainOperator(fixture.services()), context)
    #expect(result.reset == [["automl", "shared_model"]])
    #expect(result.store[path: ["automl", "last_executed_user_id"]] == 1)
    #expect(UUID(uuidString: result.store[path: ["automl", "shared_model"]]?.string ?? "") != nil)
    #expect(fixture.log.warnings.contains { $0.contains("`some_key_of_mine`") })
    return result
  }

  private func checkTraining(_ fixture: MachineLearningFixture, shared: String) async throws {
    let run = try #require(try fixture.runs().first)
    #expect(run.status == .finished && run.name == "income" && run.user.name == "ada")
    #expect(run.lineage.inputTable == "db.people" && run.lineage.sessionID == 5)
    let params = try fixture.store.params(of: run.id)
    #expect(params["time_limit"] == "20.0" && params["target_column"] == "class")
    #expect(params["share_model"] == "true" && params["oversampling_threshold"] == "0.001")
    let tags = try fixture.store.tags(of: run.id)
    #expect(tags["tadoru.input_rows"] == "300" && tags["tadoru.model"] == "ada/income")
    #expect(tags["problem_type"] == "binary" && tags["positive_class"] == " >50K")
    let metrics = try fixture.store.latestMetrics(of: run.id)
    let score = try #require(metrics.first { $0.name == "validation_roc_auc" })
    #expect((0.8...1).contains(score.value))
    #expect(
      try fixture.store.artifactFiles(of: run.id).map(\.path) == [
        "feature_importance.parquet", "leaderboard.parquet", "notebook.html", "notebook.ipynb",
      ]
    )
    let version = try fixture.store.model(.name("income"), for: run.user.id)
    #expect(version.run == run.id && version.sharedID == shared && version.version == 1)
    #expect(version.flavor["label"] == "class")
    #expect(try fixture.store.modelFiles(of: version).map(\.path).contains("MLmodel"))

    let board = try await fixture.rows("SELECT model, score_val FROM board")
    #expect(board.contains { $0["model"]?.string?.contains("LightGBM") == true })
    let features = try await fixture.rows("SELECT feature, importance FROM importance")
    #expect(features.contains { $0["feature"] == "education-num" })
    let kept = try fixture.keptFiles("+flow+train")
    #expect(kept.contains("notebook.ipynb") && kept.contains("notebook.html"))
    #expect(!kept.contains { $0 == "input.parquet" || $0.hasPrefix("output/model") })
  }

  private func predict(_ fixture: MachineLearningFixture) async throws {
    let context = fixture.context(
      [
        "notebook": "gluon_predict", "model_name": "income", "input_table": "people",
        "output_table": "db.predicted", "audience_name": "all", "foreign_key": "id",
        "export_leaderboard": "scores",
      ],
      task: "+flow+predict",
      parameters: Self.td
    )
    _ = try await fixture.run(MLPredictOperator(fixture.services()), context)
    let rows = try await fixture.rows(
      """
      SELECT "class", predicted_class, predicted_proba, json_parse(predicted_probabilities) AS p
      FROM predicted ORDER BY id
      """
    )
    #expect(rows.count == 300)
    let right = rows.count { $0["class"] == $0["predicted_class"] }
    #expect(right > 240)
    #expect(rows.allSatisfy { (0...1).contains($0["predicted_proba"]?.double ?? -1) })
    #expect(fixture.log.warnings.contains { $0.contains("customer data platform") })
    let run = try #require(try fixture.runs().first { $0.name == "predict income" })
    #expect(run.status == .finished)
    let metrics = try fixture.store.latestMetrics(of: run.id)
    #expect(metrics.contains { $0.name == "roc_auc" && $0.value > 0.8 })
    #expect(!(try await fixture.rows("SELECT model FROM scores")).isEmpty)
    #expect(try fixture.keptFiles("+flow+predict").contains("output/predictions.parquet") == false)
  }

  /// Another user, who has the UUID; the label is not in the table.
  private func predictShared(_ fixture: MachineLearningFixture, shared: String) async throws {
    try await fixture.createTable(
      "unknown",
      as: "SELECT id, \"education-num\", hours, city FROM people WHERE id <= 10"
    )
    let worker = MLPredictOperator(fixture.services(user: "bob"))
    let options: ObjectValue = [
      "notebook": "gluon_predict", "shared_model": .string(shared), "input_table": "db.unknown",
      "output_table": "brought.guessed", "rowid_column": "ID", "output_mode": "append",
    ]
    for _ in 1...2 {
      let context = fixture.context(.object(options), task: "+flow+shared")
      let result = try await fixture.run(worker, context)
      #expect(result.store[path: ["automl", "last_executed_user_email"]] == "bob@example.com")
    }
    let table = TableName(database: "brought", table: "guessed")
    let columns = try await fixture.warehouse.columns(of: table).map(\.name)
    #expect(columns == ["id", "class", "predicted_proba", "predicted_probabilities"])
    #expect(try await fixture.rows("SELECT count(*) AS n FROM brought.guessed")[0]["n"] == 20)
  }

  private func refuse(_ fixture: MachineLearningFixture) async throws {
    let options: ObjectValue = [
      "notebook": "gluon_predict", "model_name": "income", "input_table": "db.people",
      "output_table": "db.u",
    ]
    func message(_ user: String, _ changes: ObjectValue) async -> String? {
      await fixture.failure(
        MLPredictOperator(fixture.services(user: user)),
        fixture.context(.object(options.merging(changes)))
      )?.description
    }
    let before = try fixture.runs().count
    #expect(
      await message("ada", ["model_name": "incme"])
        == "model `incme` not found; did you mean `income`? (config)"
    )
    let other = await message("bob", ["model_name": "ada/income"])
    #expect(other?.contains("belongs to the user `ada`; it is shared") == true)
    let unknown = await message("bob", ["model_name": nil, "shared_model": "no-such-id"])
    #expect(unknown?.contains("no shared model has the UUID `no-such-id`") == true)
    try await fixture.createTable("narrow", as: "SELECT id, city FROM people")
    let narrow = await message("ada", ["input_table": "db.narrow"])
    #expect(narrow?.contains("lacks 2 of the 4 columns that the model") == true)
    let rowid = await message("ada", ["rowid_column": "idd"])
    #expect(rowid?.contains("has no column `idd`; did you mean `id`?") == true)
    #expect(try fixture.runs().count == before)
  }

  @Test func `a model of another AutoGluon is refused with both versions`() async throws {
    let fixture = try await MachineLearningFixture()
    try await fixture.createTable("people", as: Self.people)
    let user = try fixture.store.user(named: "ada")
    try fixture.folder.write("flavors: {}", to: "model/MLmodel")
    _ = try fixture.store.registerModel(
      NewModelVersion(
        owner: user.id,
        name: "old",
        run: nil,
        flavor: ["versions": ["autogluon.tabular": "1.2.0", "python": "3.11.9"]]
      ),
      from: fixture.folder.path + "/model"
    )
    let context = fixture.context([
      "notebook": "gluon_predict", "model_name": "old", "input_table": "db.people",
      "output_table": "db.u",
    ])
    let failure = await fixture.failure(MLPredictOperator(fixture.services()), context)
    #expect(failure?.code == .config)
    #expect(
      failure?.message.contains(
        "the model `ada/old` was trained with AutoGluon 1.2.0, and here is AutoGluon 1."
      ) == true
    )
  }
}
