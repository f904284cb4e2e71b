import Projects

/// The number of a workflow in one revision, made of the revision's number and the workflow's place in it.
///
/// digdag numbers workflows of revisions anew with each push; this does too, without a table.
struct WorkflowNumber: Sendable, Hashable {
  /// A revision has fewer workflows than this.
  private static let places: Int64 = 100_000

  let revision: Int64
  let place: Int

  init(_ id: Int64) {
    revision = id / Self.places
    place = Int(id % Self.places)
  }

  /// nil when the revision has no workflow of that name.
  init?(of workflow: String, in revision: Revision) {
    guard let place = revision.workflows.firstIndex(of: workflow) else { return nil }
    self.revision = revision.id
    self.place = place
  }

  var id: Int64 { revision * Self.places + Int64(place) }

  /// The revision and the workflow; nil when there is none of this number.
  func revision(_ projects: ProjectControl) throws -> Revision? {
    guard let found = try projects.revision(revision), place < found.workflows.count else {
      return nil
    }
    return found
  }
}
