import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

@Suite struct ServiceLevelTests {
  private func read(_ raw: ObjectValue) -> (level: ServiceLevel?, warnings: [String]) {
    var warnings: [String] = []
    let level = ServiceLevel.read(raw, of: TaskNode(name: "+wf")) { warnings.append($0) }
    return (level, warnings)
  }

  @Test(
    arguments: [
      (["time": "02:00"], ["^sla^alert"]), (["duration": "00:30:00", "alert": false], []),
      (["time": "23:59:59", "fail": true], ["^sla^alert", "^sla^fail"]),
      (["duration": "99:00", "alert": "false", "+a": ["echo>": "x"]], ["^sla"]),
    ] as [(ObjectValue, [String])]
  )
  func `options say what runs`(raw: ObjectValue, names: [String]) throws {
    let (level, warnings) = read(raw)
    #expect(try #require(level).tasks.map(\.name) == names)
    #expect(warnings.isEmpty)
  }

  @Test(
    arguments: [
      ([:], "exactly one of `time` and `duration`, found none"),
      (["time": "02:00", "duration": "01:00"], "found both"), (["time": "24:00"], "found `24:00`"),
      (["time": "2 am"], "found `2 am`"), (["duration": 90], "found `90`"),
      (["time": "02:60"], "HH:MM"), (["duration": "1:2:3:4"], "HH:MM"),
    ] as [(ObjectValue, String)]
  )
  func `a wrong limit is warned about and ignored`(raw: ObjectValue, words: String) {
    let (level, warnings) = read(raw)
    #expect(level == nil)
    #expect(warnings.joined().contains(words))
  }

  @Test(
    arguments: [
      (["alert": "maybe"], "alert"), (["fial": true], "did you mean `fail`"),
      (["+a": ["echo>": "x", "sh>": "y"]], "the tasks of `sla` are ignored"),
    ] as [(ObjectValue, String)]
  )
  func `other mistakes are warned about`(extra: ObjectValue, words: String) {
    let (level, warnings) = read(extra.merging(["time": "02:00"]))
    #expect(level != nil)
    #expect(warnings.count == 1)
    #expect(warnings.joined().contains(words))
  }

  // Expected: GNU date, `TZ=ZONE date -d 'DAY CLOCK' +%s`. Berlin skips 02:30 on 2024-03-31 and has it twice on 2024-10-27.
  @Test(arguments: [
    ("UTC", "02:00", 1_714_608_000, 1_714_615_200),  // from 2024-05-02 00:00
    ("UTC", "02:00", 1_714_615_200, 1_714_615_200), ("UTC", "02:00", 1_714_615_201, 1_714_701_600),
    ("Asia/Tokyo", "02:00", 1_714_608_000, 1_714_669_200),  // from 2024-05-02 09:00 there
    ("Europe/Berlin", "02:30", 1_711_843_200, 1_711_848_600),
    ("America/New_York", "23:00", 1_730_606_400, 1_730_692_800),  // the night to 2024-11-03
  ])
  func `a clock time is its next occurrence in the zone`(
    zone: String,
    clock: String,
    runTime: Double,
    deadline: Double
  ) throws {
    let level = try #require(read(["time": .string(clock)]).level)
    let found = try level.deadline(runTime: runTime, began: 0, zone: ZoneRules(zone))
    #expect(found == deadline)
  }

  @Test func `a duration begins with the attempt, not when it was due`() throws {
    let level = try #require(read(["duration": "01:00:05"]).level)
    #expect(try level.deadline(runTime: 10, began: 1000, zone: ZoneRules("UTC")) == 4605)
  }
}

@Suite struct ServiceLevelMachineTests {
  private func begun(_ root: TaskNode) throws -> AttemptStateMachine {
    var machine = try AttemptStateMachine(root: root)
    _ = machine.handle(.begin, at: 1)
    return machine
  }

  private var level: [TaskNode] {
    [
      task("^sla^alert"), task("^sla^fail"), group("^sla", [task("+mine")]),
    ]
  }

  private func state(_ name: String, _ machine: AttemptStateMachine) -> TaskState? {
    machine.tree.entries.last { $0.fullName == name }?.state
  }

  /// Runs a ready task to its end.
  private func end(
    _ name: String,
    _ machine: inout AttemptStateMachine,
    failing: Bool = false
  )
    throws -> [AttemptStateMachine.Action]
  {
    let id = try #require(machine.tree.entries.last { $0.fullName == name }).id
    _ = machine.handle(.started(id), at: 2)
    return failing
      ? machine.handle(.failed(id, TaskError(message: "no"), retry: nil), at: 3)
      : machine.handle(.finished(id, TaskResult(), check: nil, retry: nil), at: 3)
  }

  @Test func `its tasks run beside what is under way, and a failing one fails the attempt`() throws
  {
    var machine = try begun(group("+w", [task("+a"), task("+b")]))
    let actions = machine.handle(.slaPassed(level), at: 2)
    #expect(actions.count == 3)
    #expect(state("+w^sla+mine", machine) == .ready)
    _ = try end("+w^sla^alert", &machine)
    _ = try end("+w^sla^fail", &machine, failing: true)
    _ = try end("+w^sla+mine", &machine)
    _ = try end("+w+a", &machine)
    #expect(state("+w+b", machine) == .ready)
    _ = try end("+w+b", &machine)
    let last = try end("+w^failure-alert", &machine)
    #expect(last == [.end(.error)])
    #expect(state("+w+b", machine) == .success)
    #expect(state("+w", machine) == .groupError)
  }

  @Test func `an alert that cannot be delivered does not fail the attempt`() throws {
    var machine = try begun(group("+w", [task("+a")]))
    _ = machine.handle(.slaPassed([task("^sla^alert")]), at: 2)
    _ = try end("+w^sla^alert", &machine, failing: true)
    #expect(try end("+w+a", &machine) == [.end(.success)])
  }

  @Test func `it passes once, and not for an attempt that is over or killed`() throws {
    var machine = try begun(group("+w", [task("+a")]))
    _ = machine.handle(.slaPassed(level), at: 2)
    #expect(machine.handle(.slaPassed(level), at: 3).isEmpty)
    var killed = try begun(group("+w", [task("+a")]))
    _ = killed.handle(.started(2), at: 2)
    _ = killed.handle(.kill, at: 2)
    #expect(killed.handle(.slaPassed(level), at: 3).isEmpty)
    var over = try begun(group("+w", [task("+a")]))
    #expect(try end("+w+a", &over) == [.end(.success)])
    #expect(over.handle(.slaPassed(level), at: 4).isEmpty)
    #expect(over.tree.entries.count == 2)
  }

  @Test
  func `a root that is repeated does not repeat them, and one that failed them is not repeated`()
    throws
  {
    var machine = try begun(group("+w", [task("+a")], retry: 1))
    _ = machine.handle(.slaPassed([group("^sla", [task("+mine")])]), at: 2)
    _ = try end("+w^sla+mine", &machine)
    _ = try end("+w+a", &machine, failing: true)
    #expect(state("+w", machine) == .groupRetryWaiting)
    _ = machine.handle(.due(TaskTree.rootID), at: 4)
    #expect(machine.tree.entries.count { $0.fullName == "+w^sla+mine" } == 1)
    #expect(try end("+w+a", &machine) == [.end(.success)])

    machine = try begun(group("+w", [task("+a")], retry: 5))
    _ = machine.handle(.slaPassed([task("^sla^fail")]), at: 2)
    _ = try end("+w^sla^fail", &machine, failing: true)
    _ = try end("+w+a", &machine)
    #expect(state("+w^failure-alert", machine) == .ready)
  }
}
