import Foundation

extension ArtifactStore {
  private var incomingFolder: String { root + "/.incoming" }

  /// Gives the body a path to copy to, which is gone afterwards.
  ///
  /// A locked file beside it tells other processes that this one is alive; it names the place, so
  /// that a folder which was renamed there and never recorded can be found.
  func incoming<T>(_ token: String, place: String?, _ body: (String) throws -> T) throws -> T {
    try makeFolders(incomingFolder)
    let copy = incomingFolder + "/" + token
    let lock = try LockedFile(path: copy + ".lock", text: place.map { $0 + "\n" } ?? "")
    let result: T
    do { result = try body(copy) } catch {
      try remove(copy)
      try remove(lock.path)
      throw error
    }
    try remove(lock.path)
    return result
  }

  /// Removes what killed processes left behind.
  ///
  /// - Parameter isRecorded: true for a place that the database knows.
  /// - Throws: ``TrackingError`` `artifact`, and what `isRecorded` throws.
  func removeLeftovers(isRecorded: (String) throws -> Bool) throws {
    guard access(incomingFolder, F_OK) == 0 else { return }
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: incomingFolder) } catch {
      throw TrackingError(.artifact, "the folder `\(incomingFolder)` not read", cause: error)
    }
    for name in names where name.hasSuffix(".lock") {
      guard let lock = LockedFile(abandoned: incomingFolder + "/" + name) else { continue }
      let token = String(name.dropLast(".lock".count))
      try remove(incomingFolder + "/" + token)
      if let place = abandonedPlace(lock.text, token: token), try !isRecorded(place) {
        try removePlace(place)
      }
      try remove(lock.path)
    }
  }

  /// The place that a lock names; nil when its text is torn, lest the folder of others is removed.
  private func abandonedPlace(_ text: String, token: String) -> String? {
    let place = text.dropLast()
    let parts = place.split(separator: "/", omittingEmptySubsequences: false)
    guard text.hasSuffix("\n"), parts.count >= 2, parts[parts.count - 2] == "m-" + token else {
      return nil
    }
    return String(place)
  }
}

/// A file that is locked as long as the object lives; the kernel unlocks it when the process dies.
private final class LockedFile {
  let path: String
  let text: String
  private let descriptor: CInt

  init(path: String, text: String) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Disk.failure("`\(path)` could not be made") }
    self.path = path
    self.text = text
    guard flock(descriptor, LOCK_EX) == 0 else { throw Disk.failure("`\(path)` not locked") }
    let bytes = Array(text.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else {
      throw Disk.failure("`\(path)` not written")
    }
  }

  /// Takes over the file of a process that died; nil when its owner lives or is just done with it.
  init?(abandoned path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    self.path = path
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      text = ""
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = read(descriptor, &bytes, bytes.count)
    text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}
