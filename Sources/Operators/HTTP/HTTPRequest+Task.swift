import Values
import WorkflowEngine
import WorkflowLanguage

extension HTTPRequest {
  /// The request of an `http>` or `http_call>` task, read from its parameters with the defaults of `http`; secrets are filled in.
  init(_ options: Parameters, _ context: TaskContext) throws {
    let filler = SecretFiller(secrets: context.secrets)
    if let secret = context.secrets["http.uri"] {
      _ = options.contains("_command")
      address = try HTTPAddress(secret.reveal(), isSecret: true)
    } else {
      let written = try options.requiredText("_command")
      address = try HTTPAddress(filler.text(written), isSecret: SecretFiller.hasSecret(written))
    }
    method = try (options.text("method") ?? "GET").uppercased()
    guard !method.isEmpty, method.utf8.allSatisfy({ (65...90).contains($0) }) else {
      throw TaskFailure(.config, "`method` must be a word as GET or POST, found `\(method)`")
    }
    try addQuery(options, filler)
    try addHeaders(options, filler)
    try addContent(options, filler)
    if let secret = context.secrets["http.authorization"] {
      headers.append(try Self.header("Authorization", secret.reveal()))
    } else {
      user = context.secrets["http.user"]
      password = context.secrets["http.password"]
    }
    timeout = try options.seconds("timeout") ?? 30
    guard timeout > 0 else {
      throw TaskFailure(.config, "`timeout` must be more than 0 seconds, found \(timeout)")
    }
    followsRedirects = try options.bool("follow_redirects", default: true)
    isInsecure = try options.bool("insecure")
    proxy = try Self.proxy(options)
  }

  private mutating func addQuery(_ options: Parameters, _ filler: SecretFiller) throws {
    guard let written = options.value("query") else { return }
    let isSecret = SecretFiller.hasSecret(written.text)
    let pairs: ObjectValue?
    do { pairs = try options.objectOrJSON("query") } catch {
      pairs = nil  // why: a text that is no map is taken as `a=b&c=d`
    }
    if let pairs {
      guard let filled = try filler.value(.object(pairs)).object else { return }
      address.append(query: HTTPAddress.query(filled), isSecret: isSecret)
    } else {
      let text = try filler.text(options.requiredText("query"))
      address.append(query: HTTPAddress.query(text), isSecret: isSecret)
    }
  }

  private mutating func addHeaders(_ options: Parameters, _ filler: SecretFiller) throws {
    for entry in try options.list("headers") ?? [] {
      guard let pairs = entry.object else {
        throw TaskFailure(.config, "each element of `headers` must be a map as `Accept: text/csv`")
      }
      for (name, value) in pairs {
        headers.append(try Self.header(name, filler.text(value.isNull ? "" : value.text)))
      }
    }
  }

  static func header(_ name: String, _ value: String) throws(TaskFailure) -> Header {
    let isToken = name.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: ":") }
    guard isToken, !name.isEmpty else {
      throw TaskFailure(.config, "`\(name)` is no name of a header")
    }
    guard value.utf8.allSatisfy({ $0 >= 32 && $0 != 127 || $0 == 9 }) else {
      throw TaskFailure(
        .config,
        "the value of the header `\(name)` holds a line break or another control character"
      )
    }
    return Header(name: name, value: value)
  }

  private mutating func addContent(_ options: Parameters, _ filler: SecretFiller) throws {
    let format = try options.text("content_format")?.lowercased()
    let type = try options.text("content_type")
    if let format, !["text", "json", "form"].contains(format) {
      throw TaskFailure(.config, "`content_format` must be text, json or form, found `\(format)`")
    }
    guard let written = options.value("content") else { return }
    let content = try filler.value(written)
    let isScalar = content.array == nil && content.object == nil
    let (text, usual) = try Self.body(content, format: format ?? (isScalar ? "text" : "json"))
    body = Array(text.utf8)
    if let type {
      headers.removeAll { $0.name.lowercased() == "content-type" }
      headers.append(try Self.header("Content-Type", type))
    } else if !has("Content-Type") {
      headers.append(Header(name: "Content-Type", value: usual))
    }
  }

  private static func body(
    _ content: Value,
    format: String
  ) throws(TaskFailure) -> (text: String, type: String) {
    switch format {
    case "json":
      // A template gives text, so JSON often comes as text that is JSON already.
      let isJSON = content.string.map(JSON.isValid) ?? false
      return (isJSON ? content.text : JSON.encode(content), "application/json")
    case "form":
      guard content.array == nil else {
        throw TaskFailure(
          .config,
          "`content` with `content_format: form` must be a map or one text, found a list"
        )
      }
      let text = content.object.map { HTTPAddress.query($0, blank: "+") } ?? content.text
      return (text, "application/x-www-form-urlencoded")
    default:
      let text = content.text
      let isPlain = text.utf8.allSatisfy { $0 < 128 }
      return (text, isPlain ? "text/plain" : "text/plain; charset=utf-8")
    }
  }

  private static func proxy(_ options: Parameters) throws -> String? {
    guard let proxy = try options.nested("proxy"), try proxy.bool("enabled") else { return nil }
    let scheme = try proxy.bool("tls") ? "https" : "http"
    let port = try proxy.required(proxy.int("port"), "proxy.port")
    guard (1...65_535).contains(port) else {
      throw TaskFailure(.config, "`port` of `proxy` must be 1 to 65535, found \(port)")
    }
    return "\(scheme)://\(try proxy.requiredText("host")):\(port)"
  }
}

/// Fills `${secret:key}` in every text of a value.
struct SecretFiller {
  let secrets: SecretStore

  static func hasSecret(_ text: String) -> Bool { text.contains("${secret:") }

  func text(_ text: String) throws(TaskFailure) -> String { try secrets.fill(text) }

  func value(_ value: Value) throws(TaskFailure) -> Value {
    switch value {
    case .string(let text): return .string(try secrets.fill(text))
    case .array(let elements):
      return .array(try elements.map { element throws(TaskFailure) in try self.value(element) })
    case .object(let object):
      var filled = ObjectValue()
      for (key, value) in object { filled[key] = try self.value(value) }
      return .object(filled)
    case .null, .bool, .int, .double: return value
    }
  }
}

extension JSON {
  /// True when a text is JSON as it stands.
  fileprivate static func isValid(_ text: String) -> Bool {
    do {
      _ = try decode(text)
      return true
    } catch {
      return false  // why: the question is just that
    }
  }
}
