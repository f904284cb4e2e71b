import Values

/// A file that pages use; its name has the hash of its content in it, so that it may be kept for ever.
struct ConsoleAsset: Sendable, Hashable {
  let name: String
  let type: String
  let content: [UInt8]

  init(_ base: String, _ ending: String, type: String, content: [UInt8]) {
    name = "\(base)-\(SHA256.hexadecimal(of: content).prefix(12)).\(ending)"
    self.type = type
    self.content = content
  }

  var address: ConsoleAddress { ConsoleAddress("assets", name) }
}

/// The files in the binary: `GET /assets/{name}`, with ``ConsolePolicy/assetCache``.
enum ConsoleAssets {
  static let style = ConsoleAsset(
    "console",
    "css",
    type: "text/css; charset=utf-8",
    content: PackageResources.console_css
  )
  static let script = ConsoleAsset(
    "console",
    "js",
    type: "text/javascript; charset=utf-8",
    content: PackageResources.console_js
  )
  static let icon = ConsoleAsset(
    "icon",
    "svg",
    type: "image/svg+xml",
    content: PackageResources.icon_svg
  )

  static let all = [style, script, icon]

  /// The file of a name; nil when there is none.
  static func named(_ name: String) -> ConsoleAsset? { all.first { $0.name == name } }
}
