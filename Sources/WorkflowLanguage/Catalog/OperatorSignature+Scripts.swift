extension OperatorSignature {
  private static let environment = Option("_env", .map, "environment variables for the script")
  private static let docker = Option("docker", .map, "`image` and `build` of a container")

  /// Operators that run programs.
  static let scripts: [OperatorSignature] = [
    OperatorSignature(
      "py",
      .text,
      "calls a Python function or method",
      defaults: "py",
      handsOnKeys: true,
      [Option("python", .any, "the interpreter, text or list"), docker, environment]
    ),
    OperatorSignature(
      "rb",
      .text,
      "calls a Ruby method",
      defaults: "rb",
      handsOnKeys: true,
      [
        Option("require", .text, "the file to load first"),
        Option("ruby", .any, "the interpreter, text or list"), docker, environment,
      ]
    ),
    OperatorSignature(
      "sh",
      .text,
      "runs a shell script",
      defaults: "sh",
      handsOnKeys: true,
      [Option("shell", .any, "the shell, text or list"), docker, environment]
    ),
  ]

  private static let request = [
    Option("method", .text, "GET unless given"),
    Option("content", .any, "the body: a text, or a map or list that becomes JSON"),
    Option("content_format", .text, "`text`, `json` or `form`"),
    Option("content_type", .text, "the type of the body"),
    Option("headers", .list, "maps of one entry"),
    Option("query", .any, "a map, or `a=b&c=d`"),
    Option("retry", .boolean, "try again after a failure of the server"),
    Option("timeout", .integer, "seconds, 30 unless given"),
    Option("follow_redirects", .boolean, "true unless given"),
    Option("insecure", .boolean, "do not check certificates"),
    Option("proxy", .map, "`enabled`, `host`, `port`, `tls`"),
  ]

  /// Operators that talk to people and servers.
  static let messages: [OperatorSignature] = [
    OperatorSignature(
      "http",
      .text,
      "sends an HTTP request",
      defaults: "http",
      request + [Option("store_content", .boolean, "stores the answer as `http.last_content`")]
    ),
    OperatorSignature(
      "http_call",
      .text,
      "runs the tasks that a server answers with",
      defaults: "http",
      request + [Option("content_type_override", .text, "read the answer as this type")]
    ),
    OperatorSignature(
      "mail",
      .file,
      "sends a mail",
      defaults: "mail",
      handsOnKeys: true,
      [
        Option("subject", .text, "the subject"),
        Option("body", .text, "the text, when the value is empty"),
        Option("to", .list, "addresses"),
        Option("cc", .list, "addresses"),
        Option("bcc", .list, "addresses"),
        Option("from", .text, "the sender"),
        Option("html", .boolean, "the text is HTML"),
        Option("attach_files", .list, "maps with `path`, `content_type`, `filename`"),
        Option("host", .text, "the server"),
        Option("port", .integer, "its port"),
        Option("username", .text, "who logs in"),
        Option("password", .text, "not read: use the secret `mail.password`"),
        Option("tls", .boolean, "STARTTLS, true unless given"),
        Option("ssl", .boolean, "encrypted from the beginning"),
        Option("ca_file", .text, "the authorities to trust"),
        Option("debug", .boolean, "log the dialogue"),
      ]
    ),
  ]
}
