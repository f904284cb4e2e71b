public import Foundation
import Values
public import WorkflowEngine
import WorkflowLanguage

/// `s3_wait>`: waits until an object is in storage.
///
/// ```yaml
/// +arrived:
///   s3_wait>: my-bucket/daily/${session_date}.csv.gz
///   timeout: 2h
/// ```
/// The value is `bucket/key`, or the options `bucket` and `key`. Options: `version_id`, `region`, `endpoint`, `path_style_access`,
/// `timeout` (none), `continue_on_timeout` (false); defaults come from exported maps `aws: {s3: …}` and `aws:`. Secrets: see
/// `S3Settings`. Looks after 5 s, then in pauses that grow by a fifth up to 5 min, and holds no worker meanwhile. Stores
/// `s3.last_object`: `result` (false after a timeout), `metadata`, `user_metadata`.
public struct ObjectWaitOperator: Operator {
  private static let (shortest, longest, growth) = (5.0, 300.0, 1.2)
  private let clock: @Sendable () -> Date

  public init(clock: @escaping @Sendable () -> Date) { self.clock = clock }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters
    let object = try object(options)
    let timeout = try PollInterval.seconds("timeout", options)
    let goesOn = try options.bool("continue_on_timeout")
    // One try: the next look is another.
    let client = S3Client(
      try S3Settings(options, context.secrets),
      network: context.isolation.network,
      clock: clock,
      tries: 1
    )
    do {
      if let head = try await client.head(object) {
        context.output.info("\(object) is there: \(head.sizeInBytes) bytes")
        return done([
          "result": true, "metadata": .object(head.metadata),
          "user_metadata": .object(head.userMetadata),
        ])
      }
    } catch let failure as S3Failure {
      guard failure.isPassing else { throw failure.failure }
      context.output.warn(failure.message)
    }
    let now = clock().timeIntervalSince1970
    let start = context.state["start"]?.double ?? now
    let looks = context.state["looks"]?.int ?? 0
    let rest = timeout.map { $0 - (now - start) }
    if let timeout, let rest, rest <= 0 {
      let words = "\(object) was not there within \(Int(timeout)) s"
      guard goesOn else { throw TaskFailure(.runtime, "s3_wait> timed out: \(words)") }
      context.output.warn("\(words); the workflow goes on")
      return done(["result": false])
    }
    var pause = Self.shortest
    for _ in 0..<min(looks, 100) { pause = min(pause * Self.growth, Self.longest) }
    if let rest { pause = min(pause, rest) }
    context.output.info("\(object) does not yet exist; next look in \(Int(pause.rounded(.up))) s")
    return .poll(
      after: .milliseconds(Int64((pause * 1000).rounded(.up))),
      state: ["start": .double(start), "looks": .int(looks + 1)]
    )
  }

  private func object(_ options: Parameters) throws -> S3Object {
    let (path, bucket, key) = (
      try options.text("_command"), try options.text("bucket"), try options.text("key")
    )
    let version = try options.text("version_id")
    switch (path, bucket, key) {
    case (nil, let bucket?, let key?):
      return S3Object(bucket: bucket, key: key, version: version)
    case (let path?, nil, nil):
      let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw TaskFailure(.config, "Illegal s3 path: \(path); expected `bucket/key`")
      }
      return S3Object(bucket: String(parts[0]), key: String(parts[1]), version: version)
    default:
      throw TaskFailure(
        .config,
        "Either the s3_wait operator command or both 'bucket' and 'key' parameters must be set"
      )
    }
  }

  private func done(_ object: ObjectValue) -> TaskOutcome {
    .done(
      TaskResult(store: ["s3": ["last_object": .object(object)]], reset: [["s3", "last_object"]])
    )
  }
}
