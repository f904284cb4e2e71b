import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Values

/// An answer with its body.
struct Reply {
  let status: Int
  let headers: HTTPFields
  let bytes: [UInt8]

  init(_ response: Response) async throws {
    status = response.status.code
    headers = response.headers
    let taken = Taken()
    try await response.body.write(Writer(taken: taken))
    bytes = taken.bytes.withLock { $0 }
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  var json: Value { get throws { try JSON.decode(text) } }

  var message: String { get throws { try json.object?["message"]?.string ?? "" } }

  func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

  private final class Taken: Sendable {
    let bytes = Mutex<[UInt8]>([])
  }

  private struct Writer: ResponseBodyWriter {
    let taken: Taken

    mutating func write(_ buffer: ByteBuffer) async throws {
      taken.bytes.withLock { $0 += Array(buffer.readableBytesView) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
  }
}
