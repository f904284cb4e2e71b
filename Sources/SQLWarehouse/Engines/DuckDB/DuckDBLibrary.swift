import CDuckDB
import Glibc
import Synchronization

/// The engine's shared library, bound on first use so that what needs no SQL does not pay for it.
enum DuckDBLibrary {
  private static let isBound = Mutex(false)

  /// Binds the library of a folder; later calls do nothing.
  static func bind(folder: String) throws(WarehouseError) {
    let failure = isBound.withLock { isBound -> WarehouseError? in
      guard !isBound else { return nil }
      let library = "\(folder)/libduckdb.so"
      guard access(library, R_OK) == 0 else {
        return WarehouseError(
          .libraryMissing,
          "the SQL engine is not installed: there is no `\(library)`",
          hint: "`scripts/make-libduckdb.sh` makes it"
        )
      }
      // why: the library comes from a Python wheel and wants Python's symbols; an official one does not
      let stand = "\(folder)/libduckdb-pystub.so"
      if access(stand, R_OK) == 0, dlopen(stand, RTLD_LAZY | RTLD_GLOBAL) == nil {
        return WarehouseError(
          .libraryMissing,
          "`\(stand)` cannot be loaded: \(String(cString: dlerror()))"
        )
      }
      guard tadoru_lazy_open_duckdb(library) == 0 else {
        return WarehouseError(
          .libraryMissing,
          "`\(library)` cannot be loaded: \(String(cString: tadoru_lazy_error_duckdb()))",
          hint: "delete it and run `scripts/make-libduckdb.sh` again"
        )
      }
      isBound = true
      return nil
    }
    if let failure { throw failure }
  }
}

extension DuckDBWarehouse {
  /// The version of the engine in a folder, as `v2.0.0`.
  public static func engineVersion(libraryFolder: String) throws(WarehouseError) -> String {
    try DuckDBLibrary.bind(folder: libraryFolder)
    return String(cString: duckdb_library_version())
  }
}
