public import SCMBase
public import SCMRandom

/// Communities: pairs within a block are kept with one probability, pairs between blocks with `ratio` times it.
///
/// Blocks are as equal in size as can be, and which node is in which block is independent of the topological order. The
/// probability within is chosen so that the expected number of edges is `edgesPerNode * nodeCount`; ratio 1 gives exactly
/// the graphs of ``ErdosRenyi``, ratio 0 blocks without a link.
///
/// Source: Holland, Laskey, Leinhardt, "Stochastic blockmodels: first steps", Social Networks 5 (1983).
///
/// - Complexity: O(n²) time and space for n nodes.
public struct StochasticBlockModel: GraphModel, Hashable {
  public static let kind = "stochastic_block"
  public static let summary =
    "Puts nodes into blocks; a pair in two blocks has another edge probability than a pair in one (Holland, Laskey and Leinhardt "
    + "1983)."
  public var edgesPerNode: Double
  public var blockCount: Int
  /// The probability between blocks over the probability within, from 0 to 1.
  public var ratio: Double

  public init() { self.init(edgesPerNode: 2) }

  public init(edgesPerNode: Double, blockCount: Int = 2, ratio: Double = 0.1) {
    self.edgesPerNode = edgesPerNode
    self.blockCount = blockCount
    self.ratio = ratio
  }

  public var fields: [Field<Self>] {
    [
      .integer(
        "stochastic_block_count", \.blockCount, in: Limits.nodes, "Number of blocks, as equal in size as can be."),
      .number(
        "stochastic_block_ratio", \.ratio, in: .from(0, to: 1), "Edge probability between blocks over the one within."),
    ]
  }

  public func check(nodeCount n: Int) throws(ConfigError) {
    guard blockCount >= 1, blockCount <= n else {
      throw ConfigError(
        path: "stochastic_block_count", value: "\(blockCount)", reason: "must be from 1 to the number of nodes, \(n)")
    }
    guard NumberRange.from(0, to: 1).contains(ratio) else {
      throw ConfigError(path: "stochastic_block_ratio", value: "\(ratio)", reason: NumberRange.from(0, to: 1).words)
    }
    try checkDensity(
      nodeCount: n, most: weight(nodeCount: n) / Double(n),
      because: "\(blockCount) blocks with ratio \(ratio) have no more with probability 1 within a block")
  }

  /// Expected edges per unit of the probability within.
  private func weight(nodeCount n: Int) -> Double {
    let pairs = Double(n * (n - 1)) / 2
    var within = 0.0
    for block in 0..<blockCount {
      let size = Double(n / blockCount + (block < n % blockCount ? 1 : 0))
      within += size * (size - 1) / 2
    }
    return within + ratio * (pairs - within)
  }

  public func orderedEdges(nodeCount n: Int, key: TaskKey) -> [OrderedEdge] {
    let weight = weight(nodeCount: n)
    // In this order ratio 1 gives the probability of ErdosRenyi to the bit.
    let pairs = Double(n * (n - 1)) / 2
    let within = weight > 0 ? 2 * edgesPerNode / Double(n - 1) * (pairs / weight) : 0
    let (inside, between) = (Bernoulli(within), Bernoulli(ratio * within))
    var words = key.words(purpose: .blocks)
    let label = words.permutation(of: n)
    return key.orderedPairs(nodeCount: n) { from, to in
      label[from] % blockCount == label[to] % blockCount ? inside : between
    }
  }
}
