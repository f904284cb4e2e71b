import Foundation
import TestKit
import Testing
import Values

/// Notebooks of the project that fail: the cell and the reason are said, the executed notebook is kept.
@Suite(.serialized) struct BadNotebookTests {
  private func notebook(_ cells: [String]) -> String {
    let parts = ["x = 1"] + cells
    let list = parts.enumerated().map { index, source -> Value in
      [
        "cell_type": "code", "id": .string("c\(index)"), "execution_count": nil,
        "metadata": index == 0 ? ["tags": ["parameters"]] : [:], "outputs": [],
        "source": .string(source),
      ]
    }
    return JSON.encode([
      "cells": .array(list), "nbformat": 4, "nbformat_minor": 5,
      "metadata": [
        "kernelspec": ["display_name": "Python 3", "language": "python", "name": "python3"]
      ],
    ])
  }

  private func run(
    _ cells: [String],
    _ options: String = "timeout: 60"
  ) async throws -> (message: String, outcome: TadoruProcess.Outcome, project: ProjectFixture) {
    let project = try ProjectFixture([
      "n.ipynb": notebook(cells),
      "w.dig": "+t:\n  ipynb>:\n    notebook: n.ipynb\n    \(options)\n+u:\n  echo>: never\n",
    ])
    let (outcome, report) = try await project.run("w")
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty || !outcome.output.contains("never"))
    let message = report.error("+w+t") ?? ""
    #expect(message.contains("the notebook is kept in `"), "\(message)")
    #expect(project.folder.contains(".tadoru/attempts/1/notebooks/+w+t/notebook.ipynb"))
    return (message, outcome, project)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a cell that raises is named, with its traceback in the log`() async throws {
    let (message, outcome, project) = try await run(["def f(v):\n    return 1 / v", "f(x - x)"])
    #expect(
      message.contains("cell 3 of `n.ipynb` raised ZeroDivisionError: division by zero"),
      "\(message)"
    )
    let log = try String(
      contentsOfFile: project.folder.path + "/.tadoru/attempts/1/attempt.log",
      encoding: .utf8
    )
    for text in [outcome.errors, log] {
      #expect(text.contains("Traceback (most recent call last)"))
      #expect(text.contains("return 1 / v"))
    }
    let page = try String(
      contentsOfFile: project.folder.path + "/.tadoru/attempts/1/notebooks/+w+t/notebook.html",
      encoding: .utf8
    )
    #expect(page.contains("ZeroDivisionError"))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a cell that takes too long is stopped by its limit`() async throws {
    let (message, _, _) = try await run(["import time; time.sleep(600)"], "timeout: 1")
    #expect(message.contains("cell 2 exceeded its limit of 1 s (`timeout`)"), "\(message)")
  }

  @Test(.timeLimit(.minutes(1)))
  func `a notebook that wants more memory than it may have says the limit`() async throws {
    let (message, _, _) = try await run(
      ["held = []\nwhile True: held.append(bytearray(50_000_000))"],
      "docker: {task_mem: 512m}"
    )
    #expect(message.contains("raised MemoryError (limit 0.5 GiB, `task_mem`)"), "\(message)")
  }

  @Test(.timeLimit(.minutes(1)))
  func `a kernel that dies is not waited for`() async throws {
    let (message, _, _) = try await run(["import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])
    #expect(message.contains("the kernel died in cell 2 of `n.ipynb`"), "\(message)")
  }
}
