import SCMBase
import SCMGraphs
import SCMRandom

extension DirectedAcyclicGraph {
  /// Every graph whose edges point to larger numbers: all DAGs, but for the names of their nodes.
  static func upward(nodeCount n: Int) -> [DirectedAcyclicGraph] {
    let pairs = (0..<n).flatMap { j in (0..<j).map { ($0, j) } }
    return (0..<(1 << pairs.count)).map { bits in
      let edges = pairs.indices.filter { bits >> $0 & 1 == 1 }.map { pairs[$0] }
      return DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: n, edges: edges), keepingOrder: Array(0..<n))
    }
  }

  /// Random graphs of one size and of several densities, their nodes named at random.
  static func random(nodeCount: Int, count: Int) throws(ConfigError) -> [DirectedAcyclicGraph] {
    var graphs: [DirectedAcyclicGraph] = []
    for seed in 0..<count {
      let most = Double(nodeCount - 1) / 2
      let density = most * Double(1 + seed % 4) / 5
      graphs.append(
        try ErdosRenyi(edgesPerNode: density).sample(nodeCount: nodeCount, key: TaskKey(seed: UInt64(seed))))
    }
    return graphs
  }
}

extension Array where Element == Int {
  /// All subsets, each in this order.
  var subsets: [[Int]] { (0..<(1 << count)).map { bits in indices.filter { bits >> $0 & 1 == 1 }.map { self[$0] } } }
}
