import SCMBase

/// What a graph tells of the effect of one node, the treatment, on another, the outcome: the paths that it takes, and the sets of nodes
/// by which it can be read off the observational law.
///
///     // X → T → M → Y and X → Y.
///     let adjustment = Adjustment(in: graph, treatment: t, outcome: y)
///     adjustment.causalNodes == [m, y] && adjustment.optimal == [x]
///
/// A set of nodes Z is an *adjustment set* if p(y | do(t)) = ∫ p(y | t, z) p(z) dz in every model of the graph; where mechanisms are
/// linear the coefficient of T in the regression of Y on T and Z is then T's total effect.
///
/// All lists of nodes ascend.
public struct Adjustment: Hashable, Sendable {
  public let graph: DirectedAcyclicGraph
  public let treatment: Int
  public let outcome: Int
  /// The nodes on directed paths from the treatment to the outcome, the outcome among them and the treatment not; none where there is
  /// no such path.
  public let causalNodes: [Int]
  /// The causal nodes, their descendants and the treatment, none of which can be in an adjustment set; none where there is no causal
  /// path.
  public let forbidden: [Int]
  /// All nodes that aren't descendants of the treatment, without it and the outcome.
  public let preTreatment: [Int]
  /// The parents of the treatment, an adjustment set; `nil` where the outcome is one of them, which has no adjustment set.
  public let parents: [Int]?
  /// The adjustment set with which the effect is estimated best in large samples (the O-set: parents of causal nodes that aren't
  /// forbidden); `nil` where there is no causal path, hence no effect.
  ///
  /// Source: Henckel, Perković, Maathuis, "Graphical criteria for efficient total effect estimation via adjustment in causal linear
  /// models", JRSS B 84 (2022).
  public let optimal: [Int]?

  /// Whether a directed path leads from the treatment to the outcome.
  public var hasCausalPath: Bool { !causalNodes.isEmpty }

  /// - Precondition: treatment and outcome are two nodes of the graph.
  /// - Complexity: O(n²/64 + edges).
  public init(in graph: DirectedAcyclicGraph, treatment: Int, outcome: Int) {
    requireInRelease(
      (0..<graph.nodeCount).contains(treatment) && (0..<graph.nodeCount).contains(outcome),
      "Treatment and outcome must be nodes of the graph.")
    requireInRelease(treatment != outcome, "A treatment can't be its own outcome.")
    let (nodes, adjacency) = (0..<graph.nodeCount, graph.adjacency)
    let reversed = adjacency.transposed
    let isAfter = adjacency.isReached(from: [treatment])
    let isBefore = reversed.isReached(from: [outcome])
    let causalNodes = nodes.filter { isAfter[$0] && isBefore[$0] && $0 != treatment }
    var isForbidden = adjacency.isReached(from: causalNodes)
    if !causalNodes.isEmpty { isForbidden[treatment] = true }
    let parents = reversed.children(of: treatment)
    var isParentOfCausal = [Bool](repeating: false, count: nodes.count)
    for node in causalNodes { reversed.forEachChild(of: node) { isParentOfCausal[$0] = true } }
    self.graph = graph
    self.treatment = treatment
    self.outcome = outcome
    self.causalNodes = causalNodes
    forbidden = nodes.filter { isForbidden[$0] }
    preTreatment = nodes.filter { !isAfter[$0] && $0 != outcome }
    self.parents = parents.contains(outcome) ? nil : parents
    optimal = causalNodes.isEmpty ? nil : nodes.filter { isParentOfCausal[$0] && !isForbidden[$0] }
  }

  /// Whether some nodes are an adjustment set: none is forbidden, and they d-separate the treatment and the outcome once the first
  /// edges of the causal paths are cut.
  ///
  /// Source: Perković, Textor, Kalisch, Maathuis, "Complete graphical characterization and construction of adjustment sets in Markov
  /// equivalence classes of ancestral graphs", JMLR 18 (2018).
  ///
  /// - Parameter nodes: nodes apart from the treatment and the outcome.
  /// - Precondition: they are nodes of the graph, and neither of those two unless it is forbidden.
  public func isAdjustmentSet(_ nodes: [Int]) -> Bool {
    guard !nodes.contains(where: forbidden.contains) else { return false }
    var backDoor = graph.adjacency
    for node in causalNodes { backDoor[treatment, node] = false }
    return DirectedAcyclicGraph(backDoor, keepingOrder: graph.topologicalOrder)
      .isSeparated(treatment, outcome, given: nodes)
  }

  /// An adjustment set without some nodes, which can't be observed: all other ancestors of the treatment and the outcome that aren't
  /// forbidden. `nil` where there is none; the effect may still be identified otherwise, as by a front door.
  ///
  /// Source: van der Zander, Liśkiewicz, Textor, "Separators and adjustment sets in causal graphs: complete criteria and an
  /// algorithmic framework", Artificial Intelligence 270 (2019).
  ///
  /// - Precondition: hidden ones are nodes of the graph.
  public func adjustmentSet(hiding hidden: [Int]) -> [Int]? {
    requireInRelease(hidden.allSatisfy((0..<graph.nodeCount).contains), "A hidden node must be one of the graph.")
    var isLeftOut = [Bool](repeating: false, count: graph.nodeCount)
    for node in hidden + forbidden + [treatment, outcome] { isLeftOut[node] = true }
    let isBefore = graph.adjacency.transposed.isReached(from: [treatment, outcome])
    let nodes = isBefore.indices.filter { isBefore[$0] && !isLeftOut[$0] }
    return isAdjustmentSet(nodes) ? nodes : nil
  }
}
