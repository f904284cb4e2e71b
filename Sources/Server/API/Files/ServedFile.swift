import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// A file that is open, to be answered as a whole or in part; closed when nobody holds it any more.
final class ServedFile: Sendable {
  private static let pieceSize = 256 << 10

  let size: Int64
  /// Unix seconds.
  let modifiedAt: Double
  private let etag: String
  private let descriptor: Int32

  /// - Throws: ``ServerError`` `notFound` for what is no regular file.
  convenience init(path: String) throws {
    try self.init(descriptor: open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK))
  }

  /// A file below a folder; no symbolic link on the way is followed, so none leads out of it.
  convenience init(below folder: String, _ path: String) throws {
    try self.init(descriptor: try Self.descend(folder, path))
  }

  private init(descriptor: Int32) throws {
    var status = stat()
    guard descriptor >= 0 else { throw Self.missing }
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw Self.missing
    }
    self.descriptor = descriptor
    size = Int64(status.st_size)
    modifiedAt = Double(status.st_mtim.tv_sec)
    let nanoseconds = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    etag =
      "\"\(String(status.st_ino, radix: 16))-\(String(nanoseconds, radix: 16))-\(String(size, radix: 16))\""
  }

  deinit { close(descriptor) }

  private static let missing = ServerError(.notFound, "there is no such file")

  private static func descend(_ folder: String, _ path: String) throws -> Int32 {
    var current = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    let parts = path.split(separator: "/")
    for (place, part) in parts.enumerated() {
      guard current >= 0 else { throw missing }
      let parent = current
      defer { close(parent) }
      guard part != "..", part != "." else { throw missing }
      let isLast = place == parts.count - 1
      let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | (isLast ? 0 : O_DIRECTORY)
      current = openat(parent, String(part), flags)
    }
    return current
  }

  /// The whole, a part (206), nothing new (304), or a refusal (416).
  func answer(to request: Request, name: String, type: String) throws -> Answer {
    if request.headers[.ifNoneMatch] == etag {
      var answer = Answer(.notModified)
      answer.headers[.eTag] = etag
      return answer
    }
    let isSame = request.headers[.ifRange].map { $0 == etag } ?? true
    var answer: Answer
    switch isSame ? ByteRange(request.headers[.range], size: size) : .all {
    case .all:
      answer = Answer(.ok, body: body(0..<size))
    case .part(let part):
      answer = Answer(.partialContent, body: body(part))
      answer.headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)"
    case .none:
      answer = .json(
        HTTPStatus(ServerError(.badRange, "the file has \(size) bytes")).value(requestID: ""),
        status: .rangeNotSatisfiable
      )
      answer.headers[.contentRange] = "bytes */\(size)"
      return answer
    }
    answer.headers[.eTag] = etag
    answer.headers[.acceptRanges] = "bytes"
    answer.headers[.contentType] = type
    answer.headers[.contentDisposition] = Self.attachment(name)
    answer.headers[.cacheControl] = "private, no-cache"
    return answer
  }

  /// Its first bytes, all of them when it has no more.
  func beginning(_ limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < limit {
      let piece = try read(
        at: Int64(bytes.count),
        count: min(limit - bytes.count, Self.pieceSize)
      )
      guard piece.readableBytes > 0 else { break }
      bytes += piece.readableBytesView
    }
    return bytes
  }

  private func body(_ part: Range<Int64>) -> ResponseBody {
    ResponseBody(contentLength: Int(part.count)) { [self] writer in
      var place = part.lowerBound
      while place < part.upperBound {
        let piece = try read(
          at: place,
          count: Int(min(part.upperBound - place, Int64(Self.pieceSize)))
        )
        guard piece.readableBytes > 0 else {
          throw ServerError(.unexpected, "a file became shorter while it was sent")
        }
        place += Int64(piece.readableBytes)
        try await writer.write(piece)
      }
      try await writer.finish(nil)
    }
  }

  private func read(at offset: Int64, count: Int) throws -> ByteBuffer {
    var buffer = ByteBufferAllocator().buffer(capacity: count)
    let taken = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { bytes in
      max(0, pread(descriptor, bytes.baseAddress, count, off_t(offset)))
    }
    _ = taken
    return buffer
  }

  /// A name for the disc of who asked; what is not ASCII is given as RFC 8187 says.
  private static func attachment(_ name: String) -> String {
    let plain = String(
      name.unicodeScalars.map { scalar -> Character in
        let isPlain = (32...126).contains(scalar.value) && scalar != "\"" && scalar != "\\"
        return isPlain ? Character(scalar) : "_"
      }
    )
    var allowed = CharacterSet.alphanumerics.intersection(
      CharacterSet(charactersIn: "\0"..."\u{7F}")
    )
    allowed.insert(charactersIn: "-._~")
    let full = name.addingPercentEncoding(withAllowedCharacters: allowed) ?? plain
    return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(full)"
  }
}
