import CCurl
public import WorkflowEngine

/// libcurl, opened when the first mail or HTTP request is sent.
enum CurlLibrary {
  private static let failure: String? = {
    guard tadoru_lazy_open_curl("libcurl.so.4") == 0 else {
      return String(cString: tadoru_lazy_error_curl())
    }
    return curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK ? nil : "curl_global_init failed"
  }()

  /// Opens the library once.
  ///
  /// - Throws: ``TaskFailure`` with the command that installs it.
  static func open() throws(TaskFailure) {
    if let failure {
      throw TaskFailure(
        .config,
        "mail and HTTP need the library `libcurl.so.4` (\(failure)); install it with `apt-get install libcurl4`"
      )
    }
  }
}

/// What the mail operator sends through, for those who want to know whether it is there.
public enum MailLibrary {
  /// The version of libcurl.
  ///
  /// - Throws: `TaskFailure` with the command that installs it.
  public static func version() throws(TaskFailure) -> String {
    try CurlLibrary.open()
    return String(cString: curl_version()).split(separator: " ").first.map(String.init) ?? "unknown"
  }
}
