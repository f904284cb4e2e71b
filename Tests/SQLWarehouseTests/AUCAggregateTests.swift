import SQLWarehouse
import Testing
import Values

@Suite struct AUCAggregateTests {
  // The example in scikit-learn's documentation of roc_auc_score: 0.75.
  @Test(arguments: [
    "auc(s, y)", "auc(s, 2 * y - 1)", "auc(s, y = 1)", "auc(cast(s as real), y)",
    "auc(1000 * s - 500, cast(y as double))",
    "auc(cast(100 * s as bigint), cast(y as bigint))",
  ])
  func `takes scores and labels of any kind`(call: String) async throws {
    let fixture = try WarehouseFixture()
    let query =
      "SELECT \(call) AS a FROM (VALUES (0.1, 0), (0.8, 1), (0.35, 1), (0.4, 0), (null, 1), (0.9, null)) AS t(s, y)"
    #expect(try await fixture.presto(query).rows == [[0.75]])
  }

  @Test func `groups and does not care for the order of rows`() async throws {
    let fixture = try WarehouseFixture()
    // 6 groups of rows spread over many chunks; every positive is above every negative in even groups, below in odd ones
    let rows =
      "SELECT x % 6 AS g, x % 5 = 0 AS y, if(x % 5 = 0, 1, 0) * if(x % 6 % 2 = 0, 1, -1) * 1e6 + x AS s FROM UNNEST(sequence(1, 60000)) AS t(x)"
    let query =
      "SELECT g, auc(s, y) AS a FROM (\(rows) ORDER BY reverse(cast(x as varchar))) GROUP BY g ORDER BY g"
    #expect(
      try await fixture.presto(query).rows == [
        [0, 1.0], [1, 0.0], [2, 1.0], [3, 0.0], [4, 1.0], [5, 0.0],
      ]
    )
  }

  @Test func `says what is wrong with labels and scores`() async throws {
    let fixture = try WarehouseFixture()
    for (rows, words) in [
      ("(0.1, 1), (0.2, 1)", "only one class"), ("(0.1, 0), (0.2, 2)", "found 2"),
      ("(nan(), 0), (0.2, 1)", "finite"),
    ] {
      let error = await fixture.failure {
        _ = try await fixture.presto("SELECT auc(s, y) FROM (VALUES \(rows)) AS t(s, y)")
      }
      #expect(error?.code == .execution)
      #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }
    let none = await fixture.failure {
      _ = try await fixture.presto("SELECT auc(1e0, 1) WHERE 1 = 0")
    }
    #expect(none?.message.contains("only one class") == true)
  }
}
