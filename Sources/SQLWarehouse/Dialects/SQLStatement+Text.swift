extension SQLStatement {
  /// The query as it goes to the engine when its rows are appended to a table, without the header.
  ///
  /// - Throws: ``WarehouseError`` `badName`.
  public func text(insertingInto table: TableName) throws(WarehouseError) -> String {
    try StatementRewriter(dialect: dialect).rewrite(self, for: .insert(table)).body
  }

  /// The same when its rows replace a table.
  ///
  /// - Throws: ``WarehouseError`` `badName`.
  public func text(creating table: TableName) throws(WarehouseError) -> String {
    try StatementRewriter(dialect: dialect).rewrite(self, for: .create(table)).body
  }
}
