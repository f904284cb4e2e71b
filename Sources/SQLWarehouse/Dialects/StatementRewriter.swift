/// Puts the command of `insert_into` and `create_table` into a query, as the workflow service does.
///
/// The command replaces the first line that starts with `-- DIGDAG_INSERT_LINE`; else it goes between a block of
/// comment lines on top and a rest of one line; else it goes in front of everything.
struct StatementRewriter: Sendable {
  let dialect: SQLDialect

  /// What becomes of the query's rows.
  enum Target: Sendable, Hashable {
    case insert(TableName)
    case create(TableName)
  }

  /// The query with its command.
  ///
  /// - Throws: ``WarehouseError`` `badName` for a name that cannot be quoted.
  func rewrite(
    _ statement: SQLStatement,
    for target: Target
  ) throws(WarehouseError)
    -> RewrittenStatement
  {
    let command = try command(target, default: statement.database)
    let lines = statement.text.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    let own = lines.enumerated().map { RewrittenStatement.Line(text: $1, origin: $0 + 1) }
    if let marker = lines.firstIndex(where: isMarker) {
      return RewrittenStatement(
        header: statement.header,
        lines: own[..<marker] + command + own[(marker + 1)...]
      )
    }
    let comments = lines.prefix { $0.hasPrefix("--") }.count
    let rest = lines[comments...].joined(separator: "\n")
    let bare = rest.hasSuffix("\n") ? rest.dropLast() : rest[...]
    let position = comments > 0 && !bare.contains("\n") ? comments : 0
    return RewrittenStatement(
      header: statement.header,
      lines: own[..<position] + command + own[position...]
    )
  }

  /// The query as it is, under its header.
  func plain(_ statement: SQLStatement) -> RewrittenStatement {
    let lines = statement.text.split(separator: "\n", omittingEmptySubsequences: false)
    return RewrittenStatement(
      header: statement.header,
      lines: lines.enumerated().map { .init(text: String($1), origin: $0 + 1) }[...]
    )
  }

  private func isMarker(_ line: String) -> Bool {
    guard line.hasPrefix("--") else { return false }
    return line.dropFirst(2).drop { $0 == " " || $0 == "\t" }.hasPrefix("DIGDAG_INSERT_LINE")
  }

  private func command(
    _ target: Target,
    default database: String?
  ) throws(WarehouseError) -> [RewrittenStatement.Line] {
    let table: TableName
    switch target {
    case .insert(let name), .create(let name): table = name
    }
    for part in [table.database, table.table] {
      guard !part.isEmpty, !part.contains(where: { "\"`\0\n".contains($0) }) else {
        throw WarehouseError(.badName, "`\(part)` cannot be the name of a database or table")
      }
    }
    let name = table.database == database ? dialect.quoted(table.table) : dialect.quoted(table)
    let lines =
      switch (dialect, target) {
      case (.presto, .insert): ["INSERT INTO " + name]
      case (.presto, .create): ["DROP TABLE IF EXISTS \(name);", "CREATE TABLE \(name) AS"]
      case (.hive, .insert): ["INSERT INTO TABLE " + name]
      case (.hive, .create): ["INSERT OVERWRITE TABLE " + name]
      }
    return lines.map { .init(text: $0, origin: nil) }
  }
}

/// A statement as it goes to the engine, and where its lines come from.
struct RewrittenStatement: Sendable, Hashable {
  struct Line: Sendable, Hashable {
    let text: String
    /// The line of the user's text, from 1; nil for one of ours.
    let origin: Int?
  }

  let header: [String]
  let lines: [Line]

  init(header: [String], lines: ArraySlice<Line>) {
    self.header = header
    self.lines = Array(lines)
  }

  /// Without the header, which differs from session to session and means nothing.
  var body: String { lines.map(\.text).joined(separator: "\n") }

  /// With the header as comment lines on top.
  var text: String {
    header.map { "-- \($0)\n" }.joined() + body
  }

  /// The place in the user's own text of a place in ``body``; nil when it is in a line of ours.
  func place(line: Int, column: Int) -> WarehouseError.Place? {
    guard lines.indices.contains(line - 1), let origin = lines[line - 1].origin else { return nil }
    return WarehouseError.Place(line: origin, column: column)
  }

  /// The first place of a word in the user's own text, outside of comments.
  func place(of word: String) -> WarehouseError.Place? {
    guard let found = WordSearch(text: body).first(word, where: { lines[$0 - 1].origin != nil })
    else { return nil }
    return place(line: found.line, column: found.column)
  }
}
