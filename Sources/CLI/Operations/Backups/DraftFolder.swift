import Foundation
import Storage

/// A folder that is made beside its place and moved there when it is whole.
final class DraftFolder {
  /// Where it is made.
  let path: String
  private let place: String
  private var isKept = false
  /// The folder that was made last, as most files lie in the same one as the file before.
  private var known = ""

  /// - Parameter place: absolute; nothing, or an empty folder, is there.
  /// - Throws: ``CommandFailure`` `failed`.
  init(for place: String) throws(CommandFailure) {
    var template = Array("\(place).unfinished-XXXXXX".utf8CString)
    let isMade = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
    }
    guard isMade else { throw FileDigest.failure(place, "made") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    self.place = place
  }

  deinit {
    // why: what cannot be removed lies beside the place under a name that says what it is
    if !isKept { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Makes the folders of a file as they are in another tree; gives the absolute path of the file.
  func file(_ name: String, asIn source: String) throws(CommandFailure) -> String {
    let parts = name.split(separator: "/").dropLast()
    let folder = parts.joined(separator: "/")
    guard folder != known else { return path + "/" + name }
    var made = ""
    for part in parts {
      made += "/" + part
      guard let status = FileStatus(path: source + made) else {
        throw FileDigest.failure(source + made, "read")
      }
      guard mkdir(path + made, 0o700) == 0 || errno == EEXIST,
        chmod(path + made, status.rights | 0o700) == 0
      else { throw FileDigest.failure(path + made, "made") }
    }
    known = folder
    return path + "/" + name
  }

  func link(_ name: String, to target: String, asIn source: String) throws(CommandFailure) {
    let place = try file(name, asIn: source)
    guard symlink(target, place) == 0 else { throw FileDigest.failure(place, "made") }
  }

  /// Brings everything to the disk and moves the folder to its place.
  func keep() throws(CommandFailure) {
    sync()  // one wait for many files
    guard rename(path, place) == 0 else {
      let number = errno
      let reason = String(cString: strerror(number)).lowercased()
      throw CommandFailure(
        .failed,
        "`\(place)` cannot be made: \(reason)",
        hint: number == EBUSY ? "it is a mount point: name a folder in it" : nil
      )
    }
    isKept = true
    sync()
  }
}
