public import SCMBase
import SCMGraphs
import SCMMechanisms

extension SCMInstance {
  /// The SCM under do(Xⱼ = v): each given node is held at its value, and its incoming edges are cut.
  ///
  ///     let after = try instance.do([2: 1.5])
  ///
  /// Noise is addressed by (task, node, row), so rows of the same draw share it with the observational rows: nodes that are no
  /// descendants of the given ones are equal to the bit. Standardisation stays as it was frozen; a value is one of the data,
  /// after standardisation.
  ///
  /// Source: Pearl, "Causality", 2nd edition, Cambridge 2009, section 3.2.
  ///
  /// - Throws: when a node does not exist or a value is not finite.
  public func `do`(_ values: [Int: Float]) throws(ConfigError) -> SCMInstance {
    var adjacency = adjacency
    var result = self
    for (node, value) in values.sorted(by: { $0.key < $1.key }) {
      guard (0..<nodeCount).contains(node) else {
        throw ConfigError(path: "node", value: "\(node)", reason: "must be from 0 to \(nodeCount - 1)")
      }
      guard valueKind(of: node).holds(value) else {
        throw ConfigError(
          path: "value of node \(node)", value: "\(value)", reason: valueKind(of: node).requirement)
      }
      for parent in parents[node] { adjacency[parent, node] = false }
      let shown = scalings[node].shown
      result.replaceMechanism(of: node, by: ConstantMechanism(value: shown.inverse(value)))
      result.scalings[node] = Scaling(shown: shown, held: value)
    }
    result.graph = DirectedAcyclicGraph(adjacency, keepingOrder: topologicalOrder)
    result.parents = adjacency.parents
    return result
  }
}
