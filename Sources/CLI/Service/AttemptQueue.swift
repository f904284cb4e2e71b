import Synchronization
import WorkflowEngine

/// Which attempts of a server run, and which wait for their turn.
///
/// All of them are rows of the database already: what waits here is found again after a crash.
final class AttemptQueue: Sendable {
  private struct State {
    var waiting: ArraySlice<Int64> = []
    /// nil until its runner is there.
    var running: [Int64: AttemptRunner?] = [:]
    /// The running ones that hold a place; not so those that another one waits for.
    var placed: Set<Int64> = []
    var isStopped = false
    /// Set when what runs is to be left as it stands: whether tasks are cancelled.
    var suspension: Bool?
  }

  /// The attempts whose turn it is; it ends when the queue is stopped.
  let turns: AsyncStream<Int64>
  private let newTurns: AsyncStream<Int64>.Continuation
  private let places: Int
  private let state = Mutex(State())

  /// - Parameter places: attempts that run at the same time.
  init(places: Int) {
    self.places = places
    (turns, newTurns) = AsyncStream.makeStream(of: Int64.self)
  }

  /// Nothing more is accepted.
  var isStopped: Bool { state.withLock { $0.isStopped } }

  /// True while one more attempt would have to wait.
  var isFull: Bool {
    state.withLock { $0.placed.count + $0.waiting.count >= places }
  }

  /// Appends attempts; those that are here already stay where they are.
  func add(_ attempts: [Int64]) {
    state.withLock { state in
      for id in attempts where state.running[id] == nil && !state.waiting.contains(id) {
        state.waiting.append(id)
      }
      fill(&state)
    }
  }

  /// Lets a waiting attempt run at once, beyond the limit: one that runs waits for it, so that both would wait for ever.
  func promote(_ attempt: Int64) {
    state.withLock { state in
      guard !state.isStopped, let place = state.waiting.firstIndex(of: attempt) else { return }
      state.waiting.remove(at: place)
      state.running[attempt] = .some(nil)
      newTurns.yield(attempt)
    }
  }

  /// Notes the runner of an attempt whose turn it is.
  func note(_ runner: AttemptRunner, of attempt: Int64) {
    let suspension = state.withLock { state in
      state.running[attempt] = runner
      return state.suspension
    }
    if let suspension { runner.suspend(cancelling: suspension) }
  }

  /// Forgets an attempt that is over, or is left as it stands, and gives its place to the next.
  func leave(_ attempt: Int64) {
    state.withLock { state in
      state.running[attempt] = nil
      state.placed.remove(attempt)
      fill(&state)
    }
  }

  /// Ends an attempt whose end is asked for in the database, as soon as can be.
  func kill(_ attempt: Int64) {
    promote(attempt)
    state.withLock { $0.running[attempt] ?? nil }?.kill()
  }

  /// Begins nothing more; what waits goes on with the next start of the server.
  func stop() {
    state.withLock { state in
      state.isStopped = true
      state.waiting = []
    }
    newTurns.finish()
    suspend(cancelling: false)
  }

  /// Has what runs left as it stands: when its tasks have ended, or at once by cancelling them.
  func suspend(cancelling: Bool) {
    let runners = state.withLock { state in
      state.suspension = cancelling || state.suspension == true
      return state.running.values.compactMap { $0 }
    }
    for runner in runners { runner.suspend(cancelling: cancelling) }
  }

  private func fill(_ state: inout State) {
    while !state.isStopped, state.placed.count < places, let next = state.waiting.popFirst() {
      state.running[next] = .some(nil)
      state.placed.insert(next)
      newTurns.yield(next)
    }
  }
}
