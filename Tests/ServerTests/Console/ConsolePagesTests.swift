import Access
import Foundation
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Server

@Suite struct ConsolePagesTests {
  private static let golden = "Tests/ServerTests/Console/Golden/"
  static let names = SamplePages(names: .usual).all.map(\.name)

  private func page(_ name: String, _ names: SamplePages.Names) throws -> any PageModel {
    try #require(SamplePages(names: names).all.first { $0.name == name }).page
  }

  /// One element a line, so that a difference can be read; names of files change with their content.
  private func readable(_ html: String) -> String {
    html.replacing("><", with: ">\n<").replacing(/-[0-9a-f]{12}\.(css|js|svg)/) { "-HASH.\($0.1)" }
      .replacing(String(repeating: "長", count: 1900), with: "長×1900")
      .replacing(String(repeating: "%E9%95%B7", count: 5000), with: "%E9%95%B7×5000")
  }

  @Test(arguments: names)
  func `a page with names that want to do harm looks as recorded`(name: String) throws {
    let html = Layout.document(try page(name, .hostile), SamplePages.frame())
    #expect(try RepositoryFile.matches(readable(html), Self.golden + name + ".html"))
  }

  @Test(arguments: names)
  func `nothing that others chose becomes markup`(name: String) throws {
    let html = Layout.document(try page(name, .hostile), SamplePages.frame())
    for harm in ["<script>", "<img", "onerror=alert(2)>", "</pre><script", "\u{1b}", "\0"] {
      #expect(!html.contains(harm), "\(harm) in \(name)")
    }
    #expect(!html.contains(/\ (style|on[a-z]+)="/), "an attribute that the policy forbids")
    #expect(html.contains(/<script type="module" src="[^"]+"><\/script>/))
    #expect(html.components(separatedBy: "<script").count == 2)
  }

  @Test(arguments: names)
  func `every element is closed in its order`(name: String) throws {
    let html = Layout.document(try page(name, .hostile), SamplePages.frame())
    #expect(Balance.problem(in: html) == nil)
  }

  @Test(arguments: names)
  func `a page is JSON for who asks for it`(name: String) throws {
    let page = try page(name, .hostile)
    let frame = SamplePages.frame()
    let json = PageAnswer(page, frame, accept: "application/json", format: nil)
    #expect(try JSON.decode(json.body).object?.isEmpty == false)
    #expect(json.type.hasPrefix("application/json"))
    let html = PageAnswer(page, frame, accept: "text/html,application/json", format: nil)
    #expect(html.type.hasPrefix("text/html"))
    #expect(html.policy == ConsolePolicy.page)
    #expect(PageAnswer(page, frame, accept: "*/*", format: "json").type == json.type)
  }

  @Test(arguments: names)
  func `a form that changes something carries the token`(name: String) throws {
    let html = Layout.document(try page(name, .usual), SamplePages.frame())
    for form in html.components(separatedBy: "<form ").dropFirst()
    where form.hasPrefix("method=\"post\"") {
      let inside = form.components(separatedBy: "</form>")[0]
      #expect(inside.contains("name=\"csrf_token\" value=\"t0ken\""))
    }
  }

  @Test(arguments: ["project", "workflow", "attempt", "attempt-failed", "schedules"])
  func `who may only look is shown no form that changes something`(name: String) throws {
    let html = Layout.document(try page(name, .usual), SamplePages.frame(.viewer))
    let posts = html.components(separatedBy: "method=\"post\"").count - 1
    #expect(posts == 1, "only logging out")
  }

  @Test func `a secret token is shown on the page that made it, and not in JSON`() {
    let account = SamplePages(names: .usual).account
    let text = "tadoru_7Yq3cVt0nKXh2pLrW9sZbD4mUe"
    #expect(account.content(SamplePages.frame()).source.contains(text))
    #expect(!JSON.encode(account.value).contains(text))
  }

  @Test func `a fault of ours says nothing but the number of the request`() {
    let page = ErrorPage.unexpected("req-1")
    #expect(page.value["requestId"] == "req-1")
    #expect(page.content(SamplePages.frame()).source.contains("req-1"))
  }

  @Test func `pages and forms are at places of their own`() {
    let paths = ConsoleForm.all.map(\.path)
    #expect(Set(paths).count == paths.count)
    #expect(Set(ConsoleForm.all.map(\.action)).count == paths.count)
  }

  /// Written for people to look at: `CONSOLE_PAGES=DIR swift test --filter ConsolePagesTests`.
  @Test func `every page can be written to a file`() throws {
    let temporary = try TemporaryFolder()
    let folder = ProcessInfo.processInfo.environment["CONSOLE_PAGES"] ?? temporary.path
    let root = URL(filePath: folder, directoryHint: .isDirectory)
    let sets = [("usual", SamplePages.Names.usual), ("hostile", .hostile)]
    for (set, names) in sets {
      for (name, page) in SamplePages(names: names).all {
        var frame = SamplePages.frame()
        if name == "login" { frame.principal = nil }
        if name == "attempt-failed" {
          frame.flashes = [PageFrame.Flash(tone: .failed, text: "The session runs already.")]
        }
        try write(Layout.document(page, frame), to: root.appending(path: "\(set)/\(name).html"))
      }
    }
    for asset in ConsoleAssets.all {
      let file = root.appending(path: "assets/" + asset.name)
      try write(String(decoding: asset.content, as: UTF8.self), to: file)
    }
    #expect(FileManager.default.fileExists(atPath: root.appending(path: "usual/users.html").path))
  }

  private func write(_ text: String, to file: URL) throws {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try text.write(to: file, atomically: true, encoding: .utf8)
  }
}

extension Value {
  fileprivate subscript(key: String) -> Value? { object?[key] }
}

/// Checks that tags are closed in the order of their opening.
enum Balance {
  /// What is wrong first; nil when nothing is.
  static func problem(in html: String) -> String? {
    var open: [String] = []
    var tokens = HTMLTokeniser(Array(html.utf8))
    let void: Set<String> = ["br", "hr", "img", "input", "link", "meta", "col", "wbr"]
    let empty: Set<String> = ["circle", "path"]
    while let token = tokens.next() {
      switch token {
      case .start(let name, _) where !void.contains(name) && !empty.contains(name):
        open.append(name)
      case .end(let name):
        guard open.popLast() == name else { return "</\(name)> closes something else" }
      case .text, .comment, .start: break
      }
    }
    return open.isEmpty ? nil : "open at the end: \(open)"
  }
}
