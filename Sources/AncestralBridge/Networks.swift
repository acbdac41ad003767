import Ancestral
public import CAncestral
import SCMBase

@c @implementation
public func anc_network_read(
  _ text: UnsafePointer<CChar>?, _ format: UnsafePointer<CChar>?, _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> anc_status {
  guarded {
    let text = String(cString: try required(text, "text"))
    let name = String(cString: try required(format, "format"))
    guard let format = NetworkFormat(rawValue: name) else {
      throw ConfigError(
        path: "format", value: "\(JSONValue.string(name))",
        reason: "must be one of " + NetworkFormat.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let out = try required(out, "out")
    out.pointee = makeHandle(try SpecifiedFamily(.network(try BayesianNetwork(text, format: format))))
    return ANC_OK
  }
}

@c @implementation
public func anc_network_probabilities(
  _ family: OpaquePointer?, _ query: UnsafePointer<CChar>?, _ out: UnsafeMutablePointer<Double>?, _ count: Int
) -> anc_status {
  guarded {
    let handle = try unwrap(family, as: SpecifiedFamily.self, "family")
    guard case .network(let network) = handle.specification else {
      throw ConfigError(
        path: "family", value: "no network", reason: "must be that of a network, whose laws are known")
    }
    let query = try JSONValue.object(in: String(cString: try required(query, "query")))
    guard let targets = query["of"]?.texts, let held = query["do"]?.members, query.count == 2 else {
      throw ConfigError(
        path: "query", value: "\(JSONValue.object(query))",
        reason: "must have of, a list of names, and do, states by names")
    }
    let states = held.compactMapValues(\.string)
    guard states.count == held.count else {
      throw ConfigError(path: "do", value: "\(JSONValue.object(held))", reason: "must map names to names of states")
    }
    let law = try network.probabilities(of: targets, under: states)
    guard count == law.count else {
      throw ConfigError(path: "count", value: "\(count)", reason: "must be \(law.count), the combinations of states")
    }
    let out = try required(out, "out")
    for (index, probability) in law.enumerated() { out[index] = probability }
    return ANC_OK
  }
}
