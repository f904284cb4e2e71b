import TestKit
import Testing

@testable import WorkflowLanguage

@Suite struct OperatorSignatureTests {
  @Test func `names stand once`() {
    for signature in OperatorSignature.all {
      let names = signature.options.map(\.name)
      #expect(Set(names).count == names.count, "\(signature.name)")
    }
  }

  /// `RECORD=1 swift test --filter OperatorSignatureTests` writes the page anew.
  @Test func `the page of options is that of the list`() throws {
    #expect(try RepositoryFile.matches(Self.page, "docs/operators/options.md"))
  }

  private static var page: String {
    var lines = [
      "# Options of operators", "",
      "Made from `OperatorSignature`, the list that `tadoru check` and the messages use. What an operator does is on its own page.",
      "",
    ]
    for signature in OperatorSignature.all {
      lines.append("## `\(signature.name)>`")
      lines.append("")
      var about = signature.summary.prefix(1).uppercased() + signature.summary.dropFirst() + "."
      if let group = signature.defaults {
        about += " Missing options are taken from the exported map `\(group)`."
      }
      if signature.handsOnKeys { about += " Keys of your own are handed on." }
      lines.append(about)
      lines.append("")
      guard !signature.options.isEmpty else { continue }
      lines += ["| option | value | meaning |", "|---|---|---|"]
      lines += signature.options.map { "| `\($0.name)` | \($0.kind.rawValue) | \($0.summary) |" }
      lines.append("")
    }
    return lines.joined(separator: "\n")
  }
}
