public import Foundation
public import Storage
import Values

/// Experiments, runs, metrics, artifacts and registered models, kept so that `kill -9` loses nothing
/// that was acknowledged.
///
/// Each method is one whole use case and one transaction; all of them block for a short time only,
/// but for those that copy or check files. Several processes may share the database and the folder.
public struct TrackingStore: Sendable {
  let database: SQLDatabase
  let artifacts: ArtifactStore
  let clock: @Sendable () -> UnixTime
  let ids: @Sendable () -> UUID

  /// Opens the store on a database, bringing the room's tables up to date.
  ///
  /// - Parameters:
  ///   - database: may hold other rooms' tables too.
  ///   - artifacts: where files are kept.
  ///   - clock: the time now.
  ///   - ids: a fresh UUID at every call.
  /// - Throws: ``TrackingError`` `storage`.
  public init(
    database: SQLDatabase,
    artifacts: ArtifactStore,
    clock: @escaping @Sendable () -> UnixTime,
    ids: @escaping @Sendable () -> UUID
  ) throws {
    self.database = database
    self.artifacts = artifacts
    self.clock = clock
    self.ids = ids
    do {
      try database.migrate(TrackingMigrations.all(clock: clock), room: "Tracking")
    } catch let error as StorageError {
      throw TrackingError(
        .storage,
        "the tracking tables are not ready: \(error.message)",
        cause: error
      )
    }
  }

  /// Reads with one unchanging view of the tables.
  func read<T>(_ what: String, _ body: (SQLConnection) throws -> T) throws -> T {
    do { return try database.read(body) } catch let error as StorageError {
      throw TrackingError(.storage, "\(what) not read: \(error.message)", cause: error)
    }
  }

  /// Writes all or nothing.
  @discardableResult
  func write<T>(_ what: String, _ body: (SQLConnection) throws -> T) throws -> T {
    do { return try database.write(body) } catch let error as StorageError {
      throw TrackingError(.storage, "\(what) not saved: \(error.message)", cause: error)
    }
  }

  /// Thirty-two hexadecimal digits, as clients of MLflow expect of a run.
  func freshHexadecimal() -> String {
    ids().uuidString.lowercased().filter { $0 != "-" }
  }
}
