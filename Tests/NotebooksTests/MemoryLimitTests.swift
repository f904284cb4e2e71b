import Foundation
import Notebooks
import TestKit
import Testing

@Suite struct MemoryLimitTests {
  private let gibibyte = 1 << 30

  @Test(arguments: [("64g", 64), ("128G", 128), ("512gb", 512), ("1t", 1024), ("2048m", 2)])
  func `reads sizes`(text: String, gibibytes: Int) throws {
    let limit = try MemoryLimit(text, machine: 2000 * gibibyte)
    #expect(limit.bytes == gibibytes * gibibyte)
    #expect(limit.warning == nil)
  }

  @Test func `stays within the machine and says so`() throws {
    let limit = try MemoryLimit("128g", machine: 23 * gibibyte)
    #expect(limit.bytes == 23 * gibibyte)
    #expect(
      limit.warning == "`task_mem: 128g` is more than this machine has: limited to 23.0 GiB"
    )
  }

  @Test(arguments: ["", "g", "64", "-1g", "0g", "64x", "many", "nang", "infg"])
  func `refuses everything else`(text: String) {
    #expect(throws: NotebookError.self) { try MemoryLimit(text, machine: gibibyte) }
  }

  @Test func `takes the smaller of machine and control group`() throws {
    let folder = try TemporaryFolder()
    try folder.write("MemTotal:       16000000 kB\nMemFree: 1 kB\n", to: "proc/meminfo")
    try folder.write("max\n", to: "free/memory.max")
    try folder.write("2147483648\n", to: "tight/memory.max")
    let proc = "\(folder.path)/proc"
    #expect(MemoryLimit.machineBytes(procfs: proc, cgroup: "\(folder.path)/free") == 16_384_000_000)
    #expect(MemoryLimit.machineBytes(procfs: proc, cgroup: "\(folder.path)/tight") == 2_147_483_648)
    #expect(MemoryLimit.machineBytes(procfs: folder.path, cgroup: folder.path) == nil)
  }
}
