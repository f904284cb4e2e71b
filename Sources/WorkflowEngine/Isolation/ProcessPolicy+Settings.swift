public import Foundation
public import Values
public import WorkflowLanguage

extension ProcessPolicy {
  /// Reads `{user: tadoru-task, cpu: 1h, memory: 4g, processes: 256, files: 1024, file_size: 10g}`.
  ///
  /// - Parameters:
  ///   - settings: each may be missing; then there is no such limit.
  ///   - ownUser: the account of this process.
  /// - Throws: `WorkflowError` `parameter` that names the setting.
  public init(
    settings: ObjectValue,
    ownUser: UInt32 = geteuid()
  ) throws(WorkflowError) {
    let options = Parameters(settings, local: settings.keys, task: "isolation.processes")
    var limits = Limits()
    if let duration = try options.duration("cpu") {
      limits.processorSeconds = Int(duration.components.seconds)
    }
    limits.memoryInBytes = try Self.size("memory", options)
    limits.processes = try options.int("processes").map(Int.init)
    limits.openFiles = try options.int("files").map(Int.init)
    limits.fileSizeInBytes = try Self.size("file_size", options)
    let name = try options.text("user")
    try TaskIsolation.refuseUnknown(options)
    let counts = [
      ("cpu", limits.processorSeconds), ("processes", limits.processes),
      ("files", limits.openFiles),
    ]
    for (key, count) in counts where count.map({ $0 < 1 }) ?? false {
      throw WorkflowError(.parameter, "`isolation.processes.\(key)` must be more than 0")
    }
    var account: Account?
    if let name { account = try Self.account(name, ownUser: ownUser) }
    self.init(account: account, limits: limits)
  }

  private static func account(
    _ name: String,
    ownUser: UInt32
  ) throws(WorkflowError) -> Account? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16_384)
    getpwnam_r(name, &entry, &buffer, buffer.count, &found)
    guard found != nil else {
      throw WorkflowError(
        .parameter,
        "`isolation.processes.user`: this machine has no account `\(name)`",
        hint: "make one with `useradd --system --no-create-home --shell /usr/sbin/nologin \(name)`"
      )
    }
    guard entry.pw_uid != 0 else {
      throw WorkflowError(.parameter, "`isolation.processes.user` must not be the superuser")
    }
    guard ownUser == 0 || entry.pw_uid == ownUser else {
      throw WorkflowError(
        .parameter,
        "`isolation.processes.user`: only a server that root starts can run tasks as `\(name)`"
      )
    }
    // The system refuses to change groups even to the same ones.
    if entry.pw_uid == ownUser { return nil }
    return Account(name: name, user: entry.pw_uid, group: entry.pw_gid)
  }

  /// `4g`, `512m`, or a number of bytes.
  private static func size(_ key: String, _ options: Parameters) throws(WorkflowError) -> Int? {
    guard let text = try options.text(key) else { return nil }
    let powers: [Character: Int] = ["k": 10, "m": 20, "g": 30, "t": 40]
    let power = text.last.flatMap { powers[Character($0.lowercased())] }
    let most = power == nil ? Int.max : 1 << 20
    guard let number = Int(power == nil ? text[...] : text.dropLast()), number > 0, number < most
    else {
      throw WorkflowError(
        .parameter,
        "`isolation.processes.\(key)`: expected a size as `4g` or `512m`, found `\(text)`"
      )
    }
    return number << (power ?? 0)
  }
}
