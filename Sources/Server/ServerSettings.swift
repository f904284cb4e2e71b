/// How the server listens and what it puts up with.
public struct ServerSettings: Sendable {
  /// The address to listen at.
  public var bind = "127.0.0.1"
  /// 0 for any that is free.
  public var port = 65432
  /// PEM files; both or none.
  public var certificateFile: String?
  public var keyFile: String?
  /// Names a request may give as its `Host` besides loopback names and `bind`; `*` for any.
  public var allowedHosts: [String] = []
  public var limits = Limits()
  public var timeouts = Timeouts()

  public init() {}

  /// Sizes in bytes.
  public struct Limits: Sendable {
    public var json = 2 << 20
    public var archive = 256 << 20
    public var form = 256 << 10
    public var headers = 32 << 10
    /// Requests that follow a log at the same time.
    public var followers = 200

    public init() {}
  }

  /// How long something may take.
  public struct Timeouts: Sendable {
    /// A connection on which nothing happens.
    public var idle: Duration = .seconds(60)
    /// From the head of a request to the end of its JSON body.
    public var body: Duration = .seconds(20)
    /// Between two pieces of an archive.
    public var archivePiece: Duration = .seconds(30)
    /// What is under way when the server is to end.
    public var shutdown: Duration = .seconds(5)
    /// Between two looks at a log that is followed.
    public var followPause: Duration = .milliseconds(300)

    public init() {}
  }

  public var isLoopback: Bool { bind == "127.0.0.1" || bind == "::1" || bind == "localhost" }
  public var isSecure: Bool { certificateFile != nil }
}
