/// What the lines of `docker.build` ask `pip` to install.
struct PackageLines: Sendable, Hashable {
  /// The words behind `pip install` of each command, as written.
  private(set) var installs: [String] = []
  /// Commands that only an image could follow.
  private(set) var ignored: [String] = []

  /// Reads commands such as `apt-get update && pip install pandas==2.2.3`.
  init(_ lines: [String]) {
    for line in lines {
      for command in Self.commands(line) {
        if let words = Self.install(command) {
          installs.append(words)
        } else {
          ignored.append(command)
        }
      }
    }
  }

  /// The same for the same interpreter and packages: sixteen hexadecimal digits (FNV-1a).
  func fingerprint(with interpreter: [String]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in (interpreter + installs).joined(separator: "\n").utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func commands(_ line: String) -> [String] {
    line.split(separator: "\n").flatMap { $0.split(separator: "&&") }.map { part in
      let words = part.split(whereSeparator: \.isWhitespace).map(String.init)
      let skipped = words.prefix { ["RUN", "sudo", "-H"].contains($0) }.count
      return words.dropFirst(skipped).joined(separator: " ")
    }.filter { !$0.isEmpty && !$0.hasPrefix("#") }
  }

  private static func install(_ command: String) -> String? {
    var words = command.split(separator: " ").map(String.init)[...]
    let isModule =
      words.first?.hasPrefix("python") == true && words.dropFirst().prefix(2) == ["-m", "pip"]
    guard isModule || words.first == "pip" || words.first == "pip3" else { return nil }
    words = words.dropFirst(isModule ? 3 : 1)
    guard words.first == "install", words.count > 1 else { return nil }
    return words.dropFirst().joined(separator: " ")
  }
}
