import Foundation
import TestKit
import Testing
import Values

@Suite(.serialized) struct MainJobTests {
  @Test(.timeLimit(.minutes(5)))
  func `trains, tracks, predicts, evaluates, alerts and records, and a second run adds to it`()
    async throws
  {
    let project = try await IncomeProject()
    let first = try await project.run("job", ["--session", "2025-02-01", "-p", "threshold=1.1"])
    #expect(first.outcome.status == 0, "\(first.outcome.errors)")
    #expect(first.outcome.errors.contains("NO MAIL WAS SENT"))
    try await checkTables(project)
    try checkNotebooks(project)
    try await checkAlertInOutbox(project)
    try await checkModel(project)
    try await predictAsAnotherUser(project)
    try await checkAlertBySMTP(project)

    let second = try await project.run("job", ["--session", "2025-02-02", "-p", "threshold=0.5"])
    #expect(second.outcome.status == 0, "\(second.outcome.errors)")
    #expect(second.report.state("+job+watch^sub+alert") == "success")
    #expect(second.report.tasks("+job+watch^sub+alert^sub").isEmpty)
    #expect(try project.files("outbox", ending: ".eml").count == 1)
    let tracked = try await project.rows(
      "SELECT session_time, user_email FROM experiments ORDER BY task_attempt_id"
    )
    #expect(
      tracked.map { $0["session_time"]?.string } == ["2025-02-01 00:00:00", "2025-02-02 00:00:00"]
    )
    #expect(tracked.allSatisfy { $0["user_email"] == "ada@example.com" })
  }

  private func checkTables(_ project: IncomeProject) async throws {
    let experiments = try await project.rows("SELECT * FROM experiments")
    #expect(experiments.count == 1)
    #expect(
      experiments.first.map { Array($0.keys) } == [
        "task_attempt_id", "session_time", "user_id", "user_email", "model_name", "shared_model",
        "notebook_url",
      ]
    )
    let evaluations = try await project.rows("SELECT * FROM evaluations")
    #expect(evaluations.count == 1)
    #expect(
      evaluations.first.map { Array($0.keys) }
        == ["session_time", "model_name", "test_table", "auroc"]
    )
    // One label in eleven is against the rule that the model can learn, so 1 is out of its reach.
    let auroc = try #require(evaluations.first?["auroc"]?.double)
    #expect((0.85..<1).contains(auroc))
    let board = try await project.rows("SELECT model, score_val, eval_metric FROM leaderboard")
    #expect(board.contains { $0["model"] == "LightGBM" && $0["eval_metric"] == "roc_auc" })
    let features = try await project.rows("SELECT * FROM importance ORDER BY importance DESC")
    #expect(features.first?["feature"] == "education-num")
    let params = try await project.rows(
      "SELECT value FROM tadoru.params WHERE name = 'time_limit'"
    )
    #expect(params.map { $0["value"] } == ["6.0"])
  }

  private func checkNotebooks(_ project: IncomeProject) throws {
    let pages = try project.files("attempts", ending: ".html")
    #expect(pages.count == 2)
    for page in pages {
      let text = try String(
        contentsOfFile: project.path + "/.tadoru/attempts/" + page,
        encoding: .utf8
      )
      #expect(text.contains("<h2"))
      #expect(!text.lowercased().contains("<script"))
    }
  }

  private func checkAlertInOutbox(_ project: IncomeProject) async throws {
    let mails = try project.files("outbox", ending: ".eml")
    #expect(mails.count == 1)
    let mail = try String(
      contentsOfFile: project.path + "/.tadoru/outbox/" + (mails.first ?? ""),
      encoding: .utf8
    )
    let rows = try await project.rows("SELECT auroc FROM evaluations")
    let auroc = try #require(rows.first?["auroc"]?.double)
    #expect(mail.contains("The AUC is \(auroc)."))
    #expect(mail.contains("To: team@example.com"))
  }

  /// MLflow's own client gives what `ml_predict>` wrote.
  private func checkModel(_ project: IncomeProject) async throws {
    let models = try project.files("artifacts", ending: "/MLmodel")
    #expect(models.count == 1)
    let folder = URL(filePath: project.path + "/.tadoru/artifacts/" + (models.first ?? ""))
      .deletingLastPathComponent().path(percentEncoded: false)
    let table = try await project.rows("SELECT * FROM census.people_test ORDER BY id")
    let file = try project.fixture.folder.write(
      JSON.encode(.array(table.map { .object($0) })),
      to: "people_test.json"
    )
    let predicted = try await TestPython.run("mlflow_predictions", [folder, file])
      .array?.compactMap(\.double)
    let name = try #require(
      try await project.rows("SELECT model_name FROM experiments").first?["model_name"]?.string
    )
    let number = name.replacing("income_", with: "")
    let written = try await project.rows(
      "SELECT predicted_proba AS p FROM predicted_\(number) ORDER BY id"
    )
    .compactMap { $0["p"]?.double }
    #expect(written.count == 200 && predicted?.count == 200)
    for (mlflow, tadoru) in zip(predicted ?? [], written) {
      #expect(abs(mlflow - tadoru) <= 1e-12)
    }
  }

  private func predictAsAnotherUser(_ project: IncomeProject) async throws {
    let rows = try await project.rows("SELECT shared_model, model_name FROM experiments")
    let shared = try #require(rows.first?["shared_model"]?.string)
    #expect(UUID(uuidString: shared) != nil)
    let (outcome, _) = try await project.run("shared", ["-p", "model=\(shared)"], user: "bob")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let guessed = try await project.rows("SELECT * FROM guessed")
    #expect(guessed.count == 200)
    #expect(
      guessed.first.map { Array($0.keys) }
        == ["id", "predicted_class", "predicted_proba", "predicted_probabilities"]
    )
    let runs = try await project.rows(
      "SELECT user_name, status FROM tadoru.runs WHERE workflow = 'shared'"
    )
    #expect(runs == [["user_name": "bob", "status": "FINISHED"]])
  }

  /// The evaluation alone, with mail servers of its own.
  private func checkAlertBySMTP(_ project: IncomeProject) async throws {
    let name = try await project.rows("SELECT model_name FROM experiments").first?["model_name"]
    let number = (name?.string ?? "").replacing("income_", with: "")
    func watch(_ secrets: String, threshold: String) async throws -> TadoruProcess.Outcome {
      let file = try project.fixture.folder.write(secrets, to: "secrets/mail.yaml")
      return try await project.run(
        "watch",
        ["-p", "scored=\(number)", "-p", "threshold=\(threshold)", "--secrets", file]
      ).outcome
    }
    let before = try await project.rows("SELECT auroc FROM evaluations").count
    let plain = try SMTPServer(.plain)
    let address = "mail.host: 127.0.0.1\nmail.tls: false\nmail.port: \(plain.port)\n"
    #expect(try await watch(address, threshold: "0.5").status == 0)
    #expect(try plain.messages().isEmpty)
    let sent = try await watch(address, threshold: "1.1")
    #expect(sent.status == 0, "\(sent.errors)")
    let mail = try #require(try plain.messages().first)
    #expect(mail["to"] == ["team@example.com"])
    #expect(mail["headers"]?.object?["Subject"] == "Modell driftet – AUC")

    // The certificate of this server is unknown here: the alert must fail, and must not go out in the clear.
    let guarded = try SMTPServer(.starttls, user: "ada", password: "open sesame")
    let refused = try await watch(
      "mail: {host: localhost, port: \(guarded.port), username: ada, password: open sesame}\n",
      threshold: "1.1"
    )
    #expect(refused.status == 1)
    #expect(refused.errors.contains("is not trusted"))
    #expect(!refused.errors.contains("open sesame"))
    let configuration = try project.fixture.folder.write(
      """
      mail: {host: localhost, port: \(guarded.port), username: ada, password: open sesame,
        ca_file: \(try #require(guarded.authority))}
      """,
      to: "secrets/config.yml"
    )
    let trusted = try await project.fixture.run(
      "watch",
      ["-p", "scored=\(number)", "-p", "threshold=1.1"],
      environment: ["TADORU_CONFIG": configuration]
    )
    #expect(trusted.outcome.status == 0, "\(trusted.outcome.errors)")
    #expect(try guarded.messages().first?["user"] == "ada")
    #expect(try guarded.messages().first?["tls"] == true)
    // The failed alert stands before the record, so three of the four evaluations are recorded.
    #expect(try await project.rows("SELECT auroc FROM evaluations").count == before + 3)
  }
}
