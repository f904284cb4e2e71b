import TestKit
import Testing
import Values

@testable import WorkflowLanguage

/// A project in the shape of a public AutoML sample: train, track, predict, evaluate, alarm.
@Suite struct SampleProjectTests {
  private static let workflow = #"""
    timezone: America/Los_Angeles   # not PST

    schedule:
      daily>: 07:00:00

    _export:
      !include : config/params.yaml
      td: {engine: presto, database: "${output_database}"}

    +prepare:
      td_ddl>:
      create_databases: ["${output_database}"]
      create_tables: ["automl_experiments", "automl_eval_results"]

    +train:
      ml_train>:
        docker:
          task_mem: 128g # 64g or more
        notebook: gluon_train
        model_name: model_${session_id}
        input_table: ${input_database}.${train_table}
        target_column: ${target_column}
        time_limit: ${fit_time_limit}
        share_model: true

    +track:
      td>: queries/track.sql
      insert_into: ${output_database}.automl_experiments
      user_id: ${automl.last_executed_user_id}
      shared_model: ${automl.shared_model}
      session_time: ${session_local_time}

    +evaluate:
      td>: queries/auc.sql
      table: ${output_database}.predicted_${test_table}_${session_id}
      positive_class: ' >50K'
      store_last_results: true
      engine: hive

    +alarm:
      if>: ${td.last_results.auc < drift_threshold}
      _do:
        mail>: {data: "AUC fell to ${td.last_results.auc}."}
        subject: Drift detected
        to: [me@example.com]
    """#

  private static let parameters = """
    # what to read and where to write
    input_database: ml_datasets
    output_database: automl_test
    train_table: gluon_train
    test_table: gluon_test
    target_column: class
    fit_time_limit: 60 * 3
    drift_threshold: 0.93
    """

  @Test func `loads with its parameters in place`() throws {
    let workflow = try load()
    #expect(workflow.timezone == "America/Los_Angeles")
    #expect(workflow.schedule == ["daily>": "07:00:00"])
    #expect(
      workflow.root.export.keys == [
        "input_database", "output_database", "train_table", "test_table", "target_column",
        "fit_time_limit",
        "drift_threshold", "td",
      ]
    )
    #expect(workflow.root.export["drift_threshold"] == "0.93")
    #expect(workflow.root.export["fit_time_limit"] == "60 * 3")
    #expect(workflow.root.export["td"] == ["engine": "presto", "database": "${output_database}"])
  }

  @Test func `has its tasks in order with their options`() throws {
    let tasks = try load().root.children
    #expect(tasks.map(\.name) == ["+prepare", "+train", "+track", "+evaluate", "+alarm"])
    #expect(
      tasks.map(\.kind)
        == ["td_ddl", "ml_train", "td", "td", "if"].map { TaskNode.Kind.operation(type: $0) }
    )
    #expect(tasks[0].config["_command"] == .null)
    #expect(tasks[0].config["create_databases"] == ["${output_database}"])
    let options = try #require(tasks[1].config["_command"]?.object)
    #expect(options["docker"] == ["task_mem": "128g"])
    #expect(options["share_model"] == true)
    #expect(options["input_table"] == "${input_database}.${train_table}")
    #expect(tasks[3].config["positive_class"] == " >50K")
    #expect(tasks[4].config["_command"] == "${td.last_results.auc < drift_threshold}")
  }

  @Test func `compiles its alarm when it is raised`() throws {
    let alarm = try #require(try load().root.children.last)
    let mail = try TaskCompiler.compile(
      try #require(alarm.config["_do"]),
      name: "^sub",
      at: alarm.keyLocations["_do"],
      places: alarm.locations(under: "_do")
    )
    #expect(mail.kind == .operation(type: "mail"))
    #expect(mail.config["_command"] == ["data": "AUC fell to ${td.last_results.auc}."])
    #expect(mail.config["to"] == ["me@example.com"])
    #expect(mail.keyLocations["subject"]?.line == 44)
  }

  @Test func `a misspelt parameter file is named`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.workflow, to: "ml_experiment.dig")
    try folder.write(Self.parameters, to: "config/param.yaml")
    let project = withExtendedLifetime(folder) { ProjectLoader.load(directory: folder.path) }
    #expect(
      project.errors.map(\.description) == [
        "ml_experiment.dig:7:14: error: File not found: config/params.yaml\n  hint: did you mean `config/param.yaml`"
      ]
    )
  }

  @Test func `ten thousand lines load`() throws {
    let tasks = (0..<5000).map { "+t\($0):\n  echo>: ${session_time} \($0)" }.joined(
      separator: "\n"
    )
    let project = try compileText(tasks + "\n+bad:\n")
    #expect(project.errors.map { $0.location?.description } == ["wf.dig:10001:1"])
    #expect(try rootTask(tasks).children.count == 5000)
  }

  private func load() throws -> WorkflowDefinition {
    let folder = try TemporaryFolder()
    try folder.write(Self.workflow, to: "ml_experiment.dig")
    try folder.write(Self.parameters, to: "config/params.yaml")
    let project = withExtendedLifetime(folder) { ProjectLoader.load(directory: folder.path) }
    #expect(project.diagnostics == [])
    return try project.workflow(named: "ml_experiment")
  }
}
