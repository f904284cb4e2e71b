import Values

/// What changed from the revision before.
struct DiffPage: PageModel {
  /// What became of a file.
  struct Change: Sendable {
    enum Kind: String, Sendable {
      case added
      case removed
      case changed
    }

    let path: String
    let kind: Kind
    /// A unified diff; nil for a file that is no text, or too large.
    let diff: String?
  }

  let project: ProjectReference
  let revision: Int64
  let revisionName: String
  let previousName: String
  let changes: [Change]

  var heading: PageHeading {
    PageHeading(
      "Changes",
      kind: "Compared with \(Piece.cut(previousName, 60))",
      section: .projects,
      crumbs: project.crumbs
        + [PageHeading.Crumb(text: revisionName, address: .revision(project.id, revision))]
    )
  }

  var value: Value {
    [
      "project": project.value, "from": .string(previousName), "to": .string(revisionName),
      "changes": .array(
        changes.map {
          [
            "path": .string($0.path), "kind": .string($0.kind.rawValue),
            "diff": Encoded.text($0.diff),
          ]
        }
      ),
    ]
  }

  func content(_ frame: PageFrame) -> HTML {
    var all = Piece.title(heading)
    if changes.isEmpty { all.append(Piece.nothing("The files are the same.")) }
    for change in changes {
      all.append(
        tag("details", .class("change"), .flag("open", if: changes.count <= 20)) {
          tag("summary") {
            Piece.chip(change.kind.tone, change.kind.rawValue)
            " "
            Piece.name(change.path)
          }
          if let diff = change.diff {
            Self.lines(diff)
          } else {
            Piece.nothing("It is no text, or too large to be compared here.")
          }
        }
      )
    }
    return all
  }

  private static func lines(_ diff: String) -> HTML {
    tag("pre", .class("code diff"), Attribute("tabindex", "0")) {
      for line in diff.split(separator: "\n", omittingEmptySubsequences: false) {
        tag("span", .class("line \(style(line))")) { line + "\n" }
      }
    }
  }

  private static func style(_ line: Substring) -> String {
    if line.hasPrefix("+++") || line.hasPrefix("---") { return "file" }
    return switch line.first {
    case "+": "plus"
    case "-": "minus"
    case "@": "place"
    default: "same"
    }
  }
}

extension DiffPage.Change.Kind {
  fileprivate var tone: String {
    switch self {
    case .added: "success"
    case .removed: "error"
    case .changed: "running"
    }
  }
}
