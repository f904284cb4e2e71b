import Access
import HTTPTypes
import Values
import WorkflowEngine

/// How the server is, for those who watch it.
struct ServiceRoutes {
  let rooms: Rooms
  let metrics: ServerMetrics

  var list: [Route] {
    let version = rooms.inputs.version
    let versions = Schema.members([("version", .text)])
    return [
      Route(.get, "/health", "whether the server answers and its database can be read", .open) {
        [rooms] _ in
        _ = try rooms.history.attempt(0)
        return .json(["status": "ok"])
      }.gives(.json(.members([("status", .text)]))),
      Route(.get, "/version", "the version of the server", .open) { _ in
        .json(["version": .string(version)])
      }.gives(.json(versions)),
      Route(.get, "/api/version", "the version of the server", .open) { _ in
        .json(["version": .string(version)])
      }.gives(.json(versions)),
      Route(.get, "/api/version/check", "whether a client's version goes with this one", .open) {
        _ in
        .json([
          "serverVersion": .string(version), "upgradeRecommended": false, "apiCompatible": true,
        ])
      }.query(Parameter("client", .text(), "the client's version", required: true)).gives(
        .json(
          .members([
            ("serverVersion", .text), ("upgradeRecommended", .flag), ("apiCompatible", .flag),
          ])
        )
      ),
      Route(.get, "/metrics", "counters and gauges as Prometheus reads them", .server(.viewer)) {
        [rooms, metrics] _ in
        let counts = try rooms.history.attemptCounts().map { ($0.status.rawValue, $0.count) }
        return .text(
          metrics.text(now: rooms.inputs.now(), attempts: counts),
          type: "text/plain; version=0.0.4; charset=utf-8"
        )
      }.gives(.content("text/plain")),
    ]
  }
}
