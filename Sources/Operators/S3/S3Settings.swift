import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// Where an object store is, and who asks it.
struct S3Settings: Sendable {
  var credentials: AWSCredentials
  var region = "us-east-1"
  /// `https://host[:port]` of a store that is not Amazon's.
  var endpoint: String?
  /// True when the bucket stands in the path, false when it stands in the host; nil lets the endpoint decide.
  var usesPathStyle: Bool?
  /// For objects that are encrypted with a key of the user's own.
  var customerKey: CustomerKey?

  struct CustomerKey: Sendable, Hashable {
    let key: Secret
    let md5: Secret
    let algorithm: String
  }

  init(credentials: AWSCredentials) { self.credentials = credentials }

  /// Reads the options `region`, `endpoint` and `path_style_access`, and the secrets below `aws.s3` or `aws`.
  ///
  /// Options that are missing are looked up in exported maps `aws: {s3: …}` and `aws:`. Of region and endpoint a secret wins, but
  /// for a connection, whose own keys (`access_key_id`, `secret_access_key`, `session_token`) win as well.
  /// - Throws: ``TaskFailure`` for credentials that are missing.
  init(_ options: Parameters, _ secrets: SecretStore, isConnection: Bool = false) throws {
    let shared = Parameters(options.values["aws"]?.object ?? [:])
    let sources = [options, Parameters(shared.values["s3"]?.object ?? [:]), shared]
    let secret = { (name: String) in secrets["aws.s3.\(name)"] ?? secrets["aws.\(name)"] }
    let own = isConnection ? try Self.credentials(in: options) : nil
    credentials = try own ?? Self.credentials(secret)
    func place(_ name: String, _ secret: Secret?) throws(WorkflowError) -> String? {
      if !isConnection, let secret { return secret.reveal() }
      for source in sources { if let text = try source.text(name) { return text } }
      return secret?.reveal()
    }
    region = try place("region", secret("region")) ?? "us-east-1"
    endpoint = try place("endpoint", secrets["aws.s3.endpoint"]).map(Self.endpoint)
    if let style = sources.first(where: { $0.contains("path_style_access") }) {
      usesPathStyle = try style.bool("path_style_access")
    }
    customerKey = try Self.customerKey(secrets)
  }

  private static func credentials(in settings: Parameters) throws -> AWSCredentials? {
    let (key, secret) = (
      try settings.text("access_key_id"), try settings.text("secret_access_key")
    )
    let token = try settings.text("session_token")
    guard key != nil || secret != nil else { return nil }
    return AWSCredentials(
      accessKeyID: Secret(try settings.required(key, "access_key_id")),
      secretAccessKey: Secret(try settings.required(secret, "secret_access_key")),
      sessionToken: token.map { Secret($0) }
    )
  }

  private static func credentials(
    _ secret: (String) -> Secret?
  ) throws(TaskFailure) -> AWSCredentials {
    func needed(_ name: String) throws(TaskFailure) -> Secret {
      if let found = secret(name) { return found }
      throw TaskFailure(
        .config,
        "Secret not found for key: 'aws.s3.\(name)'; object storage needs the secrets "
          + "`aws.s3.access_key_id` and `aws.s3.secret_access_key` (or the same below `aws`)"
      )
    }
    return AWSCredentials(
      accessKeyID: try needed("access_key_id"),
      secretAccessKey: try needed("secret_access_key"),
      sessionToken: secret("session_token")
    )
  }

  private static func customerKey(_ secrets: SecretStore) throws(TaskFailure) -> CustomerKey? {
    guard let key = secrets["aws.s3.sse_c_key"] else { return nil }
    guard let md5 = secrets["aws.s3.sse_c_key_md5"] else {
      throw TaskFailure(.config, "`aws.s3.sse_c_key` needs the secret `aws.s3.sse_c_key_md5`")
    }
    let algorithm = secrets["aws.s3.sse_c_key_algorithm"]?.reveal() ?? "AES256"
    return CustomerKey(key: key, md5: md5, algorithm: algorithm)
  }

  /// `https://` in front of an endpoint that was written without.
  static func endpoint(_ written: String) throws(TaskFailure) -> String {
    let text = written.contains("://") ? written : "https://" + written
    let address = try HTTPAddress(text, isSecret: false).text
    let path = address.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }
    guard path.isEmpty || path == "/" else {
      throw TaskFailure(.config, "`endpoint` must be `https://host[:port]`, found `\(written)`")
    }
    return String(address.dropLast(path.count))
  }

  /// Where requests for a bucket go: the scheme with the host, the host as the header has it, and the path in front of keys.
  func place(of bucket: String) -> (origin: String, host: String, path: String) {
    let base = endpoint ?? "https://s3.\(region).\(Self.domain(region))"
    let scheme = base.prefix { $0 != ":" } + "://"
    var host = String(base.dropFirst(scheme.count))
    let usual = scheme == "https://" ? ":443" : ":80"
    if host.hasSuffix(usual) { host.removeLast(usual.count) }
    if usesPathStyle ?? standsInPath(bucket) { return (scheme + host, host, "/" + bucket) }
    return ("\(scheme)\(bucket).\(host)", "\(bucket).\(host)", "")
  }

  /// Stores other than Amazon's rarely have a host for each bucket, and certificates do not cover names with dots.
  private func standsInPath(_ bucket: String) -> Bool {
    let isAmazon = endpoint.map { $0.contains(".amazonaws.com") } ?? true
    return !isAmazon || bucket.contains(".")
  }

  private static func domain(_ region: String) -> String {
    region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
  }
}
