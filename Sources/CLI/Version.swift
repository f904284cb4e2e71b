import ArgumentParser

/// The version of the product.
enum Version {
  static let number = "0.1.0"
}

/// `tadoru version`.
struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version",
    abstract: "Prints the version."
  )

  func run() {
    print("tadoru \(Version.number)")
  }
}
