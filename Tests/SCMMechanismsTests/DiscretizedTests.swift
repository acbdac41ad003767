import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct DiscretizedTests {
  private let linear = LinearMechanism(weights: [1.5], bias: 0.5, noiseScale: 1)

  @Test func aValueIsTheNumberOfEdgesBelowIt() throws {
    let columns = [normalColumn(3000, site: 1), normalColumn(3000, site: 2)]
    let cut = try #require(
      DiscretizedMechanism(linear, levels: [0.1, 0.5, 0.9]).anchored(at: columns) as? DiscretizedMechanism)
    let edges = try #require(cut.edges)
    #expect(cut.values == .classes(4) && !cut.needsAnchors)
    let raw = evaluate(linear, columns)
    for (value, number) in zip(raw, evaluate(cut, columns)) { #expect(Int(number) == edges.count { value > $0 }) }
    // Edges are quantiles of the rows that they are from: so many lie below, within one.
    for (level, edge) in zip([0.1, 0.5, 0.9], edges) {
      #expect(abs(Double(raw.count { $0 <= edge }) - 3000 * level) <= 1)
    }
  }

  @Test func edgesStayWhateverRowsCome() throws {
    let columns = [normalColumn(200, site: 1), normalColumn(200, site: 2)]
    let cut = try #require(DiscretizedMechanism(linear, levels: [0.5]).anchored(at: columns) as? DiscretizedMechanism)
    let far = evaluate(cut, [[Float](repeating: 100, count: 20), [Float](repeating: 0, count: 20)])
    #expect(far.allSatisfy { $0 == 1 })
    #expect(!evaluate(cut, [[.nan], [0]])[0].isFinite)
  }

  @Test func whatIsCutMayItselfNeedRows() throws {
    let tree = TreeModel().makeMechanism(parentCount: 1, node: 1, key: TaskKey(seed: 3))
    let columns = [normalColumn(300, site: 1), normalColumn(300, site: 2)]
    let cut = try #require(DiscretizedMechanism(tree, levels: [0.3]).anchored(at: columns) as? DiscretizedMechanism)
    let anchored = try #require(tree.anchored(at: columns))
    #expect(cut.inner.parameters == anchored.parameters)
  }
}
