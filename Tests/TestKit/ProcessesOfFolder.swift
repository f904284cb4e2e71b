import Foundation

/// The running processes that belong to one folder: it is named in their command line or their environment.
public struct ProcessesOfFolder: Sendable {
  private let path: Data

  public init(_ path: String) { self.path = Data(path.utf8) }

  /// Their command lines, this process left out.
  public var commandLines: [String] {
    // why: without a process table there is nothing to find
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.compactMap { identifier in
      guard identifier != getpid() else { return nil }
      let folder = "/proc/\(identifier)"
      guard let command = FileManager.default.contents(atPath: folder + "/cmdline"),
        !command.isEmpty,
        [command, FileManager.default.contents(atPath: folder + "/environ") ?? Data()]
          .contains(where: { $0.range(of: path) != nil })
      else { return nil }
      return String(decoding: command, as: UTF8.self).replacing("\0", with: " ")
    }
  }

  /// Waits until a condition on their command lines holds; false when it does not within the limit.
  public func wait(
    atMost limit: Duration,
    until condition: ([String]) -> Bool
  ) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while !condition(commandLines) {
      guard ContinuousClock.now < end else { return false }
      try await ContinuousClock().sleep(for: .milliseconds(50))
    }
    return true
  }
}
