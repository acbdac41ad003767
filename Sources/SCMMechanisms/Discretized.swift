public import SCMBase
import SCMRandom

/// Which nodes are cut into classes: with a probability, whatever the kind of their mechanism, where that gives continuous values.
public struct DiscretizedNodes: Configurable, Hashable {
  public var share = 0.0
  public var leastClasses = 2
  public var mostClasses = 8

  public init() {}

  public var fields: [Field<Self>] {
    [
      // Older fingerprints know nothing of it, and are those of families without.
      Field<Self>.number(
        "discretized_proportion", \.share, in: .from(0, to: 1),
        "Probability that the continuous value of a node with a mechanism is cut into classes, at quantiles of the calibration rows at "
          + "random levels, which stay under interventions; classes are then ordered. Nodes without parents under root_policy = noise "
          + "are not cut."
      ).when { $0.share > 0 },
      Field<Self>.integer(
        "discretized_classes_min", \.leastClasses, in: CategoricalModel.classCounts,
        "Least number of classes that a value is cut into."
      ).when { $0.share > 0 },
      Field<Self>.integer(
        "discretized_classes_max", \.mostClasses, in: CategoricalModel.classCounts,
        "Largest number of classes that a value is cut into, which is drawn uniformly per node."
      ).when { $0.share > 0 },
    ]
  }

  public func check() throws(ConfigError) {
    try ConfigError.checkBounds("discretized_classes", leastClasses, mostClasses)
  }

  /// How many classes a node of continuous values is cut into; `nil` where it stays as it is.
  func classCount(node: UInt32, key: TaskKey) -> Int? {
    guard share > 0 else { return nil }
    let word = key.block(3, site: node, purpose: .mechanismKind).word64(0)
    guard Double(unit: word) < share else { return nil }
    return key.classCount(leastClasses...mostClasses, node: node, block: 4)
  }

  /// The levels of the quantiles at which a node is cut, ascending: uniform, so that classes are of all sizes.
  func levels(count: Int, node: UInt32, key: TaskKey) -> [Float] {
    var words = key.words(site: node, purpose: .mechanismKind, draw: 1)
    return (1..<count).map { _ in Float(Double(openUnit: words.next64())) }.sorted()
  }
}

/// The number of the bin that another mechanism's value falls into: how many edges lie below it.
///
/// Edges are quantiles of the calibration rows at random levels, found once, so that interventions don't move them.
///
/// Source: the boundaries of TabPFN's and TabICL's priors (Hollmann, Müller, Eggensperger, Hutter, "TabPFN", ICLR 2023, appendix C).
public struct DiscretizedMechanism: Mechanism {
  public private(set) var inner: any Mechanism
  /// The quantiles that are asked.
  public let levels: [Float]
  /// `nil` until ``anchored(at:)`` has found them; the levels stand for them until then.
  public private(set) var edges: [Float]?

  public init(_ inner: any Mechanism, levels: [Float]) {
    self.inner = inner
    self.levels = levels
  }

  public var kind: String { inner.kind }
  public var parentCount: Int { inner.parentCount }
  public var values: ValueKind { .classes(levels.count + 1) }
  public var noise: [NoiseChannel] { inner.noise }
  public var readsStandardizedParents: Bool { inner.readsStandardizedParents }
  public var readsParentsInPlace: Bool { inner.readsParentsInPlace }
  public var parameters: [MechanismParameter] { inner.parameters + [MechanismParameter("edge", edges ?? levels)] }
  public var settings: [String: MechanismSetting] { inner.settings }
  public var needsAnchors: Bool { edges == nil }

  public func anchored(at columns: [[Float]]) -> (any Mechanism)? {
    var result = self
    if inner.needsAnchors {
      guard let anchored = inner.anchored(at: columns) else { return nil }
      result.inner = anchored
    }
    let sorted = result.inner.values(at: columns).sorted()
    result.edges = levels.map { TreeMechanism.threshold(sorted, at: $0) }
    return result
  }

  public func evaluate(_ rows: MechanismRows) {
    inner.evaluate(rows)
    let out = unsafe rows.output
    let numbers = unsafe rows.scratch
    // What is not finite stays so.
    for r in 0..<rows.count { unsafe numbers[r] = out[r] - out[r] }
    for edge in edges ?? levels {
      for r in 0..<rows.count { unsafe numbers[r] += out[r] > edge ? 1 : 0 }
    }
    unsafe out.update(from: numbers, count: rows.count)
  }
}

extension Mechanism {
  /// What it makes of some columns, parents and then noise.
  func values(at columns: [[Float]]) -> [Float] {
    let count = columns.first?.count ?? 0
    var result = [Float](repeating: 0, count: count)
    unsafe withUnsafeTemporaryAllocation(
      of: Float.self, capacity: (columns.count + 1) * MechanismRows.stride + MechanismRows.scratchCount
    ) { buffer in
      unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<Float>.self, capacity: columns.count) { parents in
        guard let inputs = buffer.baseAddress, let parents = parents.baseAddress else { return }
        unsafe buffer.initialize(repeating: 0)
        for index in columns.indices { unsafe parents[index] = UnsafePointer(inputs + index * MechanismRows.stride) }
        let output = unsafe inputs + columns.count * MechanismRows.stride
        for first in stride(from: 0, to: count, by: rowsPerTile) {
          let rows = min(rowsPerTile, count - first)
          for (index, column) in columns.enumerated() {
            for r in 0..<rows { unsafe inputs[index * MechanismRows.stride + r] = column[first + r] }
          }
          let lanes = (rows + MechanismRows.laneCount - 1) & ~(MechanismRows.laneCount - 1)
          unsafe evaluate(
            MechanismRows(
              count: lanes, firstRow: first, rowCount: rows, inputs: inputs, parents: UnsafePointer(parents),
              output: output, scratch: output + MechanismRows.stride))
          for r in 0..<rows { unsafe result[first + r] = output[r] }
        }
      }
    }
    return result
  }
}
