/// What an operator can be told: the one list that messages, the linter and the manual share.
///
/// An option stands here once. A test compares the list with what the operators read.
public struct OperatorSignature: Sendable, Hashable {
  /// What the value behind `>:` is.
  public enum Command: Sendable, Hashable {
    case nothing
    case text
    /// A file of the project; a map with `data` stands for its text.
    case file
    /// The options stand inside of the value.
    case map
    case any
  }

  /// The name in front of `>`.
  public let name: String
  /// What it does, in one sentence without a full stop.
  public let summary: String
  public let command: Command
  /// The exported map that missing options are taken from, as `td`.
  public let defaults: String?
  /// True where every key of the task is handed on, to a file of templates or a script: keys of one's own are usual there.
  public let handsOnKeys: Bool
  public let options: [Option]

  init(
    _ name: String,
    _ command: Command,
    _ summary: String,
    defaults: String? = nil,
    handsOnKeys: Bool = false,
    _ options: [Option] = []
  ) {
    self.name = name
    self.command = command
    self.summary = summary
    self.defaults = defaults
    self.handsOnKeys = handsOnKeys
    self.options = options
  }

  /// The option of a name; nil for a key that the operator does not have.
  public func option(_ name: String) -> Option? { options.first { $0.name == name } }

  /// One key that the operator reads.
  public struct Option: Sendable, Hashable {
    /// What its value is.
    public enum Kind: String, Sendable, Hashable {
      case text, table, file, boolean, integer, number, duration, list, map, any, tasks
    }

    public let name: String
    public let kind: Kind
    /// What it does, in one phrase.
    public let summary: String

    init(_ name: String, _ kind: Kind, _ summary: String) {
      self.name = name
      self.kind = kind
      self.summary = summary
    }
  }
}

extension OperatorSignature {
  /// Every operator of the language, by name: those of foreign clouds too, which are known and not offered.
  public static let all: [OperatorSignature] =
    (control + warehouse + transfer + scripts + messages + learning + foreign)
    .sorted { $0.name < $1.name }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// The signature of an operator; nil for one that nobody knows.
  public static func named(_ name: String) -> OperatorSignature? { byName[name] }
}
