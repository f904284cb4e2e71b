import CQuickJS

/// One engine in its sandbox: the only file that touches its pointers.
///
/// Every run starts from the state after set-up, so nothing that a template did is there for the next one.
// why: the pool lends a box to one caller at a time
final class JavaScriptBox: @unchecked Sendable {
  enum Outcome {
    case text(String)
    /// An exception as text, and the expression that threw it; nil when the source did not compile.
    case thrown(String, expression: Int?)
    case outOfMemory
    case outOfTime
  }

  private let box: OpaquePointer

  /// Nil when the memory does not hold the engine, or the library is not JavaScript.
  init?(library: String?, limits: TemplateLimits) {
    let opened = JavaScriptPrelude.source.withCString { prelude in
      let length = JavaScriptPrelude.source.utf8.count
      guard let library else {
        return tadoru_js_open(limits.memoryInBytes, nil, 0, prelude, length)
      }
      return library.withCString {
        tadoru_js_open(limits.memoryInBytes, $0, library.utf8.count, prelude, length)
      }
    }
    guard let opened else { return nil }
    box = opened
  }

  deinit { tadoru_js_close(box) }

  /// Runs one template.
  ///
  /// - Parameters:
  ///   - source: the text of a function that is given the scope and gives one function for each expression.
  ///   - input: JSON of a list: the scope, then the literals.
  ///   - zone: what `Date` takes for local time.
  ///   - limits: of processor time.
  /// - Returns: the text, or why there is none.
  func run(source: String, input: String, zone: ZoneRules, limits: TemplateLimits) -> Outcome {
    defer { tadoru_js_reset(box) }
    return zone.starts.withUnsafeBufferPointer { starts in
      zone.offsets.withUnsafeBufferPointer { offsets in
        var rules = tadoru_js_zone(
          starts: starts.baseAddress,
          offsets: offsets.baseAddress,
          count: offsets.count
        )
        return source.withCString { code in
          input.withCString { json in
            outcome(
              tadoru_js_run(
                box,
                code,
                source.utf8.count,
                json,
                input.utf8.count,
                &rules,
                Int32(limits.interruptAfter / .milliseconds(1)),
                Int32(limits.abandonAfter / .milliseconds(1))
              )
            )
          }
        }
      }
    }
  }

  private func outcome(_ result: tadoru_js_result) -> Outcome {
    switch result.status {
    case Int32(TADORU_JS_OK): .text(text(of: result))
    case Int32(TADORU_JS_MEMORY): .outOfMemory
    case Int32(TADORU_JS_TIME): .outOfTime
    default:
      .thrown(text(of: result), expression: result.failed_at < 0 ? nil : Int(result.failed_at))
    }
  }

  private func text(of result: tadoru_js_result) -> String {
    let bytes = UnsafeRawBufferPointer(start: result.text, count: result.length)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension TemplateEngine {
  /// The version of QuickJS-NG that is linked in.
  public static var libraryVersion: String { String(cString: JS_GetVersion()) }
}
