import Foundation
import Testing
import TestKit
import Values

@testable import Tracking

@Suite struct ArtifactTests {
  let fixture: TrackingFixture
  var store: TrackingStore { fixture.store }

  init() throws { fixture = try TrackingFixture() }

  private func damaged(_ version: ModelVersion) -> TrackingError? {
    #expect(throws: TrackingError.self) { try store.folder(of: version) }
  }

  private func new(_ name: String) -> NewModelVersion {
    NewModelVersion(owner: fixture.ada.id, name: name, run: nil)
  }

  @Test func `a model is a copy of its folder with sizes and hashes`() throws {
    let version = try fixture.register("m", owner: fixture.ada)
    let folder = try store.folder(of: version)
    #expect(
      try String(contentsOfFile: folder + "/data/weights.bin", encoding: .utf8) == "0.25 0.75"
    )
    // printf '0.25 0.75' | sha256sum
    #expect(
      try store.modelFiles(of: version).last
        == ArtifactFile(
          path: "data/weights.bin",
          sizeInBytes: 9,
          sha256: "30edad79e1254663fe666bd5b0f82bd78de636ffd2839a344819f9598c3bed03"
        )
    )
    try fixture.folder.write("changed", to: "source-m/data/weights.bin")
    #expect(try store.folder(of: version) == folder)
  }

  @Test func `nothing stays in the incoming folder`() throws {
    try fixture.register("m", owner: fixture.ada)
    #expect(try fixture.storedPaths().filter { $0.hasPrefix(".incoming/") }.isEmpty)
  }

  @Test func `a file torn in the middle is refused with both sizes`() throws {
    let version = try fixture.register("m", owner: fixture.ada)
    let path = try store.folder(of: version) + "/data/weights.bin"
    #expect(truncate(path, 4) == 0)
    let error = damaged(version)
    #expect(error?.code == .artifact)
    #expect(
      error?.message
        == "the stored file `\(path)` is damaged: expected 9 bytes, found 4; store it again"
    )
  }

  @Test func `a flipped byte is refused`() throws {
    let version = try fixture.register("m", owner: fixture.ada)
    let path = try store.folder(of: version) + "/data/weights.bin"
    try Data("0.25 0.76".utf8).write(to: URL(filePath: path))
    #expect(
      damaged(version)?.message.contains("its contents are not those that were stored") == true
    )
  }

  @Test func `a file or folder that is gone is refused by name`() throws {
    let version = try fixture.register("m", owner: fixture.ada)
    try FileManager.default.removeItem(atPath: store.folder(of: version))
    let error = damaged(version)
    #expect(error?.code == .artifact)
    #expect(error?.message.contains("MLmodel` is missing") == true)
  }

  @Test func `a folder that is missing, empty or has a link makes no version`() throws {
    let empty = fixture.folder.url.appending(path: "empty")
    try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
    let linked = try fixture.modelFolder("linked")
    try FileManager.default.createSymbolicLink(
      atPath: linked + "/passwords",
      withDestinationPath: "/etc/passwd"
    )
    for folder in [fixture.folder.path + "/none", empty.path(percentEncoded: false), linked] {
      let error = #expect(throws: TrackingError.self) {
        try store.registerModel(new("m"), from: folder)
      }
      #expect(error?.code == .artifact)
    }
    #expect(try store.models().isEmpty)
    #expect(try fixture.storedPaths() == [".incoming"])
  }

  @Test func `a version that the database refuses leaves no folder`() throws {
    let error = #expect(throws: TrackingError.self) {
      try store.registerModel(
        NewModelVersion(owner: UserID(99), name: "m", run: nil),
        from: fixture.modelFolder()
      )
    }
    #expect(error?.code == .storage)
    #expect(try fixture.storedPaths().filter { $0.contains("m-") }.isEmpty)
  }

  @Test func `what a killed process left behind is removed, recorded models stay`() throws {
    let kept = try fixture.register("m", owner: fixture.ada)
    // One died while copying, one after the rename and before the record, one right after both.
    try fixture.folder.write("half", to: "artifacts/.incoming/t1/MLmodel")
    try fixture.folder.write("0/models/m-t1/artifacts\n", to: "artifacts/.incoming/t1.lock")
    try fixture.folder.write("whole", to: "artifacts/0/models/m-t2/artifacts/MLmodel")
    try fixture.folder.write("0/models/m-t2/artifacts\n", to: "artifacts/.incoming/t2.lock")
    let token = try #require(kept.place.split(separator: "/").dropLast().last?.dropFirst(2))
    try fixture.folder.write(kept.place + "\n", to: "artifacts/.incoming/\(token).lock")
    try store.removeLeftovers()
    #expect(try store.folder(of: kept).hasSuffix(kept.place))
    let paths = try fixture.storedPaths()
    #expect(paths.filter { $0.hasPrefix(".incoming/") || $0.contains("m-t2") } == [])
  }

  @Test(arguments: ["0", "0/models", "0/models/m-t9", "0\n", "../..\n", "\u{0}\u{0}\n"])
  func `a torn note of what to remove removes nothing`(text: String) throws {
    let kept = try fixture.register("m", owner: fixture.ada)
    try fixture.folder.write(text, to: "artifacts/.incoming/t9.lock")
    try store.removeLeftovers()
    #expect(try store.folder(of: kept).hasSuffix(kept.place))
    #expect(try fixture.storedPaths().filter { $0.hasPrefix(".incoming/") }.isEmpty)
  }

  @Test func `the copy of a process that lives is left alone`() throws {
    let artifacts = ArtifactStore(root: fixture.folder.path + "/artifacts")
    let source = try fixture.modelFolder()
    try artifacts.store(folder: source, at: "0/models/m-x/artifacts", token: "x") { files in
      try store.removeLeftovers()
      #expect(
        try artifacts.verified(files, at: "0/models/m-x/artifacts").hasSuffix("m-x/artifacts")
      )
    }
  }

  @Test func `an artifact of a run is stored, replaced and read`() throws {
    let run = try fixture.startRun()
    let file = try fixture.folder.write("{}", to: "train.ipynb")
    try store.logArtifact(file, as: "notebooks/train.ipynb", on: run.id)
    try fixture.folder.write("{\"cells\": []}", to: "train.ipynb")
    try store.logArtifact(file, as: "notebooks/train.ipynb", on: run.id)
    #expect(try store.artifactFiles(of: run.id).map(\.sizeInBytes) == [13])
    let path = try store.artifactPath("notebooks/train.ipynb", of: run.id)
    #expect(path.hasSuffix("/artifacts/1/\(run.id)/artifacts/notebooks/train.ipynb"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "{\"cells\": []}")
    let error = #expect(throws: TrackingError.self) {
      try store.artifactPath("notebooks/trian.ipynb", of: run.id)
    }
    #expect(error?.code == .notFound)
    #expect(error?.message.hasSuffix("did you mean `notebooks/train.ipynb`?") == true)
  }

  @Test(arguments: [
    "../x", "/etc/passwd", "a/../../x", "a//b", "", ".", "a/.", ".incoming/x", "n\u{0}l",
  ])
  func `paths that lead elsewhere are refused`(path: String) throws {
    let artifacts = ArtifactStore(root: fixture.folder.path + "/artifacts")
    let error = #expect(throws: TrackingError.self) { try artifacts.path(of: path) }
    #expect(error?.code == .invalid)
    let run = try fixture.startRun()
    let file = try fixture.folder.write("x", to: "file")
    if !path.hasPrefix(".incoming") {
      #expect(throws: TrackingError.self) { try store.logArtifact(file, as: path, on: run.id) }
    }
  }
}
