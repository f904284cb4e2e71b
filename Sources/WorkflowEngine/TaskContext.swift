public import Values
public import WorkflowLanguage

/// Everything one try of a task may use.
public struct TaskContext: Sendable {
  /// `+wf+a^sub+b`.
  public let taskName: String
  public let attempt: AttemptIdentity
  /// The merged and evaluated parameters with the local keys on top; typed access, coercion and the record of what was read.
  public let parameters: Parameters
  /// The folder of the workflow file (or of the file that `call>` brought in): relative paths start here, and scripts run here.
  public let workingDirectory: String
  public let projectDirectory: String
  /// A folder for files of this attempt that people may want later: notebooks, mails, downloads.
  ///
  /// Made on demand.
  public let attemptDirectory: String
  /// What ``TaskOutcome/poll(after:state:)`` left behind; empty at the first call.
  public let state: ObjectValue
  public let templates: TemplateEngine
  public let secrets: SecretStore
  public let output: TaskOutput
  /// Tasks one attempt may have.
  public let taskLimit: Int
  /// The task's place in its file, for messages.
  public let location: SourceLocation?
  /// Names this try for operators that must not do their work twice; nil where nothing runs again after a crash.
  public let tryKey: TryKey?
  /// What the task may reach.
  public var isolation = TaskIsolation.open
  /// Where the task's keys were written, for what is compiled late.
  private let node: TaskNode?

  public init(
    taskName: String,
    attempt: AttemptIdentity,
    parameters: Parameters,
    workingDirectory: String,
    projectDirectory: String,
    attemptDirectory: String,
    state: ObjectValue,
    templates: TemplateEngine,
    secrets: SecretStore,
    output: TaskOutput,
    taskLimit: Int,
    location: SourceLocation?,
    node: TaskNode? = nil,
    tryKey: TryKey? = nil
  ) {
    self.taskName = taskName
    self.attempt = attempt
    self.parameters = parameters
    self.workingDirectory = workingDirectory
    self.projectDirectory = projectDirectory
    self.attemptDirectory = attemptDirectory
    self.state = state
    self.templates = templates
    self.secrets = secrets
    self.output = output
    self.taskLimit = taskLimit
    self.location = location
    self.node = node
    self.tryKey = tryKey
  }

  /// Compiles a key of the task that holds tasks, such as `_do`; nil when it is absent.
  ///
  /// - Parameters:
  ///   - key: the local key.
  ///   - name: the name of the task that is made, with its signs, as `^sub` or `^sub+loop-0`; only its last part is kept.
  /// - Returns: one operator task or one group.
  /// - Throws: `WorkflowError` with the places of the mistakes.
  public func compileTask(under key: String, name: String) throws(WorkflowError) -> TaskNode? {
    guard let fragment = parameters.value(key) else { return nil }
    let last = name.lastIndex { $0 == "+" || $0 == "^" } ?? name.startIndex
    return try TaskCompiler.compile(
      fragment,
      name: String(name[last...]),
      under: taskName + name[..<last],
      at: location,
      places: node?.locations(under: key) ?? [:]
    )
  }
}

/// Which attempt of which session a task belongs to.
public struct AttemptIdentity: Sendable, Hashable {
  public let projectID: Int64
  public let projectName: String
  public let workflowName: String
  public let sessionID: Int64
  public let attemptID: Int64
  /// `yyyy-MM-dd'T'HH:mm:ss±HH:MM` in the workflow's zone.
  public let sessionTime: String
  public let sessionUnixTime: Int64
  public let timezone: String
  /// Names the attempt for good: no other attempt has it, of whatever store; nil where the attempt cannot go on after a crash.
  public let key: String?
  /// For whom it runs, where that is not the person at this machine.
  public var owner: AttemptOwner?

  public init(
    projectID: Int64,
    projectName: String,
    workflowName: String,
    sessionID: Int64,
    attemptID: Int64,
    sessionTime: String,
    sessionUnixTime: Int64,
    timezone: String,
    key: String? = nil
  ) {
    self.projectID = projectID
    self.projectName = projectName
    self.workflowName = workflowName
    self.sessionID = sessionID
    self.attemptID = attemptID
    self.sessionTime = sessionTime
    self.sessionUnixTime = sessionUnixTime
    self.timezone = timezone
    self.key = key
  }
}

/// For whom an attempt runs: what it records is theirs.
public struct AttemptOwner: Sendable, Hashable {
  public let name: String
  public let email: String?

  public init(name: String, email: String?) {
    self.name = name
    self.email = email
  }
}

/// Names one try of a task: the same when the try is repeated because its process ended, another for every other try.
///
/// A try that polls has one name from its first call to its last.
public struct TryKey: Sendable, Hashable {
  public let text: String

  public init(_ text: String) { self.text = text }

  /// - Parameters:
  ///   - attempt: names the attempt for good.
  ///   - task: repeated rounds of a group have tasks of their own.
  init(attempt: String, task: TaskEntry) {
    self.init("\(attempt)/\(task.id)/\(task.retryCount) \(task.fullName)")
  }
}

/// Where a task's words go.
public struct TaskOutput: Sendable {
  /// What the workflow prints (echo>, sh>): raw bytes to stdout and to the task's log.
  public let print: @Sendable ([UInt8]) -> Void
  /// Progress for people: one line to stderr and to the task's log.
  public let log: @Sendable (LogLevel, String) -> Void

  public init(
    print: @escaping @Sendable ([UInt8]) -> Void,
    log: @escaping @Sendable (LogLevel, String) -> Void
  ) {
    self.print = print
    self.log = log
  }

  public func info(_ line: String) { log(.info, line) }
  public func warn(_ line: String) { log(.warning, line) }
}

/// How loud a line of a log is.
public enum LogLevel: String, Sendable, Comparable, CaseIterable {
  case debug, info, warning, error

  public static func < (left: LogLevel, right: LogLevel) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .debug: 0
    case .info: 1
    case .warning: 2
    case .error: 3
    }
  }
}

/// The secrets a task may use, with the remounts of its `_secrets` applied.
public struct SecretStore: Sendable {
  private let lookup: @Sendable (String) -> Secret?
  private let remounts: ObjectValue

  public init(_ lookup: @escaping @Sendable (String) -> Secret?) {
    self.lookup = lookup
    remounts = [:]
  }

  /// - Parameters:
  ///   - lookup: the secret of a key.
  ///   - remounts: `_secrets`: with `{mail: my_mail}` `mail.password` means `my_mail.password`.
  /// - Throws: ``TaskFailure`` `config` for a leaf of `remounts` that is neither text nor `true`.
  init(
    _ lookup: @escaping @Sendable (String) -> Secret?,
    remounts: ObjectValue
  ) throws(TaskFailure) {
    self.lookup = lookup
    self.remounts = remounts
    try Self.check(remounts, below: "_secrets")
  }

  /// The same secrets under their own keys, as `_env` sees them.
  public var withoutRemounts: SecretStore { SecretStore(lookup) }

  /// The secret of a key such as `mail.password`; nil when there is none.
  public subscript(key: String) -> Secret? {
    let path = key.split(separator: ".").map(String.init)
    for length in stride(from: remounts.isEmpty ? 0 : path.count, to: 0, by: -1) {
      guard let mount = remounts[path: Array(path[..<length])]?.string else { continue }
      return lookup(([mount] + path[length...]).joined(separator: "."))
    }
    return lookup(key)
  }

  private static func check(_ remounts: ObjectValue, below path: String) throws(TaskFailure) {
    for (key, value) in remounts {
      switch value {
      case .string, .bool(true): continue
      case .object(let inner): try check(inner, below: "\(path).\(key)")
      case .null, .bool, .int, .double, .array:
        throw TaskFailure(
          .config,
          "`\(path).\(key)` must be the prefix that the secrets are kept under, found \(value)"
        )
      }
    }
  }

  /// Fills `${secret:key}` in a text; for the operators that the language allows it in.
  ///
  /// - Throws: ``TaskFailure`` `config` when a key has no secret, and for `${word:…}` with another word.
  public func fill(_ text: String) throws(TaskFailure) -> String {
    var rest = Substring(text)
    var filled = ""
    while let start = rest.firstRange(of: "${") {
      filled += rest[..<start.lowerBound]
      let inside = rest[start.upperBound...]
      let word = inside.prefix { $0.isASCII && $0.isLowercase }
      let behind = inside[word.endIndex...]
      guard !word.isEmpty, behind.first == ":", let end = behind.firstIndex(of: "}") else {
        filled += rest[start]
        rest = inside
        continue
      }
      let written = rest[start.lowerBound...end]
      guard word == "secret" else {
        throw TaskFailure(
          .config,
          "Invalid parametrization: `\(written)` is taken for a template of the operator, as `${secret:key}` is"
        )
      }
      let name = behind[behind.index(after: behind.startIndex)..<end].filter { $0 != " " }
      guard let secret = self[name] else {
        throw TaskFailure(.config, "Secret not found for key: '\(name)'")
      }
      filled += secret.reveal()
      rest = rest[rest.index(after: end)...]
    }
    return filled + rest
  }
}
