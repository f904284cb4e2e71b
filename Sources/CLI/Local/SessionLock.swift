import Foundation

/// Keeps two processes from running one session at the same time; the kernel frees it however the process ends.
final class SessionLock {
  private let descriptor: Int32

  /// - Throws: ``CommandFailure`` `failed` naming the process that runs the session.
  init(folder: String, session: Int64) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let file = folder + "/session-\(session).lock"
    descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw CommandFailure(
        .failed,
        "`\(file)` cannot be opened: \(String(cString: strerror(errno)))"
      )
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder =
        FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) } ?? ""
      close(descriptor)
      throw CommandFailure(
        .failed,
        "this session is being run already by process \(holder.isEmpty ? "unknown" : holder)",
        hint: "wait for it, or start another session with `--session`"
      )
    }
    ftruncate(descriptor, 0)
    let text = String(getpid())
    text.withCString { _ = write(descriptor, $0, strlen($0)) }
  }

  deinit { close(descriptor) }
}
