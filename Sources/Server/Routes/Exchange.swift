import Access
import HTTPTypes
import Hummingbird
import Values

/// A request that was let in, as its route sees it.
struct Exchange: Sendable {
  let request: Request
  /// The parameters of the path, decoded.
  let path: [String: String]
  let query: Query
  /// The JSON body of a route that takes one.
  let fields: Fields
  let caller: Gatekeeper.Caller?
  /// The project the request is about, where the route says how it is found.
  var project: Int64?
  let visitor: Visitor

  /// Where a request comes from, and what it shows of who makes it.
  struct Visitor: Sendable {
    let requestID: String
    let address: String
    let credentials: Gatekeeper.Credentials
  }

  /// - Throws: ``ServerError`` `unauthenticated`.
  var principal: Principal {
    get throws {
      guard let caller else {
        throw ServerError(.unauthenticated, "this takes credentials")
      }
      return caller.principal
    }
  }

  /// The number in the path; what is none is not found.
  func id(_ name: String = "id", _ noun: String) throws -> Int64 {
    let text = path[name] ?? ""
    guard let id = ObjectNumber.parse(text) else { throw Missing.object(noun, text) }
    return id
  }

  func header(_ name: String) -> String? {
    HTTPField.Name(name).flatMap { request.headers[$0] }
  }
}

/// What is not there, or not for the eyes of who asks: both say the same.
enum Missing {
  static func object(_ noun: String, _ name: String) -> ServerError {
    let shown = name.count > 80 ? name.prefix(80) + "…" : name[...]
    return ServerError(.notFound, "there is no \(noun) `\(shown)`")
  }

  static func object(_ noun: String, _ id: Int64) -> ServerError { object(noun, String(id)) }
}
