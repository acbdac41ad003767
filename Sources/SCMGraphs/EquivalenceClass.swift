import SCMRandom

/// The graphs that no data can tell from one graph: its Markov equivalence class.
public struct EquivalenceClass: Sendable {
  /// The class as one graph; see ``AdjacencyMatrix/cpdag``.
  public let cpdag: AdjacencyMatrix
  /// Edges that point the same way in all members.
  public let compelledEdgeCount: Int
  /// Edges that point either way.
  public let reversibleEdgeCount: Int
  /// The natural logarithm of the number of members, which itself may be past the range of numbers.
  public let logSize: Double

  public init(of graph: DirectedAcyclicGraph) {
    let cpdag = graph.adjacency.cpdag
    var undirected = AdjacencyMatrix(nodeCount: graph.nodeCount)
    for (a, b) in cpdag.edges where cpdag[b, a] { undirected[a, b] = true }
    self.cpdag = cpdag
    reversibleEdgeCount = undirected.edgeCount / 2
    compelledEdgeCount = graph.edgeCount - reversibleEdgeCount
    var orientations = Orientations(of: undirected)
    logSize = orientations.components(among: Array(0..<graph.nodeCount)).reduce(0) {
      $0 + orientations.logCount(of: $1)
    }
  }
}

/// Counts the orientations of a chordal graph that have neither cycles nor v-structures, by the clique that comes first.
///
/// Source: Wienöbst, Bannach, Liśkiewicz, "Polynomial-time algorithms for counting and sampling Markov equivalent DAGs",
/// AAAI 2021 (clique picking); the clique trees by Blair and Peyton, "An introduction to chordal graphs and clique trees", 1993.
private struct Orientations {
  /// Ascending.
  private let neighbours: [[Int]]
  private var known: [[Int]: Double] = [:]
  private let logFactorials: [Double]

  init(of undirected: AdjacencyMatrix) {
    let count = undirected.nodeCount
    neighbours = (0..<count).map { undirected.children(of: $0) }
    var sum = 0.0
    logFactorials = (0...count).map { k in
      if k > 1 { sum += Elementary.log(Double(k)) }
      return sum
    }
  }

  /// The connected parts of the graph over some nodes, each ascending.
  func components(among nodes: [Int]) -> [[Int]] {
    var left = Set(nodes)
    var found: [[Int]] = []
    for start in nodes where left.contains(start) {
      left.remove(start)
      var component = [start]
      var next = 0
      while next < component.count {
        for node in neighbours[component[next]] where left.remove(node) != nil { component.append(node) }
        next += 1
      }
      found.append(component.sorted())
    }
    return found
  }

  /// The logarithm of the number of orientations of a connected part.
  mutating func logCount(of nodes: [Int]) -> Double {
    guard nodes.count > 1 else { return 0 }
    if let count = known[nodes] { return count }
    let logTerms = CliqueTree(of: nodes, neighbours).cliques.map { clique in
      after(clique.nodes, in: nodes).reduce(logFirst(clique.nodes.count, clique.forbidden)) { $0 + logCount(of: $1) }
    }
    // The largest stands out of the sum, which then can't overflow.
    let largest = logTerms.max() ?? 0
    let count = largest + Elementary.log(logTerms.reduce(0) { $0 + Elementary.exp($1 - largest) })
    known[nodes] = count
    return count
  }

  /// The logarithm of how many orders of a clique of some size begin with none of the forbidden sets, which are nested.
  private func logFirst(_ size: Int, _ forbidden: [Int]) -> Double {
    // Of a set those orders of its own that begin with no smaller one.
    var shares: [Double] = []
    for inner in forbidden { shares.append(share(inner, forbidden, shares)) }
    return logFactorials[size] + Elementary.log(share(size, forbidden, shares))
  }

  private func share(_ size: Int, _ forbidden: [Int], _ shares: [Double]) -> Double {
    // Of those that begin with one, each is counted at the smallest: its own orders without a smaller one, times the rest's.
    zip(forbidden, shares).reduce(1) { left, set in
      let logChoices = logFactorials[size] - logFactorials[set.0] - logFactorials[size - set.0]
      return left - set.1 * Elementary.exp(-logChoices)
    }
  }

  /// What stays undirected where a clique comes first: parts that can be oriented on their own.
  private func after(_ clique: Set<Int>, in nodes: [Int]) -> [[Int]] {
    var sets = RefinedSets(
      [nodes.filter(clique.contains), nodes.filter { !clique.contains($0) }], nodeCount: neighbours.count)
    var placed = clique
    var parts: [[Int]] = []
    while let node = sets.firstNode() {
      if !placed.contains(node) {
        let together = sets.nodes(from: node)
        placed.formUnion(together)
        parts += components(among: together)
      }
      sets.take(node, neighbours: neighbours[node])
    }
    return parts
  }
}

/// The maximal cliques of a connected chordal graph, each with the sets by which the ways to it lead.
private struct CliqueTree {
  struct Clique {
    var nodes: Set<Int>
    /// Sizes, ascending, of the sets shared by two cliques in a row on the way from the root that lie within this one.
    var forbidden: [Int]
  }

  private(set) var cliques: [Clique] = []

  init(of nodes: [Int], _ neighbours: [[Int]]) {
    // Maximum cardinality search: each node that has no more visited neighbours than the one before it opens a clique.
    var visitedNeighbours = Dictionary(uniqueKeysWithValues: nodes.map { ($0, Set<Int>()) })
    var cliqueOf: [Int: Int] = [:]
    var order: [Int: Int] = [:]
    var before = -1
    var ways: [[Set<Int>]] = []
    for step in nodes.indices {
      guard
        let node = nodes.filter({ order[$0] == nil }).max(by: { first, second in
          (visitedNeighbours[first]?.count ?? 0) < (visitedNeighbours[second]?.count ?? 0)
        }), let shared = visitedNeighbours[node]
      else { break }
      if shared.count <= before || cliques.isEmpty {
        let parent = shared.max { (order[$0] ?? 0) < (order[$1] ?? 0) }.flatMap { cliqueOf[$0] }
        ways.append(parent.map { ways[$0] + [shared] } ?? [])
        cliques.append(Clique(nodes: shared, forbidden: []))
      }
      cliques[cliques.count - 1].nodes.insert(node)
      cliqueOf[node] = cliques.count - 1
      order[node] = step
      before = shared.count
      for other in neighbours[node] { visitedNeighbours[other]?.insert(node) }
    }
    for index in cliques.indices {
      let inside = ways[index].filter { $0.isSubset(of: cliques[index].nodes) }
      cliques[index].forbidden = Set(inside.map(\.count)).sorted()
    }
  }
}
