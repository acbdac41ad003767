public import SCMGraphs

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
