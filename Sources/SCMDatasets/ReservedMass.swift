import SCMBase
public import SCMExperiments
public import SCMFamilies
import SCMGraphs
import SCMRandom

/// An estimate of the probability q that a family draws a reserved graph: each of its tasks is then drawn 1/(1 − q) times on
/// average, and the law of what is left differs from the family's by −log(1 − q) (Kullback–Leibler) and q (total variation).
public struct ReservedMass: Hashable, Sendable {
  /// How many of the draws were reserved.
  public let hits: Int
  public let draws: Int

  public var value: Double { draws == 0 ? 0 : Double(hits) / Double(draws) }

  /// What the mass means for training.
  public enum Verdict: String, Sendable {
    case fine
    /// Training runs, but no longer on the family's own law of graphs.
    case worrying
    /// There is hardly a graph left.
    case covered
  }

  public var verdict: Verdict { value > 0.99 ? .covered : value > 0.5 ? .worrying : .fine }

  public init(hits: Int, draws: Int) {
    self.hits = hits
    self.draws = draws
  }

  /// Counts the reserved graphs among those of the first tasks of a training stream.
  ///
  /// - Parameters:
  ///   - design: what is done to the tasks. A graph that has no room for it is no training task, and is drawn again before it is counted.
  ///   - draws: how many of them; `nil` for as many as ``missingDraws(nodeCount:reserved:)`` asks for.
  /// - Throws: `ConfigError` where graphs of the family have no room for the design, or a negative number of draws is asked.
  /// - Complexity: O(draws) graphs; no mechanism is made and no row is sampled.
  public init(
    _ family: SCMFamily, design: Design? = nil, reserved: HashRegistry, baseSeed: UInt64 = 0, draws: Int? = nil
  ) throws {
    try ConfigError.checkNotNegative(("draws", draws ?? 0))
    if let design { try design.check(family) }
    let seeds = SeedSequence.training(base: baseSeed)
    var found = ReservedMass(hits: 0, draws: 0)
    func missing() -> Int {
      draws.map { $0 - found.draws }
        ?? found.missingDraws(nodeCount: family.nodeCounts.upperBound, reserved: reserved.count)
    }
    while case let count = missing(), count > 0, !Interruption.isRequested {
      let block = UInt64(found.draws)..<UInt64(found.draws + count)
      let hits = try block.count { index in
        guard !Interruption.isRequested else { return false }
        return reserved.contains(try family.graph(seed: seeds[index], avoiding: nil, for: design).graph.adjacency)
      }
      found = ReservedMass(hits: found.hits + hits, draws: found.draws + count)
    }
    self = found
  }

  /// How many more graphs must be drawn for an estimate: a thousand in all, or a hundred of a large family where none of these is
  /// reserved; none where nothing is.
  public func missingDraws(nodeCount: Int, reserved: Int) -> Int {
    let isClear = hits == 0 && draws > 0 && nodeCount > 20
    return reserved == 0 || draws >= 1000 || isClear ? 0 : 100
  }

  /// - Throws: `DisjointnessError` where hardly a graph is left, with the numbers that say why.
  public func check(_ family: SCMFamily, reserved: HashRegistry) throws(DisjointnessError) {
    if verdict == .covered, let sentence = sentence(family, reserved: reserved) {
      throw DisjointnessError(description: sentence)
    }
  }

  /// What is wrong, and what to do; `nil` where all is fine.
  public func sentence(_ family: SCMFamily, reserved: HashRegistry) -> String? {
    switch verdict {
    case .fine: nil
    case .worrying:
      "\(described(family, reserved)): each training task will be drawn \(tenths(1 / (1 - value))) times on average, and training "
        + "graphs are no longer those of the family."
    case .covered:
      "\(described(family, reserved)): hardly any is left for training; reserve fewer, take more nodes, or a family that differs "
        + "more from those that are held out."
    }
  }

  private func described(_ family: SCMFamily, _ reserved: HashRegistry) -> String {
    let (low, high) = (family.nodeCounts.lowerBound, family.nodeCounts.upperBound)
    let sizes = low == high ? "\(low) nodes" : "\(low) to \(high) nodes"
    let known = family.nodeCounts.reduce(into: UInt64?.some(0)) { sum, nodes in
      let count = GraphCounts.graphs(nodeCount: nodes, level: reserved.level)
      sum = sum.flatMap { sum in count.map { sum + $0 } }
    }
    let things =
      switch reserved.level {
      case .exact: "graphs"
      case .mec: "Markov equivalence classes"
      case .iso: "graphs up to the names of their nodes"
      }
    return "\(hits) of \(draws) training graphs of \(sizes) are among the \(reserved.count) reserved ones at level "
      + "'\(reserved.level.rawValue)', where \(known.map { "\($0)" } ?? "more than 10^12") \(things) exist"
  }

  /// With one digit after the point.
  private func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded(.toNearestOrEven))
    return "\(tenths / 10).\(tenths % 10)"
  }
}
