import Dispatch
import Foundation

/// Turns the first SIGINT or SIGTERM into a request and the second into the end of the process.
final class InterruptSignals {
  private let sources: [any DispatchSourceSignal]

  init(_ request: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "tadoru.signals")
    let counter = SignalCount()
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        if counter.isFirst() { request() } else { _exit(Exit.killed.rawValue) }
      }
      source.resume()
      return source
    }
  }

  func stop() {
    for source in sources { source.cancel() }
  }
}
