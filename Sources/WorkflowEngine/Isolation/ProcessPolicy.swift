import Foundation

/// How the processes of tasks are started: as whom, with which limits, and with which of the server's variables.
public struct ProcessPolicy: Sendable, Hashable {
  /// An account of the operating system.
  public struct Account: Sendable, Hashable {
    public let name: String
    public let user: UInt32
    public let group: UInt32

    public init(name: String, user: UInt32, group: UInt32) {
      self.name = name
      self.user = user
      self.group = group
    }
  }

  /// What the system holds each process to; nil for what is not limited.
  public struct Limits: Sendable, Hashable {
    /// Seconds of processor time of one process.
    public var processorSeconds: Int?
    /// Bytes of one process: its address space, or for a kernel of a notebook what it really uses.
    public var memoryInBytes: Int?
    /// Processes and threads of the account, those of all its tasks together; without an account of its own the system may not
    /// count them.
    public var processes: Int?
    /// Files that one process has open.
    public var openFiles: Int?
    /// Bytes of one file that is written.
    public var fileSizeInBytes: Int?

    public init() {}
  }

  /// As the user who runs the workflow, with the whole environment.
  public static let open = ProcessPolicy(isConfined: false, account: nil, limits: Limits())

  /// False for processes that are started as from a terminal; then nothing below counts.
  public let isConfined: Bool
  /// Whose processes they are; nil for the account of the server.
  public let account: Account?
  public let limits: Limits

  private init(isConfined: Bool, account: Account?, limits: Limits) {
    self.isConfined = isConfined
    self.account = account
    self.limits = limits
  }

  /// A policy for tasks of others than the one whose process this is.
  public init(account: Account?, limits: Limits = Limits()) {
    self.init(isConfined: true, account: account, limits: limits)
  }

  /// The words in front of a command that make it keep to the policy; none when it is open.
  ///
  /// - Parameter limitsAddressSpace: false for programs that map much more than they use, and are watched in another way.
  /// - Returns: a command that ends by becoming the one behind it.
  public func launcher(limitsAddressSpace: Bool = true) -> [String] {
    guard isConfined else { return [] }
    var words = ["/usr/bin/prlimit", "--core=0"]
    if let seconds = limits.processorSeconds { words.append("--cpu=\(seconds)") }
    if let bytes = limits.memoryInBytes, limitsAddressSpace { words.append("--as=\(bytes)") }
    if let count = limits.processes { words.append("--nproc=\(count)") }
    if let count = limits.openFiles { words.append("--nofile=\(count)") }
    if let bytes = limits.fileSizeInBytes { words.append("--fsize=\(bytes)") }
    words += ["/usr/bin/setpriv", "--no-new-privs"]
    if let account {
      words += ["--reuid=\(account.user)", "--regid=\(account.group)", "--clear-groups"]
    }
    return words
  }

  /// The variables that a task's process begins with.
  ///
  /// - Parameters:
  ///   - own: the variables of this process, which may hold secrets of the server.
  ///   - home: a folder of the task, made by ``prepare(home:)``.
  /// - Returns: `own` when the policy is open; else few of them, and the home of the task.
  public func environment(from own: [String: String], home: String) -> [String: String] {
    guard isConfined else { return own }
    var few = own.filter { Self.kept.contains($0.key) }
    few["PATH"] = few["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    few["LANG"] = few["LANG"] ?? "C.UTF-8"
    few["HOME"] = home
    few["TMPDIR"] = home + "/tmp"
    if let account { (few["USER"], few["LOGNAME"]) = (account.name, account.name) }
    return few
  }

  private static let kept: Set = ["PATH", "LANG", "LC_ALL", "TZ"]
}

// Files that the account of tasks works with.
extension ProcessPolicy {
  /// The home of a task's processes in a workspace.
  public static func home(in workspace: String) -> String { workspace + "/.tadoru-home" }

  /// Gives a workspace to the account, with a home in it; does nothing when the policy is open.
  ///
  /// - Throws: ``TaskFailure`` `runtime`.
  public func prepare(workspace: String) throws(TaskFailure) {
    guard isConfined else { return }
    let home = Self.home(in: workspace)
    for folder in [home, home + "/tmp"] {
      guard mkdir(folder, 0o700) == 0 || errno == EEXIST && Self.isFolder(folder) else {
        throw TaskFailure(.runtime, "no home for the task's processes could be made at `\(folder)`")
      }
    }
    try give(workspace)
  }

  /// False for a link to a folder, which a project may have brought along.
  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes the account the owner of a file, or of a folder with all that is in it; links themselves, not what they name.
  ///
  /// - Throws: ``TaskFailure`` `runtime`.
  public func give(_ path: String) throws(TaskFailure) {
    guard let account, account.user != geteuid() else { return }
    let inside = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    for entry in [path] + inside.map({ path + "/" + $0 }) {
      guard lchown(entry, account.user, account.group) == 0 || errno == ENOENT else {
        throw TaskFailure(
          .runtime,
          "`\(entry)` cannot be given to the account `\(account.name)`: \(String(cString: strerror(errno)))"
        )
      }
    }
  }
}
