import CZlib
import WorkflowEngine

/// Packs bytes as gzip (RFC 1952), piece by piece.
struct GzipStream: ~Copyable {
  // On the heap, because zlib keeps the address.
  private let stream: UnsafeMutablePointer<z_stream>

  /// - Throws: ``TaskFailure`` when there is no memory.
  init() throws(TaskFailure) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard tadoru_gzip_start(stream, Z_DEFAULT_COMPRESSION) == Z_OK else {
      stream.deallocate()
      throw TaskFailure(.runtime, "zlib could not start: out of memory")
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Takes bytes and gives those that are ready; after the last call with `isLast` the stream is closed.
  mutating func pack(_ bytes: [UInt8], isLast: Bool = false) -> [UInt8] {
    var packed: [UInt8] = []
    var input = bytes
    input.withUnsafeMutableBufferPointer { buffer in
      stream.pointee.next_in = buffer.baseAddress
      stream.pointee.avail_in = UInt32(buffer.count)
      var room = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let written = room.withUnsafeMutableBufferPointer { output in
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(output.count)
          deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
          return output.count - Int(stream.pointee.avail_out)
        }
        packed += room.prefix(written)
        if written < room.count { break }
      }
    }
    return packed
  }
}
