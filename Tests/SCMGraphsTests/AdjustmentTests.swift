import SCMGraphs
import SCMRandom
import Testing

/// Adjustment sets against regressions in linear models with random weights.
struct AdjustmentTests {
  /// The coefficient of the first regressor, from a covariance.
  private func coefficient(of outcome: Int, on regressors: [Int], _ covariance: ResidueMatrix) throws -> Residue {
    try (#require(covariance[regressors, regressors].inverse) * covariance[regressors, [outcome]])[0, 0]
  }

  private func others(_ adjustment: Adjustment) -> [Int] {
    (0..<adjustment.graph.nodeCount).filter { $0 != adjustment.treatment && $0 != adjustment.outcome }
  }

  private func forEachPair(_ graph: DirectedAcyclicGraph, _ body: (Adjustment) throws -> Void) rethrows {
    for treatment in 0..<graph.nodeCount {
      for outcome in 0..<graph.nodeCount where outcome != treatment {
        try body(Adjustment(in: graph, treatment: treatment, outcome: outcome))
      }
    }
  }

  /// All sets of nodes, all pairs, all DAGs but for the names of their nodes, in exact arithmetic: a set is one exactly where the
  /// coefficient of T in Y's regression on T and the set is the total effect.
  @Test(arguments: 2...5) func aSetAdjustsWhereTheCoefficientIsTheEffect(nodeCount: Int) throws {
    for graph in DirectedAcyclicGraph.upward(nodeCount: nodeCount) {
      let model = ExactLinearModel(graph.adjacency, seed: 11)
      let (covariance, effects) = (model.covariance, model.totalEffects)
      try forEachPair(graph) { adjustment in
        let (t, y) = (adjustment.treatment, adjustment.outcome)
        let name = "\(graph.adjacency.edges), \(t) on \(y)"
        #expect(adjustment.hasCausalPath == (effects[t, y] != .zero), "\(name)")
        for set in others(adjustment).subsets {
          let isEffect = try coefficient(of: y, on: [t] + set, covariance) == effects[t, y]
          #expect(adjustment.isAdjustmentSet(set) == isEffect, "\(name): \(set)")
        }
      }
    }
  }

  /// In larger graphs, with many words to a row: the sets that are named give the effect.
  @Test(arguments: [9, 70]) func theSetsThatAreNamedGiveTheEffect(nodeCount: Int) throws {
    var found = 0
    for (seed, graph) in try DirectedAcyclicGraph.random(nodeCount: nodeCount, count: 6).enumerated() {
      let model = ExactLinearModel(graph.adjacency, seed: 11)
      let (covariance, effects) = (model.covariance, model.totalEffects)
      var words = TaskKey(seed: UInt64(seed)).words(purpose: .user)
      for _ in 0..<8 {
        let pair = words.permutation(of: nodeCount)
        let adjustment = Adjustment(in: graph, treatment: pair[0], outcome: pair[1])
        let sets = [
          adjustment.parents, adjustment.optimal, adjustment.parents.map { _ in adjustment.preTreatment },
          adjustment.adjustmentSet(hiding: Array(pair.suffix(nodeCount / 4))),
        ]
        for set in sets.compactMap({ $0 }) {
          #expect(try coefficient(of: pair[1], on: [pair[0]] + set, covariance) == effects[pair[0], pair[1]])
          found += 1
        }
      }
    }
    #expect(found > 60)
  }

  /// The nodes on causal paths, what is forbidden and what is before the treatment, by the ancestors.
  @Test func nodesLieOnCausalPathsByTheirAncestors() throws {
    for graph in try DirectedAcyclicGraph.random(nodeCount: 9, count: 20) {
      let ancestors = graph.ancestors
      forEachPair(graph) { adjustment in
        let (t, y) = (adjustment.treatment, adjustment.outcome)
        let causal = (0..<9).filter { ancestors[t, $0] && (ancestors[$0, y] || $0 == y) }
        #expect(adjustment.causalNodes == causal)
        let forbidden = (0..<9).filter { node in causal.contains { $0 == node || ancestors[$0, node] } }
        #expect(adjustment.forbidden == (causal.isEmpty ? [] : (forbidden + [t]).sorted()))
        #expect(adjustment.preTreatment == others(adjustment).filter { !ancestors[t, $0] })
        #expect(adjustment.parents == (graph.adjacency[y, t] ? nil : graph.adjacency.parents(of: t)))
      }
    }
  }

  /// A set that avoids hidden nodes is found exactly where there is one.
  @Test func aSetWithoutHiddenNodesIsFoundWhereThereIsOne() {
    for graph in DirectedAcyclicGraph.upward(nodeCount: 5) {
      forEachPair(graph) { adjustment in
        for hidden in others(adjustment).subsets {
          let choices = others(adjustment).filter { !hidden.contains($0) }.subsets
          let set = adjustment.adjustmentSet(hiding: hidden)
          #expect((set != nil) == choices.contains(where: adjustment.isAdjustmentSet), "\(graph.adjacency.edges)")
          if let set { #expect(choices.contains(set) && adjustment.isAdjustmentSet(set)) }
        }
      }
    }
  }

  /// Var(Y | T, Z)/Var(T | Z), the asymptotic variance of the estimated coefficient, is least with the optimal set.
  @Test(arguments: 2...5) func noSetEstimatesBetterThanTheOptimalOne(nodeCount: Int) throws {
    for (number, graph) in DirectedAcyclicGraph.upward(nodeCount: nodeCount).enumerated() where number % 3 == 0 {
      let covariance = Self.covariance(graph, seed: UInt64(number))
      try forEachPair(graph) { adjustment in
        guard adjustment.hasCausalPath else { return }
        let (t, y, optimal) = (adjustment.treatment, adjustment.outcome, try #require(adjustment.optimal))
        #expect(adjustment.isAdjustmentSet(optimal), "\(graph.adjacency.edges), \(t) on \(y)")
        func variance(_ set: [Int]) -> Double {
          Self.variance(of: y, given: [t] + set, covariance) / Self.variance(of: t, given: set, covariance)
        }
        let least = others(adjustment).subsets.filter(adjustment.isAdjustmentSet).map(variance).min()
        #expect(try abs(variance(optimal) / #require(least) - 1) < 1e-9, "\(graph.adjacency.edges), \(t) on \(y)")
      }
    }
  }

  /// The covariance of a linear model whose weights are ±0.5 to ±1.5 and whose noise variances are 0.5 to 1.5.
  private static func covariance(_ graph: DirectedAcyclicGraph, seed: UInt64) -> [[Double]] {
    var words = TaskKey(seed: seed).words(purpose: .user)
    func number() -> Double { 0.5 + Double(words.next(below: 1_000_000)) / 1e6 }
    let n = graph.nodeCount
    var covariance = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for node in graph.topologicalOrder {
      let weights = graph.adjacency.parents(of: node).map { ($0, words.next(below: 2) == 0 ? number() : -number()) }
      for other in 0..<n { covariance[node][other] = weights.reduce(0) { $0 + $1.1 * covariance[$1.0][other] } }
      let own = number() + weights.reduce(0) { $0 + $1.1 * covariance[node][$1.0] }
      for other in 0..<n { covariance[other][node] = covariance[node][other] }
      covariance[node][node] = own
    }
    return covariance
  }

  private static func variance(of node: Int, given others: [Int], _ covariance: [[Double]]) -> Double {
    var left = covariance
    for pivot in others {
      for i in left.indices where i != pivot {
        let factor = left[i][pivot] / left[pivot][pivot]
        for j in left.indices { left[i][j] -= factor * left[pivot][j] }
      }
      // What is accounted for has no share in later steps.
      for i in left.indices where i != pivot { (left[pivot][i], left[i][pivot]) = (0, 0) }
    }
    return left[node][node]
  }
}
