import Foundation
import SQLWarehouse
import Values
import WorkflowEngine
import WorkflowLanguage

/// The data of a load, brought into files of this machine.
struct LoadedData: Sendable {
  var files: [String]
  /// What is known of the files without `parser:`; nil for files that it describes.
  var table: Table?

  /// The rows of a database, written as CSV with every text in its column.
  struct Table: Sendable {
    let format: CSVFormat
    let columns: [SourceColumn]
  }
}

/// `in:` of a configuration: fetches the data.
struct LoadInput: Sendable {
  let options: Parameters
  let context: TaskContext
  /// A folder of this task alone, removed when it ends.
  let folder: String
  let clock: @Sendable () -> Date

  static let types = ["file", "http", "s3", "postgresql", "sqlite3"]

  func fetch() async throws -> LoadedData {
    let type = try options.requiredText("type")
    switch type {
    case "file", "local_file": return LoadedData(files: try await localFiles())
    case "http", "https":
      return LoadedData(files: [try await download(options.requiredText("url"))])
    case "s3", "s3_v2", "s3_compatible": return LoadedData(files: try await objects())
    case "postgresql", "postgres": return try await postgreSQLRows()
    case "sqlite3", "sqlite": return try sqliteRows()
    default: throw Self.foreign(type)
    }
  }

  /// Says what stands in for a source that is not to be had here.
  private static func foreign(_ type: String) -> TaskFailure {
    let here = "`td_load>` reads \(types.map { "`\($0)`" }.joined(separator: ", "))"
    let advice: String
    switch type {
    case "sftp", "sftp_v2", "ftp", "azure_blob_storage", "azure_blob_storage_v2", "google_drive",
      "onedrive", "one_drive", "gcs", "google_cloud_storage", "hdfs", "box", "dropbox":
      advice =
        "fetch the files with `sh>` or `py>` and load them with `type: file`"
        + (type == "gcs"
          ? ", or read the bucket with `type: s3`, its HMAC keys and `endpoint: https://storage.googleapis.com`"
          : "")
    case "mysql", "sqlserver", "sql_server", "oracle", "redshift", "jdbc", "snowflake", "mongodb",
      "bigquery", "teradata", "db2":
      advice =
        "write the rows to CSV or Parquet with `py>` (or the database's own export) and load them with `type: file` or `type: s3`"
    default:
      let near = Suggestion.nearest(to: type, among: types, limit: 1).first
      advice =
        near.map { "did you mean `\($0)`?" }
        ?? "fetch its data with `http>` or `py>` and load the files with `type: file`"
    }
    return TaskFailure(
      .config,
      "the input `\(type)` needs a service that this version has no connection to; \(here); \(advice)"
    )
  }

  /// Files whose names match `path_match_pattern`, if there is one.
  private func matching(_ names: [String]) throws -> [String] {
    guard let pattern = try options.text("path_match_pattern") else { return names }
    do {
      let regex = try Regex(pattern)
      return names.filter { $0.firstMatch(of: regex) != nil }
    } catch {
      throw TaskFailure(.config, "`path_match_pattern` is no pattern: `\(pattern)`")
    }
  }

  private func localFiles() async throws -> [String] {
    let prefix = try options.requiredText("path_prefix")
    if prefix.hasPrefix("http://") || prefix.hasPrefix("https://") {
      return [try await download(prefix)]
    }
    let policy = context.isolation.files
    for start in prefix.hasPrefix("/")
      ? [""] : [context.workingDirectory, context.projectDirectory]
    {
      let full = start.isEmpty ? prefix : "\(start)/\(prefix)"
      _ = try policy.confined(
        (full as NSString).deletingLastPathComponent,
        writtenAs: prefix,
        to: context.projectDirectory
      )
      let files = try matching(Self.files(beginningWith: full))
      guard !files.isEmpty else { continue }
      return policy.isConfined ? try files.enumerated().map { try pinned($1, number: $0) } : files
    }
    throw TaskFailure(
      .config,
      "no file begins with `\(prefix)` (`path_prefix`, relative to the workflow's folder)"
    )
  }

  /// The same file in the folder of the task, where nobody can put another in its place.
  private func pinned(_ path: String, number: Int) throws -> String {
    let name = (path as NSString).lastPathComponent
    let place = "\(folder)/file-\(number)"
    let file = try context.isolation.files.open(
      path,
      writtenAs: name,
      in: context.projectDirectory
    )
    guard let file else { throw TaskFailure(.config, "`\(name)` cannot be read") }
    mkdir(place, 0o700)
    let pin = "\(place)/\(name)"
    let opened = "/proc/self/fd/\(file.fileDescriptor)"
    if linkat(AT_FDCWD, opened, AT_FDCWD, pin, AT_SYMLINK_FOLLOW) == 0 { return pin }
    // On another disk, or of another owner.
    guard FileManager.default.createFile(atPath: pin, contents: nil),
      let copy = FileHandle(forWritingAtPath: pin)
    else { throw Self.unwritable(pin) }
    while let data = try file.read(upToCount: 1 << 20), !data.isEmpty {
      try copy.write(contentsOf: data)
    }
    try copy.close()
    return pin
  }

  /// All files below whose full path begins so, sorted.
  static func files(beginningWith path: String) -> [String] {
    let manager = FileManager.default
    let isFolder = path.hasSuffix("/")
    let folder = isFolder ? String(path.dropLast()) : (path as NSString).deletingLastPathComponent
    var found: [String] = []
    guard let names = manager.enumerator(atPath: folder) else { return [] }
    for case let name as String in names {
      let full = "\(folder)/\(name)"
      let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
      var isDirectory: ObjCBool = false
      guard full.hasPrefix(path), !isHidden,
        manager.fileExists(atPath: full, isDirectory: &isDirectory), !isDirectory.boolValue
      else { continue }
      found.append(full)
    }
    return found.sorted()
  }
}

// From the network.
extension LoadInput {
  private func download(_ written: String) async throws -> String {
    let isSecret = try options.bool("url_is_secret")
    var address = try HTTPAddress(written, isSecret: isSecret)
    if let query = options.value("params") {
      let pairs =
        query.object
        ?? ObjectValue(
          (query.array ?? []).compactMap(\.object).map {
            ($0["name"]?.text ?? "", $0["value"] ?? .null)
          }
        )
      address.append(query: HTTPAddress.query(pairs), isSecret: true)
    }
    var request = HTTPRequest(address: address)
    request.method = try options.text("method")?.uppercased() ?? "GET"
    for (name, value) in try options.object("request_headers") ?? options.object("headers") ?? [:] {
      request.headers.append(HTTPRequest.Header(name: name, value: value.text))
    }
    request.user = try options.text("user").map { Secret($0) }
    request.password = try options.text("password").map { Secret($0) }
    request.timeout = try options.number("timeout") ?? 3600
    request.stallTimeout = 60
    // why: a file that is packed is unpacked as its parser says
    request.isForPeople = false
    let name = address.text.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").last
    let path = "\(folder)/0-\(name.map { String($0.suffix(100)) } ?? "data")"
    let file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Self.unwritable(path) }
    defer { close(file) }
    request.keeping = .file(file)
    context.output.info("fetching \(address.shown)")
    do {
      let response = try await HTTPClient.send(request, within: context.isolation.network)
      guard (200..<300).contains(response.status) else {
        throw TaskFailure(
          response.status < 500 ? .config : .runtime,
          "\(request.shown) - \(response.shown): \(response.text.prefix(200))"
        )
      }
    } catch let failure as HTTPFailure {
      throw TaskFailure(.runtime, "\(request.shown) - \(failure.reason)")
    }
    return path
  }

  private func objects() async throws -> [String] {
    let method = try options.text("auth_method") ?? "basic"
    guard method == "basic" else {
      throw TaskFailure(
        .config,
        "`auth_method` of S3 must be `basic`, with `access_key_id` and `secret_access_key`, found `\(method)`"
      )
    }
    var settings = S3Settings(
      credentials: AWSCredentials(
        accessKeyID: Secret(try options.requiredText("access_key_id")),
        secretAccessKey: Secret(try options.requiredText("secret_access_key")),
        sessionToken: try options.text("session_token").map { Secret($0) }
      )
    )
    if let region = try options.text("region") { settings.region = region }
    settings.endpoint = try options.text("endpoint").map { try S3Settings.endpoint($0) }
    if options.contains("path_style_access") {
      settings.usesPathStyle = try options.bool("path_style_access")
    }
    let client = S3Client(settings, network: context.isolation.network, clock: clock)
    let bucket = try options.requiredText("bucket")
    let prefix = try options.text("path") ?? options.text("path_prefix") ?? ""
    do {
      let keys = try await client.list(bucket: bucket, prefix: prefix).map(\.key)
        .filter { !$0.hasSuffix("/") }
      var files: [String] = []
      for key in try matching(keys) {
        let name = key.split(separator: "/").last.map { String($0.suffix(100)) } ?? "data"
        let path = "\(folder)/\(files.count)-\(name)"
        try await client.download(S3Object(bucket: bucket, key: key), to: path)
        files.append(path)
      }
      if files.isEmpty {
        context.output.warn("no object of `\(bucket)` begins with `\(prefix)`: nothing is loaded")
      }
      return files
    } catch let failure as S3Failure {
      throw failure.failure
    }
  }

  static func unwritable(_ path: String) -> TaskFailure {
    TaskFailure(.runtime, "`\(path)` cannot be written: \(String(cString: strerror(errno)))")
  }
}
