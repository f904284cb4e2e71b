import Logging
import WorkflowEngine

/// What libraries log, on the console of this process.
struct ConsoleLog: LogHandler {
  let console: ProgressConsole
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  init(console: ProgressConsole) { self.console = console }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let level: WorkflowEngine.LogLevel =
      switch event.level {
      case .trace, .debug: .debug
      case .info, .notice: .info
      case .warning: .warning
      case .error, .critical: .error
      }
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
    let words = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    console.line(level, "\(event.message)\(words)", attempt: nil, task: nil)
  }
}
