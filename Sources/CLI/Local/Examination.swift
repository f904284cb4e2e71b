import Foundation
import Notebooks
import Operators
import Projects
import SQLWarehouse
import Storage
import Values
import WorkflowEngine
import WorkflowLanguage

/// Looks at every dependency of the product on this machine.
struct Examination {
  let home: Home

  private static let bootstrap = "scripts/bootstrap.sh --for run"

  func findings() async -> [Finding] {
    [
      yaml(), javaScript(), moment(), sqlite(), warehouse(), mail(), postgreSQL(), archives(),
      await translator(),
      await notebooks(), shippedNotebooks(),
    ]
  }

  private func yaml() -> Finding {
    Finding(
      name: "libyaml",
      purpose: "reading workflows",
      version: YAMLDocument.libraryVersion,
      place: "linked",
      remedy: "apt-get install libyaml-dev, then make build"
    )
  }

  private func javaScript() -> Finding {
    Finding(
      name: "QuickJS-NG",
      purpose: "templates",
      version: TemplateEngine.libraryVersion,
      place: "linked",
      remedy: Self.bootstrap
    )
  }

  private func moment() -> Finding {
    var finding = Finding(
      name: "moment.js",
      purpose: "templates that use moment",
      remedy: "apt-get install libjs-moment"
    )
    guard let file = home.moment, let bytes = FileManager.default.contents(atPath: file) else {
      finding.problem = "no moment.min.js in `\(home.root)/share` or the system's JavaScript folder"
      return finding
    }
    finding.place = file
    let text = String(decoding: bytes, as: UTF8.self)
    finding.version = text.firstMatch(of: /version ?[:=] ?"?([0-9]+\.[0-9.]+)/).map { String($0.1) }
    return finding
  }

  private func sqlite() -> Finding {
    var finding = Finding(
      name: "SQLite",
      purpose: "sessions, runs, models",
      place: "linked",
      remedy: "apt-get install libsqlite3-0"
    )
    do {
      let row = try SQLDatabase.inMemory().read { try $0.row("SELECT sqlite_version() AS version") }
      finding.version = row?["version"]?.string
    } catch {
      finding.problem = "\(error)"
    }
    return finding
  }

  private func warehouse() -> Finding {
    var finding = Finding(
      name: "DuckDB",
      purpose: "SQL (td>, query)",
      place: home.libraries + "/libduckdb.so",
      remedy: Self.bootstrap
    )
    do {
      finding.version = try DuckDBWarehouse.engineVersion(libraryFolder: home.libraries)
    } catch {
      finding.problem = error.message
    }
    return finding
  }

  private func mail() -> Finding {
    var finding = Finding(
      name: "libcurl",
      purpose: "mail>, http>, http_call>",
      place: "libcurl.so.4",
      remedy: "apt-get install libcurl4"
    )
    do {
      finding.version = try MailLibrary.version()
    } catch {
      finding.problem = error.message
    }
    return finding
  }

  private func postgreSQL() -> Finding {
    var finding = Finding(
      name: "libpq",
      purpose: "pg>, td_load> from PostgreSQL",
      place: "libpq.so.5",
      remedy: "apt-get install libpq5"
    )
    do {
      finding.version = try PostgreSQLLibrary.version()
    } catch {
      finding.problem = error.message
    }
    return finding
  }

  private func archives() -> Finding {
    var finding = Finding(
      name: "libarchive",
      purpose: "push, download, server",
      place: "libarchive.so.13",
      remedy: "apt-get install libarchive13"
    )
    do {
      finding.version = try ArchiveLibrary.version()
    } catch {
      finding.problem = error.message
    }
    return finding
  }

  private func translator() async -> Finding {
    var finding = Finding(
      name: "sqlglot",
      purpose: "Presto and Hive SQL",
      place: home.sqlPython,
      remedy: Self.bootstrap
    )
    do {
      finding.version = try await PythonRuntime.version(of: "sqlglot", python: home.sqlPython)
    } catch {
      finding.problem = "\(error)"
    }
    return finding
  }

  private func notebooks() async -> Finding {
    let runtime = PythonRuntime(root: home.runtimes)
    var finding = Finding(
      name: "AutoGluon",
      purpose: "ml_train>, ml_predict>, ipynb>",
      place: runtime.python,
      remedy: "make runtime"
    )
    do {
      let versions = try await runtime.check()
      finding.version =
        "\(versions.autogluon), papermill \(versions.papermill), Python \(versions.python)"
    } catch {
      finding.problem = "\(error)"
    }
    return finding
  }

  private func shippedNotebooks() -> Finding {
    var finding = Finding(
      name: "notebooks",
      purpose: "ml_train>, ml_predict>",
      place: home.notebooks,
      remedy: "set TADORU_HOME, or run the tadoru of a checkout or an installation"
    )
    let catalog = NotebookCatalog(folder: home.notebooks)
    let missing = catalog.notebooks.filter {
      !FileManager.default.fileExists(atPath: catalog.file(of: $0))
    }
    finding.version = Version.number
    if !missing.isEmpty {
      finding.problem = "not in `\(home.notebooks)`: \(missing.map(\.name).joined(separator: ", "))"
    }
    return finding
  }
}
