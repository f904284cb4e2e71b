import Foundation
import Values
import WorkflowEngine

extension S3Client {
  /// What the store tells of an object; nil when there is none.
  func head(_ object: S3Object) async throws -> S3ObjectHead? {
    var call = call("HEAD", object, "looking for \(object)")
    call.headers = customerKeyHeaders
    do {
      return S3ObjectHead(try await send(call))
    } catch let failure as S3Failure where failure.status == 404 {
      return nil
    }
  }

  /// Writes an object to a file, which it replaces only when all of it is there.
  ///
  /// - Returns: its size in bytes.
  @discardableResult
  func download(_ object: S3Object, to path: String) async throws -> Int64 {
    let part = path + ".part"
    let file = open(part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw Self.fileFailure("`\(path)` cannot be written") }
    defer {
      close(file)
      unlink(part)
    }
    var call = call("GET", object, "reading \(object)")
    call.headers = customerKeyHeaders
    call.keeping = .file(file)
    let response = try await send(call) {
      guard ftruncate(file, 0) == 0, lseek(file, 0, SEEK_SET) == 0 else {
        throw Self.fileFailure("`\(path)` cannot be written")
      }
    }
    guard rename(part, path) == 0 else { throw Self.fileFailure("`\(path)` cannot be replaced") }
    return Int64(response.bodyLength)
  }

  /// The objects whose keys begin with a prefix, in the order of their keys, at most `limit`.
  func list(bucket: String, prefix: String, limit: Int = .max) async throws -> [S3Listing] {
    var found: [S3Listing] = []
    var next: String?
    repeat {
      var call = Call(method: "GET", bucket: bucket, action: "listing s3://\(bucket)/\(prefix)")
      call.query = [
        ("encoding-type", "url"), ("list-type", "2"), ("prefix", prefix),
        ("max-keys", String(min(1000, limit - found.count))),
      ]
      if let next { call.query.append(("continuation-token", next)) }
      let answer = S3Answer(try await send(call).text)
      for element in answer.elements("Contents") {
        let key = element["Key"] ?? ""
        found.append(
          S3Listing(
            key: key.replacing("+", with: " ").removingPercentEncoding ?? key,
            sizeInBytes: element["Size"].flatMap { Int64($0) } ?? 0,
            tag: (element["ETag"] ?? "").filter { $0 != "\"" }
          )
        )
      }
      next = answer["IsTruncated"] == "true" ? answer["NextContinuationToken"] : nil
    } while next != nil && found.count < limit
    return found
  }

  func delete(_ object: S3Object) async throws {
    _ = try await send(call("DELETE", object, "deleting \(object)"))
  }

  func call(_ method: String, _ object: S3Object, _ action: String) -> Call {
    var call = Call(method: method, bucket: object.bucket, key: object.key, action: action)
    if let version = object.version { call.query = [("versionId", version)] }
    return call
  }

  var customerKeyHeaders: [HTTPRequest.Header] {
    guard let key = settings.customerKey else { return [] }
    let name = "x-amz-server-side-encryption-customer-"
    return [
      HTTPRequest.Header(name: name + "algorithm", value: key.algorithm),
      HTTPRequest.Header(name: name + "key", value: key.key.reveal()),
      HTTPRequest.Header(name: name + "key-MD5", value: key.md5.reveal()),
    ]
  }

  static func fileFailure(_ words: String) -> TaskFailure {
    TaskFailure(.runtime, "\(words): \(String(cString: strerror(errno)))")
  }
}
