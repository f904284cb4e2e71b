import Foundation

/// Opens the database when a statement comes, lets statements in, and closes it when another process wants it or
/// nobody has used it for a while.
///
/// Queries run side by side, writing statements one after the other. All calls block their thread.
///
/// why: unchecked, because everything that changes is read and written between `lock()` and `unlock()` only.
final class WarehouseGate: @unchecked Sendable {  // why: see above
  private let settings: WarehouseSettings
  private let condition = NSCondition()
  private let timer = DispatchQueue(label: "tadoru.warehouse.idle")
  private var instance: DuckDBInstance?
  private var owner: OwnerLock?
  private var isOpening = false
  private var isDraining = false
  private var isWriting = false
  private var active = 0
  private var visits = 0

  init(settings: WarehouseSettings) { self.settings = settings }

  /// Waits for the turn of a statement; each call needs one of ``leave(wrote:)``.
  func enter(writing: Bool, _ cancellation: StatementCancellation) throws -> DuckDBInstance {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if cancellation.isCancelled { throw CancellationError() }
      if isOpening || isDraining || (writing && isWriting) {
        _ = condition.wait(until: Date(timeIntervalSinceNow: 0.02))
        continue
      }
      if let instance {
        active += 1
        visits += 1
        isWriting = isWriting || writing
        return instance
      }
      try open(cancellation)
    }
  }

  /// Ends the turn of a statement.
  func leave(wrote: Bool) {
    condition.lock()
    defer { condition.unlock() }
    active -= 1
    if wrote { isWriting = false }
    if owner?.isWanted ?? false { isDraining = true }
    if active == 0 && isDraining {
      close()
    } else if active == 0 {
      closeLater(visits, ContinuousClock.now + settings.idleTime)
    }
    condition.broadcast()
  }

  /// Runs work while no statement of this process runs and no other process has the database, which is opened for the
  /// first part and closed for the second.
  ///
  /// Statements that come meanwhile wait until the work has ended.
  func alone<Result>(
    _ cancellation: StatementCancellation,
    opened: (DuckDBInstance) throws -> Void,
    closed: () throws -> Result
  ) throws -> Result {
    let known = try takeOver(cancellation)
    defer {
      condition.lock()
      isOpening = false
      condition.broadcast()
      condition.unlock()
    }
    let (lock, instance) = try Self.open(settings, known, cancellation)
    defer { lock.release() }
    do {
      defer { instance.close() }
      try opened(instance)
    }
    return try closed()
  }

  /// Waits for the end of the statements that run and closes the database; others wait until `isOpening` is false.
  private func takeOver(_ cancellation: StatementCancellation) throws -> OwnerLock? {
    condition.lock()
    defer { condition.unlock() }
    while isOpening || active > 0 {
      if cancellation.isCancelled { throw CancellationError() }
      if active > 0 { isDraining = true }
      _ = condition.wait(until: Date(timeIntervalSinceNow: 0.02))
    }
    close()
    isOpening = true
    return owner
  }

  /// Closes at once if no statement runs; for a clean end.
  func closeIfIdle() {
    condition.lock()
    defer { condition.unlock() }
    if active == 0 && !isOpening { close() }
  }

  /// Looks every few milliseconds whether another process wants the database; at last closes it anyway.
  private func closeLater(_ visit: Int, _ end: ContinuousClock.Instant) {
    timer.asyncAfter(deadline: .now() + .milliseconds(20)) { [weak self] in
      guard let self else { return }
      condition.lock()
      defer { condition.unlock() }
      guard instance != nil, active == 0, visits == visit, !isOpening else { return }
      if ContinuousClock.now >= end || (owner?.isWanted ?? false) {
        close()
        condition.broadcast()
      } else {
        closeLater(visit, end)
      }
    }
  }

  private func close() {
    guard let instance else { return }
    instance.close()
    self.instance = nil
    owner?.release()
    isDraining = false
  }

  /// Called and returns with the lock held; other statements wait outside meanwhile.
  private func open(_ cancellation: StatementCancellation) throws {
    isOpening = true
    let known = owner
    condition.unlock()
    let opened = Result { try Self.open(settings, known, cancellation) }
    condition.lock()
    isOpening = false
    condition.broadcast()
    (owner, instance) = try opened.get()
  }

  private static func open(
    _ settings: WarehouseSettings,
    _ known: OwnerLock?,
    _ cancellation: StatementCancellation
  ) throws -> (OwnerLock, DuckDBInstance) {
    try DuckDBLibrary.bind(folder: settings.libraryFolder)
    let folder = URL(filePath: settings.databaseFile).deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw WarehouseError(.database, "the folder `\(folder.path)` cannot be made: \(error)")
    }
    let lock = try known ?? OwnerLock(beside: settings.databaseFile)
    guard
      lock.acquire(
        within: settings.lockWait,
        owner: settings.owner,
        isCancelled: { cancellation.isCancelled }
      )
    else {
      if cancellation.isCancelled { throw CancellationError() }
      let seconds = Int(settings.lockWait / .seconds(1))
      throw WarehouseError(
        .locked,
        "the warehouse is in use by \(lock.holder); waited \(seconds) s",
        hint: "wait for it to finish, or end it"
      )
    }
    do {
      return (lock, try DuckDBInstance(settings))
    } catch {
      lock.release()
      throw error
    }
  }
}
