import Foundation
import SQLWarehouse
import Values
import WorkflowEngine
import WorkflowLanguage

/// An object in S3-compatible storage.
///
/// Settings: `bucket`, `path` (the key; one that ends in a slash gets the number of the job as name), those of `RowFormat`,
/// `region`, `endpoint`, `path_style_access`, `access_key_id`, `secret_access_key`, `session_token` (else the secrets of `aws`).
struct StorageDestination: ResultDestination {
  let object: S3Object
  let format: RowFormat
  private let client: S3Client

  init(object: S3Object, format: RowFormat, client: S3Client) {
    self.object = object
    self.format = format
    self.client = client
  }

  init(
    _ settings: Parameters,
    _ context: TaskContext,
    job: Int64,
    clock: @escaping @Sendable () -> Date
  ) throws {
    var key = try settings.requiredText("path")
    while key.hasPrefix("/") { key.removeFirst() }
    format = try RowFormat(settings, file: key)
    if key.isEmpty || key.hasSuffix("/") { key += "\(job).\(format.suffix)" }
    object = S3Object(bucket: try settings.requiredText("bucket"), key: key)
    client = S3Client(
      try S3Settings(settings, context.secrets, isConnection: true),
      network: context.isolation.network,
      clock: clock
    )
  }

  var shown: String { "`\(object)`" }

  func write(_ rows: ResultRows) async throws -> QueryResult {
    let path = rows.scratch.path(format.suffix)
    defer { unlink(path) }
    let result = try await rows.write(to: path, format)
    do {
      try await client.upload(path, to: object, contentType: format.mediaType)
    } catch let failure as S3Failure {
      throw failure.failure
    }
    return result
  }
}
