import Foundation

/// Where the pieces lie that come with the product: libraries, Python environments, notebooks.
///
/// `TADORU_HOME` names it; else it is the nearest `.deps` above the executable (a checkout), `lib/tadoru` beside the
/// folder of the executable (an installation), or `~/.local/share/tadoru`.
struct Home {
  /// Holds `lib`, `runtime` and `share`.
  let root: String
  /// Holds `notebooks`, `python` and `ruby`.
  let resources: String

  static func find(environment: [String: String], executable: String) -> Home {
    if let named = environment["TADORU_HOME"], !named.isEmpty {
      return Home(root: named, resources: resources(beside: named))
    }
    var folder = URL(filePath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
    let beside = folder.deletingLastPathComponent().appending(path: "lib/tadoru")
    if exists(beside.path) { return Home(root: beside.path, resources: beside.path) }
    while folder.path != "/" {
      let deps = folder.appending(path: ".deps")
      if exists(deps.path), exists(folder.appending(path: "notebooks").path) {
        return Home(root: deps.path, resources: folder.path)
      }
      folder.deleteLastPathComponent()
    }
    let personal = (environment["HOME"] ?? "/") + "/.local/share/tadoru"
    return Home(root: personal, resources: personal)
  }

  /// The home of this process.
  static func ofThisProcess() -> Home {
    find(
      environment: ProcessInfo.processInfo.environment,
      executable: Bundle.main.executablePath ?? CommandLine.arguments[0]
    )
  }

  var libraries: String { root + "/lib" }
  /// nil when neither the home nor the system has moment.
  var moment: String? {
    [root + "/share/moment.min.js", "/usr/share/javascript/moment/moment.min.js"].first(
      where: Self.exists
    )
  }
  var sqlPython: String { root + "/runtime/sql/bin/python" }
  var runtimes: String { root + "/runtime" }
  var notebooks: String { resources + "/notebooks" }
  var translator: String { resources + "/python/sql" }
  var rubyRunner: String { resources + "/ruby/run.rb" }
  var pythonRunner: String { resources + "/python/py" }

  private static func resources(beside root: String) -> String {
    let above = URL(filePath: root).deletingLastPathComponent().path
    return exists(root + "/notebooks") ? root : above
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }
}
