import Values

extension RetryPolicy {
  /// As a workflow would write it.
  var value: Value {
    var options: ObjectValue = [
      "limit": .int(Int64(limit)), "interval": .int(interval.components.seconds),
      "interval_type": .string(kind.rawValue),
    ]
    options["max_interval"] = maximumInterval.map { .int($0.components.seconds) }
    return .object(options)
  }
}
