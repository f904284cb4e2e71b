import Foundation
import Glibc

/// Which process may have the database open: two lock files beside it, `….queue` and `….lock`.
///
/// To get in: lock the queue, lock the lock, unlock the queue. So at most one process waits for the lock, it holds the
/// queue while it does, and an owner sees by trying the queue whether somebody waits. The kernel frees both when a
/// process dies. The owner writes its process id and command into the lock file, for messages.
final class OwnerLock: Sendable {
  private let queue: Int32
  private let lock: Int32
  private let file: String

  /// Opens the files, making them when needed; locks nothing.
  init(beside database: String) throws(WarehouseError) {
    file = database + ".lock"
    let flags = O_RDWR | O_CREAT | O_CLOEXEC
    queue = open(database + ".queue", flags, 0o644)
    lock = open(file, flags, 0o644)
    guard queue >= 0, lock >= 0 else {
      let reason = String(cString: strerror(errno))
      throw WarehouseError(.database, "`\(file)` cannot be opened: \(reason)")
    }
  }

  deinit {
    close(lock)
    close(queue)
  }

  /// Waits for the lock, and says false when that takes too long or `isCancelled` turns true.
  func acquire(within wait: Duration, owner: String, isCancelled: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + wait
    guard poll(queue, until: deadline, isCancelled) else { return false }
    defer { flock(queue, LOCK_UN) }
    guard poll(lock, until: deadline, isCancelled) else { return false }
    let words = Array("\(getpid()) \(owner)".utf8)
    // why: the words are for messages only, and a full disk must not keep anybody out
    if ftruncate(lock, 0) == 0 { _ = pwrite(lock, words, words.count, 0) }
    return true
  }

  func release() { flock(lock, LOCK_UN) }

  /// True when another process waits; for the owner.
  var isWanted: Bool {
    guard flock(queue, LOCK_EX | LOCK_NB) == 0 else { return true }
    flock(queue, LOCK_UN)
    return false
  }

  /// The process that has the lock, as it described itself.
  var holder: String {
    // why: without the words the message is shorter
    let words = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    let parts = words.split(separator: " ", maxSplits: 1)
    guard parts.count == 2 else { return "another process" }
    return "process \(parts[0]) (`\(parts[1])`)"
  }

  private func poll(
    _ descriptor: Int32,
    until deadline: ContinuousClock.Instant,
    _ isCancelled: () -> Bool
  ) -> Bool {
    var pause: UInt32 = 1000
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard ContinuousClock.now < deadline, !isCancelled() else { return false }
      usleep(pause)
      pause = min(pause * 2, 20_000)
    }
    return true
  }
}
