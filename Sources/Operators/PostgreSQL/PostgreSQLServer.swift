import Values
import WorkflowEngine

/// Where a PostgreSQL server is, and who comes to it.
///
/// What is nil here libpq takes from its own places: `PGPASSWORD`, `~/.pgpass`.
struct PostgreSQLServer: Sendable {
  /// How the connection is encrypted; the names are libpq's own.
  enum SSLMode: String, Sendable, CaseIterable {
    case disable, prefer, require
    case verifyAuthority = "verify-ca"
    case verifyFully = "verify-full"
  }

  /// A name or address; a text that begins with `/` is the folder of a unix socket.
  var host: String
  var port = 5432
  var database: String
  var user: String
  var password: Secret?
  var sslMode = SSLMode.prefer
  /// The file with the certificates that ``SSLMode/verifyAuthority`` and ``SSLMode/verifyFully`` trust.
  var rootCertificate: String?
  /// Where tables written without a schema are looked for and made; nil leaves that to the server.
  var schema: String?
  var connectTimeout: Duration = .seconds(30)
  /// How long the server may be silent while a statement runs.
  var answerTimeout: Duration = .seconds(1800)
  /// Where it may be.
  var network = NetworkPolicy.open

  init(host: String, database: String, user: String) {
    self.host = host
    self.database = database
    self.user = user
  }

  /// `db.example.com:5432`, fit for messages.
  var place: String { host.hasPrefix("/") ? "\(host)/.s.PGSQL.\(port)" : "\(host):\(port)" }

  /// libpq's keywords with their values; an empty value counts as absent.
  var keywords: [(name: String, value: String)] {
    [
      ("host", host), ("port", String(port)), ("dbname", database), ("user", user),
      ("password", password?.reveal() ?? ""), ("sslmode", sslMode.rawValue),
      ("sslrootcert", rootCertificate ?? ""), ("application_name", "tadoru"),
      ("client_encoding", "UTF8"),
      // why: where Kerberos is half set up, the attempt alone takes seconds
      ("gssencmode", "disable"),
    ]
  }

  /// What a new connection is told first.
  ///
  /// Not at start-up: poolers such as PgBouncer refuse that.
  var preparation: String {
    let path = schema.map { "; SET search_path TO \(PostgreSQLText.quoted(name: $0))" } ?? ""
    return "SET datestyle TO ISO; SET intervalstyle TO postgres; SET extra_float_digits TO 1" + path
  }
}
