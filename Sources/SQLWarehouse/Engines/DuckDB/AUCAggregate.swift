import CDuckDB
import Evaluation

/// The SQL aggregate `auc(score, label)`: exact, whatever the order of the rows; nulls are skipped.
///
/// One ``AUCState`` a group, kept outside of the engine's memory at 8 bytes a row; the engine owns the pointer to it.
enum AUCAggregate {
  private typealias Slot = UnsafeMutablePointer<AUCState>

  /// Registers the function for labels that are integers (0/1 or −1/1), floats of these values and booleans.
  static func register(on connection: DuckDBConnection) throws(DuckDBFailure) {
    var set = duckdb_create_aggregate_function_set("auc")
    defer { duckdb_destroy_aggregate_function_set(&set) }
    for label in [DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_DOUBLE, DUCKDB_TYPE_BOOLEAN] {
      var function = duckdb_create_aggregate_function()
      defer { duckdb_destroy_aggregate_function(&function) }
      duckdb_aggregate_function_set_name(function, "auc")
      for type in [DUCKDB_TYPE_DOUBLE, label] {
        var logical = duckdb_create_logical_type(type)
        duckdb_aggregate_function_add_parameter(function, logical)
        duckdb_destroy_logical_type(&logical)
      }
      var number = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE)
      duckdb_aggregate_function_set_return_type(function, number)
      duckdb_destroy_logical_type(&number)
      duckdb_aggregate_function_set_special_handling(function)
      duckdb_aggregate_function_set_functions(
        function,
        { _ in idx_t(MemoryLayout<Slot>.size) },
        { _, state in AUCAggregate.start(state) },
        { AUCAggregate.update($0, $1, $2) },
        { AUCAggregate.combine($0, $1, $2, $3) },
        { AUCAggregate.finish($0, $1, $2, $3, $4) }
      )
      duckdb_aggregate_function_set_destructor(function) { AUCAggregate.destroy($0, $1) }
      duckdb_add_aggregate_function_to_set(set, function)
    }
    guard duckdb_register_aggregate_function_set(connection.pointer, set) == DuckDBSuccess else {
      throw DuckDBFailure(kind: 0, message: "the aggregate `auc` cannot be registered")
    }
  }

  private static func start(_ state: duckdb_aggregate_state?) {
    let slot = Slot.allocate(capacity: 1)
    slot.initialize(to: AUCState())
    UnsafeMutableRawPointer(state)?.storeBytes(of: slot, as: Slot.self)
  }

  private static func destroy(
    _ states: UnsafeMutablePointer<duckdb_aggregate_state?>?,
    _ count: idx_t
  ) {
    for index in 0..<Int(count) {
      guard let slot = slot(states?[index]) else { continue }
      slot.deinitialize(count: 1)
      slot.deallocate()
    }
  }

  @inline(__always)
  private static func slot(_ state: duckdb_aggregate_state?) -> Slot? {
    UnsafeMutableRawPointer(state)?.load(as: Slot.self)
  }

  private static func update(
    _ info: duckdb_function_info?,
    _ input: duckdb_data_chunk?,
    _ states: UnsafeMutablePointer<duckdb_aggregate_state?>?
  ) {
    guard let states, let scores = Column(input, 0), let labels = Column(input, 1) else { return }
    let values = scores.data.assumingMemoryBound(to: Double.self)
    let count = Int(duckdb_data_chunk_get_size(input))
    var row = 0
    do throws(EvaluationError) {
      while row < count {
        // neighbouring rows often belong to one group: look its state up once
        let state = states[row]
        var end = row + 1
        while end < count, states[end] == state { end &+= 1 }
        guard let slot = slot(state) else { return }
        for row in row..<end where scores.isValid(row) && labels.isValid(row) {
          guard let isPositive = labels.isPositive(row) else {
            return fail(
              info,
              "a label of `auc` must be 0 or 1, -1 or 1, or a boolean; found \(labels.text(row))"
            )
          }
          try slot.pointee.add(score: values[row], isPositive: isPositive)
        }
        row = end
      }
    } catch {
      fail(info, error.message)
    }
  }

  private static func combine(
    _ info: duckdb_function_info?,
    _ sources: UnsafeMutablePointer<duckdb_aggregate_state?>?,
    _ targets: UnsafeMutablePointer<duckdb_aggregate_state?>?,
    _ count: idx_t
  ) {
    for index in 0..<Int(count) {
      guard let source = slot(sources?[index]), let target = slot(targets?[index]) else { continue }
      // why: the engine may use a source again in a window, so its rows are shared, not taken
      target.pointee.merge(source.pointee)
    }
  }

  private static func finish(
    _ info: duckdb_function_info?,
    _ states: UnsafeMutablePointer<duckdb_aggregate_state?>?,
    _ result: duckdb_vector?,
    _ count: idx_t,
    _ offset: idx_t
  ) {
    guard let numbers = duckdb_vector_get_data(result)?.assumingMemoryBound(to: Double.self) else {
      return
    }
    for index in 0..<Int(count) {
      guard let slot = slot(states?[index]) else { continue }
      do throws(EvaluationError) {
        numbers[Int(offset) + index] = try slot.pointee.value()
      } catch {
        return fail(info, error.message)
      }
    }
  }

  private static func fail(_ info: duckdb_function_info?, _ message: String) {
    duckdb_aggregate_function_set_error(info, message)
  }
}

extension AUCAggregate {
  /// One argument of a chunk.
  private struct Column {
    let data: UnsafeMutableRawPointer
    private let validity: UnsafeMutablePointer<UInt64>?
    private let type: duckdb_type

    init?(_ chunk: duckdb_data_chunk?, _ index: idx_t) {
      let vector = duckdb_data_chunk_get_vector(chunk, index)
      guard let data = duckdb_vector_get_data(vector) else { return nil }
      self.data = data
      validity = duckdb_vector_get_validity(vector)
      var logical = duckdb_vector_get_column_type(vector)
      type = duckdb_get_type_id(logical)
      duckdb_destroy_logical_type(&logical)
    }

    @inline(__always)
    func isValid(_ row: Int) -> Bool {
      guard let validity else { return true }
      return validity[row >> 6] >> UInt64(row & 63) & 1 == 1
    }

    /// nil for what is no label.
    @inline(__always)
    func isPositive(_ row: Int) -> Bool? {
      if type == DUCKDB_TYPE_BOOLEAN { return data.load(fromByteOffset: row, as: UInt8.self) != 0 }
      if type == DUCKDB_TYPE_DOUBLE {
        let label = data.load(fromByteOffset: row &* 8, as: Double.self)
        return label == 1 ? true : label == 0 || label == -1 ? false : nil
      }
      let label = data.load(fromByteOffset: row &* 8, as: Int64.self)
      return label == 1 ? true : label == 0 || label == -1 ? false : nil
    }

    func text(_ row: Int) -> String {
      type == DUCKDB_TYPE_DOUBLE
        ? "\(data.load(fromByteOffset: row * 8, as: Double.self))"
        : "\(data.load(fromByteOffset: row * 8, as: Int64.self))"
    }
  }
}
