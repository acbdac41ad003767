import Ancestral

extension SCMInstance {
  /// The scaling and the parameters of one node's mechanism, in the order of the parameter array.
  func allParameters(of node: Int) -> [MechanismParameter] {
    let scaling = scalings[node]
    return [
      MechanismParameter("input_gain", scaling.inputGain), MechanismParameter("input_shift", scaling.inputShift),
      MechanismParameter("output_gain", scaling.outputGain), MechanismParameter("output_shift", scaling.outputShift),
    ] + mechanisms[node].parameters
  }

  /// The text of `anc_instance_mechanisms`.
  var mechanismDescription: JSONValue {
    var offset = 0
    let nodes = (0..<nodeCount).map { node -> JSONValue in
      let parameters = allParameters(of: node).map { parameter -> JSONValue in
        defer { offset += parameter.values.count }
        return .object([
          "name": .string(parameter.name), "shape": .array(parameter.shape.map(JSONValue.integer)),
          "offset": .integer(offset),
        ])
      }
      return .object([
        "node": .integer(node), "kind": .string(mechanisms[node].kind),
        "parents": .array(parents[node].map(JSONValue.integer)),
        "noise": .array(mechanisms[node].noise.map { .string($0.name) }),
        "parameters": .array(parameters),
        "settings": .object(mechanisms[node].settings.mapValues(JSONValue.number)),
      ])
    }
    return .object([
      "component": .integer(component), "noise_channels": .integer(noiseChannelCount),
      "parameter_count": .integer(offset), "nodes": .array(nodes),
    ])
  }
}
