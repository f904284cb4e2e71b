import Foundation
import TestKit
import Testing
import Values

/// A project of the shape of the main job, on a small table: train, track, predict, evaluate, alert, record.
struct IncomeProject {
  let fixture: ProjectFixture

  init() async throws {
    fixture = try ProjectFixture(Self.workflows.merging(Self.queries) { first, _ in first })
    let made = try await fixture.run("tables", ["--session", "2025-01-01"])
    try #require(made.outcome.status == 0, "\(made.outcome.errors)")
  }

  var path: String { fixture.folder.path }

  /// Rows of a query, through the real executable.
  func rows(_ query: String, user: String = "ada") async throws -> [ObjectValue] {
    let outcome = try await TadoruProcess.run(
      ["query", query, "--database", "results", "--format", "json"],
      in: path,
      environment: ["TADORU_USER": user]
    )
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try JSON.decode(outcome.output).array?.compactMap(\.object) ?? []
  }

  func run(
    _ workflow: String,
    _ arguments: [String] = [],
    user: String = "ada"
  ) async throws -> (outcome: TadoruProcess.Outcome, report: AttemptReportText) {
    try await fixture.run(
      workflow,
      arguments,
      environment: ["TADORU_USER": user, "TADORU_USER_EMAIL": "\(user)@example.com"]
    )
  }

  /// The files in the state folder whose name ends so, as paths below it.
  func files(_ folder: String, ending: String) throws -> [String] {
    let root = path + "/.tadoru/" + folder
    guard FileManager.default.fileExists(atPath: root) else { return [] }
    return try FileManager.default.subpathsOfDirectory(atPath: root)
      .filter { $0.hasSuffix(ending) }.sorted()
  }

  private static let workflows = [
    "config/names.yaml": """
    input_database: census
    output_database: results
    train_table: people_train
    test_table: people_test
    target_column: class
    positive_class: ' >50K'
    """,
    "tables.dig": """
    _export:
      td: {database: census}
    +database:
      td_ddl>:
      create_databases: [census, results]
    +train:
      td>: queries/people.sql
      create_table: people_train
      first: 1
      last: 400
    +test:
      td>: queries/people.sql
      create_table: people_test
      first: 401
      last: 600
    """,
    "job.dig": """
    _export:
      !include : config/names.yaml
      td: {engine: presto, database: "${output_database}"}
    +tables:
      td_ddl>:
      create_databases: ["${output_database}"]
      create_tables: [experiments, evaluations]
    +train:
      ml_train>:
        docker: {task_mem: 128g}
        notebook: gluon_train
        model_name: income_${session_id}
        input_table: ${input_database}.${train_table}
        target_column: ${target_column}
        time_limit: 2 * 3
        hyperparameters: {GBM: {}}
        share_model: true
        export_leaderboard: ${output_database}.leaderboard
        export_feature_importance: ${output_database}.importance
    +track:
      td>: queries/track.sql
      insert_into: ${output_database}.experiments
      model_name: income_${session_id}
    +predict:
      ml_predict>:
        notebook: gluon_predict
        model_name: income_${session_id}
        input_table: ${input_database}.${test_table}
        output_table: ${output_database}.predicted_${session_id}
    +watch:
      call>: watch.dig
    """,
    "watch.dig": """
    _export:
      !include : config/names.yaml
      td: {engine: presto, database: "${output_database}"}
      table: "predicted_${typeof scored === 'undefined' ? session_id : scored}"
    +evaluate:
      td>: queries/auc.sql
      engine: hive
      store_last_results: true
    +alert:
      if>: ${td.last_results.auc < threshold}
      _do:
        mail>: {data: "The AUC is ${td.last_results.auc}."}
        subject: Modell driftet – AUC
        from: tadoru@example.com
        to: [team@example.com]
    +record:
      td>: queries/record.sql
      insert_into: ${output_database}.evaluations
    """,
    "shared.dig": """
    +predict:
      ml_predict>:
        notebook: gluon_predict
        shared_model: ${model}
        input_table: census.people_test
        output_table: results.guessed
        rowid_column: id
    """,
    "train.dig": """
    +train:
      ml_train>:
        notebook: gluon_train
        model_name: slow
        input_table: census.people_train
        target_column: class
        time_limit: ${seconds}
    """,
  ]

  private static let queries = [
    "queries/people.sql": """
    SELECT i AS id, i % 50 AS "education-num", CAST(i % 7 AS double) / 3 AS hours,
      concat('city ', CAST(i % 3 AS varchar)) AS city,
      if(i % 50 > 24 AND i % 11 <> 0, ' >50K', ' <=50K') AS "class"
    FROM UNNEST(sequence(${first}, ${last})) AS t (i)
    """,
    "queries/track.sql": """
    SELECT ${attempt_id} AS task_attempt_id, '${session_local_time}' AS session_time,
      '${automl.last_executed_user_id}' AS user_id,
      '${automl.last_executed_user_email}' AS user_email, '${model_name}' AS model_name,
      '${automl.shared_model}' AS shared_model,
      '${automl.last_executed_notebook}' AS notebook_url
    """,
    "queries/auc.sql": """
    SELECT auc(predicted_proba,
      if(cast(`${target_column}` AS string) == "${positive_class}", 1, 0)) AS auc
    FROM ${table}
    """,
    "queries/record.sql": """
    SELECT '${session_local_time}' AS session_time, '${table}' AS model_name,
      '${test_table}' AS test_table, ${td.last_results.auc} AS auroc
    """,
  ]
}
