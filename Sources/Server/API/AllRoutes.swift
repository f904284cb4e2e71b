import HTTPTypes
import Values

/// The routes of all nouns, and the console; the description is of the API.
struct AllRoutes {
  let rooms: Rooms
  let settings: ServerSettings
  let metrics: ServerMetrics

  var list: [Route] {
    let api =
      ServiceRoutes(rooms: rooms, metrics: metrics).list
      + ProjectRoutes(rooms: rooms, settings: settings).list
      + RevisionRoutes(rooms: rooms).list
      + WorkflowRoutes(rooms: rooms).list
      + ScheduleRoutes(rooms: rooms).list
      + SessionRoutes(rooms: rooms).list
      + AttemptRoutes(rooms: rooms).list
      + StartRoutes(rooms: rooms).list
      + LogRoutes(rooms: rooms, settings: settings).list
      + LogFileRoutes(rooms: rooms).list
      + AttemptFileRoutes(rooms: rooms).list
      + SecretRoutes(rooms: rooms).list
      + LoginRoutes(rooms: rooms, settings: settings).list
      + UserRoutes(rooms: rooms).list
      + TokenRoutes(rooms: rooms).list
      + RoleRoutes(rooms: rooms).list
      + AuditRoutes(rooms: rooms).list
    let own = DocumentRoute.route
    let document = OpenAPIDocument(table: api + [own(nil)], version: rooms.inputs.version).value
    let console = ConsoleRoutes(rooms: rooms, settings: settings).list
    return api + [own(document)] + console
  }
}

/// The description of the routes, which describes itself too.
enum DocumentRoute {
  static func route(_ document: Value?) -> Route {
    Route(.get, "/api/openapi.json", "this document", .open) { _ in .json(document ?? .null) }
      .gives(.json(.object))
  }
}
