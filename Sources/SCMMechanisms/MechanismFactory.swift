public import SCMBase
public import SCMRandom

/// A distribution of mechanisms for all nodes of a graph.
public protocol MechanismFactory: Sendable {
  /// One mechanism for each node: a pure function of the numbers of parents and the key.
  ///
  /// - Parameter parentCounts: `parentCounts[j]` is the number of parents of node j.
  func makeMechanisms(parentCounts: [Int], key: TaskKey) -> [any Mechanism]
  /// The mechanism of one node alone: what ``makeMechanisms(parentCounts:key:)`` gives there.
  func makeMechanism(node: Int, parentCounts: [Int], key: TaskKey) -> any Mechanism
  /// Whether one of its mechanisms may need rows before it is whole: those that it is drawn at, or those that tell its parents' scales.
  var mayNeedRows: Bool { get }
  /// About how much memory such mechanisms take at most, so that what can't be had is refused before it is asked for.
  func byteCount(parentCounts: [Int], calibrationRows: Int) -> Int

  /// Whether a node may have other values than continuous ones.
  var mayBeDiscrete: Bool { get }
  /// How mechanisms read parents of more than two classes.
  var classReading: ClassReading { get }
  /// What each node's values are; empty where all are continuous. Mechanisms are made with the same.
  func valueKinds(parentCounts: [Int], key: TaskKey) -> [ValueKind]
  /// As ``makeMechanisms(parentCounts:key:)``, where nodes may have other values than continuous ones.
  ///
  /// - Parameter parents: of each node, ascending.
  func makeMechanisms(parents: [[Int]], key: TaskKey) -> [any Mechanism]
  /// Another mechanism of a node, whose values stay what they are.
  ///
  /// - Parameters:
  ///   - parents: of each node, ascending; an intervention may have cut edges.
  ///   - kinds: what each node's values are whatever the parents; empty where all are continuous.
  ///   - key: says the kind of the node's mechanism, where values may be of other kinds.
  ///   - newKey: from which the other mechanism is drawn.
  func remakeMechanism(
    node: Int, parents: [[Int]], kinds: [ValueKind], key: TaskKey, newKey: TaskKey
  ) -> any Mechanism
}

extension MechanismFactory {
  public func makeMechanism(node: Int, parentCounts: [Int], key: TaskKey) -> any Mechanism {
    makeMechanisms(parentCounts: parentCounts, key: key)[node]
  }

  public var mayNeedRows: Bool { true }
  public func byteCount(parentCounts: [Int], calibrationRows: Int) -> Int { 0 }
  public var mayBeDiscrete: Bool { false }
  public var classReading: ClassReading { .oneHot }
  public func valueKinds(parentCounts: [Int], key: TaskKey) -> [ValueKind] { [] }

  public func makeMechanisms(parents: [[Int]], key: TaskKey) -> [any Mechanism] {
    makeMechanisms(parentCounts: parents.map { $0.count }, key: key)
  }

  public func remakeMechanism(
    node: Int, parents: [[Int]], kinds: [ValueKind], key: TaskKey, newKey: TaskKey
  ) -> any Mechanism {
    makeMechanism(node: node, parentCounts: parents.map { $0.count }, key: newKey)
  }
}

/// A kind of mechanism that a configuration can name.
///
/// A new kind is one file with such a type, and its line in ``MechanismModels/all``.
public protocol MechanismModel: Sendable, Configurable {
  /// The name in a configuration, such as "linear".
  var kind: String { get }
  /// - Throws: when two fields contradict each other; each by itself has been checked.
  func check() throws(ConfigError)
  /// The mechanism of one node, whose label addresses its randomness.
  ///
  /// - Parameter noiseScale: the family's, which the model reads where `readsNoiseScale` says so.
  func makeMechanism(parentCount: Int, node: UInt32, key: TaskKey, noiseScale: NoiseScaleModel) -> any Mechanism
  /// The mechanisms of nodes 0 ..< count, all of this kind: what ``makeMechanism(parentCount:node:key:noiseScale:)`` gives for each.
  func makeMechanisms(parentCounts: [Int], key: TaskKey, noiseScale: NoiseScaleModel) -> [any Mechanism]
  /// Whether the size of its noise is the family's ``NoiseScaleModel``.
  var readsNoiseScale: Bool { get }
  /// Whether its mechanisms are drawn at the calibration rows, at cubic cost in them.
  var isExact: Bool { get }
  /// Whether its mechanisms read the calibration rows; see ``Mechanism/needsAnchors``.
  var needsAnchors: Bool { get }
  /// Whether its mechanisms read standardised parents under any mode; see ``Mechanism/readsStandardizedParents``.
  var readsStandardizedParents: Bool { get }
  /// - Throws: when a task of so many nodes would take more than ``MechanismModels/mostBytes``.
  func checkMemory(nodeCount: Int, calibrationRows: Int) throws(ConfigError)
  /// About how much memory the mechanism of one node takes at most.
  func byteCount(parentCount: Int, calibrationRows: Int) -> Int

  /// Whether its nodes have other values than continuous ones.
  var mayBeDiscrete: Bool { get }
  /// What a node's values are, which its children have to know before its mechanism is made.
  func values(node: UInt32, key: TaskKey) -> ValueKind
  /// As ``makeMechanism(parentCount:node:key:noiseScale:)``, where parents may have other values than continuous ones.
  func makeMechanism(
    _ setting: NodeSetting, node: UInt32, key: TaskKey, noiseScale: NoiseScaleModel
  ) -> any Mechanism
}

extension MechanismModel {
  /// As above, with noise of the default size.
  public func makeMechanism(parentCount: Int, node: UInt32, key: TaskKey) -> any Mechanism {
    makeMechanism(parentCount: parentCount, node: node, key: key, noiseScale: NoiseScaleModel())
  }

  public func makeMechanisms(parentCounts: [Int], key: TaskKey, noiseScale: NoiseScaleModel) -> [any Mechanism] {
    makeOneByOne(parentCounts: parentCounts, key: key, noiseScale: noiseScale)
  }

  func makeOneByOne(parentCounts: [Int], key: TaskKey, noiseScale: NoiseScaleModel) -> [any Mechanism] {
    parentCounts.enumerated().map { node, count in
      guard !Interruption.isRequested else { return StandardNoise() }
      return makeMechanism(
        parentCount: count, node: UInt32(truncatingIfNeeded: node), key: key, noiseScale: noiseScale)
    }
  }

  public func check() throws(ConfigError) {}
  public var readsNoiseScale: Bool { false }
  public var isExact: Bool { false }
  public var needsAnchors: Bool { isExact }
  public var readsStandardizedParents: Bool { false }
  public func byteCount(parentCount: Int, calibrationRows: Int) -> Int { 0 }
  public var mayBeDiscrete: Bool { false }
  public func values(node: UInt32, key: TaskKey) -> ValueKind { .continuous }

  public func makeMechanism(
    _ setting: NodeSetting, node: UInt32, key: TaskKey, noiseScale: NoiseScaleModel
  ) -> any Mechanism {
    makeMechanism(parentCount: setting.columnCount, node: node, key: key, noiseScale: noiseScale)
  }

  public func checkMemory(nodeCount: Int, calibrationRows: Int) throws(ConfigError) {
    // A factor of rows² numbers of eight bytes is kept for each node.
    let most = Int(Double(MechanismModels.mostBytes / 8 / nodeCount).squareRoot())
    guard !isExact || calibrationRows <= most else {
      throw ConfigError(
        path: "calibration_rows", value: "\(calibrationRows)",
        reason:
          "must be at most \(most) with exact Gaussian processes and \(nodeCount) nodes, whose factors would take more "
          + "than 2 GiB")
    }
  }
}

/// The kinds of mechanism that a configuration can name, each with its defaults.
public enum MechanismModels {
  public static let all: [any MechanismModel] = [
    LinearModel(),
    MLPModel(),
    GaussianProcessModel.gpcde,
    GaussianProcessModel.gp,
    PolynomialModel(),
    QuadraticModel(),
    ProductModel(),
    LogSpaceModel(),
    SigmoidAdditiveModel(),
    PeriodicModel(),
    LogisticMapModel(),
    TreeModel(),
    CategoricalModel.categorical,
    CategoricalModel.binary,
    CountModel(),
  ]

  /// What the mechanisms of one task may take.
  public static let mostBytes = 1 << 31

  public static var kinds: [String] { all.map { $0.kind } }

  public static func named(_ kind: String) -> (any MechanismModel)? { all.first { $0.kind == kind } }
}
