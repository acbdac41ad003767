public import SCMBase
import SCMFamilies
public import SCMGraphs
import SCMRandom

/// What a reader is told of the graph before it sees the rows: each ordered pair is revealed with probability 1 − q, where q is
/// uniform per task, and what follows from the revealed ones is told too.
public struct PriorKnowledge: Configurable {
  public var kind = Knowledge.Question.edges
  public var leastHidden = 0.5
  public var mostHidden = 1.0

  public init() {}

  public var fields: [Field<Self>] {
    [
      .choice(
        "kind", \.kind, "What is revealed of a pair (i, j): edges i -> j, or that i is one of the ancestors of j."),
      .number("unknown_min", \.leastHidden, in: .from(0, to: 1), "Least probability that a pair stays unknown."),
      .number("unknown_max", \.mostHidden, in: .from(0, to: 1), "Largest probability that a pair stays unknown."),
    ]
  }

  func check() throws(ConfigError) {
    try ConfigError.checkBounds("unknown", leastHidden, mostHidden)
  }

  /// What is known of the shown nodes of a task.
  func known(of experiment: Experiment) -> Knowledge {
    let graph = experiment.projection?.directedGraph ?? experiment.instance.graph
    let (key, count) = (experiment.instance.key, graph.nodeCount)
    let u = Double(unit: key.block(0, site: 1, purpose: .knowledge).word64(0))
    let isRevealed = Bernoulli(1 - (leastHidden + (mostHidden - leastHidden) * u))
    var revealed = AdjacencyMatrix(nodeCount: count)
    var (i, j, bits) = (0, 0, 0 as UInt64)
    unsafe key.forEachTile(ofWords: count * count, purpose: .knowledge) { words, size in
      for t in 0..<size {
        let isTold = unsafe isRevealed.holds(words[(t & 3) * blocksPerTile + t >> 2])
        bits |= (isTold ? 1 : 0) << UInt64(j & 63)
        j += 1
        guard j & 63 == 0 || j == count else { continue }
        revealed.setWord((j - 1) >> 6, of: i, to: bits)
        bits = 0
        if j == count { (i, j) = (i + 1, 0) }
      }
    }
    for node in 0..<count { revealed[node, node] = false }
    return Knowledge(of: kind, in: graph, revealed: revealed)
  }
}
