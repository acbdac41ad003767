/// Sets of nodes in an order, which are split one node after another into who is its neighbour and who isn't.
///
/// Source: Habib, McConnell, Paul, Viennot, "Lex-BFS and partition refinement", Theoretical Computer Science 234 (2000).
struct RefinedSets {
  // Lists linked both ways, so that a node's neighbours alone are touched. By node, -1 where there is none:
  private var next: [Int]
  private var previous: [Int]
  private var set: [Int]
  // By set; such as have been emptied stay where they are.
  private var heads: [Int]
  private var tails: [Int]
  private var before: [Int]
  private var after: [Int]
  private var first = 0

  /// - Parameter sets: of nodes below `nodeCount`, each in one of them at most; their order is kept within all that they are split into.
  init(_ sets: [[Int]], nodeCount: Int) {
    next = [Int](repeating: -1, count: nodeCount)
    (previous, set) = (next, next)
    heads = [Int](repeating: -1, count: sets.count)
    tails = heads
    before = sets.indices.map { $0 - 1 }
    after = sets.indices.map { $0 + 1 < sets.count ? $0 + 1 : -1 }
    for (index, nodes) in sets.enumerated() {
      for node in nodes { append(node, to: index) }
    }
  }

  /// The first node of the first set that isn't empty.
  mutating func firstNode() -> Int? {
    while first >= 0, heads[first] < 0 { first = after[first] }
    return first < 0 ? nil : heads[first]
  }

  /// A node with those that stand behind it in its set.
  func nodes(from node: Int) -> [Int] { Array(sequence(first: node) { next[$0] < 0 ? nil : next[$0] }) }

  /// Takes a node out, and puts its neighbours in a set of their own before those that they stood in with others.
  mutating func take(_ node: Int, neighbours: [Int]) {
    remove(node)
    var split: [Int: Int] = [:]
    for neighbour in neighbours where set[neighbour] >= 0 {
      let old = set[neighbour]
      let new = split[old] ?? addSet(before: old)
      split[old] = new
      remove(neighbour)
      append(neighbour, to: new)
    }
    if before[first] >= 0 { first = before[first] }
  }

  private mutating func addSet(before old: Int) -> Int {
    let (new, previous) = (heads.count, before[old])
    heads.append(-1)
    tails.append(-1)
    before.append(previous)
    after.append(old)
    before[old] = new
    if previous >= 0 { after[previous] = new }
    return new
  }

  private mutating func append(_ node: Int, to list: Int) {
    (set[node], previous[node], next[node]) = (list, tails[list], -1)
    if tails[list] < 0 { heads[list] = node } else { next[tails[list]] = node }
    tails[list] = node
  }

  private mutating func remove(_ node: Int) {
    let list = set[node]
    if previous[node] < 0 { heads[list] = next[node] } else { next[previous[node]] = next[node] }
    if next[node] < 0 { tails[list] = previous[node] } else { previous[next[node]] = previous[node] }
    set[node] = -1
  }
}
