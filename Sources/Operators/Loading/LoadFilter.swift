import Foundation
import SQLWarehouse
import Values
import WorkflowEngine
import WorkflowLanguage

/// `filters:` of a configuration: changes of the columns, one after the other.
struct LoadFilter {
  /// When the load runs, in seconds since 1970.
  let now: Int64

  static let known = ["add_time", "column", "expand_json", "remove_columns", "rename"]

  func apply(_ filter: ObjectValue, to columns: [SourceColumn]) throws -> [SourceColumn] {
    let options = Parameters(filter, local: filter.keys, task: "filters")
    let type = try options.requiredText("type")
    switch type {
    case "rename": return try ColumnRenaming(options).apply(to: columns)
    case "remove_columns", "drop_columns": return try removing(options, columns)
    case "column": return try choosing(options, columns)
    case "add_time": return try addingTime(options, columns)
    case "expand_json": return try expanding(options, columns)
    default:
      throw TaskFailure(
        .config,
        "the filter `\(type)` is not known here; filters are \(Self.known.map { "`\($0)`" }.joined(separator: ", ")); "
          + "a `td>` task can do the rest after loading"
      )
    }
  }

  private func removing(_ options: Parameters, _ columns: [SourceColumn]) throws -> [SourceColumn] {
    if let kept = try options.textList("keep") {
      return try kept.map { try Self.find($0, columns) }
    }
    let removed = try options.textList("remove") ?? options.textList("columns") ?? []
    let lenient = try options.bool("accept_unmatched_columns")
    for name in removed where !lenient { _ = try Self.find(name, columns) }
    return columns.filter { !removed.contains($0.name) }
  }

  /// `column`: `columns` chooses, `add_columns` adds, `drop_columns` leaves out.
  private func choosing(_ options: Parameters, _ columns: [SourceColumn]) throws -> [SourceColumn] {
    let entries = { (key: String) throws -> [Parameters] in
      try (options.list(key) ?? []).map { Parameters($0.object ?? ["name": $0]) }
    }
    if let dropped = try options.list("drop_columns"), !dropped.isEmpty {
      let names = try entries("drop_columns").map { try $0.requiredText("name") }
      for name in names { _ = try Self.find(name, columns) }
      return columns.filter { !names.contains($0.name) }
    }
    var result = columns
    if options.contains("columns") {
      result = try entries("columns").map { entry in
        let name = try entry.requiredText("name")
        let source = try entry.text("src") ?? name
        if let fallback = entry.value("default"), !columns.contains(where: { $0.name == source }) {
          return try constant(name, fallback, entry)
        }
        var column = try Self.find(source, columns)
        column.name = name
        return column
      }
    }
    for entry in try entries("add_columns") {
      let name = try entry.requiredText("name")
      if let source = try entry.text("src") {
        var column = try Self.find(source, columns)
        column.name = name
        result.append(column)
      } else {
        result.append(try constant(name, entry.value("default") ?? .null, entry))
      }
    }
    return result
  }

  private func constant(
    _ name: String,
    _ value: Value,
    _ entry: Parameters
  ) throws -> SourceColumn {
    let kind = try LoadColumn.kind(entry.text("type") ?? "string", of: name)
    let object: ObjectValue = [
      "name": .string(name), "type": .string(kind.rawValue),
      "format": entry.value("format") ?? .null,
    ]
    let text: Value = value.isNull ? .null : .string(value.text)
    return try LoadColumn(.object(object), zone: "UTC", pattern: nil)
      .source(.constant(text), trims: false)
  }

  private func addingTime(
    _ options: Parameters,
    _ columns: [SourceColumn]
  ) throws -> [SourceColumn] {
    let target = Parameters(try options.object("to_column") ?? ["name": "time"])
    let name = try target.text("name") ?? "time"
    guard !columns.contains(where: { $0.name == name }) else {
      throw TaskFailure(.config, "`add_time` cannot add the column `\(name)`: there is one already")
    }
    let isSeconds = try name == "time" || target.text("type") == "long"
    let conversion = { (format: TimeFormat) -> SourceColumn.Conversion in
      isSeconds ? .unixTime(format) : .timestamp(format)
    }
    if let from = try options.object("from_column") {
      let entry = Parameters(from)
      let source = try Self.find(try entry.requiredText("name"), columns)
      let unit = try entry.text("unix_timestamp_unit") ?? "sec"
      guard unit == "sec" else {
        throw TaskFailure(.config, "`unix_timestamp_unit` must be `sec`, found `\(unit)`")
      }
      var format = TimeFormat()
      switch source.conversion {
      case .timestamp(let known), .unixTime(let known): format = known
      case .integer, .float: format = TimeFormat(pattern: isSeconds ? nil : "%s")
      case .none, .text, .trimmedText, .truth:
        format = TimeFormat(
          pattern: try entry.text("timestamp_format"),
          zone: try entry.text("timezone") ?? "UTC"
        )
      }
      return columns
        + [SourceColumn(name: name, origin: source.origin, conversion: conversion(format))]
    }
    let from = Parameters(try options.object("from_value") ?? [:])
    let value: String
    switch try from.text("mode") ?? "fixed_time" {
    case "upload_time": value = String(now)
    case "fixed_time": value = try from.requiredText("value")
    case let mode:
      throw TaskFailure(
        .config,
        "`from_value` of `add_time` has the modes `upload_time` and `fixed_time`, found `\(mode)`"
      )
    }
    let pattern = Int64(value) == nil ? try from.text("timestamp_format") : isSeconds ? nil : "%s"
    let column = SourceColumn(
      name: name,
      origin: .constant(.string(value)),
      conversion: conversion(TimeFormat(pattern: pattern))
    )
    return columns + [column]
  }

  /// Columns out of the objects of a JSON file.
  private func expanding(_ options: Parameters, _ columns: [SourceColumn]) throws -> [SourceColumn]
  {
    let name = try options.text("json_column_name") ?? "record"
    let record = try Self.find(name, columns)
    guard case .path(let start) = record.origin else {
      throw TaskFailure(
        .config,
        "`expand_json` works on the objects of JSON files; `\(name)` is a column of another kind"
      )
    }
    let root = try Self.path(options.text("root") ?? "$.")
    _ = options.contains("stop_on_invalid_record")
    let expanded = try (options.list("expanded_columns") ?? []).map { entry -> SourceColumn in
      let zone = try options.text("default_timezone") ?? "UTC"
      let column = try LoadColumn(entry, zone: zone, pattern: nil)
      return column.source(.path(start + root + (try Self.path(column.name))), trims: false)
    }
    guard !expanded.isEmpty else {
      throw TaskFailure(.config, "`expand_json` needs `expanded_columns`")
    }
    let others = columns.filter { $0.name != name }
    return try options.bool("keep_expanding_json_column") ? columns + expanded : others + expanded
  }

  /// The keys of `$.a.b` or `a.b`.
  private static func path(_ text: String) throws -> [String] {
    guard !text.contains("["), !text.contains("*") else {
      throw TaskFailure(
        .config,
        "`expand_json` takes paths of names as `$.user.name`, found `\(text)`"
      )
    }
    return text.split(separator: ".").map(String.init).filter { $0 != "$" }
  }

  static func find(_ name: String, _ columns: [SourceColumn]) throws -> SourceColumn {
    if let found = columns.first(where: { $0.name == name }) { return found }
    let near = Suggestion.nearest(to: name, among: columns.map(\.name), limit: 1).first
    throw TaskFailure(
      .config,
      "a filter names the column `\(name)`, which is not there"
        + (near.map { "; did you mean `\($0)`?" }
          ?? "; there are \(columns.map { "`\($0.name)`" }.joined(separator: ", "))")
    )
  }
}
