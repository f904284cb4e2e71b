import Values

/// The keys of committed writes, kept in the database itself: a key is there if, and only if, its write is.
///
/// The table has no index: a look-up among 300,000 keys takes as long as among none, and an index triples the file.
/// That a key is not there twice follows from its being looked up and added in the turn of one writing statement.
struct WriteLedger {
  /// In the schema that no statement of a user can name.
  private static let table = "warehouse.\(TableCatalog.hidden).\"tadoru writes\""

  let connection: DuckDBConnection

  /// Runs work as one transaction that adds the key, unless the key is there.
  ///
  /// - Parameters:
  ///   - key: nil for a write that needs none.
  ///   - rowCount: how many rows the work wrote.
  ///   - earlier: the result where the key was there.
  ///   - before: goes ahead of the transaction; whatever it does may be done again.
  ///   - work: writes.
  /// - Returns: what the work gave, or `earlier`.
  /// - Throws: what the work throws, which undoes both, and what the engine says.
  func once<Result>(
    _ key: WriteKey?,
    rowCount: (Result) -> Int,
    earlier: (WriteRecord) throws -> Result,
    before: () throws -> Void = {},
    _ work: () throws -> Result
  ) throws -> Result {
    if let key, let record = try find(key) { return try earlier(record) }
    try before()
    return try connection.atomically {
      let result = try work()
      if let key { try add(key, rowCount(result)) }
      return result
    }
  }

  /// What was written under a key.
  func find(_ key: WriteKey) throws(DuckDBFailure) -> WriteRecord? {
    guard try isThere() else { return nil }
    let row = try connection.first(
      """
      SELECT job_id, row_count FROM \(Self.table)
      WHERE write_key = \(SQLText.quoted(text: key.text))
      """
    )
    guard let row, let job = row[0].int, let count = row[1].int else { return nil }
    return WriteRecord(job: job, rowCount: Int(count))
  }

  /// Removes keys that are older than this.
  func forget(after age: Duration) throws(DuckDBFailure) {
    guard try isThere() else { return }
    try connection.execute(
      """
      DELETE FROM \(Self.table)
      WHERE written_at < CAST(now() AS TIMESTAMP) - to_seconds(\(age.components.seconds))
      """
    )
  }

  private func add(_ key: WriteKey, _ rowCount: Int) throws(DuckDBFailure) {
    if try !isThere() {
      try connection.execute(
        """
        CREATE TABLE \(Self.table) (
          write_key VARCHAR, job_id BIGINT, row_count BIGINT, written_at TIMESTAMP
        )
        """
      )
    }
    try connection.execute(
      """
      INSERT INTO \(Self.table)
      VALUES (\(SQLText.quoted(text: key.text)), \(key.job), \(rowCount), CAST(now() AS TIMESTAMP))
      """
    )
  }

  /// True when something has been written under a key in this database.
  ///
  /// Not asked again once it is: nothing removes the table. Never asked in a transaction that made it.
  private func isThere() throws(DuckDBFailure) -> Bool {
    if connection.hasLedger { return true }
    let found = try connection.first(
      """
      SELECT count(*) FROM duckdb_tables()
      WHERE database_name = 'warehouse' AND schema_name = '\(TableCatalog.hidden)' AND table_name = 'tadoru writes'
      """
    )
    connection.hasLedger = found?.first?.int != 0
    return connection.hasLedger
  }
}
