/// Where an embedded warehouse lives and what it may use.
public struct WarehouseSettings: Sendable, Hashable {
  /// The database file, made on first use; its folder too.
  public var databaseFile: String
  /// The folder with `libduckdb.so` and `libduckdb-pystub.so`.
  public var libraryFolder: String
  /// The command that translates SQL: a Python with sqlglot, and the script.
  public var translator: [String]
  /// Where translated statements are kept.
  public var cacheFolder: String
  /// nil: half of the machine's memory.
  public var memoryLimitInBytes: Int64?
  /// nil: one thread for every core.
  public var threads: Int?
  /// How long to wait for another process to let go of the database.
  public var lockWait: Duration = .seconds(60)
  /// An owner that has nothing to do lets go after this time.
  public var idleTime: Duration = .milliseconds(500)
  /// How long the keys of writes are kept; see ``WriteKey``.
  public var keyRetention: Duration = .seconds(30 * 86_400)
  /// The only folders, beside the database, in which the engine reads and writes files; nil for every place.
  ///
  /// Texts of queries cannot name files either way; this holds where one would find how to.
  public var fileFolders: [String]?
  /// What this process is, for the message of those who wait: its command line.
  public var owner = "tadoru"

  public init(
    databaseFile: String,
    libraryFolder: String,
    translator: [String],
    cacheFolder: String
  ) {
    self.databaseFile = databaseFile
    self.libraryFolder = libraryFolder
    self.translator = translator
    self.cacheFolder = cacheFolder
  }
}
