import Ancestral
public import CAncestral

/// The caller's matrix, checked; cycles are for ``DirectedAcyclicGraph`` to find.
func matrix(_ bytes: UnsafePointer<UInt8>, _ nodes: Int) throws -> AdjacencyMatrix {
  let n = try checked(nodes, in: Limits.nodes, "n_nodes")
  var matrix = AdjacencyMatrix(nodeCount: n)
  for parent in 0..<n {
    for child in 0..<n {
      switch bytes[parent * n + child] {
      case 0: continue
      case 1: matrix[parent, child] = true
      case let other:
        throw ConfigError(path: "adjacency[\(parent), \(child)]", value: "\(other)", reason: "must be 0 or 1")
      }
    }
  }
  return matrix
}

/// Writes a matrix as the header says.
func write(_ matrix: AdjacencyMatrix, to out: UnsafeMutablePointer<UInt8>?) throws -> anc_status {
  let (out, n) = (try required(out, "out"), matrix.nodeCount)
  for i in 0..<n { for j in 0..<n { out[i * n + j] = matrix[i, j] ? 1 : 0 } }
  return ANC_OK
}

@c @implementation
public func anc_graph_cpdag(
  _ adjacency: UnsafePointer<UInt8>?, _ n_nodes: Int, _ out: UnsafeMutablePointer<UInt8>?
) -> anc_status {
  guarded {
    let graph = try DirectedAcyclicGraph(matrix(required(adjacency, "adjacency"), n_nodes))
    return try write(graph.adjacency.cpdag, to: out)
  }
}

@c @implementation
public func anc_graph_cpdag_of_targets(
  _ adjacency: UnsafePointer<UInt8>?, _ n_nodes: Int, _ targets: UnsafePointer<UInt8>?, _ n_regimes: Int,
  _ out: UnsafeMutablePointer<UInt8>?
) -> anc_status {
  guarded {
    let graph = try DirectedAcyclicGraph(matrix(required(adjacency, "adjacency"), n_nodes))
    let regimes = try checked(n_regimes, in: 0...(1 << 20), "n_regimes")
    var lists: [[Int]] = []
    if regimes > 0 {
      let targets = try required(targets, "targets")
      lists = (0..<regimes).map { regime in (0..<n_nodes).filter { targets[regime * n_nodes + $0] != 0 } }
    }
    return try write(graph.adjacency.cpdag(targets: lists), to: out)
  }
}

@c @implementation
public func anc_graph_order(
  _ adjacency: UnsafePointer<UInt8>?, _ n_nodes: Int, _ out: UnsafeMutablePointer<Int32>?
) -> anc_status {
  guarded {
    let graph = try DirectedAcyclicGraph(matrix(required(adjacency, "adjacency"), n_nodes))
    let out = try required(out, "out")
    for (place, node) in graph.topologicalOrder.enumerated() { out[place] = Int32(node) }
    return ANC_OK
  }
}

@c @implementation
public func anc_graph_hash(
  _ adjacency: UnsafePointer<UInt8>?, _ n_nodes: Int, _ level: Int32, _ out: UnsafeMutablePointer<UInt8>?
) -> anc_status {
  guarded {
    let graph = try DirectedAcyclicGraph(matrix(required(adjacency, "adjacency"), n_nodes))
    let out = try required(out, "out")
    for (index, byte) in graph.adjacency.digest(level: try graphLevel(level)).bytes.enumerated() { out[index] = byte }
    return ANC_OK
  }
}

func graphLevel(_ level: Int32) throws -> GraphLevel {
  switch level {
  case ANC_LEVEL_EXACT: .exact
  case ANC_LEVEL_MEC: .mec
  case ANC_LEVEL_ISO: .iso
  default: throw ConfigError(path: "level", value: "\(level)", reason: "must be 0 (exact), 1 (mec) or 2 (iso)")
  }
}
