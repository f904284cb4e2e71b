public import WorkflowEngine
import WorkflowLanguage

/// Operators of cloud services that cannot be reached from here: `bq>`, `emr>`, `redshift>` and others.
///
/// ```yaml
/// +copy:
///   bq_load>: gs://bucket/file.csv   # fails: names what is missing and which operator does a similar thing
/// ```
/// A workflow that names one loads and is checked; the task fails when it runs, also under `_error` and `_retry` as any other.
/// Reads and stores nothing.
public struct ForeignCloudOperator: Operator {
  private let name: String
  private let service: String
  private let advice: String

  /// What is known: the name, the service it needs, and what to use here.
  private static let known: [(name: String, service: String, advice: String)] = [
    ("bq", "Google BigQuery", "`td>` runs a query on the warehouse, `pg>` on PostgreSQL"),
    ("bq_ddl", "Google BigQuery", "`td_ddl>` makes and drops databases and tables"),
    ("bq_extract", "Google BigQuery", "`td_table_export>` writes a table to files"),
    ("bq_load", "Google BigQuery", "`td_load>` loads files into a table"),
    ("emr", "Amazon EMR", "`py>` and `sh>` run scripts on this machine"),
    ("gcs_wait", "Google Cloud Storage", "`s3_wait>` waits for an object in S3-compatible storage"),
    ("redshift", "Amazon Redshift", "`td>` runs a query on the warehouse, `pg>` on PostgreSQL"),
    ("redshift_load", "Amazon Redshift", "`td_load>` loads files into a table"),
    ("redshift_unload", "Amazon Redshift", "`td_table_export>` writes a table to files"),
    (
      "embulk", "Embulk",
      "`td_load>` reads files, PostgreSQL and SQLite with a similar `in:` section"
    ),
  ]

  /// One for each name that is known.
  public static var all: [String: any Operator] {
    Dictionary(
      uniqueKeysWithValues: known.map {
        ($0.name, ForeignCloudOperator($0.name, $0.service, $0.advice))
      }
    )
  }

  private init(_ name: String, _ service: String, _ advice: String) {
    (self.name, self.service, self.advice) = (name, service, advice)
  }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    context.parameters.useAll()
    throw TaskFailure(
      .config,
      "`\(name)>` needs \(service), which is not available here; \(advice)"
    )
  }
}
