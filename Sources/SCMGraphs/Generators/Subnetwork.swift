public import SCMBase
public import SCMRandom

/// Sub-networks of a given network: the edges among nodes that were gathered around a random start.
///
/// The start is a node with an outgoing edge, each as likely. Then one neighbour after another joins, drawn from the share
/// ``topShare`` of neighbours that leave the modularity of the gathered nodes highest; where there is no neighbour left, from
/// all nodes. All edges among them are kept but for those that close a cycle in a depth-first search from random nodes, and labels
/// say nothing of the network's.
///
///     var graphs = Subnetwork()
///     graphs.edgeList = [0, 1, 0, 2, 2, 3, 3, 4]
///     let graph = try graphs.sample(nodeCount: 3, key: TaskKey(seed: 7))
///
/// Source: Marbach, Schaffter, Mattiussi, Floreano, "Generating realistic in silico gene networks", Journal of Computational
/// Biology 16 (2009), as in AVICI's data (Lorch et al., NeurIPS 2022).
///
/// - Complexity: O(E + n·d·log d) time for a network of E edges, of which n nodes have d neighbours.
public struct Subnetwork: GraphModel, Hashable {
  public static let kind = "subnetwork"
  public static let summary =
    "The edges of a given network among nodes that are gathered around a random start by modularity, as for AVICI's gene networks "
    + "(Marbach et al. 2009). sparsity_param must be 0, for the density is the network's."
  public var edgesPerNode = 0.0
  /// The network: cause, effect, cause, effect, … by the numbers of its nodes, which need not be all in use.
  public var edgeList: [Int] = [] {
    didSet { network = Network(edgeList) }
  }
  /// The share of neighbours, by modularity, among which the next one is drawn; beside it always one.
  public var topShare = 0.2

  /// What the list says, made once for all graphs.
  private var network = Network([])

  public init() {}

  public var fields: [Field<Self>] {
    [
      .integers(
        "subnetwork_edges", \.edgeList, in: 0...1_000_000, count: 0...200_000,
        "Edges of the network, as cause, effect, cause, effect, and so on, by numbers of nodes; anc.read_edges reads a file's."
      ),
      .number(
        "subnetwork_top", \.topShare, in: .from(0, to: 1),
        "Share of the neighbours of the nodes gathered so far, those of highest modularity, from which the next is drawn."
      ),
    ]
  }

  public func check(nodeCount n: Int) throws(ConfigError) {
    guard edgesPerNode == 0 else {
      throw ConfigError(
        path: "sparsity_param", value: "\(edgesPerNode)",
        reason: "must be 0 for \(Self.kind) graphs, whose density is that of the network")
    }
    guard !edgeList.isEmpty, edgeList.count.isMultiple(of: 2) else {
      throw ConfigError(
        path: "subnetwork_edges", value: "\(edgeList.count) numbers",
        reason: "must be pairs of a cause and an effect, at least one")
    }
    let most = network.children.count
    guard n <= most else {
      throw ConfigError(
        path: "n_nodes", value: "\(n)",
        reason: "must be at most \(most), the number of nodes of subnetwork_edges")
    }
    guard !network.causes.isEmpty else {
      throw ConfigError(
        path: "subnetwork_edges", value: "\(edgeList.count / 2) loops",
        reason: "must have an edge between two nodes")
    }
  }

  public func orderedEdges(nodeCount n: Int, key: TaskKey) -> [OrderedEdge] {
    var words = key.words(purpose: .graph)
    let gathered = network.gather(n, topShare: topShare, &words)
    var place = [Int](repeating: -1, count: network.children.count)
    for (index, node) in gathered.enumerated() { place[node] = index }
    let children = gathered.map { node in
      network.children[node].compactMap { place[$0] < 0 ? nil : place[$0] }
    }
    return acyclic(children, from: words.permutation(of: n))
  }
}

/// Edges between places of a topological order, without those that lead back in a depth-first search.
private func acyclic(_ children: [[Int]], from starts: [Int]) -> [OrderedEdge] {
  enum State { case new, open, done }
  var states = [State](repeating: .new, count: children.count)
  var kept: [(Int, Int)] = []
  var finished: [Int] = []
  for start in starts where states[start] == .new {
    states[start] = .open
    var path = [(node: start, next: 0)]
    while let (node, next) = path.last {
      guard next < children[node].count else {
        states[node] = .done
        finished.append(node)
        path.removeLast()
        continue
      }
      path[path.count - 1].next += 1
      let child = children[node][next]
      guard states[child] != .open else { continue }
      kept.append((node, child))
      if states[child] == .new {
        states[child] = .open
        path.append((child, 0))
      }
    }
  }
  // Whoever finishes last has no edge from one that finished before.
  var place = [Int](repeating: 0, count: children.count)
  for (index, node) in finished.reversed().enumerated() { place[node] = index }
  return kept.map { OrderedEdge(from: place[$0.0], to: place[$0.1]) }
}

/// A network with its nodes numbered from 0 without gaps, ascending.
private struct Network: Hashable {
  let children: [[Int]]
  /// Nodes with children, ascending.
  let causes: [Int]
  /// Causes and effects, ascending, each once.
  let neighbors: [[Int]]
  let edgeCount: Int

  init(_ list: [Int]) {
    let names = Set(list).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var children = [Set<Int>](repeating: [], count: names.count)
    var neighbors = children
    for index in stride(from: 0, to: list.count - 1, by: 2) {
      guard let a = numbers[list[index]], let b = numbers[list[index + 1]], a != b else { continue }
      children[a].insert(b)
      neighbors[a].insert(b)
      neighbors[b].insert(a)
    }
    self.children = children.map { $0.sorted() }
    self.neighbors = neighbors.map { $0.sorted() }
    causes = children.indices.filter { !children[$0].isEmpty }
    edgeCount = neighbors.reduce(0) { $0 + $1.count } / 2
  }

  /// Nodes of a module that grows from a random cause.
  func gather(_ count: Int, topShare: Double, _ words: inout WordSequence) -> [Int] {
    var gathered = [causes[words.next(below: causes.count)]]
    var isGathered = [Bool](repeating: false, count: children.count)
    /// Links of each node to the gathered ones.
    var links = [Int](repeating: 0, count: children.count)
    /// Those with links that are not gathered, in any order: ranks have no ties.
    var near: [Int] = []
    var degreeSum = 0
    while true {
      let last = gathered[gathered.count - 1]
      isGathered[last] = true
      degreeSum += neighbors[last].count
      near.removeAll { $0 == last }
      for neighbor in neighbors[last] {
        if links[neighbor] == 0, !isGathered[neighbor] { near.append(neighbor) }
        links[neighbor] += 1
      }
      guard gathered.count < count else { return gathered }
      let candidates = near.isEmpty ? children.indices.filter { !isGathered[$0] } : near
      // By joining, a node with l links to the module and k in all raises its modularity by (4ml − 2kK − k²)/4m², with m links in the
      // network and K the module's sum of k: whole numbers, so that the order is the same everywhere.
      let ranked = candidates.map { node -> (score: Int, node: Int) in
        let degree = neighbors[node].count
        return (4 * edgeCount * links[node] - 2 * degree * degreeSum - degree * degree, node)
      }.sorted { ($0.score, $1.node) > ($1.score, $0.node) }
      let top = min(Int(topShare * Double(ranked.count)) + 1, ranked.count)
      gathered.append(ranked[words.next(below: top)].node)
    }
  }
}
