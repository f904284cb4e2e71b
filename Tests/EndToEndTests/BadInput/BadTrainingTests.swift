import Foundation
import TestKit
import Testing
import Values

/// Tables and models that no notebook can work with: refused by table, column and rows before a kernel starts.
@Suite struct BadTrainingTests {
  private static let tables = """
    _export:
      td: {database: ml}
    +database:
      td_ddl>:
      create_databases: [ml]
      create_tables: [empty]
    +rows:
      td>:
        data: |
          SELECT i AS id, i % 7 AS age, if(i % 2 = 0, 'y', 'n') AS label, 'one' AS single,
            if(i % 2 = 0, 'x') AS holes, CAST(NULL AS varchar) AS nothing
          FROM UNNEST(sequence(1, 60)) AS t (i)
      create_table: people
    +none:
      td>: {data: SELECT * FROM people WHERE false}
      create_table: nobody
    """

  private func project() async throws -> ProjectFixture {
    let project = try ProjectFixture(["tables.dig": Self.tables])
    let made = try await project.run("tables")
    try #require(made.outcome.status == 0, "\(made.outcome.errors)")
    return project
  }

  private func train(_ table: String, _ column: String, _ more: String = "") -> String {
    """
    +t:
      ml_train>:
        notebook: gluon_train
        model_name: m
        input_table: \(table)
        target_column: \(column)
        \(more)
    """
  }

  @Test func `a label that cannot be learnt is named with table, column and rows`() async throws {
    let project = try await project()
    let cases = [
      (
        train("ml.people", "single"),
        "`single` of `ml.people` has only one value, `one`, in all of its 60 rows"
      ),
      (
        train("ml.people", "holes"),
        "`holes` of `ml.people` is null in 30 of 60 rows: leave these rows out"
      ),
      (train("ml.people", "nothing"), "`nothing` of `ml.people` is null in all of its 60 rows"),
      (train("ml.people", "lable"), "`ml.people` has no column `lable`; did you mean `label`?"),
      (train("ml.nobody", "label"), "the table `ml.nobody` has no rows to learn from"),
      (train("ml.empty", "label"), "`ml.empty` has no columns yet"),
      (
        train("ml.poeple", "label"),
        "the database `ml` has no table `poeple`; did you mean `people`?"
      ),
      (train("mm.people", "label"), "there is no database `mm`; did you mean `ml`?"),
      (train("people", "label"), "the table `people` has no database: write `database.people`"),
      (
        train("ml.people", "label", "time_limit: long"),
        "`time_limit` must be seconds, as `600` or `60 * 10`, found `long`"
      ),
      (train("ml.people", "label", "problem_type: binray"), "did you mean `binary`?"),
      (
        train("ml.people", "label", "time_limt: 5"),
        "no option `time_limt`; did you mean `time_limit`?"
      ),
      (
        train("ml.people", "label").replacing("model_name", with: "model_nmae"),
        "needs `model_name`"
      ),
      (
        train("ml.people", "label").replacing("gluon_train", with: "gluon_trian"),
        "did you mean `gluon_train`?"
      ),
    ]
    for (workflow, words) in cases {
      try project.folder.write(workflow, to: "w.dig")
      let (outcome, report) = try await project.run("w")
      #expect(outcome.status == 1)
      let message = report.error("+w+t") ?? ""
      #expect(message.contains(words), "\(message)")
      #expect(message.hasSuffix("(config)"), "\(message)")
      #expect(outcome.errors.contains("w.dig:1:1"))
      #expect(!outcome.errors.contains("Traceback"))
    }
  }

  @Test func `a model that is not there is named`() async throws {
    let project = try await project()
    for (option, words) in [
      ("model_name: absent", "model `absent` not found"),
      (
        "shared_model: 0b0e1d5c-0000-4000-8000-000000000000",
        "no shared model has the UUID `0b0e1d5c-0000-4000-8000-000000000000`"
      ),
    ] {
      try project.folder.write(
        """
        +t:
          ml_predict>:
            notebook: gluon_predict
            \(option)
            input_table: ml.people
            output_table: ml.guessed
        """,
        to: "w.dig"
      )
      let (outcome, report) = try await project.run("w")
      #expect(outcome.status == 1)
      #expect(report.error("+w+t")?.contains(words) == true, "\(outcome.errors)")
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `the model of another user is refused with the way to share it`() async throws {
    let project = try await project()
    try project.folder.write(
      train("ml.people", "label", "time_limit: 5\n    hyperparameters: {GBM: {}}"),
      to: "train.dig"
    )
    let trained = try await project.run("train", environment: ["TADORU_USER": "ada"])
    try #require(trained.outcome.status == 0, "\(trained.outcome.errors)")
    for name in ["m", "ada/m"] {
      try project.folder.write(
        """
        +t:
          ml_predict>:
            notebook: gluon_predict
            model_name: \(name)
            input_table: ml.people
            output_table: ml.guessed
        """,
        to: "guess.dig"
      )
      let (outcome, report) = try await project.run("guess", environment: ["TADORU_USER": "bob"])
      #expect(outcome.status == 1)
      let message = report.error("+guess+t") ?? ""
      #expect(message.contains("belongs to the user `ada`"), "\(message)")
      #expect(message.contains("share_model: true"), "\(message)")
    }
  }
}
