import Access
import Foundation
import Projects
import Storage
import Tracking
import WorkflowEngine

/// Whether the tables of a data folder are those of this version.
enum DataSchema {
  case current
  /// A start of the server brings them up to date.
  case older
  /// With what the database says.
  case newer(String)

  /// Opens every room's tables in a database that is opened for reading, so that what is missing cannot be made.
  static func state(of database: SQLDatabase, in data: DataPlace) -> DataSchema {
    do {
      _ = try AttemptStore(database: database)
      _ = try ScheduleStore(database: database)
      _ = try AccessStore(database: database, clock: { 0 }, random: Randomness.system)
      _ = try RevisionStore(reading: database, of: data)
      if try hasTracking(database) {
        _ = try Wiring.tracking(of: data.project, database: database)
      }
      return .current
    } catch let error as StorageError where error.code == .newerSchema {
      return .newer(error.message)
    } catch let error as TrackingError {
      if let cause = error.cause as? StorageError, cause.code == .newerSchema {
        return .newer(cause.message)
      }
      return .older
    } catch {
      return .older
    }
  }

  /// False on a server that never tracked a run: those tables are made for the first.
  static func hasTracking(_ database: SQLDatabase) throws -> Bool {
    try database.read {
      try $0.row("SELECT 1 AS found FROM tadoru_migrations WHERE room = 'Tracking'") != nil
    }
  }
}

extension RevisionStore {
  /// The store of a data folder for commands that only look.
  init(reading database: SQLDatabase, of data: DataPlace) throws {
    try self.init(reading: database, folder: data.path, now: Wiring.now)
  }
}
