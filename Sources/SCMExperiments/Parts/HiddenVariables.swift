public import SCMBase
import SCMGraphs
import SCMRandom

/// Variables that a task has and does not show: `X`, masks and targets lose their columns, the order of the others is kept, and the
/// graph that is told is the latent projection. The family's `n_nodes` counts all variables.
public struct HiddenVariables: Configurable {
  /// Which nodes may be hidden.
  public enum Which: String, NamedChoice {
    case any
    /// Those without parents and with two children at least.
    case confounders
    /// Those without parents.
    case sources
  }

  /// What becomes of a graph with too few nodes of the kind.
  public enum Scarcity: String, NamedChoice {
    /// All that there are are hidden.
    case fewer
    /// The task is drawn again, and counted like a rejection.
    case redraw
  }

  public var count: Int?
  public var maxCount: Int?
  public var share = 0.2
  public var maxShare: Double?
  public var which = Which.any
  public var scarcity = Scarcity.fewer

  public init() {}

  public var fields: [Field<Self>] {
    [
      .optionalInteger(
        "count", \.count, in: 0...2047, "Number of hidden nodes, or the least of a range; null for a share."),
      Field.optionalInteger(
        "count_max", \.maxCount, in: 0...2047,
        "Largest number of hidden nodes, where it is drawn per task; null for count."
      ).when { $0.count != nil },
      Field.number(
        "share", \.share, in: .from(0, to: 1), "Share of the nodes that is hidden, or the least of a range."
      ).when { $0.count == nil },
      Field.optionalNumber(
        "share_max", \.maxShare, in: .from(0, to: 1), "Largest share, where it is drawn per task; null for share."
      ).when { $0.count == nil },
      .choice(
        "which", \.which,
        "Nodes that may be hidden: any, sources (without parents) or confounders (sources with two children at least)."),
      Field.choice(
        "scarcity", \.scarcity,
        "What becomes of a graph with too few such nodes: fewer are hidden, or the task is drawn again (redraw)."
      ).when { $0.which != .any },
    ]
  }

  func check() throws(ConfigError) {
    try ConfigError.checkRange("count", count ?? 0, to: maxCount)
    if maxCount != nil, count == nil {
      throw ConfigError(
        path: "count_max", value: "\(maxCount ?? 0)", reason: "must stand beside count, the least number")
    }
    try ConfigError.checkRange("share", share, to: maxShare)
  }

  /// - Parameter spared: how many nodes can't be hidden, whatever the graph.
  func check(nodeCounts: ClosedRange<Int>, spared: Int) throws(ConfigError) {
    for nodes in nodeCounts {
      let most = counts(of: nodes).upperBound
      if most == 0 || most < nodes - spared { continue }
      let (name, value) = count == nil ? ("share", "\(maxShare ?? share)") : ("count", "\(maxCount ?? count ?? 0)")
      throw ConfigError(
        path: name, value: value,
        reason: "must leave " + (spared > 0 ? "a covariate beside treatment and outcome" : "a node to be shown")
          + " of \(nodes), where \(most) may be hidden")
    }
    // A confounder has two children, which may be those of all others too.
    if which == .confounders, scarcity == .redraw,
      nodeCounts.allSatisfy({ counts(of: $0).lowerBound > max(0, $0 - 2) })
    {
      let nodes = nodeCounts.upperBound
      throw ConfigError(
        path: "which", value: "\"confounders\"",
        reason: "must be another one where \(counts(of: nodes).lowerBound) are hidden of \(nodes) nodes, with two "
          + "children each at least")
    }
  }

  /// The numbers of nodes of a task that may be hidden.
  func counts(of nodes: Int) -> ClosedRange<Int> {
    if let count { return count...max(count, maxCount ?? count) }
    func rounded(_ share: Double) -> Int { Int((share * Double(nodes)).rounded(.toNearestOrAwayFromZero)) }
    return rounded(share)...rounded(max(share, maxShare ?? share))
  }

  /// The most nodes that a task of some number of nodes shows.
  func mostShown(of nodes: Int) -> Int {
    which == .any || scarcity == .redraw ? nodes - counts(of: nodes).lowerBound : nodes
  }

  /// Whether a node may be hidden.
  private func admits(_ node: Int, _ graph: AdjacencyMatrix, parentCount: Int) -> Bool {
    switch which {
    case .any: true
    case .sources: parentCount == 0
    case .confounders: parentCount == 0 && graph.children(of: node).count >= 2
    }
  }

  /// The hidden nodes of a task, ascending; `nil` where the graph has too few and the task is drawn again.
  ///
  /// - Parameter spared: nodes that must be seen.
  func choose(in graph: AdjacencyMatrix, key: TaskKey, sparing spared: [Int]) -> [Int]? {
    let parents = which == .any ? nil : graph.parents
    let candidates = (0..<graph.nodeCount).filtered { node in
      !spared.contains(node) && (parents.map { admits(node, graph, parentCount: $0[node].count) } ?? true)
    }
    var words = key.words(purpose: .hidden)
    let wanted: Int
    if count != nil {
      let range = counts(of: graph.nodeCount)
      wanted = range.lowerBound + words.next(below: range.count)
    } else {
      let u = Double(unit: words.next64())
      let drawn = share + (max(share, maxShare ?? share) - share) * u
      wanted = Int((drawn * Double(graph.nodeCount)).rounded(.toNearestOrAwayFromZero))
    }
    guard candidates.count >= wanted || scarcity == .fewer else { return nil }
    return words.some(min(wanted, candidates.count), of: candidates).sorted()
  }
}
