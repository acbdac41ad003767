import SCMBase
import SCMExperiments
import SCMFamilies
import SCMGraphs
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct SelectionTests {
  private func instance(_ seed: UInt64) throws -> SCMInstance {
    try LinearSCM.family(nodes: 4, ["linear_bias": .number(2)]).sampleTask(seed: seed)
  }

  /// A row needs geometrically many draws, and what is kept of its cause is a truncated normal; the bands are 5σ.
  @Test(arguments: [(0.5, 1.0), (0.1, 2.0), (0.8, -3.0)]) func keptRowsHaveTheirLaw(kept: Double, slope: Double) throws
  {
    let rows = 30_000
    let instance = try instance(2)
    let found = try Columns(
      #"{"n_samples": \#(rows), "selection": {"kept": \#(kept), "slope": \#(slope)}}"#, of: instance)
    let plain = try Columns(#"{"n_samples": \#(rows)}"#, of: instance)
    let tries = try found.tries().map(Double.init)
    #expect(abs(tries.mean - 1 / kept) < 5 * ((1 - kept) / (kept * kept) / Double(rows)).squareRoot())
    #expect(
      abs(Double(tries.count { $0 == 1 }) / Double(rows) - kept) < 5 * (kept * (1 - kept) / Double(rows)).squareRoot())
    let law = TruncatedNormal(kept: kept, slope: slope)
    let shifts = try found.indices.map { column in
      let all = try plain("X", column)
      return try abs(found("X", column).mean - all.mean) / all.variance.squareRoot()
    }
    // The cause is the variable that moves most: others move as far as they are correlated with it.
    let cause = try #require(found.indices.max { shifts[$0] < shifts[$1] })
    #expect(abs(shifts[cause] - abs(law.mean)) < 5 * (2 / Double(rows)).squareRoot())
    let ratio = try found("X", cause).variance / plain("X", cause).variance
    #expect(abs(ratio - law.variance) < 5 * (4 / Double(rows)).squareRoot())
  }

  /// Each row is decided for itself: fewer rows, other parts and more outputs move no bit of one.
  @Test func aRowIsTheSameWhateverStandsBeside() throws {
    let instance = try instance(3)
    let part = #""selection": {"kept": 0.3, "causes": 2}"#
    let all = try instance.run(Design(json: #"{"n_samples": 1500, \#(part)}"#))
    let few = try instance.run(
      Design(json: #"{"n_samples": 333, \#(part), "interventions": {"n_samples": 50}, "outputs": ["truth_noise"]}"#))
    let (x, y) = try (#require(all.floats("X")), #require(few.floats("X")))
    #expect(y.prefix(333 * 4).elementsEqual(x.prefix(333 * 4)))
    let (a, b) = try (#require(all.integers("tries")), #require(few.integers("tries")))
    #expect(b.prefix(333).elementsEqual(a.prefix(333)))
    let plain = try instance.sample(1500)
    for row in 0..<1500 {
      let isFirst = (0..<4).allSatisfy { x[row * 4 + $0] == plain[row, $0] }
      #expect(isFirst == (a[row] == 1))
    }
  }

  /// A row that was drawn t times is that of its t-th draw, from whatever words it is made, and whether it has led to its selection or not.
  @Test(
    arguments: [
      ["mechanism_proportions": ["linear": 1, "mlp": 1]], ["noise_type": "student_t"],
      ["noise_type": "gaussian_mixture", "root_noise_type": "gumbel"],
      ["mechanism_proportions": ["gpcde": 1], "gpcde_noise_scale_law": "gamma_per_row"],
      ["mechanism_proportions": ["categorical": 1, "count": 1, "linear": 1]],
      // Where its inputs are an anchor's, what an exact process makes of a row is told by the row's number.
      ["mechanism_proportions": ["gp": 1, "binary": 2], "gp_mode": "exact", "calibration_rows": 64],
    ] as [[String: JSONValue]])
  func aRowIsThatOfTheDrawInWhichItWasKept(_ members: [String: JSONValue]) throws {
    let (nodes, rows) = (6, 600)
    let family = try SCMFamily(FamilyConfig(["n_nodes": .integer(nodes)].merging(members) { $1 }))
    for seed in 1...4 as ClosedRange<UInt64> {
      let instance = try family.sampleTask(seed: seed)
      let found = try instance.run(
        Design(
          json: #"{"n_samples": \#(rows), "selection": {"kept": 0.3, "causes": \#(seed)}, "outputs": ["truth_noise"]}"#),
        draw: 5)
      let tries = try #require(found.integers("tries"))
      #expect(try #require(tries.max()) > 3)
      for number in Set(tries) {
        let draw = number == 1 ? 5 : 0xC000_0000 + 5 << 12 + UInt32(number - 1)
        let plain = try instance.run(Design(json: #"{"n_samples": \#(rows), "outputs": ["truth_noise"]}"#), draw: draw)
        for name in ["X", "truth_noise"] {
          let (x, y) = try (#require(found.floats(name)), #require(plain.floats(name)))
          let wrong = tries.indices.filter { row in
            tries[row] == number && x[(row * nodes)..<(row * nodes + nodes)] != y[(row * nodes)..<(row * nodes + nodes)]
          }
          #expect(wrong.isEmpty, "\(name) of task \(seed), rows \(wrong.prefix(5)), drawn \(number) times")
        }
      }
    }
  }

  /// The noise that is told is that of the draw that was kept: roots are it, times their size.
  @Test func toldNoiseIsThatOfTheKeptDraw() throws {
    let family = try LinearSCM.family(nodes: 4)
    let instance = try family.sampleTask(seed: 5)
    let data = try instance.run(
      Design(json: #"{"n_samples": 600, "selection": {"kept": 0.2}, "outputs": ["truth_noise"]}"#))
    let (x, noise) = try (#require(data.floats("X")), #require(data.floats("truth_noise")))
    for node in 0..<4 where instance.parents[node].isEmpty {
      #expect(
        stride(from: node, to: 2400, by: 4).allSatisfy { abs(x[$0] - noise[$0] * (x[node] / noise[node])) < 1e-5 })
    }
    #expect(try #require(data.integers("tries")).contains { $0 > 5 })
  }

  @Test func experimentsSelectNoRow() throws {
    let part = #""interventions": {"n_samples": 400, "regimes": 4, "order": "shuffled"}"#
    let instance = try instance(2)
    let selected = try instance.run(Design(json: #"{"n_samples": 300, "selection": {"kept": 0.05}, \#(part)}"#))
    let plain = try instance.run(Design(json: #"{"n_samples": 300, \#(part)}"#))
    let (x, y) = try (#require(selected.floats("X")), #require(plain.floats("X")))
    let (tries, regimes) = try (#require(selected.integers("tries")), #require(plain.integers("regime")))
    #expect(selected.integers("regime") == regimes)
    for row in 0..<700 where regimes[row] > 0 {
      #expect(tries[row] == 1 && x[(row * 4)..<(row * 4 + 4)].elementsEqual(y[(row * 4)..<(row * 4 + 4)]))
    }
    #expect((0..<700).contains { regimes[$0] == 0 && tries[$0] > 20 })
  }
}
