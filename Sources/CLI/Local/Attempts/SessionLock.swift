import Foundation

/// Keeps two processes from running one session at the same time; the kernel frees it however the process ends.
///
/// One file serves all sessions of a project: a session is locked by the byte at its number.
final class SessionLock: Sendable {
  /// `F_OFD_SETLK` of `<fcntl.h>`, which the Glibc module leaves out: a lock of the open file, not of the process.
  private static let setLock: Int32 = 37
  /// `F_OFD_GETLK`: whether there is such a lock, without taking one.
  private static let getLock: Int32 = 36

  private let descriptor: Int32

  /// The lock of a session that is to be run.
  ///
  /// A process that only looks whether a session was cut off holds the lock for a moment: that is waited for.
  /// - Throws: ``CommandFailure`` `failed` when another process runs the session.
  static func taken(project: LocalProject, session: Int64) async throws -> SessionLock {
    for _ in 0..<20 {
      if let lock = try ifFree(project: project, session: session) { return lock }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw CommandFailure(
      .failed,
      "this session is being run already by another process",
      hint: "wait for it, or start another session with `--session`"
    )
  }

  private init(held descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// The lock of a session that no process holds now; nil when one does.
  static func ifFree(project: LocalProject, session: Int64) throws -> SessionLock? {
    try ifFree(file: project.sessionLocks, position: session)
  }

  /// The lock of a byte of a file; nil when some process holds it.
  static func ifFree(file: String, position: Int64) throws -> SessionLock? {
    // why O_CLOEXEC: a process that a task left behind must not keep the session locked
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(file) }
    var range = range(of: position)
    guard fcntl(descriptor, Self.setLock, &range) == 0 else {
      let isHeld = errno == EAGAIN || errno == EACCES
      let failure = failure(file)
      close(descriptor)
      if isHeld { return nil }
      throw failure
    }
    return SessionLock(held: descriptor)
  }

  /// True while some process, this one too, holds the lock of a session.
  static func isHeld(project: LocalProject, session: Int64) throws -> Bool {
    try isHeld(file: project.sessionLocks, position: session)
  }

  /// True while some process holds the lock of a byte of a file; the file need not be there.
  static func isHeld(file: String, position: Int64) throws -> Bool {
    let descriptor = open(file, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return false }
      throw failure(file)
    }
    defer { close(descriptor) }
    var range = range(of: position)
    guard fcntl(descriptor, Self.getLock, &range) == 0 else { throw failure(file) }
    return range.l_type != Int16(F_UNLCK)
  }

  private static func range(of position: Int64) -> flock {
    flock(
      l_type: Int16(F_WRLCK),
      l_whence: Int16(SEEK_SET),
      l_start: Int(position),
      l_len: 1,
      l_pid: 0
    )
  }

  private static func failure(_ file: String) -> CommandFailure {
    CommandFailure(.failed, "`\(file)` cannot be locked: \(String(cString: strerror(errno)))")
  }
}
