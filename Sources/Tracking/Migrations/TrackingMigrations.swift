import Storage

/// The room's tables, oldest first; a released migration is never edited.
enum TrackingMigrations {
  static func all(clock: @escaping @Sendable () -> UnixTime) -> [Migration] {
    [
      .trackingRuns(clock: clock),
      .trackingArtifactsAndModels,
    ]
  }
}
