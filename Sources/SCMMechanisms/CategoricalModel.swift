public import SCMBase
public import SCMRandom

/// One of K classes, drawn by argmax_k(log p_k(parents) + g_k) with standard Gumbel noise g: exactly the probabilities p, and a function
/// of the noise, so that interventions and counterfactuals are those of any SCM. Parents that have no classes are read standardised, so
/// that no score is lost in one class.
///
/// Sources: Maddison, Tarlow, Minka, "A* sampling", NeurIPS 2014 (the draw); Oberst, Sontag, "Counterfactual off-policy evaluation with
/// Gumbel-max structural causal models", ICML 2019 (its counterfactuals); Lippe, Cohen, Gavves, "Efficient neural causal discovery without
/// acyclicity constraints" (ENCO), ICLR 2022 (the networks).
public struct CategoricalModel: MechanismModel, Hashable {
  /// What makes probabilities of the parents.
  public enum Score: String, NamedChoice, Codable {
    /// softmax(b + W·parents).
    case linear
    /// The softmax of a network with one hidden layer, as in ENCO.
    case mlp
    /// A table whose rows are Dirichlet, one for each combination of the parents' classes; where a parent has none, or the table would be
    /// too large, as ``linear``.
    case table
  }

  public let kind: String
  /// The same for all nodes; `nil` where each draws its own number of classes.
  private let fixedCount: Int?
  public var leastClasses = 3
  public var mostClasses = 6
  public var score = Score.mlp
  public var scale = 1.0
  public var hidden = 48
  public var gain = 2.5
  public var concentration = 1.0

  public static let categorical = CategoricalModel(kind: "categorical", fixedCount: nil)
  public static let binary = CategoricalModel(kind: "binary", fixedCount: 2)

  /// The most numbers of a table.
  public static let mostTableNumbers = 1 << 12
  public static let classCounts = 2...32

  private init(kind: String, fixedCount: Int?) {
    self.kind = kind
    self.fixedCount = fixedCount
  }

  public var fields: [Field<Self>] {
    let counts: [Field<Self>] =
      fixedCount != nil
      ? []
      : [
        .integer("\(kind)_classes_min", \.leastClasses, in: Self.classCounts, "Least number of a node's classes."),
        .integer(
          "\(kind)_classes_max", \.mostClasses, in: Self.classCounts,
          "Largest number of a node's classes, which is drawn uniformly per node."),
      ]
    return counts + [
      .choice(
        "\(kind)_score", \.score,
        "What makes the classes' probabilities: linear (softmax of a linear map of the parents), mlp (of a network, as in ENCO) or table "
          + "(Dirichlet rows, where all parents have classes and the table at most 4096 numbers; else linear)."),
      .number(
        "\(kind)_scale", \.scale, in: .from(0, to: 1e6),
        "Standard deviation of the normal weights and biases of linear scores, and of the scores of a node without parents."
      ),
      .integer("\(kind)_hidden", \.hidden, in: 1...1024, "Width of the hidden layer of an mlp score."),
      .number(
        "\(kind)_gain", \.gain, in: .from(0, to: 1e6),
        "Gain of the orthogonal weights of an mlp score; the larger, the more certain its classes."),
      .number(
        "\(kind)_concentration", \.concentration, in: .from(0.05, to: 1e6),
        "Concentration of the Dirichlet rows of a table score; the smaller, the more certain its classes."),
    ]
  }

  public func check() throws(ConfigError) {
    guard leastClasses <= mostClasses else {
      throw ConfigError(
        path: "\(kind)_classes_min", value: "\(leastClasses)",
        reason: "must be at most \(kind)_classes_max, \(mostClasses)")
    }
  }

  public var mayBeDiscrete: Bool { true }
  public var readsStandardizedParents: Bool { true }

  public func values(node: UInt32, key: TaskKey) -> ValueKind {
    .classes(fixedCount ?? key.classCount(leastClasses...mostClasses, node: node))
  }

  public func byteCount(parentCount: Int, calibrationRows: Int) -> Int {
    switch score {
    case .linear: 8 * mostClasses * (parentCount + 1)
    case .mlp: 8 * (hidden + 1) * (parentCount + mostClasses)
    case .table: 8 * Self.mostTableNumbers
    }
  }

  public func makeMechanism(
    parentCount: Int, node: UInt32, key: TaskKey, noiseScale: NoiseScaleModel
  ) -> any Mechanism {
    makeMechanism(
      NodeSetting(values: values(node: node, key: key), parents: Array(repeating: .continuous, count: parentCount)),
      node: node, key: key, noiseScale: noiseScale)
  }

  public func makeMechanism(
    _ setting: NodeSetting, node: UInt32, key: TaskKey, noiseScale: NoiseScaleModel
  ) -> any Mechanism {
    let count = setting.values.classCount
    if score == .table, let table = drawTable(setting, count, node: node, key: key) { return table }
    if score == .mlp, !setting.parents.isEmpty {
      return CategoricalMechanism(
        kind: kind, layers: EmbeddedScore(hidden: hidden, gain: gain).layers(setting, node: node, key: key),
        readsStandardizedParents: setting.hasNumbers)
    }
    let columns = setting.columnCount
    return CategoricalMechanism(
      kind: kind,
      layers: [
        MLPMechanism.Layer(
          inputCount: columns,
          weights: key.scaledNormals(count: count * columns, scale: scale, site: node, purpose: .weights, draw: 1),
          bias: key.scaledNormals(count: count, scale: scale, site: node, purpose: .weights))
      ], readsStandardizedParents: setting.hasNumbers)
  }

  /// `nil` where a parent has no classes or there would be too many numbers.
  private func drawTable(_ setting: NodeSetting, _ count: Int, node: UInt32, key: TaskKey) -> TableMechanism? {
    let classes = setting.parents.map(\.classCount)
    guard !classes.contains(0), let rows = TableMechanism.rowCount(classes, most: Self.mostTableNumbers / count) else {
      return nil
    }
    var numbers = [Double](repeating: 0, count: rows * count)
    unsafe numbers.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe Gamma(shape: concentration, scale: 1).fillUnscaled(
        base, first: 0, count: rows * count, key: key, site: node, purpose: .weights)
    }
    return TableMechanism(
      parentClasses: classes, classCount: count,
      probabilities: (0..<rows).flatMap { row -> [Float] in
        let row = numbers[row * count..<(row + 1) * count]
        let total = row.reduce(0, +)
        // So many variates of so small a shape have never been all too small for a Double, but nothing forbids it.
        return row.indices.map { total > 0 ? Float(row[$0] / total) : $0 == row.startIndex ? 1 : 0 }
      })
  }
}

extension TaskKey {
  /// A node's number of classes, uniform in a range; blocks 0 and 1 of the address say its mechanism.
  func classCount(_ range: ClosedRange<Int>, node: UInt32, block: UInt32 = 2) -> Int {
    let word = self.block(block, site: node, purpose: .mechanismKind).word64(0)
    return range.lowerBound + Int(word.multipliedFullWidth(by: UInt64(range.count)).high)
  }
}
