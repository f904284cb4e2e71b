import Testing
import Tracking
import Values

@Suite struct ModelTests {
  let fixture: TrackingFixture
  var store: TrackingStore { fixture.store }
  var ada: User { fixture.ada }
  var bob: User { fixture.bob }

  init() throws { fixture = try TrackingFixture() }

  private func failure(_ reference: ModelReference, for user: User) -> TrackingError? {
    #expect(throws: TrackingError.self) { try store.model(reference, for: user.id) }
  }

  @Test func `a name means the latest version of one's own model`() throws {
    let run = try fixture.startRun()
    let first = try fixture.register("gluon_model_1", owner: ada)
    let second = try fixture.register("gluon_model_1", owner: ada, run: run.id)
    #expect([first.version, second.version] == [1, 2])
    #expect(try store.model(.name("gluon_model_1"), for: ada.id) == second)
    #expect(second.qualifiedName == "ada/gluon_model_1")
    #expect(second.run == run.id)
    #expect(try store.modelVersions(of: "gluon_model_1", owner: ada.id) == [second, first])
    #expect(try store.folder(of: first) != store.folder(of: second))
  }

  @Test func `two users may use one name`() throws {
    let hers = try fixture.register("m", owner: ada)
    let his = try fixture.register("m", owner: bob)
    #expect(try store.model(.name("m"), for: ada.id) == hers)
    #expect(try store.model(.name("m"), for: bob.id) == his)
    #expect(his.version == 1)
    #expect(try store.model(ModelReference(modelName: "bob/m"), for: bob.id) == his)
    #expect(try store.models() == [hers, his])
  }

  @Test func `what is registered survives the process`() throws {
    var new = NewModelVersion(owner: ada.id, name: "m", run: nil, isShared: true)
    new.flavor = ["python": "3.11.2", "label": "class", "versions": ["autogluon": "1.6.3"]]
    let version = try store.registerModel(new, from: fixture.modelFolder())
    let next = try fixture.reopened()
    let read = try next.model(.name("m"), for: ada.id)
    #expect(read == version)
    #expect(read.flavor == new.flavor)
    #expect(try next.modelFiles(of: read).map(\.path) == ["MLmodel", "data/weights.bin"])
  }

  @Test func `whoever has the UUID may use a shared version, and it stays that version`() throws {
    let shared = try fixture.register("m", owner: ada, isShared: true)
    let uuid = try #require(shared.sharedID)
    #expect(uuid.count == 36)
    let later = try fixture.register("m", owner: ada, isShared: true)
    #expect(later.sharedID != uuid)
    #expect(try store.model(.shared(uuid), for: bob.id) == shared)
    #expect(try store.model(.shared(uuid.uppercased()), for: bob.id) == shared)
    #expect(try store.model(.shared(uuid), for: ada.id) == shared)
  }

  @Test func `sharing again keeps the UUID`() throws {
    let version = try fixture.register("m", owner: ada)
    #expect(version.sharedID == nil)
    let once = try store.share(version, by: ada.id)
    let twice = try store.share(version, by: ada.id)
    #expect(once.sharedID != nil)
    #expect(once == twice)
    let error = #expect(throws: TrackingError.self) { try store.share(version, by: bob.id) }
    #expect(error?.code == .otherOwner)
  }

  @Test func `a model of another user is refused with the way to share it`() throws {
    let version = try fixture.register("m", owner: ada)
    for reference in [ModelReference.name("m"), .qualifiedName(owner: "ada", name: "m")] {
      let error = failure(reference, for: bob)
      #expect(error?.code == .otherOwner)
      #expect(
        error?.message
          == "the model `m` belongs to the user `ada`; ask `ada` to train it with "
          + "`share_model: true`, then use `shared_model: <uuid>` in place of `model_name`"
      )
    }
    let uuid = try #require(try store.share(version, by: ada.id).sharedID)
    for reference in [ModelReference.name("m"), .qualifiedName(owner: "ada", name: "m")] {
      let error = failure(reference, for: bob)
      #expect(error?.code == .otherOwner)
      #expect(error?.message.contains("it is shared: ask `ada` for its UUID") == true)
      #expect(error?.message.contains(uuid) == false)
    }
  }

  @Test func `an unknown model is refused with the nearest names`() throws {
    #expect(
      failure(.name("m"), for: ada)?.message
        == "model `m` not found; you have no model yet, train one with `ml_train>`"
    )
    try fixture.register("gluon_model_1", owner: ada)
    try fixture.register("secret_model", owner: bob)
    let error = failure(.name("gluon_modl_1"), for: ada)
    #expect(error?.code == .notFound)
    #expect(error?.message == "model `gluon_modl_1` not found; did you mean `gluon_model_1`?")
    #expect(failure(.name("secret_mode"), for: ada)?.message.contains("secret_model`") == false)
    #expect(
      failure(ModelReference(modelName: "ada/gluon_modl_1"), for: ada)?.message
        == "model `ada/gluon_modl_1` not found; did you mean `ada/gluon_model_1`?"
    )
    let unshared = failure(.shared("00000000-0000-0000-0000-000000000000"), for: ada)
    #expect(unshared?.code == .notFound)
    #expect(unshared?.message.contains("`automl.shared_model`") == true)
  }

  @Test(arguments: [
    "", "  ", "a/b", "a:b", ".", "..", "line\nbreak", String(repeating: "m", count: 251),
  ])
  func `names that cannot be part of owner and name are refused`(name: String) throws {
    let error = #expect(throws: TrackingError.self) {
      try store.registerModel(
        NewModelVersion(owner: ada.id, name: name, run: nil),
        from: fixture.modelFolder()
      )
    }
    #expect(error?.code == .invalid)
    #expect(try fixture.storedPaths().isEmpty)
  }

  @Test func `versions are counted right when many register at once`() async throws {
    let stores = [try fixture.reopened(), try fixture.reopened()]
    let folder = try fixture.modelFolder()
    let ada = ada
    try await withThrowingTaskGroup(of: Void.self) { group in
      for store in stores {
        group.addTask {
          for _ in 0..<10 {
            try store.registerModel(
              NewModelVersion(owner: ada.id, name: "m", run: nil),
              from: folder
            )
          }
        }
      }
      try await group.waitForAll()
    }
    let versions = try store.modelVersions(of: "m", owner: ada.id)
    #expect(versions.map(\.version) == Array((1...20).reversed()))
    for version in versions { _ = try store.folder(of: version) }
  }
}
