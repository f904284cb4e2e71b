import Synchronization
import Values

/// A query whose rows are being read: it keeps its turn and its connection until it is closed.
final class OpenQuery: Sendable {
  private struct State {
    var rows: DuckDBRows?
    var hasGiven = false
  }
  private let gate: WarehouseGate
  private let instance: DuckDBInstance
  private let connection: DuckDBConnection
  private let run: @Sendable (DuckDBConnection) -> StatementRun
  private let query: Translation
  private let state: Mutex<State>

  init(
    _ gate: WarehouseGate,
    _ systemTables: SystemTables,
    _ text: RewrittenStatement,
    _ statement: SQLStatement,
    _ query: Translation,
    _ cancellation: StatementCancellation
  ) throws {
    self.gate = gate
    self.query = query
    run = { StatementRun($0, text, statement) }
    instance = try gate.enter(writing: false, cancellation)
    do {
      connection = try instance.borrow()
    } catch {
      gate.leave(wrote: false)
      throw WarehouseError(.execution, error.summary)
    }
    state = Mutex(State())
    do {
      try cancellation.watch(connection)
      defer { cancellation.letGo() }
      try systemTables.fill(for: [query], text, on: connection)
      let rows = try run(connection).rows(query)
      state.withLock { $0.rows = rows }
    } catch {
      instance.giveBack(connection, isSound: !cancellation.isCancelled)
      gate.leave(wrote: false)
      throw cancellation.isCancelled ? CancellationError() : error
    }
  }

  /// The next rows, some thousands; an empty batch first when there are none; nil at the end.
  func next(_ cancellation: StatementCancellation) throws -> RowBatch? {
    do {
      try cancellation.watch(connection)
      defer { cancellation.letGo() }
      return try state.withLock { state in
        guard let rows = state.rows else { return nil }
        var kept: [[Value]] = []
        while kept.count < 8192 {
          let chunk = try run(connection).explain(query) { try rows.next(keep: .max) }
          guard let chunk else { break }
          kept += chunk.rows
        }
        if kept.isEmpty && state.hasGiven { return nil }
        state.hasGiven = true
        let shown = StatementRun.shown(QueryResult(columns: rows.columns, rows: kept))
        return RowBatch(columns: shown.columns, rows: shown.rows)
      }
    } catch {
      throw cancellation.isCancelled ? CancellationError() : error
    }
  }

  /// Ends the query; later calls do nothing.
  func close() {
    let wasOpen = state.withLock { state in
      defer { state.rows = nil }
      return state.rows != nil
    }
    guard wasOpen else { return }
    // why: its statement may not have come to its end
    instance.giveBack(connection, isSound: false)
    gate.leave(wrote: false)
  }
}
