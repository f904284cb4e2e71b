import Access
import Foundation
import Logging
import Projects
import Server
import ServiceLifecycle
import Storage
import UnixSignals
import Values
import WorkflowEngine

/// A server: joins its rooms, and runs until it is told to end.
struct Service {
  private let settings: ServiceSettings
  private let folder: DataFolder
  private let access: AccessRooms
  private let engine: ServerEngine
  private let rooms: Rooms

  init(_ settings: ServiceSettings, folder: DataFolder) throws {
    self.settings = settings
    self.folder = folder
    let database = try folder.database()
    // The tables of the others refer to those of the engine.
    _ = try AttemptStore(database: database)
    let access = try AccessRooms(
      database: database,
      key: settings.secretKey,
      owner: settings.owner
    )
    self.access = access
    let store = try RevisionStore(
      database: database,
      folder: folder.path,
      now: Wiring.now,
      newName: { UUID().uuidString.lowercased() }
    )
    engine = try ServerEngine(
      state: folder.path,
      database: database,
      source: ProjectSource(store),
      people: access.people,
      options: ServerEngine.Options(
        settings: settings.run,
        mostAttempts: settings.mostAttempts,
        console: settings.console,
        isolation: try settings.isolation(
          isShared: !settings.server.isLoopback || access.hasAccounts
        ),
        address: settings.address
      )
    )
    let path = folder.path
    rooms = Rooms(
      history: AttemptHistory(database: database),
      control: (engine.attempts, engine.schedules),
      projects: (ProjectRooms(store: store, access: access).control, access.secrets),
      access: (access.gate, access.accounts, access.audit),
      inputs: Rooms.Inputs(
        version: Version.number,
        incomingFolder: path + "/incoming",
        attemptFolder: { path + "/attempts/\($0)" },
        now: Wiring.now,
        newID: { UUID().uuidString.lowercased() }
      )
    )
  }

  func run() async throws {
    try refuseOpenDoor()
    try offerSetup()
    let logger = Logger(label: "tadoru") { _ in ConsoleLog(console: settings.console) }
    let server = TadoruServer(rooms: rooms, settings: settings.server, logger: logger) {
      [settings] port in
      settings.address.note(port: port)
      settings.announce(port)
    }
    let group = ServiceGroup(
      services: [server, EngineService(engine: engine, grace: settings.grace)],
      gracefulShutdownSignals: [.sigterm, .sigint],
      logger: logger
    )
    do {
      defer { withExtendedLifetime(folder) {} }  // the lock is held as long
      try await group.run()
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure(
        .failed,
        "the server cannot listen at \(settings.server.bind):\(settings.server.port), or had to end: \(error)",
        hint: "another program may use the port; --port 0 takes one that is free"
      )
    }
  }

  /// Who can reach the server from elsewhere must have an account.
  private func refuseOpenDoor() throws {
    guard !settings.server.isLoopback else { return }
    guard try access.hasAccounts else {
      throw CommandFailure(
        .usage,
        "`--bind \(settings.server.bind)` lets others reach the server, and it has no accounts",
        hint:
          "`tadoru server --data \(folder.path) --first-admin NAME --email ADDRESS` makes the first one"
      )
    }
    if !settings.server.isSecure {
      settings.console.line(
        .warning,
        "passwords and tokens travel unencrypted: give --tls-certificate and --tls-key, or put a proxy with TLS in front",
        attempt: nil,
        task: nil
      )
    }
  }

  /// The code for the first account goes into a file that only the owner of the data folder reads.
  private func offerSetup() throws {
    let files = FileManager.default
    guard let code = try access.store.offerBootstrap() else {
      if files.fileExists(atPath: folder.setupCode) {
        try files.removeItem(atPath: folder.setupCode)
      }
      return
    }
    _ = files.createFile(
      atPath: folder.setupCode,
      contents: Data((code.reveal() + "\n").utf8),
      attributes: [.posixPermissions: 0o600]
    )
    settings.console.line(
      .info,
      "no accounts: whoever reaches this address is its owner; the code for the first account is in \(folder.setupCode)",
      attempt: nil,
      task: nil
    )
  }
}

/// The engine as one of the services of the process.
private struct EngineService: ServiceLifecycle.Service {
  let engine: ServerEngine
  let grace: Duration

  func run() async throws {
    try await withGracefulShutdownHandler {
      try await engine.run()
    } onGracefulShutdown: {
      engine.drain(grace: grace)
    }
  }
}

extension ServiceSettings {
  func announce(_ port: Int) {
    let scheme = server.isSecure ? "https" : "http"
    let host = server.bind.contains(":") ? "[\(server.bind)]" : server.bind
    console.line(.info, "listening at \(scheme)://\(host):\(port)", attempt: nil, task: nil)
  }
}

extension ProjectSource {
  /// The projects that were pushed.
  init(_ store: RevisionStore) {
    self.init(
      projects: { try store.projects().map(\.id) },
      project: { try store.project(named: $0)?.id },
      latest: { id in
        guard let project = try store.project(id), project.deletedAt == nil else { return nil }
        return project.latest
      },
      revision: { try store.revision($0) },
      files: { try store.files(of: $0) },
      workflows: { try store.workflows(of: $0) }
    )
  }
}

extension AccessRooms {
  var people: ServerHost.People {
    ServerHost.People(
      secrets: { project, key in
        do {
          return try vault.value(of: SecretKey(key), in: project)
        } catch {
          // why: a key that cannot be is a secret that is not there, as is one that cannot be decrypted
          return nil
        }
      },
      hidden: { Array(try vault.values(in: $0).values) },
      owner: { number in
        do {
          let account = try store.account(number)
          return AttemptOwner(name: account.name, email: account.email)
        } catch let error as AccessError where error.code == .unknown {
          return nil
        }
      }
    )
  }
}
