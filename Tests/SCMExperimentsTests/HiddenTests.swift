import SCMBase
import SCMDatasets
import SCMExperiments
import SCMFamilies
import SCMGraphs
import SCMRandom
import Testing

@Suite struct HiddenTests {
  private func family() throws -> SCMFamily {
    try SCMFamily(FamilyConfig(json: #"{"n_nodes": 9, "mechanism_proportions": {"linear": 1, "mlp": 1}}"#))
  }

  /// What is shown are the columns of the whole task, to the bit, and the projection of its graph.
  @Test(arguments: ["any", "sources", "confounders"], [UInt64](0..<8)) func shownColumnsAreTheWholeTasks(
    which: String, seed: UInt64
  ) throws {
    let instance = try family().sampleTask(seed: seed)
    let parts = #""interventions": {"n_samples": 30, "regimes": 9, "values_per": "regime"}, "counterfactuals": {}"#
    let whole = try instance.run(Design(json: #"{"n_samples": 600, \#(parts)}"#))
    let part = try instance.run(
      Design(json: #"{"n_samples": 600, "hidden": {"count": 3, "which": "\#(which)"}, \#(parts)}"#))
    let count = try #require(part.integers("n_nodes"))[0]
    let width = try #require(part.shape("X"))[1]
    #expect(width == (which == "any" ? 6 : 9))
    // The hidden nodes are found by their columns.
    let (all, x) = try (#require(whole.floats("X")), #require(part.floats("X")))
    func column(_ values: [Float], _ width: Int, _ j: Int) -> [UInt32] {
      stride(from: j, to: values.count, by: width).map { values[$0].bitPattern }
    }
    let shown = (0..<count).compactMap { j in (0..<9).first { column(all, 9, $0) == column(x, width, j) } }
    #expect(shown.count == count && shown == shown.sorted())
    let hidden = (0..<9).filter { !shown.contains($0) }
    let isSource = (0..<9).map { instance.parents[$0].isEmpty }
    if which != "any" { #expect(hidden.allSatisfy { isSource[$0] }) }
    if which == "confounders" { #expect(hidden.allSatisfy { instance.adjacency.children(of: $0).count >= 2 }) }
    let projection = LatentProjection(of: instance.graph, hiding: hidden)
    let (directed, bidirected, ancestors) = try (
      #require(part.flags("directed")), #require(part.flags("bidirected")), #require(part.flags("ancestors"))
    )
    for i in 0..<count {
      for j in 0..<count {
        #expect(directed[i * width + j] == projection.directed[i, j])
        #expect(bidirected[i * width + j] == projection.bidirected[i, j])
        #expect(ancestors[i * width + j] == instance.graph.ancestors[shown[i], shown[j]])
      }
    }
    for name in ["X_counterfactual", "values"] {
      let (a, b) = try (#require(whole.floats(name)), #require(part.floats(name)))
      for (j, node) in shown.enumerated() { #expect(column(a, 9, node) == column(b, width, j)) }
    }
  }

  /// A share is uniform over its range: the mean number of hidden nodes is that of the rounded share.
  @Test func sharesAreUniform() throws {
    let tasks = 600
    let data = try family().experiments(
      Design(json: #"{"n_samples": 1, "hidden": {"share": 0, "share_max": 0.3}}"#),
      seeds: (0..<UInt64(tasks)).map { $0 })
    let counts = try #require(data.integers("n_nodes")).map { 9 - $0 }
    // 9u for u in (0, 0.3), rounded: 0 below 0.5/2.7, 1 below 1.5/2.7, 2 below 2.5/2.7, else 3.
    let shares = [0.5 / 2.7, 1 / 2.7, 1 / 2.7, 0.2 / 2.7]
    for (hidden, share) in shares.enumerated() {
      let found = Double(counts.count { $0 == hidden })
      #expect(abs(found - share * Double(tasks)) < 5 * (share * (1 - share) * Double(tasks)).squareRoot())
    }
  }

  @Test func knowledgeNeverContradictsTheTruth() throws {
    var (known, pairs) = (0, 0)
    for seed in 0..<60 as Range<UInt64> {
      let data = try family().experiments(
        Design(json: #"{"n_samples": 1, "knowledge": {"unknown_min": 0.6, "unknown_max": 0.6}}"#), seeds: [seed])
      let (knowledge, truth) = try (#require(data.integers("knowledge")), #require(data.floats("adjacency")))
      for place in knowledge.indices where place / 9 != place % 9 {
        if knowledge[place] >= 0 {
          #expect(Float(knowledge[place]) == truth[place])
          known += 1
        }
        pairs += 1
      }
    }
    // At least each pair's own chance of 0.4; what follows from others is known too.
    #expect(Double(known) > 0.4 * Double(pairs) - 5 * (0.24 * Double(pairs)).squareRoot())
  }
}
