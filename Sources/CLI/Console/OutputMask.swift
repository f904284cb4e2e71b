import Access
import Synchronization
import Values

/// Hides the secrets of a project in what one attempt prints and says.
///
/// What a task prints comes in pieces: the end of a piece that may be the beginning of a secret waits for the next one.
final class OutputMask: Sendable {
  private let mask: SecretMask
  private let streams = Mutex<[String: MaskStream]>([:])

  init(_ secrets: [Secret]) { mask = SecretMask(secrets) }

  func text(_ text: String) -> String { mask.mask(text) }
  func value(_ value: Value) -> Value { mask.mask(value) }

  /// What of a task's output can be shown now.
  func printed(_ bytes: [UInt8], by task: String) -> [UInt8] {
    guard !mask.isEmpty else { return bytes }
    return streams.withLock { streams in streams[task, default: MaskStream(mask)].feed(bytes) }
  }

  /// The rest of what a task printed, once it has ended.
  func rest(of task: String) -> [UInt8] {
    streams.withLock { streams in
      guard var stream = streams.removeValue(forKey: task) else { return [] }
      return stream.finish()
    }
  }
}
