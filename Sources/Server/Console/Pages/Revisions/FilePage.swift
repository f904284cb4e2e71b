import Values

/// A file of a revision as text.
struct FilePage: PageModel {
  /// What there is to see of it.
  enum Content: Sendable {
    /// - Parameter isCut: there is more than is shown.
    case text(String, isCut: Bool)
    /// Not UTF-8.
    case binary
  }

  let project: ProjectReference
  let revision: Int64
  let revisionName: String
  let path: String
  let sizeInBytes: Int64
  let text: Content

  var heading: PageHeading {
    PageHeading(
      path,
      kind: "File",
      section: .projects,
      crumbs: project.crumbs
        + [PageHeading.Crumb(text: revisionName, address: .revision(project.id, revision))]
    )
  }

  var value: Value {
    let shown: Value =
      switch text {
      case .text(let text, _): .string(text)
      case .binary: .null
      }
    return [
      "project": project.value, "revision": .string(revisionName), "path": .string(path),
      "sizeInBytes": .int(sizeInBytes), "text": shown,
    ]
  }

  func content(_ frame: PageFrame) -> HTML {
    var all = Piece.title(heading) {
      tag("p", .class("muted")) { ByteCount.text(sizeInBytes) }
    }
    switch text {
    case .binary: all.append(Piece.nothing("This file is not text. The archive has it."))
    case .text(let text, let isCut):
      all.append(CodeListing.html(text))
      if isCut { all.append(Piece.nothing("The file goes on; the archive has all of it.")) }
    }
    return all
  }
}

/// Text with numbered lines.
enum CodeListing {
  static func html(_ text: String) -> HTML {
    tag("pre", .class("code"), Attribute("tabindex", "0")) {
      for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      {
        tag("span", .class("line"), .id("L\(index + 1)")) {
          tag(
            "a",
            Attribute("href", "#L\(index + 1)"),
            .label("line \(index + 1)"),
            .data("n", "\(index + 1)")
          )
          line + "\n"
        }
      }
    }
  }
}
