import HTTPTypes

/// All routes, found by the segments of a path.
struct RouteTable: Sendable {
  /// What a path and a method lead to.
  enum Match: Sendable {
    case route(Route, [String: String])
    /// The path is known, with other methods.
    case methods([HTTPRequest.Method])
    case none
  }

  private struct Node: Sendable {
    var words: [String: Int] = [:]
    var parameter: Int?
    var rest: Int?
    /// Numbers of routes that end here.
    var routes: [Int] = []
  }

  let routes: [Route]
  private var nodes = [Node()]

  init(_ routes: [Route]) {
    self.routes = routes
    for (number, route) in routes.enumerated() { add(route, number) }
  }

  private mutating func add(_ route: Route, _ number: Int) {
    var place = 0
    for segment in route.template.segments {
      let known =
        switch segment {
        case .word(let word): nodes[place].words[word]
        case .parameter: nodes[place].parameter
        case .rest: nodes[place].rest
        }
      if let known {
        place = known
        continue
      }
      nodes.append(Node())
      let next = nodes.count - 1
      switch segment {
      case .word(let word): nodes[place].words[word] = next
      case .parameter: nodes[place].parameter = next
      case .rest: nodes[place].rest = next
      }
      place = next
    }
    let isTwice = nodes[place].routes.contains { routes[$0].method == route.method }
    precondition(!isTwice, "two routes for \(route.method) \(route.template.text)")
    nodes[place].routes.append(number)
  }

  /// What the decoded segments of a path lead to.
  func match(_ method: HTTPRequest.Method, _ segments: [String]) -> Match {
    guard let place = place(segments[...], from: 0) else { return .none }
    let here = nodes[place].routes.map { routes[$0] }
    let wanted = method == .head ? HTTPRequest.Method.get : method
    guard let route = here.first(where: { $0.method == wanted }) else {
      return .methods(here.map(\.method))
    }
    var values: [String: String] = [:]
    for (position, segment) in route.template.segments.enumerated() {
      switch segment {
      case .word: break
      case .parameter(let name): values[name] = segments[position]
      case .rest(let name): values[name] = segments[position...].joined(separator: "/")
      }
    }
    return .route(route, values)
  }

  private func place(_ rest: ArraySlice<String>, from node: Int) -> Int? {
    guard let first = rest.first else { return nodes[node].routes.isEmpty ? nil : node }
    let tail = rest.dropFirst()
    if let next = nodes[node].words[first], let found = place(tail, from: next) { return found }
    if let next = nodes[node].parameter, let found = place(tail, from: next) { return found }
    return nodes[node].rest
  }
}
