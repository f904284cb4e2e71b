import CDuckDB
import Synchronization

/// The SQL function behind Hivemall's `rownum()`: 1, 2, 3 … in the order rows are made, never the same twice while the
/// warehouse is open.
enum RowNumberFunction {
  private final class Counter: Sendable {
    let next = Atomic<Int64>(1)
  }

  static func register(on connection: DuckDBConnection) throws(DuckDBFailure) {
    var function = duckdb_create_scalar_function()
    defer { duckdb_destroy_scalar_function(&function) }
    duckdb_scalar_function_set_name(function, "tadoru_rownum")
    var number = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT)
    duckdb_scalar_function_set_return_type(function, number)
    duckdb_destroy_logical_type(&number)
    duckdb_scalar_function_set_volatile(function)
    duckdb_scalar_function_set_extra_info(function, Unmanaged.passRetained(Counter()).toOpaque()) {
      pointer in
      if let pointer { Unmanaged<Counter>.fromOpaque(pointer).release() }
    }
    duckdb_scalar_function_set_function(function) { info, chunk, output in
      guard let pointer = duckdb_scalar_function_get_extra_info(info),
        let numbers = duckdb_vector_get_data(output)?.assumingMemoryBound(to: Int64.self)
      else { return }
      let count = Int64(duckdb_data_chunk_get_size(chunk))
      let counter = Unmanaged<Counter>.fromOpaque(pointer).takeUnretainedValue()
      let first = counter.next.wrappingAdd(count, ordering: .relaxed).oldValue
      for row in 0..<count { numbers[Int(row)] = first + row }
    }
    guard duckdb_register_scalar_function(connection.pointer, function) == DuckDBSuccess else {
      throw DuckDBFailure(kind: 0, message: "the function `rownum` cannot be registered")
    }
  }
}
