import Foundation

/// A file that only grows, by whole lines, each written in one go with those that came together with it.
struct LogFile {
  private static let fullBuffer = 256 << 10

  private let descriptor: Int32
  /// What goes into the file with the next write.
  private var buffer: [UInt8] = []
  /// The file ends in the middle of a line: its writer died, or the disk was full.
  private var isTorn: Bool
  /// Why something could not be written.
  private(set) var problem: String?

  /// Opens a file at its end; one that is missing is made, readable for its owner only.
  ///
  /// - Throws: what the file system says.
  init(path: String) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    var last: UInt8 = 10
    let end = lseek(descriptor, 0, SEEK_END)
    if end > 0 { _ = pread(descriptor, &last, 1, end - 1) }
    isTorn = last != 10
  }

  func close() { _ = Foundation.close(descriptor) }

  /// Adds one line, its beginning and the rest.
  mutating func add(_ start: [UInt8], _ rest: UnsafeRawBufferPointer) {
    buffer.append(contentsOf: start)
    buffer.append(contentsOf: rest)
    buffer.append(10)
    if buffer.count >= Self.fullBuffer { write() }
  }

  /// Hands what was added to the system; what cannot be written is lost, as a log must not end its attempt.
  mutating func write() {
    guard !buffer.isEmpty else { return }
    if isTorn { buffer.insert(10, at: 0) }
    isTorn = false
    let count = buffer.count
    let written = buffer.withUnsafeBytes { Self.write($0, to: descriptor) }
    if written < count {
      problem = problem ?? String(cString: strerror(errno))
      isTorn = written > 0
    }
    buffer.removeAll(keepingCapacity: buffer.capacity <= 2 * Self.fullBuffer)
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return done }
      done += written
    }
    return done
  }
}
