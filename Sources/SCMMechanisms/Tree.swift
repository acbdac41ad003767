public import SCMBase
public import SCMRandom

/// X = Σₜ leafₜ(parents) + σ·ε: a sum of random decision trees, piecewise constant in the parents.
///
/// Trees are symmetric: each level asks one question, whether a parent lies above a threshold, of all rows. Thresholds are
/// quantiles of the calibration rows, so that they lie where parents do, and stay under interventions; leaves are
/// N(0, scale²/trees). Parents are taken in turns, and there are trees enough to ask of each.
///
/// Source: the tree functions of TabICLv2's prior (Qu, Holzmüller, Varoquaux, Le Morvan, "TabICLv2", 2026), whose thresholds are values of
/// random rows; symmetric trees are CatBoost's (Prokhorenkova et al., NeurIPS 2018).
public struct TreeModel: AdditiveModel, Hashable {
  public static let kind = "tree"
  public var needsAnchors: Bool { true }

  public var count = 4
  public var depth = 4
  public var leafScale = 2.0

  public init() {}

  public var fields: [Field<Self>] {
    [
      .integer(
        "tree_count", \.count, in: 1...128, "Trees of a node; more where its parents are more than the levels of all."),
      .integer(
        "tree_depth", \.depth, in: 1...8, "Levels of a tree, each of which compares one parent with a threshold."),
      .number(
        "tree_leaf_scale", \.leafScale, in: .from(0, to: 1e6),
        "Standard deviation of the sum of a node's trees over the normal law of their leaves."),
    ]
  }

  private func treeCount(_ parentCount: Int) -> Int { max(count, (parentCount + depth - 1) / depth) }

  public func byteCount(parentCount: Int, calibrationRows: Int) -> Int {
    treeCount(parentCount) * (12 * depth + 4 << depth) + 4 * calibrationRows
  }

  public func makeMechanism(parentCount: Int, node: UInt32, key: TaskKey, noise: AdditiveNoise) -> any Mechanism {
    let trees = treeCount(parentCount)
    var words = key.words(site: node, purpose: .weights)
    var splits: [Int] = []
    while splits.count < trees * depth { splits += words.permutation(of: parentCount) }
    words = key.words(site: node, purpose: .weights, draw: 1)
    let levels = (0..<(trees * depth)).map { _ in Float(Double(openUnit: words.next64())) }
    let scale = leafScale / Double(trees).squareRoot()
    return TreeMechanism(
      parentCount: parentCount, depth: depth, splits: Array(splits.prefix(trees * depth)), levels: levels,
      leaves: key.scaledNormals(count: trees << depth, scale: scale, site: node, purpose: .weights, draw: 2),
      additiveNoise: noise)
  }
}

/// The sum of trees' leaves, plus noise; tree t's leaf has the number Σₗ 2ˡ·[parent > threshold] over its levels l.
public struct TreeMechanism: AdditiveMechanism, Hashable {
  public let parentCount: Int
  public let depth: Int
  /// The parent that each level compares: level l of tree t at `splits[t * depth + l]`.
  public let splits: [Int]
  /// The quantile of that parent at which it is split.
  public let levels: [Float]
  /// `nil` until ``anchored(at:)`` has found the quantiles; the levels stand for them until then.
  public private(set) var thresholds: [Float]?
  /// `leaves[(t << depth) + number]`.
  public let leaves: [Float]
  public let additiveNoise: AdditiveNoise

  /// - Precondition: the depth is positive; each level of each tree has a split, which is one of the parents, and a quantile; a tree has 2 to
  ///   the power of its depth leaves.
  public init(
    parentCount: Int, depth: Int, splits: [Int], levels: [Float], leaves: [Float], additiveNoise: AdditiveNoise
  ) {
    requireInRelease(
      depth > 0 && splits.count.isMultiple(of: depth) && levels.count == splits.count
        && leaves.count == (splits.count / depth) << depth && splits.allSatisfy((0..<max(parentCount, 0)).contains),
      "Trees have a parent and a quantile for each level, and a leaf for each of their ends.")
    self.parentCount = parentCount
    self.depth = depth
    self.splits = splits
    self.levels = levels
    self.leaves = leaves
    self.additiveNoise = additiveNoise
  }

  public var kind: String { TreeModel.kind }
  public var needsAnchors: Bool { thresholds == nil }
  private var trees: Int { splits.count / depth }

  public var functionParameters: [MechanismParameter] {
    [
      MechanismParameter("leaf", shape: [trees, 1 << depth], leaves),
      MechanismParameter("threshold", shape: [trees, depth], thresholds ?? levels),
      MechanismParameter("split", shape: [trees, depth], splits.map { Float($0) }),
    ]
  }

  public func anchored(at columns: [[Float]]) -> (any Mechanism)? {
    let sorted = columns.prefix(parentCount).map { $0.sorted() }
    var result = self
    result.thresholds = zip(splits, levels).map { Self.threshold(sorted[$0], at: $1) }
    return result
  }

  /// Midway between two values that differ, the nearest to a quantile; the value where all are one.
  static func threshold(_ sorted: [Float], at level: Float) -> Float {
    guard let first = sorted.first, let last = sorted.last, first < last else { return sorted.first ?? 0 }
    let place = min(Int(level * Float(sorted.count)), sorted.count - 1)
    let value = sorted[place]
    if value < last {
      let above = sorted[place...].first { $0 > value } ?? last
      return value + 0.5 * (above - value)
    }
    let below = sorted.last { $0 < value } ?? first
    return below + 0.5 * (value - below)
  }

  public func writeFunction(_ rows: MechanismRows) {
    rows.fillOutput(0)
    let out = unsafe rows.output
    let thresholds = thresholds ?? levels
    unsafe rows.scratch.withMemoryRebound(to: Int32.self, capacity: rows.count) { numbers in
      for tree in 0..<trees {
        for r in 0..<rows.count { unsafe numbers[r] = Int32(tree << depth) }
        for level in 0..<depth {
          let x = unsafe rows.parent(splits[tree * depth + level])
          let threshold = thresholds[tree * depth + level]
          let bit = Int32(1) << Int32(level)
          for r in 0..<rows.count { unsafe numbers[r] |= x[r] > threshold ? bit : 0 }
        }
        unsafe leaves.withUnsafeBufferPointer { leaves in
          for r in 0..<rows.count { unsafe out[r] += leaves[Int(numbers[r])] }
        }
      }
    }
  }
}
