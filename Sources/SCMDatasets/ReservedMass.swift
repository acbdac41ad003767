public import SCMFamilies
public import SCMGraphs
import SCMRandom

/// An estimate of the probability q that a family draws a reserved graph: each of its tasks is then drawn 1/(1 − q) times on
/// average, and the law of what is left differs from the family's by −log(1 − q) (Kullback–Leibler) and q (total variation).
public struct ReservedMass: Hashable, Sendable {
  /// How many of the draws were reserved.
  public let hits: Int
  public let draws: Int

  public var value: Double { draws == 0 ? 0 : Double(hits) / Double(draws) }

  /// Above it training still runs, but no longer on the family's own law of graphs.
  public static let worrying = 0.5
  /// Above it there is hardly a graph left.
  public static let most = 0.99

  public init(hits: Int, draws: Int) {
    self.hits = hits
    self.draws = draws
  }

  /// Counts the reserved graphs among those of the first tasks of a training stream.
  ///
  /// - Complexity: O(draws) graphs; no mechanism is made and no row is sampled.
  public init(_ family: SCMFamily, reserved: HashRegistry, baseSeed: UInt64 = 0, draws: Int = 1000) throws {
    let seeds = SeedSequence.training(base: baseSeed)
    var hits = 0
    if reserved.count > 0 {
      for index in 0..<UInt64(max(draws, 0))
      where try reserved.contains(family.sampleGraph(seed: seeds[index]).adjacency) {
        hits += 1
      }
    }
    self.init(hits: hits, draws: max(draws, 0))
  }

  /// - Throws: `DisjointnessError` where hardly a graph is left, with the numbers that say why.
  public func check(_ family: SCMFamily, reserved: HashRegistry) throws(DisjointnessError) {
    guard value > Self.most else { return }
    let counts = family.nodeCounts.map { GraphCounts.graphs(nodeCount: $0, level: reserved.level) }
    let known = counts.reduce(into: UInt64?.some(0)) { sum, count in
      sum = sum.flatMap { sum in count.map { sum + $0 } }
    }
    let sizes = family.nodeCounts.count == 1 ? "\(family.nodeCounts.lowerBound)" : "\(family.nodeCounts)"
    throw DisjointnessError(
      description:
        "\(hits) of \(draws) training graphs of \(sizes) nodes are among the \(reserved.count) reserved ones at level "
        + "\(reserved.level.rawValue), where \(known.map { "\($0)" } ?? "more than 10^12") exist: hardly any is left for training; "
        + "reserve fewer, or take more nodes.")
  }
}

/// How many graphs there are.
public enum GraphCounts {
  /// The number of directed acyclic graphs that a level tells apart; `nil` beyond ten nodes, where they are more than 10¹².
  ///
  /// Source: OEIS A003024 (labelled), A007984 (Markov equivalence classes), A003087 (unlabelled).
  public static func graphs(nodeCount: Int, level: GraphLevel) -> UInt64? {
    let counts = tables[level] ?? []
    return counts.indices.contains(nodeCount - 1) ? counts[nodeCount - 1] : nil
  }

  private static let tables: [GraphLevel: [UInt64]] = [
    .exact: [
      1, 3, 25, 543, 29_281, 3_781_503, 1_138_779_265, 783_702_329_343, 1_213_442_454_842_881,
      4_175_098_976_430_598_143,
    ],
    .mec: [
      1, 2, 11, 185, 8782, 1_067_825, 312_510_571, 212_133_402_500, 326_266_056_291_213, 1_118_902_054_495_975_181,
    ],
    .iso: [1, 2, 6, 31, 302, 5984, 243_668, 20_286_025, 3_424_938_010, 1_165_948_612_902],
  ]
}
