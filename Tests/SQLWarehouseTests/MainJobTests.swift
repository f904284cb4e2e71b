import SQLWarehouse
import Testing
import Values

/// The four queries of an experiment: record a run, evaluate a prediction, record the evaluation, number rows.
@Suite struct MainJobTests {
  @Test func `records experiments into a table that began without columns`() async throws {
    let fixture = try await WarehouseFixture.withDatabase()
    let warehouse = fixture.warehouse
    try await warehouse.apply(.createTable(.db("experiments")))
    #expect(try await warehouse.tables(in: "db") == ["experiments"])
    #expect(try await warehouse.columns(of: .db("experiments")).isEmpty)
    #expect(try await fixture.presto("SELECT count(*) FROM experiments").rows == [[0]])
    #expect(try await fixture.presto("SELECT * FROM experiments").columns.isEmpty)
    for attempt in 1...2 {
      let query = """
        -- DIGDAG_INSERT_LINE
        select
          '\(attempt)' as task_attempt_id,
          'gluon_model_7' as model_name,
          '' as shared_model
        """
      let result = try await warehouse.insert(
        fixture.statement(query, .presto),
        into: .db("experiments")
      )
      #expect(result.rowCount == 1)
    }
    let kept = try await fixture.presto("SELECT * FROM experiments ORDER BY task_attempt_id")
    #expect(kept.columns.map(\.name) == ["task_attempt_id", "model_name", "shared_model"])
    #expect(kept.rows == [["1", "gluon_model_7", ""], ["2", "gluon_model_7", ""]])
  }

  @Test func `evaluates a prediction in Hive with a positive class that starts with a blank`()
    async throws
  {
    let fixture = try WarehouseFixture()
    try await fixture.warehouse.apply(.createDatabase("automl_test"))
    // 5 of 6 pairs in order and one tie: 5.5 / 6
    let rows = """
      SELECT * FROM (VALUES (0.1, ' <=50K'), (0.4, ' >50K'), (0.35, ' <=50K'), (0.8, ' >50K'),
        (0.4, ' <=50K')) AS t("predicted_proba", "class")
      """
    _ = try await fixture.warehouse.createTable(
      TableName(database: "automl_test", table: "predicted_7"),
      as: fixture.statement(rows, .presto)
    )
    let query = """
      -- DIGDAG_INSERT_LINE
      select
        auc(prob, label) as auc
      from (
        select predicted_proba as prob, if(cast(class as string)==" >50K", 1, 0) as label
        from automl_test.predicted_7
        ORDER BY prob DESC
      ) t

      """
    let result = try await fixture.hive(query, database: "automl_test", limit: 1)
    #expect(result.object(at: 0) == ["auc": .double(5.5 / 6)])
  }

  @Test func `numbers the rows of a table into a new one`() async throws {
    let fixture = try await WarehouseFixture.withDatabase()
    let warehouse = fixture.warehouse
    _ = try await warehouse.createTable(
      .db("people"),
      as: fixture.statement(
        #"SELECT 13 AS "education-num", ' >50K' AS class UNION ALL SELECT 9, ' <=50K'"#,
        .presto
      )
    )
    let query = "-- DIGDAG_INSERT_LINE\nselect rownum() as rowid, * from db.people\n"
    let result = try await warehouse.createTable(
      .db("numbered"),
      as: fixture.statement(query, .hive)
    )
    #expect(result.rowCount == 2)
    #expect(
      try await warehouse.columns(of: .db("numbered")) == [
        TableColumn(name: "rowid", type: "BIGINT"),
        TableColumn(name: "education-num", type: "BIGINT"),
        TableColumn(name: "class", type: "VARCHAR"),
      ]
    )
    let rows = try await fixture.presto(
      #"SELECT rowid, "education-num", class FROM numbered ORDER BY rowid"#
    ).rows
    #expect(Set(rows.map { $0[0] }).count == 2)
    #expect(rows.contains { $0[1...] == [13, " >50K"] })
  }

  @Test func `keeps the digits of a number inserted twice with different scales`() async throws {
    let fixture = try await WarehouseFixture.withDatabase()
    for text in ["0.5", "0.93251"] {
      _ = try await fixture.warehouse.insert(
        fixture.statement("select \(text) as auroc, 1 as n", .presto),
        into: .db("results")
      )
    }
    #expect(
      try await fixture.presto("SELECT auroc, n FROM results ORDER BY 1").rows == [
        [0.5, 1], [0.93251, 1],
      ]
    )
  }
}
