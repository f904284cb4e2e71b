import Foundation
import Projects
import Synchronization
import Values
import WorkflowLanguage

@testable import Server

extension PlayedRooms {
  static func revision(project: Int64, name: String, number: Int64 = 1) -> Revision {
    Revision(
      id: project * 10 - 1 + number,
      project: project,
      projectName: name,
      name: "r\(number)",
      hash: String(repeating: "ab", count: 32),
      sizeInBytes: 1234,
      workflows: ["daily", "weekly"],
      createdAt: TestServer.start,
      account: 7
    )
  }

  static func entry(_ id: Int64, _ name: String) -> ProjectControl.Entry {
    .init(
      id: id,
      name: name,
      createdAt: TestServer.start,
      latest: revision(project: id, name: name)
    )
  }

  func projectControl(archive: String, files: String) -> ProjectControl {
    let entries = [Self.entry(2, "other"), Self.entry(1, "shop")]
    return ProjectControl(
      list: { entries },
      project: { id in entries.first { $0.id == id } },
      named: { name in entries.first { $0.name == name } },
      push: { push in
        let text = try String(contentsOfFile: push.archive, encoding: .utf8)
        self.state.withLock { $0.pushes.append((push, text)) }
        return entries.first { $0.name == push.project } ?? Self.entry(3, push.project)
      },
      delete: { _ in },
      revisions: { project, before, _ in
        let latest = entries.filter { $0.id == project }.map(\.latest)
        guard let before else { return latest }
        return latest.filter { $0.id == before }
          .map { Self.revision(project: project, name: $0.projectName, number: 0) }
      },
      revision: { id in entries.map(\.latest).first { $0.id == id } },
      revisionNamed: { project, name in
        entries.map(\.latest).first { $0.project == project && $0.name == name }
      },
      workflows: { revision in
        revision.workflows.map {
          .init(name: $0, timezone: "Asia/Tokyo", config: ["+load": ["sh>": "echo"]])
        }
      },
      definitions: { revision in
        revision.workflows.map { name in
          WorkflowDefinition(
            name: name,
            file: name + ".dig",
            timezone: "Asia/Tokyo",
            schedule: nil,
            sla: nil,
            root: TaskNode(name: "+" + name, kind: .group)
          )
        }
      },
      files: { _ in files },
      archive: { _ in archive },
      diff: { _, _ in [.init(path: "daily.dig", kind: .changed, diff: "-a\n+b\n")] }
    )
  }

  private static func schedule(
    _ id: Int64,
    _ project: Int64,
    _ name: String
  ) -> ScheduleControl.Entry {
    .init(
      id: id,
      project: project,
      projectName: name,
      workflow: "daily",
      timezone: "Asia/Tokyo",
      schedule: ["daily>": "07:00:00"],
      nextSessionTime: 1_704_207_600,
      nextRunTime: 1_704_232_800,
      lastSessionTime: nil,
      disabledAt: nil,
      lastSkip: nil
    )
  }

  var scheduleControl: ScheduleControl {
    let entries = [Self.schedule(1, 1, "shop"), Self.schedule(2, 2, "other")]
    return ScheduleControl(
      list: { project in entries.filter { project == nil || $0.project == project } },
      upcoming: { _, count in
        (0..<Int64(count)).map { day -> (session: Int64, run: Int64) in
          (session: 1_704_207_600 + day * 86_400, run: 1_704_232_800 + day * 86_400)
        }
      },
      skip: { _, skip, _ in
        self.state.withLock { $0.skips.append(skip) }
        return entries[0]
      },
      backfill: { backfill in
        [.init(sessionTime: backfill.from, attempt: backfill.isDryRun ? nil : 3)]
      },
      setEnabled: { _, _ in entries[0] },
      revisionPushed: { _, _ in }
    )
  }
}
