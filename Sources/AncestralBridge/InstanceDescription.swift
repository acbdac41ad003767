import Ancestral

extension SCMInstance {
  /// The scaling and the parameters of one node's mechanism, in the order of the parameter array.
  func allParameters(of node: Int) -> [MechanismParameter] {
    // Between the data of the parents and those of the node.
    let inputs = parents[node].enumerated().map { index, parent in
      scalings[node].input(index).after(scalings[parent].shown.inverse)
    }
    let output = scalings[node].shown.after(scalings[node].output)
    return [
      MechanismParameter("input_gain", inputs.map(\.gain)), MechanismParameter("input_shift", inputs.map(\.shift)),
      MechanismParameter("output_gain", output.gain), MechanismParameter("output_shift", output.shift),
    ] + mechanisms[node].parameters
  }

  /// The text of `anc_instance_describe`.
  func description(withMechanisms: Bool) -> JSONValue {
    var members: [String: JSONValue] = [
      "component": .integer(component), "noise_channels": .integer(noiseChannelCount),
      "order": .array(topologicalOrder.map(JSONValue.integer)),
    ]
    if !valueKinds.isEmpty {
      members["kind"] = .array(valueKinds.map { .integer(Int($0.number)) })
      members["n_classes"] = .array(valueKinds.map { .integer($0.classCount) })
    }
    if withMechanisms { (members["nodes"], members["parameter_count"]) = nodeDescriptions }
    return .object(members)
  }

  /// How many columns a node's mechanism reads of each parent.
  private func inputColumns(of node: Int) -> [Int] {
    var counts: [Int] = []
    forEachParent(of: node) { counts.append($2.count) }
    return counts
  }

  /// What each node's mechanism is, and how many parameters they have together.
  private var nodeDescriptions: (JSONValue, JSONValue) {
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
        "columns": .array(inputColumns(of: node).map(JSONValue.integer)),
        "noise": .array(mechanisms[node].noise.map { .string($0.name) }),
        "parameters": .array(parameters),
        "settings": .object(mechanisms[node].settings.mapValues(\.json)),
      ])
    }
    return (.array(nodes), .integer(offset))
  }
}

extension MechanismSetting {
  fileprivate var json: JSONValue {
    switch self {
    case .number(let value): .number(value)
    case .name(let name): .string(name)
    }
  }
}
