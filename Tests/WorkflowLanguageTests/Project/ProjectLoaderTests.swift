import TestKit
import Testing
import Values

@testable import WorkflowLanguage

@Suite struct ProjectLoaderTests {
  @Test func `loads the workflows of the root only`() throws {
    let project = try load([
      "b.dig": "+t: {echo>: 1}",
      "a.dig":
        "timezone: Asia/Tokyo\nschedule: {daily>: 07:00:00}\nsla: {time: 08:00}\n+t: {echo>: 1}",
      "sub/c.dig": "nonsense", ".hidden.dig": "nonsense", "notes.txt": "x",
      "skip_me.dig": "nonsense", "folder.dig/x": "",
      ".digdagignore": "# generated\nskip_*\n",
    ])
    #expect(project.diagnostics == [])
    #expect(project.workflows.map(\.name) == ["a", "b"])
    #expect(project.workflows[0].timezone == "Asia/Tokyo")
    #expect(project.workflows[0].schedule == ["daily>": "07:00:00"])
    #expect(project.workflows[0].sla == ["time": "08:00"])
    #expect(project.workflows[1].timezone == "UTC")
    #expect(project.workflows[1].schedule == nil)
    #expect(project.workflows[1].root.name == "+b")
    #expect(project.workflows[1].file == "b.dig")
  }

  @Test func `one bad file refuses the project and all files are read`() throws {
    let project = try load([
      "a.dig": "+t: {a>: 1, b>: 2}", "b.dig": "+t: {echo>: 1}", "c.dig": "x: ${a ? b : c}",
      "d.dig": "+t:\n  !include : shared.yml\n", "e.dig": "!include : shared2.yml\n+t: {}\n",
      "shared.yml": "k: 1\n",
    ])
    #expect(project.isRefused)
    #expect(project.workflows.map(\.name) == ["b"])
    #expect(
      project.errors.compactMap { $0.location?.file } == ["a.dig", "c.dig", "shared.yml", "e.dig"]
    )
  }

  @Test func `a problem of a shared file is told once`() throws {
    let text = "+t:\n  !include : shared.yml\n"
    let project = try load(["a.dig": text, "b.dig": text, "shared.yml": "a: 1\na: 2\necho>: 1\n"])
    #expect(project.errors.map { $0.location?.description } == ["shared.yml:2:1"])
  }

  @Test(
    arguments: [
      ("1st", "begins with `1`"), ("@home", "begins with `@`"), ("_common", ""),
      ("my flow", "a blank"),
      ("config:handling", "`:`"), ("日本", "`日`"), ("x.dig", "ends in `.dig`"),
      (String(repeating: "a", count: 250) + "", ""),
    ])
  func `checks the name of a workflow file`(name: String, expected: String) throws {
    let project = try load(["\(name).dig": "+t: {echo>: 1}"])
    #expect(project.isRefused == !expected.isEmpty)
    #expect(expected.isEmpty || project.errors[0].message.contains(expected))
  }

  @Test func `a folder without workflows says what was expected`() throws {
    #expect(try load(["x.txt": ""]).errors[0].message.contains("ends in `.dig`"))
    #expect(
      ProjectLoader.load(directory: "nowhere/at/all").errors[0].message
        == "project folder not found: nowhere/at/all"
    )
  }

  @Test func `finds a workflow by name`() throws {
    let project = try load(["daily.dig": "+t: {}", "weekly.dig": "+t: {}"])
    #expect(try project.workflow(named: "daily").name == "daily")
    #expect(try project.workflow(named: "daily.dig").name == "daily")
    do {
      _ = try project.workflow(named: "dialy")
      Issue.record("expected an error")
    } catch {
      #expect(error.code == .unknownWorkflow)
      #expect(error.hint == "did you mean `daily`")
    }
  }

  @Test func `a called file is a group of its own`() throws {
    let folder = try folder([
      "main.dig": "+t: {call>: sub/x}",
      "sub/x.dig":
        "timezone: JST\nschedule: 5\n_export: {!include : p.yml, b: 2}\n_error: {echo>: e}\n+a: {echo>: 1}\n",
      "sub/p.yml": "a: 1",
    ])
    defer { withExtendedLifetime(folder) {} }
    for name in ["sub/x", "sub/x.dig", "./sub/x"] {
      let called = try ProjectLoader.loadCalled(file: name, in: folder.path)
      #expect(called.file == "sub/x.dig")
      #expect(called.directory == "sub")
      #expect(called.task.name == "^sub")
      #expect(called.task.export == ["a": 1, "b": 2])
      #expect(called.task.children.map(\.name) == ["+a"])
      #expect(called.task.error.count == 1)
    }
    #expect(
      try ProjectLoader.loadCalled(file: "x", in: folder.path, from: "sub").file == "sub/x.dig"
    )
    #expect(
      try ProjectLoader.loadCalled(file: "../main", in: folder.path, from: "sub").directory == ""
    )
  }

  @Test(
    arguments: [
      ("sub/y", "File not found: sub/y.dig\n  hint: did you mean `sub/x.dig`"),
      ("../x", "File not found: ../x.dig"),
      ("/etc/x", "File not found: /etc/x.dig"),
      (
        "sub/bad",
        "sub/bad.dig:1:1: Workflow 'bad' includes unknown keys: [y]; sub/bad.dig:2:1: Parameter '+t'"
      ),
      ("sub/broken", "sub/broken.dig:1:4: a quote is opened here"),
    ])
  func `says why a called file cannot run`(name: String, expected: String) throws {
    let folder = try folder([
      "sub/x.dig": "+a: {}", "sub/bad.dig": "y: 1\n+t:\n", "sub/broken.dig": "a: \"x",
    ])
    defer { withExtendedLifetime(folder) {} }
    do {
      _ = try ProjectLoader.loadCalled(file: name, in: folder.path)
      Issue.record("expected an error")
    } catch {
      #expect(error.description.hasPrefix(expected), "\(error)")
    }
  }

  private func load(_ files: [String: String]) throws -> LoadedProject {
    let folder = try folder(files)
    return withExtendedLifetime(folder) { ProjectLoader.load(directory: folder.path) }
  }

  private func folder(_ files: [String: String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(text, to: name) }
    return folder
  }
}
