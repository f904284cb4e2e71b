import Values

/// Numbers with a zero in front, which are octal or no numbers at all.
enum NumberRule {
  static func findings(in project: LintProject) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for source in project.sources {
      source.root.forEachScalar { key, node in
        guard let written = node.written, case .scalar(let value) = node.content else { return }
        if let number = value.int, String(number) != decimal(written) {
          findings.append(
            Diagnostic(
              .warning,
              "`\(written)` is the octal number \(number)",
              at: node.location,
              hint: "quote it, or leave out the zero"
            )
          )
        } else if value.string != nil {
          findings.append(
            Diagnostic(
              .info,
              "`\(written)` is text, because 8 and 9 are no octal digits",
              at: node.location,
              hint: "quote it, or leave out the zero"
            )
          )
        }
      }
    }
    return findings
  }

  /// The digits without the zeros in front.
  private static func decimal(_ written: String) -> String {
    let sign = written.hasPrefix("-") ? "-" : ""
    let digits = written.drop { !$0.isNumber }.drop { $0 == "0" }
    return digits.isEmpty ? "0" : sign + digits
  }
}
