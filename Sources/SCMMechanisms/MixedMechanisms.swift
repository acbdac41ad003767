public import SCMBase
public import SCMRandom

/// Draws each node's kind by itself from given proportions, and then its mechanism.
public struct MixedMechanisms: MechanismFactory {
  /// What a node without parents gets.
  public enum RootPolicy: String, NamedChoice, Codable {
    /// A mechanism of the drawn kind that reads noise only.
    case mechanism
    /// Noise of the family's law, or of that of roots, of variance 1 unless another is asked.
    case noise
  }

  let models: [any MechanismModel]
  /// Cumulative proportions; the last is 1.
  let thresholds: [Double]
  let roots: RootPolicy
  let rootNoiseScale: Double
  let noiseScale: NoiseScaleModel
  let functionRange: Double
  public let mayNeedRows: Bool
  let outers: [OuterFunction]
  let discretized: DiscretizedNodes
  public let classReading: ClassReading
  public let mayBeDiscrete: Bool

  /// - Parameters:
  ///   - proportions: models with non-negative weights of positive sum. They are sorted by name, so that the order in
  ///     which they are given says nothing.
  ///   - rootNoiseScale: the deviation of roots that are noise alone.
  ///   - functionRange: see ``RangedMechanism``; 0 for functions as they are drawn.
  ///   - outers: one of them, at least one, is applied to what a node's mechanism gives, where that is continuous.
  /// - Precondition: some weight is positive, and there is an outer function.
  public init(
    _ proportions: [(model: any MechanismModel, weight: Double)], roots: RootPolicy = .mechanism,
    rootNoiseScale: Double = 1, noiseScale: NoiseScaleModel = NoiseScaleModel(), functionRange: Double = 0,
    outers: [OuterFunction] = [.identity],
    discretized: DiscretizedNodes = DiscretizedNodes(), classReading: ClassReading = .oneHot
  ) {
    requireInRelease(!outers.isEmpty, "A node has an outer function, if only the identity.")
    let sorted = proportions.filter { $0.weight > 0 }.sorted { $0.model.kind < $1.model.kind }
    requireInRelease(!sorted.isEmpty, "A node has a mechanism: some model has a positive weight.")
    let total = sorted.reduce(0) { $0 + $1.weight }
    var sum = 0.0
    thresholds = sorted.map { entry in
      sum += entry.weight
      return sum / total
    }
    models = sorted.map(\.model)
    mayNeedRows =
      discretized.share > 0 || functionRange > 0
      || models.contains { $0.isExact || $0.needsAnchors || $0.readsStandardizedParents }
    mayBeDiscrete = discretized.share > 0 || models.contains(where: \.mayBeDiscrete)
    self.roots = roots
    self.rootNoiseScale = rootNoiseScale
    self.noiseScale = noiseScale
    self.functionRange = functionRange
    self.outers = outers
    self.discretized = discretized
    self.classReading = classReading
  }

  public func makeMechanisms(parentCounts: [Int], key: TaskKey) -> [any Mechanism] {
    if isPlain {
      return models[0].makeMechanisms(parentCounts: parentCounts, key: key, noiseScale: noiseScale)
    }
    return parentCounts.indices.map { makeMechanism(node: $0, parentCounts: parentCounts, key: key) }
  }

  /// Whether every node's mechanism is what the one model makes.
  private var isPlain: Bool {
    models.count == 1 && roots == .mechanism && functionRange == 0 && outers == [.identity] && !mayBeDiscrete
  }

  public func makeMechanism(node: Int, parentCounts: [Int], key: TaskKey) -> any Mechanism {
    if isPlain, !Interruption.isRequested {
      return models[0].makeMechanism(
        parentCount: parentCounts[node], node: UInt32(truncatingIfNeeded: node), key: key, noiseScale: noiseScale)
    }
    return drawMechanism(node: node, parentCounts: parentCounts, key: key)
  }

  /// As ``makeMechanism(node:parentCounts:key:)``, by all that a family may ask of a node.
  package func drawMechanism(node: Int, parentCounts: [Int], key: TaskKey) -> any Mechanism {
    make(node, parents: [ValueKind](equal: .continuous, count: parentCounts[node]), key: key, from: key)
  }

  public func makeMechanisms(parents: [[Int]], key: TaskKey) -> [any Mechanism] {
    let kinds = valueKinds(parentCounts: parents.map { $0.count }, key: key)
    guard !kinds.isEmpty else { return makeMechanisms(parentCounts: parents.map { $0.count }, key: key) }
    return parents.indices.map { node in
      make(node, values: kinds[node], parents: parents[node].map { kinds[$0] }, key: key, from: key)
    }
  }

  public func remakeMechanism(
    node: Int, parents: [[Int]], kinds: [ValueKind], key: TaskKey, newKey: TaskKey
  ) -> any Mechanism {
    func kind(_ node: Int) -> ValueKind { kinds.isEmpty ? .continuous : kinds[node] }
    // Where values may be of other kinds, a node keeps the kind of its mechanism.
    return make(
      node, values: mayBeDiscrete ? kind(node) : nil, parents: parents[node].map(kind),
      key: mayBeDiscrete ? key : newKey, from: newKey)
  }

  public func valueKinds(parentCounts: [Int], key: TaskKey) -> [ValueKind] {
    guard mayBeDiscrete else { return [] }
    return parentCounts.enumerated().map { valueKind(of: $0, parentCount: $1, key: key) }
  }

  private func valueKind(of node: Int, parentCount: Int, key: TaskKey) -> ValueKind {
    let site = UInt32(truncatingIfNeeded: node)
    if parentCount == 0, roots == .noise { return .continuous }
    let kind = model(key: key, site: site).values(node: site, key: key)
    guard kind == .continuous, let count = discretized.classCount(node: site, key: key) else { return kind }
    return .classes(count)
  }

  /// - Parameters:
  ///   - known: what the node's values are, if that has been asked already.
  ///   - key: says the kind of the mechanism, and what the node's values are.
  ///   - source: from which the mechanism is drawn.
  private func make(
    _ node: Int, values known: ValueKind? = nil, parents: [ValueKind], key: TaskKey, from source: TaskKey
  ) -> any Mechanism {
    let site = UInt32(truncatingIfNeeded: node)
    guard !Interruption.isRequested else { return StandardNoise() }
    // What has classes or counts has parents, even where an intervention has cut their edges.
    if parents.isEmpty, roots == .noise, known ?? .continuous == .continuous {
      return rootNoiseScale == 1
        ? StandardNoise() : LinearMechanism(weights: [], bias: 0, noiseScale: Float(rootNoiseScale))
    }
    let model = model(key: key, site: site)
    // What is cut into classes has continuous values before.
    let values =
      discretized.share == 0 ? known ?? model.values(node: site, key: key) : model.values(node: site, key: key)
    let drawn = model.makeMechanism(
      NodeSetting(values: values, parents: parents, reading: classReading), node: site, key: source,
      noiseScale: noiseScale)
    guard values == .continuous else { return drawn }
    let made = RangedMechanism(drawn, range: functionRange) ?? drawn
    let outer = outers.count == 1 ? outers[0] : pickOuter(key: key, site: site)
    let continuous: any Mechanism = outer == .identity ? made : PostNonlinearMechanism(made, outer: outer)
    guard let count = discretized.classCount(node: site, key: key) else { return continuous }
    return DiscretizedMechanism(continuous, levels: discretized.levels(count: count, node: site, key: source))
  }

  private func model(key: TaskKey, site: UInt32) -> any MechanismModel {
    models.count == 1 ? models[0] : models[pick(key: key, site: site)]
  }

  /// Whether nodes with parents, and such without, may have continuous values.
  package var continuousNodes: (children: Bool, roots: Bool) {
    let children = discretized.share < 1 && !models.allSatisfy(\.mayBeDiscrete)
    return (children, children || roots == .noise)
  }

  /// The kinds that a node may get, whether one of them reads calibration rows, and which option would have it read none, if one would.
  package var kinds: [(name: String, needsAnchors: Bool, remedy: String?)] {
    let prefix = (discretized.share > 0 ? "discretized " : "") + (outers == [.identity] ? "" : "post-nonlinear ")
    return models.map { model in
      let isRanged = functionRange > 0 && RangedMechanism.kinds.contains(model.kind)
      if model.mayBeDiscrete { return (model.kind, model.needsAnchors, nil) }
      if discretized.share > 0 { return (prefix + model.kind, true, nil) }
      let remedy = model.isExact ? "its mode be features" : isRanged ? "function_range be 0" : nil
      return (prefix + model.kind, model.needsAnchors || isRanged, remedy)
    }
  }

  public func byteCount(parentCounts: [Int], calibrationRows: Int) -> Int {
    // A parent of classes may be read as one column for each.
    let columns = mayBeDiscrete && classReading == .oneHot ? CategoricalModel.classCounts.upperBound : 1
    return parentCounts.reduce(0) { sum, count in
      sum + models.reduce(0) { max($0, $1.byteCount(parentCount: columns * count, calibrationRows: calibrationRows)) }
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
