import Foundation
public import Notebooks
public import SQLWarehouse
public import Tracking
import WorkflowEngine

/// What the operators that run notebooks work with; handing it over opens nothing.
public struct NotebookServices: Sendable {
  let runtime: PythonRuntime
  let catalog: NotebookCatalog
  let warehouse: any Warehouse
  let account: TrackingAccount
  let machineMemory: Int?
  let pageAddress: @Sendable (_ attempt: Int64, _ file: String) -> String

  /// - Parameters:
  ///   - runtime: the Python environment; it is looked for when a notebook is to run.
  ///   - catalog: the shipped notebooks.
  ///   - warehouse: where tables come from and go to.
  ///   - account: where runs and models are recorded, and whose they are.
  ///   - machineMemory: the bytes that a notebook could get; nil where that is not known.
  ///   - pageAddress: where people find the page of an attempt's executed notebook, given the path of its file.
  public init(
    runtime: PythonRuntime,
    catalog: NotebookCatalog,
    warehouse: any Warehouse,
    account: TrackingAccount,
    machineMemory: Int? = MemoryLimit.machineBytes(),
    pageAddress: @escaping @Sendable (Int64, String) -> String = Self.fileAddress
  ) {
    self.runtime = runtime
    self.catalog = catalog
    self.warehouse = warehouse
    self.account = account
    self.machineMemory = machineMemory
    self.pageAddress = pageAddress
  }

  /// The address of the file itself, for whoever is at this machine.
  public static let fileAddress: @Sendable (Int64, String) -> String = { _, file in
    URL(filePath: file).absoluteString
  }

  /// The bytes that a notebook of a task could get: what the machine has, and what tasks may have of it.
  func memory(for context: TaskContext) -> Int? {
    [machineMemory, context.isolation.processes.limits.memoryInBytes].compactMap(\.self).min()
  }

  var runner: NotebookRunner { NotebookRunner(runtime: runtime, catalog: catalog) }

  /// No notebook runs longer than 25 hours.
  static let longestRun: Duration = .seconds(25 * 3600)
}

/// The tracking store and the user in whose name workflows run that have no owner of their own.
public struct TrackingAccount: Sendable {
  private let open: @Sendable () throws -> TrackingStore
  private let userName: String
  private let email: String?

  /// - Parameters:
  ///   - userName: the owner of runs and models; the record is made at the first use.
  ///   - email: replaces the stored one when given.
  ///   - open: called when something is to be recorded, so that other workflows need not wait for the store.
  public init(
    userName: String,
    email: String?,
    open: @escaping @Sendable () throws -> TrackingStore
  ) {
    self.open = open
    self.userName = userName
    self.email = email
  }

  func store() throws -> TrackingStore { try open() }

  /// The owner of the attempt, else the user this was made for.
  func user(in store: TrackingStore, for attempt: AttemptIdentity) throws -> User {
    if let owner = attempt.owner { return try store.user(named: owner.name, email: owner.email) }
    return try store.user(named: userName, email: email)
  }
}
