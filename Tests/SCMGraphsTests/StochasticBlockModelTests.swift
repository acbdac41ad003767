import SCMBase
import SCMGraphs
import SCMRandom
import Testing

/// Communities (numerics 2.3).
struct StochasticBlockModelTests {
  /// The blocks' sizes, and the probabilities within and between of the documented density.
  private func law(_ model: StochasticBlockModel, nodeCount n: Int) -> (
    pairsWithin: Double, within: Double, between: Double
  ) {
    let sizes = (0..<model.blockCount).map { (n + $0) / model.blockCount }
    let pairs = Double(n * (n - 1)) / 2
    let pairsWithin = sizes.reduce(0) { $0 + Double($1 * ($1 - 1)) / 2 }
    let within = model.edgesPerNode * Double(n) / (pairsWithin + model.ratio * (pairs - pairsWithin))
    return (pairsWithin, within, model.ratio * within)
  }

  /// Edges are independent, so their variance is Σ p(1 − p).
  @Test(arguments: [(2, 0.1), (3, 0.25), (4, 0), (7, 0.5), (1, 0.3), (20, 0.2)])
  func edgesHaveTheExactMeanAndVariance(blockCount: Int, ratio: Double) throws {
    let n = 20
    // Twenty blocks have no pair within, so their probability within 1 gives few edges.
    let model = StochasticBlockModel(edgesPerNode: 1.2, blockCount: blockCount, ratio: ratio)
    let (pairsWithin, within, between) = law(model, nodeCount: n)
    let pairsBetween = Double(n * (n - 1)) / 2 - pairsWithin
    let variance = pairsWithin * within * (1 - within) + pairsBetween * between * (1 - between)
    let edges = Sample(
      try (0..<20_000).map { try model.sample(nodeCount: n, key: TaskKey(seed: $0)).edgeCount })
    #expect(abs(edges.mean - 24) <= 5 * (variance / edges.count).squareRoot(), "\(model): \(edges.mean)")
    // Var(s²) ≤ (2σ⁴ + σ²)/n for a sum of independent Bernoulli variables.
    let band = 5 * ((2 * variance * variance + variance) / edges.count).squareRoot()
    #expect(abs(edges.variance - variance) <= band, "\(model): variance \(edges.variance), exactly \(variance)")
  }

  @Test func ratioOneIsErdosRenyiToTheBit() throws {
    for n in [2, 3, 5, 10, 20, 33, 100] {
      for k in [0.1, 0.5, 1, 1.3, 1.9, 2, 7.7] where k <= Double(n - 1) / 2 {
        for blocks in [1, 2, 3, 5] where blocks <= n {
          let key = TaskKey(seed: UInt64(n))
          let graph = try StochasticBlockModel(edgesPerNode: k, blockCount: blocks, ratio: 1).sample(
            nodeCount: n, key: key)
          #expect(
            try graph == ErdosRenyi(edgesPerNode: k).sample(nodeCount: n, key: key), "\(n) nodes, k = \(k), \(blocks)")
        }
      }
    }
  }

  /// The complete graph is where a probability that is short by one unit would show.
  @Test(arguments: 2...100) func theDensestGraphWithRatioOneIsComplete(nodeCount n: Int) throws {
    let model = StochasticBlockModel(edgesPerNode: Double(n - 1) / 2, blockCount: 2, ratio: 1)
    #expect(try model.sample(nodeCount: n, key: TaskKey(seed: 1)).edgeCount == n * (n - 1) / 2)
  }

  @Test(arguments: 2...5) func ratioZeroNeverLinksBlocks(blockCount: Int) throws {
    for seed in 0..<200 as Range<UInt64> {
      let model = StochasticBlockModel(edgesPerNode: 1.5, blockCount: blockCount, ratio: 0)
      let graph = try model.sample(nodeCount: 23, key: TaskKey(seed: seed))
      // What is linked lies in one block, so components fit into blocks of 23/B nodes.
      let sizes = components(of: graph.adjacency)
      #expect(sizes.count >= blockCount, "seed \(seed)")
      #expect(sizes.allSatisfy { $0 <= (23 + blockCount - 1) / blockCount }, "seed \(seed): \(sizes)")
    }
  }

  @Test func theDensestBlocksAreComplete() throws {
    // Sizes 5, 5 and 4 have 26 pairs.
    let model = StochasticBlockModel(edgesPerNode: 26.0 / 14, blockCount: 3, ratio: 0)
    let graph = try model.sample(nodeCount: 14, key: TaskKey(seed: 2))
    #expect(graph.edgeCount == 26)
    #expect(components(of: graph.adjacency).sorted() == [4, 5, 5])
  }

  /// Two places of the order share a block equally often wherever they are.
  @Test func blocksAreIndependentOfTheOrder() {
    let (n, count) = (8, 20_000)
    let model = StochasticBlockModel(edgesPerNode: 0.8, blockCount: 2, ratio: 0)
    var counts = [[Int]](repeating: [Int](repeating: 0, count: n), count: n)
    for seed in 0..<UInt64(count) {
      for edge in model.orderedEdges(nodeCount: n, key: TaskKey(seed: seed)) { counts[edge.from][edge.to] += 1 }
    }
    let p = 0.8 * Double(n) / 28
    for to in 0..<n {
      for from in 0..<to {
        let deviation = (Double(count) * p * (1 - p)).squareRoot()
        #expect(abs(Double(counts[from][to]) - Double(count) * p) <= 5 * deviation, "places \(from) and \(to)")
      }
    }
  }

  @Test func blocksThatCannotBeAreRefusedInWords() {
    func sentence(_ model: StochasticBlockModel, nodeCount: Int = 10) -> String? {
      #expect(throws: ConfigError.self) { try model.sample(nodeCount: nodeCount, key: TaskKey(seed: 0)) }?.description
    }
    #expect(
      sentence(StochasticBlockModel(edgesPerNode: 1, blockCount: 11))
        == "stochastic_block_count = 11: must be from 1 to the number of nodes, 10.")
    #expect(
      sentence(StochasticBlockModel(edgesPerNode: 1, blockCount: 0))
        == "stochastic_block_count = 0: must be from 1 to the number of nodes, 10.")
    for ratio in [-0.1, 1.5, .nan] {
      #expect(
        sentence(StochasticBlockModel(edgesPerNode: 1, ratio: ratio))
          == "stochastic_block_ratio = \(ratio): must be a number from 0.0 to 1.0.")
    }
    // Two blocks of five have 20 pairs.
    #expect(
      sentence(StochasticBlockModel(edgesPerNode: 2.1, ratio: 0))?.hasPrefix(
        "sparsity_param = 2.1: must be from 0 to 2.0 expected edges per node for stochastic_block graphs of 10 nodes")
        == true)
  }

  private func components(of graph: AdjacencyMatrix) -> [Int] {
    var left = Set(0..<graph.nodeCount)
    var sizes: [Int] = []
    while let start = left.min() {
      var (open, size) = ([start], 0)
      left.remove(start)
      while let node = open.popLast() {
        size += 1
        for other in left.filter({ graph.isAdjacent(node, $0) }) {
          left.remove(other)
          open.append(other)
        }
      }
      sizes.append(size)
    }
    return sizes
  }
}
