import SCMDatasets
import SCMExperiments
import SCMFamilies
import Testing

/// How nodes are dealt out to regimes.
@Suite struct AllocationTests {
  /// Which nodes share a regime is drawn: of four nodes in two regimes, the first has each of the others beside it once in three
  /// tasks. Regimes of one target have each node once in four.
  @Test func allocationsAreDrawn() throws {
    let tasks = 1200
    let family = try SCMFamily(FamilyConfig(json: #"{"n_nodes": 4, "sparsity_param": 1}"#))
    func targets(_ part: String, rows: Int) throws -> [ArraySlice<Bool>] {
      let data = try family.experiments(
        Design(json: "{\"n_samples\": 1, \"interventions\": {\"n_samples\": \(rows), \"regimes\": \(rows), \(part)}}"),
        seeds: (0..<UInt64(tasks)).map { $0 })
      let flags = try #require(data.flags("targets"))
      let size = 4 * (rows + 1)
      #expect(flags.count == tasks * size)
      return (0..<tasks).map { flags[($0 * size + 4)..<(($0 + 1) * size)] }
    }
    func holds(_ count: Int, _ share: Double) -> Bool {
      abs(Double(count) / Double(tasks) - share) < 5 * (share * (1 - share) / Double(tasks)).squareRoot()
    }
    let pairs = try targets(#""allocation": "every_node""#, rows: 2)
    for other in 1..<4 {
      #expect(holds(pairs.count { $0[$0.startIndex] == $0[$0.startIndex + other] }, 1.0 / 3))
    }
    for allocation in ["balanced", "uniform"] {
      let single = try targets("\"allocation\": \"\(allocation)\"", rows: 1)
      for node in 0..<4 { #expect(holds(single.count { $0[$0.startIndex + node] }, 0.25), "\(allocation)") }
    }
  }
}
