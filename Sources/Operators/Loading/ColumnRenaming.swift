import SQLWarehouse
import Values
import WorkflowEngine
import WorkflowLanguage

/// The filter `rename`: by `columns: {old: new}`, or by `rules` that change every name.
struct ColumnRenaming {
  private let names: ObjectValue
  private let rules: [Parameters]

  init(_ options: Parameters) throws {
    names = try options.object("columns") ?? [:]
    rules = try (options.list("rules") ?? []).map { rule in
      Parameters(rule.object ?? ["rule": rule])
    }
  }

  func apply(to columns: [SourceColumn]) throws -> [SourceColumn] {
    var columns = columns
    for (old, new) in names {
      guard let position = columns.firstIndex(where: { $0.name == old }) else {
        _ = try LoadFilter.find(old, columns)
        continue
      }
      columns[position].name = new.text
    }
    for rule in rules {
      let renamed = try Self.names(columns.map(\.name), by: rule)
      for (position, name) in renamed.enumerated() { columns[position].name = name }
    }
    return columns
  }

  private static func names(_ names: [String], by rule: Parameters) throws -> [String] {
    let length = Int(try rule.int("max_length") ?? 128)
    switch try rule.requiredText("rule") {
    case "upper_to_lower": return names.map { $0.lowercased() }
    case "lower_to_upper": return names.map { $0.uppercased() }
    case "truncate": return names.map { String($0.prefix(length)) }
    case "character_types":
      let signs = try Signs(rule)
      let replacement = try rule.text("replace") ?? "_"
      return names.map { name in
        name.map { signs.contain($0) ? String($0) : replacement }.joined()
      }
    case "first_character_types":
      let signs = try Signs(rule)
      let (prefix, replacement) = (try rule.text("prefix"), try rule.text("replace"))
      return names.map { name in
        guard let first = name.first, !signs.contain(first) else { return name }
        if let replacement { return replacement + name.dropFirst() }
        return (prefix ?? "_") + name
      }
    case "regex_replace":
      let replacement = try rule.text("replace") ?? ""
      let pattern = try rule.requiredText("match")
      let regex: Regex<AnyRegexOutput>
      do {
        regex = try Regex(pattern)
      } catch {
        throw TaskFailure(.config, "`match` of `regex_replace` is no pattern: `\(pattern)`")
      }
      return names.map { $0.replacing(regex, with: replacement) }
    case "unique_number_suffix": return unique(names, delimiter: try rule.text("delimiter") ?? "_")
    case let name:
      throw TaskFailure(
        .config,
        "`rename` has no rule `\(name)`; rules are `upper_to_lower`, `lower_to_upper`, `truncate`, "
          + "`character_types`, `first_character_types`, `regex_replace`, `unique_number_suffix`"
      )
    }
  }

  private static func unique(_ names: [String], delimiter: String) -> [String] {
    var taken: Set<String> = []
    return names.map { name in
      var (candidate, number) = (name, 2)
      while !taken.insert(candidate).inserted {
        candidate = "\(name)\(delimiter)\(number)"
        number += 1
      }
      return candidate
    }
  }

  /// Which signs a rule lets pass.
  private struct Signs {
    private let ranges: [ClosedRange<Character>]
    private let others: Set<Character>

    init(_ rule: Parameters) throws {
      others = Set(try rule.text("pass_characters") ?? "")
      ranges = try (rule.textList("pass_types") ?? []).map { type in
        switch type {
        case "a-z": "a"..."z"
        case "A-Z": "A"..."Z"
        case "0-9": "0"..."9"
        default:
          throw TaskFailure(
            .config,
            "`pass_types` are `a-z`, `A-Z` and `0-9`, found `\(type)`"
          )
        }
      }
    }

    func contain(_ sign: Character) -> Bool {
      sign.isASCII && ranges.contains { $0.contains(sign) } || others.contains(sign)
    }
  }
}
