import SCMBase
public import SCMGraphs
public import SCMMechanisms
public import SCMRandom

/// One structural causal model: a graph, a mechanism for each node, and the noise that drives them.
///
/// Rows are addressed: row r of draw k is the same whatever range of rows is asked for, in one call or many.
public struct SCMInstance: Sendable {
  /// Under which all its randomness is addressed.
  package let key: TaskKey
  public internal(set) var graph: DirectedAcyclicGraph
  public let noise: NoiseSource
  /// The law of the noise of nodes without parents, where they have one of their own.
  public let rootNoise: NoiseSource?
  public private(set) var mechanisms: [any Mechanism]
  /// What each mechanism says of the columns that it reads.
  package private(set) var readings: [MechanismReading]
  /// What each node's values are, whatever an intervention makes of it; empty where all are continuous.
  public let valueKinds: [ValueKind]
  /// How mechanisms read parents of more than two classes.
  let classReading: ClassReading
  /// `parents[j]`, ascending: the order of the columns of mechanism j's input.
  public internal(set) var parents: ParentLists
  /// How the values that mechanism j reads and writes are scaled, and how they stand in the data.
  public package(set) var scalings: [Scaling]
  /// The number of the mixture's component that the task comes from; 0 for a plain family.
  public let component: Int
  /// The most columns that a mechanism reads of its parents.
  package let mostInputs: Int
  /// The most noise columns that a mechanism reads.
  public let noiseChannelCount: Int

  public var seed: UInt64 { key.seed }
  public var nodeCount: Int { graph.nodeCount }
  public var adjacency: AdjacencyMatrix { graph.adjacency }
  public var topologicalOrder: [Int] { graph.topologicalOrder }

  /// Affine maps around one mechanism f: the node's value is output(f(inputs(parents), ε)), and the data show shown(value).
  public struct Scaling: Sendable, Equatable {
    /// One map for each parent; empty where all are read as they are.
    public package(set) var inputs: [AffineMap] = []
    public package(set) var output = AffineMap.identity
    /// From the values that mechanisms read and write to those of the data.
    public package(set) var shown = AffineMap.identity
    /// The data's value of a node that an intervention holds: mapped there and back it might have lost a digit.
    package var held: Float?
    /// ``shown``, or a constant where the node is held.
    package var told: AffineMap { held.map { AffineMap(gain: 0, shift: $0) } ?? shown }

    public func input(_ index: Int) -> AffineMap { inputs.isEmpty ? .identity : inputs[index] }
  }

  /// x ↦ gain·x + shift, rounded once.
  public struct AffineMap: Sendable, Equatable {
    public let gain: Float
    public let shift: Float

    public static let identity = AffineMap(gain: 1, shift: 0)

    /// This map after another.
    public func after(_ first: AffineMap) -> AffineMap {
      // Where nothing is mapped, a zero keeps its sign.
      if self == .identity { return first }
      if first == .identity { return self }
      return AffineMap(gain: gain * first.gain, shift: shift.addingProduct(gain, first.shift))
    }

    /// The map back. The gain must not be 0.
    public var inverse: AffineMap { AffineMap(gain: 1 / gain, shift: -shift / gain) }

    public func callAsFunction(_ x: Float) -> Float { shift.addingProduct(gain, x) }

    /// Maps the first `count` values of a column to another, or to itself.
    @unsafe
    package func apply(from source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int) {
      let (gain, shift) = (gain, shift)
      if self == .identity {
        unsafe target.update(from: source, count: count)
      } else {
        for r in 0..<count { unsafe target[r] = shift.addingProduct(gain, source[r]) }
      }
    }
  }

  init(
    key: TaskKey, graph: DirectedAcyclicGraph, noise: NoiseSource, rootNoise: NoiseSource? = nil, component: Int = 0,
    factory: any MechanismFactory
  ) {
    let parents = graph.adjacency.parents
    self.key = key
    self.component = component
    self.graph = graph
    self.noise = noise
    self.rootNoise = rootNoise
    self.parents = parents
    let mayBeDiscrete = factory.mayBeDiscrete
    let parentCounts = parents.counts
    let mechanisms =
      mayBeDiscrete
      ? factory.makeMechanisms(parents: parents.map { Array($0) }, key: key)
      : factory.makeMechanisms(parentCounts: parentCounts, key: key)
    let readings = mechanisms.map { MechanismReading($0) }
    valueKinds = readings.allSatisfy { $0.values == .continuous } ? [] : readings.map { $0.values }
    classReading = factory.classReading
    self.mechanisms = mechanisms
    self.readings = readings
    scalings = [Scaling](equal: Scaling(), count: parents.count)
    mostInputs = readings.reduce(0) { max($0, $1.inputCount) }
    noiseChannelCount = readings.reduce(1) { max($0, $1.channels.count) }
  }

  /// Gives a node another mechanism.
  mutating func replaceMechanism(of node: Int, by mechanism: any Mechanism) {
    mechanisms[node] = mechanism
    readings[node] = MechanismReading(mechanism)
  }

  /// Refuses what a factory of the caller's own gave, where it is of other nodes or other numbers of parents: mechanisms read columns that
  /// are there.
  func checkMechanisms() throws(SamplingError) {
    guard !Interruption.isRequested else { return }
    guard mechanisms.count == nodeCount else {
      throw SamplingError(
        description:
          "task seed \(key.seed): the mechanism factory gave \(mechanisms.count) mechanisms, where there are "
          + "\(nodeCount) nodes.")
    }
    guard valueKinds.isEmpty,
      let node = readings.indices.first(where: { readings[$0].inputCount != parents.count(of: $0) })
    else { return }
    throw SamplingError(
      description: "task seed \(key.seed): the mechanism of node \(node) (\(mechanisms[node].kind)) reads "
        + "\(readings[node].inputCount) parents, where there are \(parents.count(of: node)).")
  }

  /// Draws `count` rows by ancestral sampling in topological order.
  ///
  /// - Parameters:
  ///   - draw: equal numbers give equal rows, different ones independent rows.
  ///   - first: the number of the first row.
  /// - Throws: when a value is not finite; for a negative number, a row beyond 2³⁴, or more rows than memory holds.
  /// - Complexity: O(count) in the rows, whatever `first` is.
  public func sample(_ count: Int, draw: UInt32 = 0, first: Int = 0) throws(SamplingError) -> SampleMatrix {
    try checkRows(first: first, count: count)
    var matrix = SampleMatrix(rowCount: count, columnCount: nodeCount)
    unsafe try matrix.fill { (base) throws(SamplingError) in
      unsafe try write(
        rows: first..<(first + count), draw: draw, to: base, rowStride: nodeCount, workspace: SamplingWorkspace())
    }
    return matrix
  }

  /// Refuses rows that have no number of their own, and those that memory can't hold.
  private func checkRows(first: Int, count: Int) throws(SamplingError) {
    guard (0...Self.mostRows).contains(first) else {
      throw SamplingError("first", first, "must be from 0 to \(Self.mostRows)")
    }
    guard (0...Self.mostRows - first).contains(count) else {
      throw SamplingError("count", count, "must be from 0 to \(Self.mostRows - first)")
    }
    do throws(MemoryError) {
      try ensureMemory(count * nodeCount * MemoryLayout<Float>.stride, for: "\(count) rows of \(nodeCount) nodes")
    } catch {
      throw SamplingError(description: error.description)
    }
  }

  /// The most rows of one draw: a row's block number has 32 bits, and a block holds four rows.
  package static let mostRows = 1 << 34

  /// What a node's values are, whatever an intervention makes of it.
  ///
  /// - Precondition: the node is one of the graph.
  public func valueKind(of node: Int) -> ValueKind { valueKinds.isEmpty ? .continuous : valueKinds[node] }

  /// The graph in Graphviz' DOT language, each node with its mechanism's kind.
  public func visualize() -> String {
    let nodes = mechanisms.enumerated().map { "  \($0) [label=\"X\($0)\\n\($1.kind)\"];\n" }
    let edges = adjacency.edges.map { "  \($0.parent) -> \($0.child);\n" }
    return "digraph scm {\n" + nodes.joined() + edges.joined() + "}\n"
  }
}

/// Rows of samples: `matrix[row, node]`, row-major.
///
/// - Precondition: sizes are not negative. Rows and columns that are read exist, which release builds don't check.
public struct SampleMatrix: Hashable, Sendable {
  public let rowCount: Int
  public let columnCount: Int
  public private(set) var values: [Float]

  public init(rowCount: Int, columnCount: Int) {
    requireInRelease(rowCount >= 0 && columnCount >= 0, "A matrix can't have a negative number of rows or columns.")
    self.rowCount = rowCount
    self.columnCount = columnCount
    values = [Float](repeating: 0, count: rowCount * columnCount)
  }

  public init(rowCount: Int, columnCount: Int, _ value: (_ row: Int, _ column: Int) -> Float) {
    self.init(rowCount: rowCount, columnCount: columnCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { values[row * columnCount + column] = value(row, column) }
    }
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
  /// Whether a value beyond the range of float32 is the reason, so that another task of the family may do.
  package let isDivergence: Bool

  package init(description: String, isDivergence: Bool = false) {
    self.description = description
    self.isDivergence = isDivergence
  }

  /// An argument that can't be used, in the words of a `ConfigError`.
  init(_ name: String, _ value: Int, _ reason: String) {
    self.init(description: ConfigError(path: name, value: "\(value)", reason: reason).description)
  }
}
