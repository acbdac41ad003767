public import SCMBase

extension FamilyDistance {
  /// `{"spectral_w1": {"value", "p", "null_mean", "null_q95", "low", "high"}, …, "edges": {…}, "notes": {"first": […], "second": […]}}`, the
  /// last two where there are any; what is not finite is null.
  public var json: JSONValue {
    var members: [String: JSONValue] = [:]
    for (metric, result) in statistics { members[metric.rawValue] = .object(result.members) }
    if let edges {
      members["edges"] = .object([
        "forward": number(edges.forward), "backward": number(edges.backward), "jeffreys": number(edges.jeffreys),
        "js": number(edges.jensenShannon), "w1": number(edges.wasserstein),
      ])
    }
    if !notes.first.isEmpty || !notes.second.isEmpty {
      members["notes"] = .object([
        "first": .array(notes.first.map(JSONValue.string)), "second": .array(notes.second.map(JSONValue.string)),
      ])
    }
    return .object(members)
  }
}

extension ResampledStatistic {
  /// What is not finite is null.
  var members: [String: JSONValue] {
    [
      "value": number(value), "p": number(pValue), "null_mean": number(nullMean), "null_q95": number(nullQuantile),
      "low": number(low), "high": number(high),
    ]
  }
}

private func number(_ x: Double) -> JSONValue { x.isFinite ? .number(x) : .null }
