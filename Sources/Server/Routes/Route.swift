import HTTPTypes

/// One thing the server can be asked for: the router, the documentation, access and the audit come from it.
struct Route: Sendable {
  /// What the body of a request is.
  enum Body: Sendable {
    case none
    case json(Schema)
    /// A gzip tar file, which the handler takes piece by piece.
    case archive
    /// A form of the console with these fields beside its token.
    case form([String])
  }

  /// What the body of an answer is.
  enum Answers: Sendable {
    case nothing
    case json(Schema)
    /// Of a media type.
    case content(String)
  }

  let method: HTTPRequest.Method
  let template: PathTemplate
  let summary: String
  let requirement: Requirement
  var parameters: [Parameter] = []
  var body = Body.none
  var answers = Answers.nothing
  /// Errors beside those every route can have.
  var errors: [Int] = []
  /// What a conflict answers where it is not only an error.
  var conflict: Schema?
  /// The action in the audit; nil for a route that changes nothing.
  var change: String?
  /// For people with a browser: errors are pages, and the API's description leaves it out.
  var isPage = false
  let handler: @Sendable (Exchange) async throws -> Answer

  init(
    _ method: HTTPRequest.Method,
    _ template: String,
    _ summary: String,
    _ requirement: Requirement,
    handler: @escaping @Sendable (Exchange) async throws -> Answer
  ) {
    self.method = method
    self.template = PathTemplate(template)
    self.summary = summary
    self.requirement = requirement
    self.handler = handler
  }

  func query(_ parameters: Parameter...) -> Route {
    var copy = self
    copy.parameters = parameters
    return copy
  }

  func takes(_ body: Body) -> Route {
    var copy = self
    copy.body = body
    return copy
  }

  func gives(_ answers: Answers, errors: [Int] = []) -> Route {
    var copy = self
    copy.answers = answers
    copy.errors = errors
    return copy
  }

  /// Says that a conflict may be answered with what stands in the way.
  func conflicts(with schema: Schema) -> Route {
    var copy = self
    copy.conflict = schema
    return copy
  }

  /// Says that the route changes something.
  func audited(_ action: String) -> Route {
    var copy = self
    copy.change = action
    return copy
  }

  /// Says that the route is one of the console.
  var forBrowsers: Route {
    var copy = self
    copy.isPage = true
    return copy
  }

  /// Whether the body is a form, which brings its token as a field.
  var takesForm: Bool { if case .form = body { true } else { false } }

  /// Whether browsers must prove that the request comes from a page of ours.
  var isChanging: Bool { change != nil }
}

/// A path with parameters: `/api/attempts/{id}/files/{path*}`; the last one may take the rest.
struct PathTemplate: Sendable, Hashable {
  enum Segment: Sendable, Hashable {
    case word(String)
    case parameter(String)
    case rest(String)
  }

  let text: String
  let segments: [Segment]

  init(_ template: String) {
    text = template.replacing("*}", with: "}")
    segments = template.split(separator: "/").map { part in
      guard part.hasPrefix("{"), part.hasSuffix("}") else { return .word(String(part)) }
      let name = part.dropFirst().dropLast()
      return name.hasSuffix("*") ? .rest(String(name.dropLast())) : .parameter(String(name))
    }
  }

  var parameterNames: [String] {
    segments.compactMap { segment in
      switch segment {
      case .word: nil
      case .parameter(let name), .rest(let name): name
      }
    }
  }
}
