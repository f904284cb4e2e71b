import Foundation
import Values

/// The files of a project that may mention a name, read when a rule first asks.
///
/// Hidden and ignored files, folders of packages and links to folders are left out. A project with more text than the limits
/// is not searched: a rule about what nobody uses then says nothing.
struct LintTexts {
  private static let mostFiles = 20_000
  private static let mostTexts = 3_000
  private static let longestText = 512 << 10
  private static let mostBytes = 8 << 20
  private static let kinds: Set<String> = [
    "dig", "sql", "hql", "py", "sh", "rb", "js", "yml", "yaml", "json", "ipynb", "html", "txt",
    "liquid", "j2", "toml", "cfg", "ini", "r", "scala", "java", "graphql",
  ]
  private static let skipped: Set<String> = [
    "node_modules", "__pycache__", "venv", "site-packages",
  ]

  /// Every file, relative to the root of the project, in the order of the names.
  let files: [String]
  /// False where the limits cut the list.
  let isComplete: Bool
  private let folder: ProjectFolder

  init(folder: ProjectFolder) {
    self.folder = folder
    var walk = FolderWalk(root: folder.root, most: Self.mostFiles, skipped: Self.skipped)
    walk.run()
    files = walk.files.filter { file in
      // What a test mentions, nobody uses for that.
      !walk.ignore.ignores(file) && !file.hasSuffix(".test.yml") && !file.hasSuffix(".test.yaml")
    }.sorted()
    isComplete = !walk.isCut
  }

  /// The text of a file, its lines ended by `\n` alone; nil for one that is too long, cannot be read or is no text.
  func text(_ file: String) -> String? {
    // why: a file that cannot be read mentions nothing, and who uses it says so
    guard let bytes = try? folder.read(file), bytes.count <= Self.longestText else { return nil }
    return String(validating: bytes, as: UTF8.self)?.replacing("\r\n", with: "\n")
  }

  /// How often each word stands in the texts of the project; nil when there is too much to read.
  func words() -> WordCount? {
    guard isComplete else { return nil }
    let texts = files.filter { Self.kinds.contains(Self.ending(of: $0)) }
    guard texts.count <= Self.mostTexts else { return nil }
    var count = WordCount()
    var bytes = 0
    for file in texts {
      guard let text = text(file) else { return nil }
      bytes += text.utf8.count
      guard bytes <= Self.mostBytes else { return nil }
      count.add(text)
    }
    return count
  }

  static func ending(of file: String) -> String {
    file.lastIndex(of: ".").map { file[file.index(after: $0)...].lowercased() } ?? ""
  }
}

/// Words of letters, digits and `_`, and how often each was met.
struct WordCount {
  private var counts: [String: Int] = [:]

  subscript(word: String) -> Int { counts[word] ?? 0 }

  mutating func add(_ text: String) {
    let bytes = text.utf8
    for word in bytes.split(whereSeparator: { !Self.isPart($0) }) where word.count > 1 {
      counts[String(Substring(word)), default: 0] += 1
    }
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}

/// Lists the files below a folder.
private struct FolderWalk {
  let root: String
  let most: Int
  let skipped: Set<String>
  private(set) var files: [String] = []
  private(set) var isCut = false
  let ignore: IgnoreRules

  init(root: String, most: Int, skipped: Set<String>) {
    self.root = root
    self.most = most
    self.skipped = skipped
    let folder = ProjectFolder(root: root)
    // why: an ignore file that cannot be read was reported when the project was loaded
    let bytes = (try? folder.read(ProjectLoader.ignoreFile)) ?? []
    ignore = IgnoreRules(String(decoding: bytes, as: UTF8.self))
  }

  mutating func run() {
    guard
      let all = FileManager.default.enumerator(
        at: URL(filePath: root, directoryHint: .isDirectory),
        includingPropertiesForKeys: [.isRegularFileKey, .isDirectoryKey],
        options: [.skipsHiddenFiles]
      )
    else { return }
    let start = URL(filePath: root, directoryHint: .isDirectory).path(percentEncoded: false)
    for case let url as URL in all {
      if all.level > 32 || skipped.contains(url.lastPathComponent) { all.skipDescendants() }
      // why: a file that vanishes while it is listed is no file of the project
      guard let kind = try? url.resourceValues(forKeys: [.isRegularFileKey]),
        kind.isRegularFile == true
      else { continue }
      guard files.count < most else {
        isCut = true
        return
      }
      let path = url.path(percentEncoded: false)
      files.append(path.hasPrefix(start) ? String(path.dropFirst(start.count)) : path)
    }
  }
}
