import Values

/// Passwords and keys that stand in the workflow.
enum PlainSecretRule {
  /// Words that stand where a reader is to put something.
  private static let placeholders = [
    "your", "xxx", "***", "<", "…", "...", "changeme", "example", "sample", "dummy", "secret",
    "password", "apikey", "api_key", "todo", "replace", "enter", "insert", "hoge", "{{", "test",
  ]

  static func findings(in project: LintProject) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for source in project.sources {
      source.root.forEachEntry { entry in
        guard SecretName.isOne(entry.key), case .scalar(.string(let text)) = entry.value.content,
          text.count >= 4, !text.contains("${"), !isPlaceholder(text)
        else { return }
        findings.append(
          Diagnostic(
            .warning,
            "`\(entry.key)` stands in the file for everybody to read",
            at: entry.location,
            hint: "keep it as a secret and write `${secret:name}`"
          )
        )
      }
    }
    return findings
  }

  /// True for what is no secret: a hint for the reader, the name of one, a word.
  private static func isPlaceholder(_ text: String) -> Bool {
    let small = text.lowercased()
    return placeholders.contains { small.contains($0) } || text.contains(" ")
      || text.hasSuffix(".pem") || text.hasPrefix("/") || text.hasPrefix("td.")
      || small.allSatisfy { $0.isLetter || $0 == "_" || $0 == "." }
  }
}

/// Names of keys whose value nobody should read.
public enum SecretName {
  private static let names: Set<String> = [
    "password", "passwd", "apikey", "api_key", "secret_key", "secret_access_key", "access_token",
    "auth_token", "private_key", "client_secret", "api_token", "bearer_token", "api_secret",
  ]

  /// True for `password`, `api_key` and their like, also behind a prefix as in `td_apikey`.
  public static func isOne(_ key: String) -> Bool {
    let name = key.lowercased().replacing("-", with: "_")
    return names.contains(name) || names.contains { name.hasSuffix("_" + $0) }
  }
}
