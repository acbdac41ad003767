public import SCMGraphs
public import SCMMechanisms
public import SCMRandom

/// One structural causal model: a graph, a mechanism for each node, and the noise that drives them.
///
/// Rows are addressed: row r of draw k is the same whatever range of rows is asked for, in one call or many.
public struct SCMInstance: Sendable {
  public let seed: UInt64
  public internal(set) var graph: DirectedAcyclicGraph
  public let noise: NoiseSource
  public internal(set) var mechanisms: [any Mechanism]
  /// `parents[j]`, ascending: the order of the columns of mechanism j's input.
  public internal(set) var parents: [[Int]]
  /// How the values that mechanism j reads and writes are scaled.
  public internal(set) var scalings: [Scaling]
  /// The number of the mixture's component that the task comes from; 0 for a plain family.
  public internal(set) var component = 0
  /// The most noise columns that a mechanism reads.
  public let noiseChannelCount: Int

  public var nodeCount: Int { graph.nodeCount }
  public var adjacency: AdjacencyMatrix { graph.adjacency }
  public var topologicalOrder: [Int] { graph.topologicalOrder }

  /// Affine maps around one mechanism f: the node's value is outputGain·f(inputGain·parents + inputShift, ε) + outputShift.
  public struct Scaling: Sendable, Equatable {
    public var inputGain: [Float]
    public var inputShift: [Float]
    public var outputGain: Float = 1
    public var outputShift: Float = 0

    init(parentCount: Int) {
      inputGain = [Float](repeating: 1, count: parentCount)
      inputShift = [Float](repeating: 0, count: parentCount)
    }

    var scalesOutput: Bool { outputGain != 1 || outputShift != 0 }
  }

  init(
    seed: UInt64, graph: DirectedAcyclicGraph, noise: NoiseSource, mechanisms make: ([Int]) -> [any Mechanism]
  ) {
    var parents = [[Int]](repeating: [], count: graph.nodeCount)
    for (parent, child) in graph.adjacency.edges { parents[child].append(parent) }
    self.seed = seed
    self.graph = graph
    self.noise = noise
    self.parents = parents
    mechanisms = make(parents.map(\.count))
    scalings = parents.map { Scaling(parentCount: $0.count) }
    noiseChannelCount = mechanisms.reduce(1) { max($0, $1.noise.count) }
  }

  /// Draws `count` rows by ancestral sampling in topological order.
  ///
  /// - Parameters:
  ///   - draw: equal numbers give equal rows, different ones independent rows.
  ///   - first: the number of the first row.
  /// - Throws: when a value is not finite.
  /// - Complexity: O(count) in the rows, whatever `first` is.
  public func sample(_ count: Int, draw: UInt32 = 0, first: Int = 0) throws(SamplingError) -> SampleMatrix {
    var matrix = SampleMatrix(rowCount: count, columnCount: nodeCount)
    unsafe try matrix.fill { (base) throws(SamplingError) in
      unsafe try write(
        rows: first..<(first + count), draw: draw, to: base, rowStride: nodeCount, workspace: SamplingWorkspace())
    }
    return matrix
  }

  /// The graph in Graphviz' DOT language, each node with its mechanism's kind.
  public func visualize() -> String {
    let nodes = mechanisms.enumerated().map { "  \($0) [label=\"X\($0)\\n\($1.kind)\"];\n" }
    let edges = adjacency.edges.map { "  \($0.parent) -> \($0.child);\n" }
    return "digraph scm {\n" + nodes.joined() + edges.joined() + "}\n"
  }
}

/// Rows of samples: `matrix[row, node]`, row-major.
public struct SampleMatrix: Hashable, Sendable {
  public let rowCount: Int
  public let columnCount: Int
  public private(set) var values: [Float]

  public init(rowCount: Int, columnCount: Int) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    values = [Float](repeating: 0, count: rowCount * columnCount)
  }

  public subscript(row: Int, column: Int) -> Float { values[row * columnCount + column] }

  public func column(_ column: Int) -> [Float] { (0..<rowCount).map { self[$0, column] } }

  mutating func fill(_ body: (UnsafeMutablePointer<Float>) throws(SamplingError) -> Void) throws(SamplingError) {
    var failure: SamplingError?
    unsafe values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      do throws(SamplingError) { unsafe try body(base) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}

/// A task that can't be sampled: a value is not finite, which the text locates.
public struct SamplingError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String
}
