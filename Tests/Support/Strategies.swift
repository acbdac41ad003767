package import SCMBase
package import SCMFamilies
package import SCMGraphs
package import SCMMechanisms
package import SCMRandom

/// Always the same graph.
package struct FixedGraph: GraphGenerator {
  package let graph: DirectedAcyclicGraph

  package init(_ graph: DirectedAcyclicGraph) { self.graph = graph }

  package func sample(nodeCount: Int, key: TaskKey) throws(ConfigError) -> DirectedAcyclicGraph { graph }
}

/// Always the same mechanisms.
package struct FixedMechanisms: MechanismFactory {
  package let mechanisms: [any Mechanism]

  package init(_ mechanisms: [any Mechanism]) { self.mechanisms = mechanisms }

  package func makeMechanisms(parentCounts: [Int], key: TaskKey) -> [any Mechanism] { mechanisms }
}

extension SCMFamily {
  /// The linear SCM with weights W (row = parent) and noise variances D.
  package static func linear(
    weights: [[Double]], noiseVariances: [Double], standardization: FamilyConfig.Standardization = .none
  ) throws -> SCMFamily {
    let n = noiseVariances.count
    var matrix = AdjacencyMatrix(nodeCount: n)
    for i in 0..<n { for j in 0..<n { matrix[i, j] = weights[i][j] != 0 } }
    let mechanisms = (0..<n).map { j in
      LinearMechanism(
        weights: matrix.parents(of: j).map { Float(weights[$0][j]) }, bias: 0,
        noiseScale: Float(noiseVariances[j].squareRoot()))
    }
    return try SCMFamily(
      nodeCounts: n...n, graphGenerator: FixedGraph(DirectedAcyclicGraph(matrix)),
      mechanismFactory: FixedMechanisms(mechanisms), standardization: standardization)
  }

  /// The family of a configuration, from its JSON.
  package init(json: String) throws { try self.init(FamilySpecification(json: json)) }
}
