extension OperatorSignature {
  private static let connection = [
    Option("database", .text, "where tables without a database are"),
    Option("endpoint", .text, "accepted, without effect"),
    Option("use_ssl", .boolean, "accepted, without effect"),
    Option("proxy", .map, "accepted, without effect"),
  ]
  private static let query =
    connection + [
      Option("query", .text, "the statement, when the value is empty"),
      Option("engine", .text, "`presto` or `hive`"),
      Option("priority", .integer, "accepted, without effect"),
      Option("job_retry", .integer, "accepted, without effect"),
      Option("presto_pool_name", .text, "accepted, without effect"),
      Option("hive_pool_name", .text, "accepted, without effect"),
      Option("engine_version", .text, "accepted, without effect"),
      Option("hive_engine_version", .text, "accepted, without effect"),
    ]
  private static let storing = [
    Option("store_last_results", .boolean, "stores the first row as `td.last_results`"),
    Option("download_file", .text, "writes the rows to a CSV file"),
    Option("preview", .boolean, "logs up to 20 rows"),
  ]
  private static let output = [
    Option("result_url", .text, "sends the rows elsewhere"),
    Option("result_connection", .text, "sends the rows through a connection"),
    Option("result_settings", .map, "settings of the connection"),
  ]

  /// Operators that work on the warehouse.
  static let warehouse: [OperatorSignature] = [
    OperatorSignature(
      "td",
      .file,
      "runs a query",
      defaults: "td",
      handsOnKeys: true,
      query + storing + output + [
        Option("create_table", .table, "replaces the table with the rows"),
        Option("insert_into", .table, "appends the rows to the table"),
      ]
    ),
    OperatorSignature(
      "td_ddl",
      .map,
      "creates, drops, empties and renames databases and tables",
      defaults: "td",
      connection + [
        Option("drop_databases", .list, "databases to drop"),
        Option("create_databases", .list, "databases to make"),
        Option("empty_databases", .list, "databases to make anew"),
        Option("drop_tables", .list, "tables to drop"),
        Option("create_tables", .list, "tables to make"),
        Option("empty_tables", .list, "tables to make anew"),
        Option("rename_tables", .list, "maps with `from` and `to`"),
      ]
    ),
    OperatorSignature(
      "td_for_each",
      .file,
      "runs tasks for each row of a query",
      defaults: "td",
      handsOnKeys: true,
      query + [
        Option("_do", .tasks, "the task or tasks to run"),
        Option("_parallel", .any, "true, or `{limit: n}`"),
      ]
    ),
    OperatorSignature(
      "td_partial_delete",
      .text,
      "deletes the rows of a table within a time",
      defaults: "td",
      connection + [
        Option("from", .any, "unix seconds or a time, inclusive"),
        Option("to", .any, "unix seconds or a time, exclusive"),
      ]
    ),
    OperatorSignature(
      "td_run",
      .any,
      "runs a saved query",
      defaults: "td",
      connection + storing + [
        Option("engine", .text, "`presto` or `hive`, where the query does not say it"),
        Option("session_time", .text, "the time the query runs for"),
        Option("priority", .integer, "accepted, without effect"),
        Option("job_retry", .integer, "accepted, without effect"),
      ]
    ),
    OperatorSignature(
      "td_wait",
      .file,
      "waits until a query answers yes",
      defaults: "td",
      handsOnKeys: true,
      query + [Option("interval", .duration, "between two looks, at least 30 s")]
    ),
    OperatorSignature(
      "td_wait_table",
      .text,
      "waits until a table is there",
      defaults: "td",
      query + [
        Option("rows", .integer, "and has at least so many rows"),
        Option("interval", .duration, "between two looks, at least 30 s"),
      ]
    ),
  ]

  /// Operators that bring rows in and send them out.
  static let transfer: [OperatorSignature] = [
    OperatorSignature(
      "td_load",
      .any,
      "loads rows into a table",
      defaults: "td",
      handsOnKeys: true,
      connection + [
        Option("table", .table, "where the rows go"),
        Option("config", .map, "what to load and how"),
        Option("name", .text, "a saved transfer"),
        Option("mode", .text, "`append` or `replace`"),
      ]
    ),
    OperatorSignature(
      "td_result_export",
      .any,
      "sends the rows of a job elsewhere",
      defaults: "td",
      connection + [
        Option("job_id", .integer, "the job whose rows are sent"),
        Option("result_connection", .text, "where they go"),
        Option("result_settings", .map, "how they go there"),
      ]
    ),
    OperatorSignature(
      "td_table_export",
      .any,
      "writes a table to files",
      defaults: "td",
      connection.filter { $0.name != "endpoint" } + [
        Option("table", .table, "the table"),
        Option("file_format", .text, "`jsonl.gz`, `tsv.gz`, `json.gz` or `line-json.gz`"),
        Option("from", .any, "unix seconds or a time, inclusive"),
        Option("to", .any, "unix seconds or a time, exclusive"),
        Option("s3_bucket", .text, "where the files go"),
        Option("s3_path_prefix", .text, "how their paths begin"),
        Option("folder", .text, "where they go on this machine, instead of a bucket"),
        Option("region", .text, "where the bucket is"),
        Option("endpoint", .text, "another service of the same kind"),
        Option("path_style_access", .boolean, "the bucket is part of the path"),
        Option("pool_name", .text, "accepted, without effect"),
      ]
    ),
    OperatorSignature(
      "s3_wait",
      .text,
      "waits until an object is there",
      defaults: "aws",
      [
        Option("bucket", .text, "its bucket"),
        Option("key", .text, "its key"),
        Option("version_id", .text, "its version"),
        Option("region", .text, "where the bucket is"),
        Option("endpoint", .text, "another service of the same kind"),
        Option("path_style_access", .boolean, "the bucket is part of the path"),
        Option("timeout", .duration, "how long to wait"),
        Option("continue_on_timeout", .boolean, "go on when it is not there in time"),
      ]
    ),
    OperatorSignature(
      "pg",
      .file,
      "runs a query on PostgreSQL",
      defaults: "pg",
      handsOnKeys: true,
      database
    ),
  ]

  private static let database = [
    Option("query", .text, "the statement, when the value is empty"),
    Option("host", .text, "the server"),
    Option("port", .integer, "5432 unless given"),
    Option("database", .text, "the database"),
    Option("user", .text, "who connects"),
    Option("password_override", .text, "the key of another secret with the password"),
    Option("ssl", .boolean, "encrypt the connection"),
    Option("sslmode", .text, "how certificates are checked, as libpq takes it"),
    Option("sslrootcert", .text, "the authorities to trust"),
    Option("schema", .text, "where names without a schema are"),
    Option("connect_timeout", .duration, "how long connecting may take"),
    Option("socket_timeout", .duration, "how long an answer may take"),
    Option("create_table", .table, "replaces the table with the rows"),
    Option("insert_into", .table, "appends the rows to the table"),
    Option("download_file", .text, "writes the rows to a CSV file"),
    Option("store_last_results", .any, "`first` or `all`: stores rows as `pg.last_results`"),
    Option("strict_transaction", .boolean, "run once also after a crash, with a status table"),
    Option("status_table", .text, "the name of the status table"),
    Option("status_table_schema", .text, "its schema"),
    Option("status_table_cleanup", .duration, "how long its rows are kept"),
  ]
}
