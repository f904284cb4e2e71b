import Foundation
import Values
import WorkflowEngine

/// An address in `result_url`, read as the settings of a connection.
///
/// `file://folder/rows.csv`, `s3://bucket/key` or `s3://KEY:SECRET@/bucket/key`, `postgresql://user:password@host:5432/db/table`,
/// `td://@/db/table`, each with settings behind `?`; and `https://…`, which is taken as it is.
enum ResultURL {
  /// The text comes with its secrets filled in; messages show no more of it than the word in front.
  static func settings(_ text: String) throws(TaskFailure) -> ObjectValue {
    guard let colon = text.firstRange(of: "://") else {
      throw TaskFailure(
        .config,
        "`result_url` must begin with file://, s3://, postgresql://, td:// or https://"
      )
    }
    let scheme = text[..<colon.lowerBound].lowercased()
    if ["http", "https"].contains(scheme) {
      return ["type": "http", "url": .string(text)]
    }
    let rest = text[colon.upperBound...]
    let mark = rest.firstIndex(of: "?")
    let body = String(rest[..<(mark ?? rest.endIndex)])
    var settings = ObjectValue()
    settings["type"] = .string(scheme)
    if let mark { settings.merge(query(rest[rest.index(after: mark)...])) }
    switch scheme {
    case "file": settings["path"] = .string(plain(body))
    case "s3", "s3_v2": settings.merge(storage(body))
    case "postgresql", "postgres", "td": settings.merge(table(body))
    default: break
    }
    return settings
  }

  private static func storage(_ body: String) -> ObjectValue {
    var (authority, path) = parts(body)
    var settings = ObjectValue()
    if let at = authority.lastIndex(of: "@") {
      settings.merge(login(authority[..<at], "access_key_id", "secret_access_key"))
      let endpoint = authority[authority.index(after: at)...]
      if !endpoint.isEmpty { settings["endpoint"] = .string(String(endpoint)) }
      (authority, path) = parts(path)
    }
    settings["bucket"] = .string(plain(authority))
    settings["path"] = .string(plain(path))
    return settings
  }

  private static func table(_ body: String) -> ObjectValue {
    let (authority, path) = parts(body)
    var settings = ObjectValue()
    var place = authority[...]
    if let at = authority.lastIndex(of: "@") {
      settings.merge(login(authority[..<at], "user", "password"))
      place = authority[authority.index(after: at)...]
    }
    let host = place.prefix { $0 != ":" }
    if !host.isEmpty { settings["host"] = .string(plain(String(host))) }
    if host.count < place.count {
      settings["port"] = .string(String(place.dropFirst(host.count + 1)))
    }
    let (database, table) = parts(path)
    if !database.isEmpty { settings["database"] = .string(plain(database)) }
    if !table.isEmpty { settings["table"] = .string(plain(table)) }
    return settings
  }

  private static func login(_ text: Substring, _ name: String, _ word: String) -> ObjectValue {
    var settings = ObjectValue()
    let first = text.prefix { $0 != ":" }
    if !first.isEmpty { settings[name] = .string(plain(String(first))) }
    if first.count < text.count {
      settings[word] = .string(plain(String(text.dropFirst(first.count + 1))))
    }
    return settings
  }

  private static func query(_ text: Substring) -> ObjectValue {
    var settings = ObjectValue()
    for pair in text.split(separator: "&") {
      let name = pair.prefix { $0 != "=" }
      let value = pair.dropFirst(name.count + 1).replacing("+", with: " ")
      settings[plain(String(name))] = .string(plain(String(value)))
    }
    return settings
  }

  /// What stands in front of the first slash, and behind it.
  private static func parts(_ text: String) -> (String, String) {
    let first = text.prefix { $0 != "/" }
    return (String(first), String(text.dropFirst(first.count + 1)))
  }

  private static func plain(_ text: String) -> String { text.removingPercentEncoding ?? text }
}
