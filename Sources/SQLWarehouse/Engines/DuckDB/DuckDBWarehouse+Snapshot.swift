import Foundation

extension DuckDBWarehouse {
  /// Copies the database to a new file, as it stands between two statements.
  ///
  /// Takes the turn of a writing statement: everything is brought into the file, which is closed and copied, and no
  /// process uses it meanwhile. So statements wait for as long as the copy takes.
  /// - Parameter file: a file that does not exist yet, in a folder that does.
  /// - Throws: ``WarehouseError`` `locked`, `diskFull`, `database`, `file`.
  public func snapshot(to file: String) async throws {
    let source = settings.databaseFile
    try await blocking { [gate] cancellation in
      try gate.alone(cancellation) { instance in
        do throws(DuckDBFailure) {
          let connection = try instance.borrow()
          defer { instance.giveBack(connection) }
          try connection.execute("CHECKPOINT warehouse")
        } catch {
          throw FailureReader.resource(error)
            ?? WarehouseError(.execution, "the warehouse cannot be copied: \(error.summary)")
        }
      } closed: {
        guard access(source + ".wal", F_OK) != 0 else {
          throw WarehouseError(.database, "`\(source).wal` was not brought into the database")
        }
        try Self.copy(source, to: file)
      }
    }
  }

  private static func copy(_ source: String, to target: String) throws {
    guard access(target, F_OK) != 0 else {
      throw WarehouseError(.file, "`\(target)` exists already")
    }
    do {
      try FileManager.default.copyItem(atPath: source, toPath: target)
    } catch {
      unlink(target)
      throw WarehouseError(.file, "`\(source)` cannot be copied to `\(target)`: \(error)")
    }
    let descriptor = open(target, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw WarehouseError(.file, "`\(target)` cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw WarehouseError(.file, "`\(target)` not written: \(String(cString: strerror(errno)))")
    }
  }
}
