import Foundation

/// How much memory a notebook may take, from the text of `docker.task_mem`.
public struct MemoryLimit: Sendable, Hashable {
  public let bytes: Int
  /// Says that the machine has less than was asked for; nil when it has enough.
  public let warning: String?

  /// Reads `64g`, `512m` or `0.5t` (powers of 1024, any case) and keeps it within what the machine has.
  ///
  /// - Parameters:
  ///   - text: as written in the workflow.
  ///   - machine: the bytes that a process could get, as from ``machineBytes(procfs:cgroup:)``.
  /// - Throws: ``NotebookError`` `badParameters`.
  public init(_ text: String, machine: Int) throws(NotebookError) {
    guard let asked = Self.bytes(text) else {
      throw NotebookError(
        .badParameters,
        "`task_mem` must be a size such as `64g`, `128g` or `512g`, found `\(text)`"
      )
    }
    bytes = min(asked, machine)
    warning =
      asked <= machine
      ? nil
      : "`task_mem: \(text)` is more than this machine has: limited to \(Self.gibibytes(machine)) GiB"
  }

  /// The memory of this machine, or of the control group the process lives in where that is less.
  ///
  /// - Parameters:
  ///   - procfs: the root of the process file system.
  ///   - cgroup: the folder with `memory.max`.
  /// - Returns: nil where neither can be read.
  public static func machineBytes(
    procfs: String = "/proc",
    cgroup: String = "/sys/fs/cgroup"
  ) -> Int? {
    let total = contents("\(procfs)/meminfo")?.split(separator: "\n")
      .first { $0.hasPrefix("MemTotal:") }?
      .split(separator: " ").dropFirst().first.flatMap { Int($0) }
      .map { $0 * 1024 }
    let group = contents("\(cgroup)/memory.max")
      .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    return [total, group].compactMap(\.self).min()
  }

  private static func bytes(_ text: String) -> Int? {
    let units: [Character: Double] = ["k": 10, "m": 20, "g": 30, "t": 40]
    let trimmed = text.lowercased().trimmingCharacters(in: .whitespaces)
    let body = trimmed.hasSuffix("b") ? trimmed.dropLast() : trimmed[...]
    guard let last = body.last, let power = units[last],
      let count = Double(body.dropLast()), count > 0, count < 1e6
    else { return nil }
    return Int(count * pow(2, power))
  }

  private static func gibibytes(_ bytes: Int) -> String {
    String(format: "%.1f", Double(bytes) / pow(2, 30))
  }

  private static func contents(_ path: String) -> String? {
    // why: a machine without the file has no such limit
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}
