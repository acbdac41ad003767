public import SCMBase

extension FamilyDistance {
  /// `{"spectral_w1": {"value", "p", "null_mean", "null_q95", "low", "high"}, …, "edges": {…}}`; what is not finite is null.
  public var json: JSONValue {
    func number(_ x: Double) -> JSONValue { x.isFinite ? .number(x) : .null }
    var members: [String: JSONValue] = [:]
    for (metric, result) in statistics {
      members[metric.rawValue] = .object([
        "value": number(result.value), "p": number(result.pValue), "null_mean": number(result.nullMean),
        "null_q95": number(result.nullQuantile), "low": number(result.low), "high": number(result.high),
      ])
    }
    if let edges {
      members["edges"] = .object([
        "forward": number(edges.forward), "backward": number(edges.backward), "jeffreys": number(edges.jeffreys),
        "js": number(edges.jensenShannon), "w1": number(edges.wasserstein),
      ])
    }
    return .object(members)
  }
}
