import Foundation
import Values

/// Turns Presto and Hive SQL into the engine's: from the cache on disk, else by the helper process.
final class SQLTranslator: Sendable {
  private let process: TranslatorProcess
  private let cache: TranslationCache

  init(command: [String], cacheFolder: String) {
    process = TranslatorProcess(command: command)
    cache = TranslationCache(folder: cacheFolder, translator: command)
  }

  /// The statements of a text, in order; blocks.
  ///
  /// - Throws: ``WarehouseError`` with the place in the user's own text.
  func translate(
    _ statement: RewrittenStatement,
    dialect: SQLDialect,
    database: String?
  ) throws -> [Translation] {
    let request: Value = .object([
      "dialect": .string(dialect.rawValue),
      "database": database.map(Value.string) ?? .null,
      "sql": .string(statement.body),
    ])
    let key = JSON.encode(request)
    if let stored = cache.read(key), let translations = Self.translations(stored) {
      return translations
    }
    let answer = try process.ask(key)
    if let error = answer.object?["error"]?.object { throw Self.error(error, statement) }
    guard let translations = Self.translations(answer) else {
      throw WarehouseError(.translatorMissing, "the SQL translator gave an unreadable answer")
    }
    cache.write(key, answer)
    return translations
  }

  private static func translations(_ answer: Value) -> [Translation]? {
    guard let statements = answer.object?["statements"]?.array else { return nil }
    let read = statements.compactMap { Translation($0) }
    return read.count == statements.count && !read.isEmpty ? read : nil
  }

  private static func error(
    _ fields: ObjectValue,
    _ statement: RewrittenStatement
  ) -> WarehouseError {
    let code = fields["code"]?.string.flatMap(WarehouseError.Code.init) ?? .unsupported
    var place: WarehouseError.Place?
    if let line = fields["line"]?.int, let column = fields["column"]?.int {
      place = statement.place(line: Int(line), column: Int(column))
    } else if let word = fields["word"]?.string {
      place = statement.place(of: word)
    }
    return WarehouseError(
      code,
      fields["message"]?.string ?? "the statement cannot be translated",
      place: place,
      hint: fields["hint"]?.string
    )
  }
}
