import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom

/// The regimes of one task: which rows each has, and what it does to which nodes.
///
/// Rows have a natural order here, by regime, whatever their order in `X`.
struct RegimePlan {
  /// Regime e has the natural rows `rowStarts[e] ..< rowStarts[e + 1]`; regime 0 is observational.
  let rowStarts: [Int]
  /// The targets of regime e ≥ 1, ascending: `targets[targetStarts[e - 1] ..< targetStarts[e]]`.
  let targetStarts: [Int]
  let targets: [Int]
  /// What is done to each target, in the order of `targets`; arrays that the kind has no use for are empty.
  var values: [Float] = []
  var factors: [Float] = []
  var mechanisms: [any Mechanism] = []
  /// For each target, one flag for each parent: those of target k from `removalStarts[k]` on.
  private var removals: [Bool] = []
  private var removalStarts: [Int] = []

  /// The regimes that change node j, by regime: `entries[nodeStarts[j] ..< nodeStarts[j + 1]]`.
  private let nodeStarts: [Int]
  let entries: [Entry]

  struct Entry {
    let regime: Int
    /// In `targets`.
    let place: Int
  }

  /// Without the observational one.
  var regimeCount: Int { targetStarts.count - 1 }

  func targets(of regime: Int) -> ArraySlice<Int> {
    regime == 0 ? [] : targets[targetStarts[regime - 1]..<targetStarts[regime]]
  }

  /// The places in ``entries`` of the regimes that change a node and have some of the natural rows.
  func changes(of node: Int, in rows: Range<Int>) -> Range<Int> {
    // They are ordered by regime, and so are their rows.
    let all = nodeStarts[node]..<nodeStarts[node + 1]
    let first = all.first(fromWhich: { rowStarts[entries[$0].regime + 1] > rows.lowerBound })
    return first..<(first..<all.upperBound).first(fromWhich: { rowStarts[entries[$0].regime] >= rows.upperBound })
  }

  /// The regime of a natural row.
  func regime(of row: Int) -> Int { (0..<regimeCount).first(fromWhich: { rowStarts[$0 + 1] > row }) }

  /// The places in ``targets`` of the regimes that have some of the natural rows, of which there is one at least.
  func targetPlaces(in rows: Range<Int>) -> Range<Int> {
    let (first, last) = (regime(of: rows.lowerBound), regime(of: rows.upperBound - 1))
    return targetStarts[max(first - 1, 0)]..<targetStarts[last]
  }

  /// Whether the target at a place loses its parent of a number.
  func removes(_ parent: Int, at place: Int) -> Bool { removals[removalStarts[place] + parent] }

  func rows(of regime: Int) -> Range<Int> { rowStarts[regime]..<rowStarts[regime + 1] }

  /// Observational rows alone.
  init(observational count: Int, nodeCount: Int) {
    rowStarts = [0, count]
    targetStarts = [0]
    targets = []
    nodeStarts = [Int](equal: 0, count: nodeCount + 1)
    entries = []
  }

  /// - Parameter observational: the number of rows under regime 0.
  init(_ interventions: Interventions, observational: Int, nodeCount: Int, key: TaskKey) {
    var words = key.words(purpose: .targets)
    let most = interventions.mostRegimes(nodeCount: nodeCount)
    let least = interventions.regimes ?? nodeCount
    let count = least + words.next(below: most - least + 1)
    let (share, extra) = interventions.sampleCount.quotientAndRemainder(dividingBy: count)
    rowStarts = (-1...count).map { regime in
      regime < 0 ? 0 : observational + regime * share + min(regime, extra)
    }
    var targets: [Int] = []
    targets.reserveCapacity(max(count, nodeCount))
    var targetStarts = [Int](equal: 0, count: count + 1)
    var order =
      interventions.allocation == .uniform ? Array(0..<nodeCount) : words.permutation(of: nodeCount)
    var next = 0
    for regime in 0..<count {
      let start = targets.count
      switch interventions.allocation {
      case .uniform:
        let wanted = interventions.targetCount(&words)
        // What it leaves behind is a permutation still.
        words.bring(wanted, toFrontOf: &order)
        targets += order[..<wanted]
      case .balanced:
        let wanted = interventions.targetCount(&words)
        for _ in 0..<wanted {
          targets.append(order[next])
          next = next + 1 == nodeCount ? 0 : next + 1
        }
      case .everyNode:
        let end = nodeCount * (regime + 1) / count
        targets += order[next..<end]
        next = end
      }
      // In place: a slice of its own would be a copy.
      if targets.count > start + 1 { unsafe targets.withUnsafeMutableBufferPointer { unsafe $0[start...].sort() } }
      targetStarts[regime + 1] = targets.count
    }
    (self.targets, self.targetStarts) = (targets, targetStarts)
    var nodeStarts = [Int](equal: 0, count: nodeCount + 1)
    for target in targets { nodeStarts[target] += 1 }
    for node in 0..<nodeCount { nodeStarts[node + 1] += nodeStarts[node] }
    // From the last regime to the first, each node's end moves down to its start.
    var entries = [Entry](equal: Entry(regime: 0, place: 0), count: targets.count)
    for regime in stride(from: count, to: 0, by: -1) {
      for place in targetStarts[regime - 1]..<targetStarts[regime] {
        nodeStarts[targets[place]] -= 1
        entries[nodeStarts[targets[place]]] = Entry(regime: regime, place: place)
      }
    }
    (self.nodeStarts, self.entries) = (nodeStarts, entries)
  }

  /// What the kind needs beside the targets: values for whole regimes, factors, mechanisms, removed parents.
  ///
  /// - Throws: `ConfigError` where a task's mechanisms can't be changed in the way that is asked.
  mutating func prepare(
    _ interventions: Interventions, instance: SCMInstance, family: PlainFamily?, marginals: MarginalRows?
  ) throws(ConfigError) {
    let key = instance.key
    if interventions.hasConstantValues { values = constants(interventions.values, instance, marginals) }
    if interventions.kind.hasValues { return }
    if interventions.kind == .mechanism {
      try drawMechanisms(family?.mechanismFactory, instance)
      return
    }
    reserve(interventions.kind)
    for regime in 1..<(regimeCount + 1) {
      for node in targets(of: regime) {
        let address = InterventionValues.Address(key, node: node, regime: regime, draw: nil)
        var words = key.words(site: address.site, purpose: .changedMechanism)
        switch interventions.kind {
        case .do, .stochastic, .shift, .mechanism: break
        case .noiseScale:
          let u = Double(unit: words.next64())
          factors.append(Float(interventions.factorMin + (interventions.factorMax - interventions.factorMin) * u))
        case .coefficient:
          let mechanism = instance.mechanisms[node]
          // Noise alone has as few weights as a linear mechanism without parents: none that could be moved.
          if mechanism is StandardNoise {
            mechanisms.append(mechanism)
            continue
          }
          guard let linear = mechanism as? LinearMechanism else {
            throw ConfigError(
              path: "design.interventions.kind", value: "\"coefficient\"",
              reason: "must be another one where a mechanism is \(mechanism.kind): only linear ones have coefficients")
          }
          let weights = linear.weights.map { weight in
            weight
              + Float(words.nextSignedUniform(from: interventions.coefficientMin, to: interventions.coefficientMax))
          }
          mechanisms.append(
            LinearMechanism(weights: weights, bias: linear.bias, noiseScale: linear.noiseScale, factor: linear.factor))
        case .edgeRemoval:
          let count = instance.parents.count(of: node)
          let removes = Bernoulli(interventions.removal)
          let start = removals.count
          removalStarts.append(start)
          for _ in 0..<count { removals.append(removes.holds(UInt32(truncatingIfNeeded: words.next64() >> 32))) }
          if count > 0, !removals[start...].contains(true) { removals[start + words.next(below: count)] = true }
        }
      }
    }
  }

  /// Another mechanism for each target.
  private mutating func drawMechanisms(
    _ factory: (any MechanismFactory)?, _ instance: SCMInstance
  ) throws(ConfigError) {
    guard let factory else {
      throw ConfigError(
        path: "design.interventions.kind", value: "\"mechanism\"",
        reason: "needs an SCM of a family, which draws the other mechanism")
    }
    // Lists of the parents themselves are made only where what they are matters, as each is an array of its own.
    let (mayBeDiscrete, key, parents) = (factory.mayBeDiscrete, instance.key, instance.parents)
    let lists = mayBeDiscrete ? parents.map { Array($0) } : []
    let counts = mayBeDiscrete ? [] : parents.counts
    mechanisms.reserveCapacity(targets.count)
    for regime in 1..<(regimeCount + 1) {
      let newKey = SeedSequence.changed(key, regime: regime)
      for place in targetStarts[regime - 1]..<targetStarts[regime] {
        mechanisms.append(
          mayBeDiscrete
            ? factory.remakeMechanism(
              node: targets[place], parents: lists, kinds: instance.valueKinds, key: key, newKey: newKey)
            : factory.makeMechanism(node: targets[place], parentCounts: counts, key: newKey))
      }
    }
    if let place = mechanisms.indices.first(where: { mechanisms[$0].needsAnchors }) {
      let known = (factory as? MixedMechanisms)?.kinds.first(where: \.needsAnchors)
      throw ConfigError(
        path: "design.interventions.kind", value: "\"mechanism\"",
        reason: Interventions.cannotChange(known?.name ?? mechanisms[place].kind, unless: known?.remedy))
    }
  }

  /// Makes room for what a kind needs for each target.
  private mutating func reserve(_ kind: Interventions.Kind) {
    switch kind {
    case .do, .stochastic, .shift, .mechanism: break
    case .noiseScale: factors.reserveCapacity(targets.count)
    case .coefficient: mechanisms.reserveCapacity(targets.count)
    case .edgeRemoval: removalStarts.reserveCapacity(targets.count)
    }
  }

  private func constants(
    _ law: InterventionValues, _ instance: SCMInstance, _ marginals: MarginalRows?
  ) -> [Float] {
    var values = [Float](equal: 0, count: targets.count)
    unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: 8) { scratch in
      unsafe values.withUnsafeMutableBufferPointer { out in
        guard let base = out.baseAddress, let scratch = scratch.baseAddress else { return }
        for regime in 1..<(regimeCount + 1) {
          for place in targetStarts[regime - 1]..<targetStarts[regime] {
            let address = InterventionValues.Address(
              instance.key, node: targets[place], regime: regime, draw: nil)
            unsafe law.fill(
              base + place, rows: 0..<1, address: address, marginals: marginals, node: targets[place],
              kind: instance.valueKind(of: targets[place]), scratch: scratch)
          }
        }
      }
    }
    return values
  }
}

extension Range<Int> {
  /// The first number of which something holds that holds of all after it too; the end where it holds of none.
  @inline(__always)
  fileprivate func first(fromWhich holds: (Int) -> Bool) -> Int {
    var (low, high) = (lowerBound, upperBound)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension Interventions {
  /// Why a mechanism that reads calibration rows can't be drawn anew: they are those of the SCM before.
  static func cannotChange(_ kind: String, unless remedy: String? = nil) -> String {
    "must be another one where a mechanism may be \(kind), which is drawn at calibration rows"
      + (remedy.map { "; or \($0)" } ?? "")
  }

  fileprivate func targetCount(_ words: inout WordSequence) -> Int {
    let most = max(targets, maxTargets ?? targets)
    return most == targets ? targets : targets + words.next(below: most - targets + 1)
  }
}
