import Foundation
import Values

/// Copies a folder file by file, hashing on the way, and brings the copy to the disk.
struct FolderCopy {
  let source: String
  let target: String

  init(from source: String, to target: String) {
    self.source = source
    self.target = target
  }

  /// The files that were copied, by path.
  func run() throws -> [ArtifactFile] {
    var files: [ArtifactFile] = []
    try copyFolder("", into: &files)
    return files.sorted { $0.path < $1.path }
  }

  private func copyFolder(_ folder: String, into files: inout [ArtifactFile]) throws {
    let path = folder.isEmpty ? source : source + "/" + folder
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
      throw TrackingError(.artifact, "the folder `\(path)` could not be read", cause: error)
    }
    let copy = folder.isEmpty ? target : target + "/" + folder
    guard mkdir(copy, 0o700) == 0 else {
      throw Disk.failure("the folder `\(copy)` could not be made")
    }
    for name in names.sorted() {
      let inner = folder.isEmpty ? name : folder + "/" + name
      switch try Disk.kind(of: source + "/" + inner) {
      case .folder: try copyFolder(inner, into: &files)
      case .file:
        let written = try Self.copy(file: source + "/" + inner, to: target + "/" + inner)
        files.append(
          ArtifactFile(path: inner, sizeInBytes: written.size, sha256: written.sha256)
        )
      case .other:
        throw TrackingError(
          .artifact,
          "`\(source)/\(inner)` is neither a file nor a folder; links and devices are not stored"
        )
      }
    }
    try Disk.synchronize(folder: copy)
  }

  /// Copies one file; without a target it is only read and hashed.
  static func copy(file: String, to target: String?) throws -> (size: Int64, sha256: String) {
    let input = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard input >= 0 else { throw Disk.failure("the file `\(file)` could not be opened") }
    defer { close(input) }
    guard let target else { return try transfer(from: input, file, to: nil, file) }
    let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard output >= 0 else { throw Disk.failure("the file `\(target)` could not be made") }
    defer { close(output) }
    let result = try transfer(from: input, file, to: output, target)
    guard fsync(output) == 0 else { throw Disk.failure("the file `\(target)` not written") }
    return result
  }

  private static func transfer(
    from input: CInt,
    _ inputPath: String,
    to output: CInt?,
    _ outputPath: String
  ) throws -> (size: Int64, sha256: String) {
    var hash = SHA256()
    var size: Int64 = 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = read(input, buffer.baseAddress, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Disk.failure("the file `\(inputPath)` could not be read") }
      guard count > 0 else { return (size, hash.finish()) }
      let piece = UnsafeRawBufferPointer(rebasing: buffer.prefix(count))
      hash.update(piece)
      size += Int64(count)
      if let output { try Disk.write(piece, to: output, outputPath) }
    }
  }
}
