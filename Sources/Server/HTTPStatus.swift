import Access
import HTTPTypes
import Projects
import Storage
import Tracking
import Values
import WorkflowEngine
import WorkflowLanguage

/// What an error is to who asked: the one place where the codes of all rooms become statuses of HTTP.
///
/// `docs/http-status.md` lists them.
struct HTTPStatus {
  let status: Int
  /// To branch on; stays the same from version to version.
  let code: String
  let message: String
  var hint: String?
  /// More about it, such as what is wrong in which file.
  var details: [Value] = []
  /// False for a fault of ours: nothing about it leaves the server.
  var isKnown = true

  init(_ error: any Error) {
    switch error {
    case let error as ServerError:
      (status, code) = (Self.status(of: error.code), error.code.rawValue)
      (message, hint) = (error.message, error.hint)
      isKnown = error.code != .unexpected
    case let error as AccessError:
      (status, code) = (Self.status(of: error.code), Self.code("access", error.code.rawValue))
      (message, hint) = (error.message, error.hint)
      isKnown = status != 500
    case let error as ProjectError:
      (status, code) = (Self.status(of: error.code), Self.code("project", error.code.rawValue))
      (message, hint) = (error.message, error.hint)
      details = error.diagnostics.map { .string($0.description) }
      isKnown = status != 500
    case let error as EngineError:
      (status, code) = (Self.status(of: error.code), Self.code("engine", error.code.rawValue))
      message = error.message
      isKnown = status != 500
    case let error as TrackingError:
      (status, code) = (Self.status(of: error.code), Self.code("tracking", error.code.rawValue))
      message = error.message
      isKnown = status != 500
    case let error as StorageError:
      (status, code) = (Self.status(of: error.code), Self.code("storage", error.code.rawValue))
      message = "the database cannot do this now"
      isKnown = status != 500
    case let error as JSONError:
      (status, code) = (400, "bad_json")
      message =
        "the body is no JSON: line \(error.line), column \(error.column): \(error.message)"
    default:
      (status, code, message, isKnown) = (500, "unexpected", "", false)
    }
  }

  /// `project_bad_archive` of `badArchive`.
  private static func code(_ room: String, _ name: String) -> String {
    room + "_" + name.map { $0.isUppercase ? "_" + $0.lowercased() : String($0) }.joined()
  }

  static func status(of code: ServerError.Code) -> Int {
    switch code {
    case .badRequest: 400
    case .unauthenticated: 401
    case .forbidden: 403
    case .notFound: 404
    case .conflict: 409
    case .tooLarge: 413
    case .refused: 422
    case .busy: 429
    case .unexpected: 500
    case .methodNotAllowed: 405
    case .timeout: 408
    case .wrongType: 415
    case .badRange: 416
    case .closing: 503
    }
  }

  static func status(of code: AccessError.Code) -> Int {
    switch code {
    case .unknown: 404
    case .invalid: 400
    case .conflict: 409
    case .unauthenticated: 401
    case .throttled: 429
    case .wrongKey, .damaged: 500
    }
  }

  static func status(of code: ProjectError.Code) -> Int {
    switch code {
    case .unknown: 404
    case .invalidName, .badArchive: 400
    case .conflict: 409
    case .refused: 422
    case .io: 500
    }
  }

  static func status(of code: EngineError.Code) -> Int {
    switch code {
    case .unknownAttempt: 404
    case .conflict, .ended: 409
    case .refused: 400
    case .leaseHeld: 409
    case .leaseLost, .unreadable: 500
    }
  }

  static func status(of code: TrackingError.Code) -> Int {
    switch code {
    case .notFound: 404
    case .otherOwner, .conflict: 409
    case .invalid: 400
    case .artifact, .storage: 500
    }
  }

  static func status(of code: StorageError.Code) -> Int {
    switch code {
    case .busy: 503
    case .full: 507
    case .corrupt, .readOnly, .constraint, .newerSchema, .io, .statement: 500
    }
  }
}

extension HTTPStatus {
  /// The body of the answer; digdag's clients read `message` and `status`.
  func value(requestID: String) -> Value {
    var value: ObjectValue = [
      "code": .string(isKnown ? code : "unexpected"),
      "message": .string(
        isKnown ? message : "something went wrong in the server; its log says what"
      ),
      "status": .int(Int64(status)), "requestId": .string(requestID),
    ]
    value["hint"] = hint.map { .string($0) }
    if !details.isEmpty { value["details"] = .array(details) }
    return .object(value)
  }
}
