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
}

extension MechanismFactory {
  public func makeMechanism(node: Int, parentCounts: [Int], key: TaskKey) -> any Mechanism {
    makeMechanisms(parentCounts: parentCounts, key: key)[node]
  }

  public var mayNeedRows: Bool { true }
  public func byteCount(parentCounts: [Int], calibrationRows: Int) -> Int { 0 }
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
  /// - Parameter noiseScale: the family's, which the model reads where ``readsNoiseScale`` says so.
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
  ]

  /// What the mechanisms of one task may take.
  public static let mostBytes = 1 << 31

  public static var kinds: [String] { all.map { $0.kind } }

  public static func named(_ kind: String) -> (any MechanismModel)? { all.first { $0.kind == kind } }
}

/// Draws each node's kind by itself from given proportions, and then its mechanism.
public struct MixedMechanisms: MechanismFactory {
  /// What a node without parents gets.
  public enum RootPolicy: String, NamedChoice, Codable {
    /// A mechanism of the drawn kind that reads noise only.
    case mechanism
    /// Standard noise of the family's law.
    case noise
  }

  let models: [any MechanismModel]
  /// Cumulative proportions; the last is 1.
  let thresholds: [Double]
  let roots: RootPolicy
  let noiseScale: NoiseScaleModel
  public let mayNeedRows: Bool
  let outers: [OuterFunction]

  /// - Parameters:
  ///   - proportions: models with non-negative weights of positive sum. They are sorted by name, so that the order in
  ///     which they are given says nothing.
  ///   - outers: one of them, at least one, is applied to what a node's mechanism gives.
  public init(
    _ proportions: [(model: any MechanismModel, weight: Double)], roots: RootPolicy = .mechanism,
    noiseScale: NoiseScaleModel = NoiseScaleModel(), outers: [OuterFunction] = [.identity]
  ) {
    precondition(!outers.isEmpty, "A node has an outer function, if only the identity.")
    let sorted = proportions.filter { $0.weight > 0 }.sorted { $0.model.kind < $1.model.kind }
    let total = sorted.reduce(0) { $0 + $1.weight }
    var sum = 0.0
    thresholds = sorted.map { entry in
      sum += entry.weight
      return sum / total
    }
    models = sorted.map(\.model)
    mayNeedRows = models.contains { $0.isExact || $0.needsAnchors || $0.readsStandardizedParents }
    self.roots = roots
    self.noiseScale = noiseScale
    self.outers = outers
  }

  public func makeMechanisms(parentCounts: [Int], key: TaskKey) -> [any Mechanism] {
    if models.count == 1, roots == .mechanism, outers == [.identity] {
      return models.inPlace(0) { $0.makeMechanisms(parentCounts: parentCounts, key: key, noiseScale: noiseScale) }
    }
    return parentCounts.indices.map { makeMechanism(node: $0, parentCounts: parentCounts, key: key) }
  }

  public func makeMechanism(node: Int, parentCounts: [Int], key: TaskKey) -> any Mechanism {
    let site = UInt32(truncatingIfNeeded: node)
    guard !Interruption.isRequested else { return StandardNoise() }
    if parentCounts[node] == 0, roots == .noise { return StandardNoise() }
    let model = models.count == 1 ? models[0] : models[pick(key: key, site: site)]
    let made = model.makeMechanism(parentCount: parentCounts[node], node: site, key: key, noiseScale: noiseScale)
    let outer = outers.count == 1 ? outers[0] : pickOuter(key: key, site: site)
    return outer == .identity ? made : PostNonlinearMechanism(made, outer: outer)
  }

  /// The kinds that a node may get, and whether one of them reads calibration rows.
  package var kinds: [(name: String, needsAnchors: Bool)] {
    let prefix = outers == [.identity] ? "" : "post-nonlinear "
    return models.map { (prefix + $0.kind, $0.needsAnchors) }
  }

  public func byteCount(parentCounts: [Int], calibrationRows: Int) -> Int {
    parentCounts.reduce(0) { sum, count in
      sum + models.reduce(0) { max($0, $1.byteCount(parentCount: count, calibrationRows: calibrationRows)) }
    }
  }

  private func pickOuter(key: TaskKey, site: UInt32) -> OuterFunction {
    // Block 0 says the kind.
    let high = key.block(1, site: site, purpose: .mechanismKind).word64(0)
    return outers[Int(high.multipliedFullWidth(by: UInt64(outers.count)).high)]
  }

  private func pick(key: TaskKey, site: UInt32) -> Int {
    let u = Double(unit: key.block(0, site: site, purpose: .mechanismKind).word64(0))
    return thresholds.firstIndex { u < $0 } ?? models.count - 1
  }
}

/// The mechanism of a root under ``MixedMechanisms/RootPolicy/noise``: its noise as it is.
package struct StandardNoise: Mechanism {
  package var kind: String { "noise" }
  package var parentCount: Int { 0 }
  package var noise: [NoiseChannel] { [.noise] }
  package var parameters: [MechanismParameter] { [] }

  package func evaluate(_ rows: MechanismRows) {
    for row in 0..<rows.count { rows.setOutput(row, rows[column: 0, row: row]) }
  }
}
