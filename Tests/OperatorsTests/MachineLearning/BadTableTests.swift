import Operators
import SQLWarehouse
import TestKit
import Testing
import Values
import WorkflowEngine

/// What a table does not allow is said before a kernel is started: no run is recorded, no folder made.
@Suite struct BadTableTests {
  private func failure(
    of fixture: MachineLearningFixture,
    _ changes: ObjectValue
  ) async throws -> TaskFailure {
    let options: ObjectValue = [
      "notebook": "gluon_train", "input_table": "db.people", "model_name": "m",
      "target_column": "class",
    ]
    let context = fixture.context(.object(options.merging(changes)))
    let failure = await fixture.failure(MLTrainOperator(fixture.services()), context)
    #expect(try fixture.runs().isEmpty)
    #expect(!fixture.exists("attempts"))
    return try #require(failure)
  }

  private func fixture() async throws -> MachineLearningFixture {
    let fixture = try await MachineLearningFixture()
    try await fixture.createTable(
      "people",
      as: #"""
        SELECT i AS age, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS class, 'x' AS "one-class",
          CASE WHEN i > 3 THEN i END AS "has ""nulls"""
        FROM UNNEST(sequence(1, 20)) AS t(i)
        """#
    )
    return fixture
  }

  @Test func `an unknown database or table is answered with the nearest names`() async throws {
    let fixture = try await fixture()
    let table = try await failure(of: fixture, ["input_table": "db.poeple"])
    #expect(
      table.description
        == "`input_table`: the database `db` has no table `poeple`; did you mean `people`? (config)"
    )
    let database = try await failure(of: fixture, ["input_table": "bd.people"])
    #expect(database.message.contains("there is no database `bd`; there are `db`"))
  }

  @Test func `a missing target column is answered with the nearest names`() async throws {
    let failure = try await failure(of: fixture(), ["target_column": "clas"])
    #expect(
      failure.description
        == "`target_column`: the table `db.people` has no column `clas`; did you mean `class`? (config)"
    )
  }

  @Test func `a single class is named with its value, column, table and rows`() async throws {
    let failure = try await failure(of: fixture(), ["target_column": "one-class"])
    #expect(
      failure.description
        == "`target_column`: `one-class` of `db.people` has only one value, `x`, in all of its 20 rows: there "
        + "is nothing to tell apart (config)"
    )
  }

  @Test func `null labels are counted, also in a column with quotes in its name`() async throws {
    let failure = try await failure(of: fixture(), ["target_column": "has \"nulls\""])
    #expect(
      failure.description.hasPrefix(
        "`target_column`: `has \"nulls\"` of `db.people` is null in 3 of 20 rows: leave these rows out"
      )
    )
  }

  @Test func `a table without rows, or with too few, is refused`() async throws {
    let fixture = try await fixture()
    try await fixture.createTable("empty", as: "SELECT * FROM people WHERE age > 100")
    let empty = try await failure(of: fixture, ["input_table": "db.empty"])
    #expect(empty.description == "the table `db.empty` has no rows to learn from (config)")
    try await fixture.createTable("few", as: "SELECT * FROM people WHERE age < 10")
    let few = try await failure(of: fixture, ["input_table": "db.few"])
    #expect(few.message.contains("the table `db.few` has 9 rows; at least 10"))
    try await fixture.warehouse.apply(.createTable(TableName(database: "db", table: "bare")))
    let bare = try await failure(of: fixture, ["input_table": "db.bare"])
    #expect(bare.message.contains("has no columns yet"))
  }
}
