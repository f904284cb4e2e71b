import Foundation
import Values
import WorkflowEngine

extension S3Client {
  /// Files up to this size go in one request.
  static let largestWhole: Int64 = 16 << 20
  /// The store allows so many parts of one object.
  private static let mostParts: Int64 = 10_000

  /// Makes an object of a file; readers see the whole of it or what was there before.
  ///
  /// Larger files than a part go in parts, each 5 MiB at least but for the last. The file must not change meanwhile.
  func upload(
    _ path: String,
    to object: S3Object,
    contentType: String = "application/octet-stream",
    partSize: Int64 = S3Client.largestWhole
  ) async throws {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Self.fileFailure("`\(path)` cannot be read") }
    defer { close(file) }
    let size = lseek(file, 0, SEEK_END)
    let type = HTTPRequest.Header(name: "Content-Type", value: contentType)
    guard size > partSize else {
      var call = call("PUT", object, "writing \(object)")
      call.headers = [type] + customerKeyHeaders
      call.body = try Self.bytes(of: file, path, from: 0, count: Int(size))
      _ = try await send(call)
      return
    }
    var begin = call("POST", object, "writing \(object)")
    begin.query = [("uploads", "")]
    begin.headers = [type] + customerKeyHeaders
    guard let id = S3Answer(try await send(begin).text)["UploadId"] else {
      throw S3Failure(
        status: 0,
        code: "",
        message: "writing \(object) failed: the store gave no number to an upload in parts",
        isPassing: false
      )
    }
    do {
      let step = max(partSize, (Int64(size) + Self.mostParts - 1) / Self.mostParts)
      let tags = try await sendParts(of: file, path, to: object, id, size: Int64(size), step: step)
      try await complete(object, id, tags)
    } catch {
      await abort(object, id)
      throw error
    }
  }

  private func sendParts(
    of file: Int32,
    _ path: String,
    to object: S3Object,
    _ id: String,
    size: Int64,
    step: Int64
  ) async throws -> [String] {
    var tags: [String] = []
    for start in stride(from: 0, to: size, by: Int64.Stride(step)) {
      var call = call("PUT", object, "writing part \(tags.count + 1) of \(object)")
      call.query = [("partNumber", String(tags.count + 1)), ("uploadId", id)]
      call.headers = customerKeyHeaders
      call.body = try Self.bytes(of: file, path, from: start, count: Int(min(step, size - start)))
      tags.append(try await send(call).header("ETag") ?? "")
    }
    return tags
  }

  private func complete(_ object: S3Object, _ id: String, _ tags: [String]) async throws {
    let parts = tags.enumerated().map { number, tag in
      "<Part><PartNumber>\(number + 1)</PartNumber><ETag>\(tag.replacing("\"", with: "&quot;"))</ETag></Part>"
    }
    var call = call("POST", object, "writing \(object)")
    call.query = [("uploadId", id)]
    call.headers = [HTTPRequest.Header(name: "Content-Type", value: "application/xml")]
    call.body = Array(
      "<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>".utf8
    )
    _ = try await send(call)
  }

  /// Frees the parts of an upload that came to nothing.
  private func abort(_ object: S3Object, _ id: String) async {
    var call = call("DELETE", object, "giving up \(object)")
    call.query = [("uploadId", id)]
    let last = call
    // why: a cancelled task can send nothing, and this one is waited for
    let ending = Task { try await send(last) }
    _ = await ending.result
  }

  private static func bytes(
    of file: Int32,
    _ path: String,
    from start: Int64,
    count: Int
  ) throws -> [UInt8] {
    var filled = 0
    let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while filled < count {
        let got = pread(
          file,
          buffer.baseAddress.map { $0 + filled },
          count - filled,
          off_t(start) + filled
        )
        if got < 0, errno == EINTR { continue }
        if got < 0 { throw fileFailure("`\(path)` cannot be read") }
        if got == 0 { break }
        filled += got
      }
      initialized = filled
    }
    guard filled == count else {
      throw TaskFailure(.runtime, "`\(path)` became shorter while it was read")
    }
    return bytes
  }
}
