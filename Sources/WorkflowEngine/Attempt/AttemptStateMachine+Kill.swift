/// The end before the end: asked for, or because a time limit is exceeded.
extension AttemptStateMachine {
  mutating func kill() {
    guard !isKilled, !tree.root.state.isDone else { return }
    isKilled = true
    actions.append(.cancelRunning)
    for id in tree.ids { cancel(id) }
  }

  /// Ends what waits; what runs is canceled when it reports.
  private mutating func cancel(_ id: TaskID) {
    switch tree[id].state {
    case .ready, .retryWaiting: complete(id, .canceled)
    case .groupRetryWaiting:
      set(id, .planned)
      steps.append(.close(id))
    case .blocked where id == TaskTree.rootID: complete(id, .canceled)
    case .planned where tree[id].activeChildren == 0: steps.append(.close(id))
    case .blocked, .running, .planned, .success, .error, .groupError, .canceled: break
    }
  }

  /// Some time of running went by: kills the attempt when it or one of its tasks took too long.
  mutating func tick(_ time: Duration) {
    uptime += time.inSeconds
    guard !isKilled, !tree.root.state.isDone else { return }
    if uptime > limits.attemptTime.inSeconds {
      let message =
        "the attempt is killed: it has been running for more than its time limit of "
        + "\(limits.attemptTime.shortText) (`--attempt-timeout`)"
      return stop(saying: message)
    }
    let limit = limits.taskTime.inSeconds
    guard let late = tree.ids.first(where: { tree[$0].isBusy(longerThan: limit, at: uptime) })
    else { return }
    let message =
      "the attempt is killed: task \(tree[late].fullName) has been running or waiting for another try for more "
      + "than the time limit of a task, \(limits.taskTime.shortText) (`--task-timeout`)"
    tree[late].error = TaskError(message: message)
    changed.insert(late, .outcome)
    stop(saying: message)
  }

  private mutating func stop(saying message: String) {
    endMessage = message
    actions.append(.alert(message))
    kill()
  }
}

extension TaskEntry {
  fileprivate func isBusy(longerThan seconds: Double, at uptime: Double) -> Bool {
    switch state {
    case .running, .retryWaiting, .groupRetryWaiting:
      busySince.map { uptime - $0 > seconds } ?? false
    case .blocked, .ready, .planned, .groupError, .success, .error, .canceled: false
    }
  }
}
