import SCMBase
import SCMExperiments
import SCMFamilies
import SCMRandom
import Testing

/// Holes, errors, bounds and bins against their laws, on linear Gaussian SCMs, whose columns are normal; the bands are 5σ.
@Suite struct ObservationTests {
  private let rows = 60_000

  private func instance(_ seed: UInt64, nodes: Int = 5, mode: String = "none") throws -> SCMInstance {
    try LinearSCM.family(nodes: nodes, ["standardization": .string(mode), "linear_bias": .number(1)]).sampleTask(
      seed: seed)
  }

  private func columns(_ observation: String, seed: UInt64, mode: String = "none") throws -> Columns {
    try Columns(
      #"{"n_samples": \#(rows), "observation": \#(observation), "outputs": ["complete"]}"#,
      of: instance(seed, mode: mode))
  }

  /// A share of independent rows.
  private func expectShare(_ flags: [Bool], _ share: Double, _ comment: Comment? = nil) {
    let found = Double(flags.count { $0 }) / Double(flags.count)
    #expect(abs(found - share) < 5 * (share * (1 - share) / Double(flags.count)).squareRoot(), comment)
  }

  @Test(arguments: ["mcar", "mar", "mnar", "graph"], [0.07, 0.4]) func ratesAreExact(kind: String, rate: Double) throws
  {
    for (seed, mode) in zip(0..<4 as Range<UInt64>, ["none", "inputs", "internal", "none"]) {
      let found = try columns(
        #"{"missing": "\#(kind)", "missing_rate": \#(rate), "missing_slope": 1.7, "missing_causes": 2, "missing_share": 0.6}"#,
        seed: seed, mode: mode)
      let holed = try found.indices.filter { try found.seen($0).contains(false) }
      #expect(holed.count == 3)
      for column in holed { try expectShare(found.seen(column), 1 - rate, "\(kind) \(seed) \(column)") }
    }
  }

  @Test func holesHaveTheirValueAndOthersTheirs() throws {
    for (hole, isHole) in [("zero", { (x: Double) in x == 0 }), ("nan", { $0.isNaN })] {
      let found = try columns(#"{"missing_value": "\#(hole)"}"#, seed: 3)
      let plain = try instance(3).sample(rows)
      for column in found.indices {
        let (x, complete, seen) = try (found("X", column), found("X_complete", column), found.seen(column))
        #expect(complete == plain.column(column).map(Double.init))
        #expect(zip(x, zip(complete, seen)).allSatisfy { x, other in other.1 ? x == other.0 : isHole(x) })
      }
    }
  }

  /// Whether or not the cell would have been seen, and whatever else is done to its column.
  @Test(arguments: [
    #"{"missing_rate": 0.99}"#, #"{"missing": "mar", "missing_share": 0.5}"#,
    #"{"missing": "none", "rounded_share": 1}"#,
  ])
  func valuesThatAreNotFiniteRefuseTheTask(observation: String) throws {
    let instance = try LinearSCM.family(
      nodes: 20,
      ["linear_weight_min": .number(1e6), "linear_weight_max": .number(1e6), "sparsity_param": .number(6)]
    ).sampleTask(seed: 3)
    let error = #expect(throws: SamplingError.self) {
      try Columns(#"{"n_samples": 40, "observation": \#(observation)}"#, of: instance)
    }
    #expect(error?.description.contains("has a value that is not finite") == true)
  }

  @Test(arguments: [-2.0, 0.5, 1, 3]) func ownValuesDecideByAProbit(slope: Double) throws {
    let found = try columns(#"{"missing": "mnar", "missing_rate": 0.3, "missing_slope": \#(slope)}"#, seed: 5)
    let law = TruncatedNormal(kept: 0.7, slope: slope)
    for column in found.indices {
      #expect(try found.causes(column) == [column])
      let x = try found("X_complete", column)
      let seen = try x.only(found.seen(column))
      let (mean, deviation) = (x.mean, x.variance.squareRoot())
      let n = Double(seen.count)
      // The moments of all rows vary too, hence √2; a variance has standard error at most √(2/n) here.
      #expect(abs((seen.mean - mean) / deviation - law.mean) < 5 * (2 / n).squareRoot())
      #expect(abs(seen.variance / x.variance - law.variance) < 5 * (4 / n).squareRoot())
    }
  }

  /// Given its causes, a column doesn't depend on whether it is seen; without them it does, where they are its ancestors.
  @Test func randomHolesDependOnTheirCausesAlone() throws {
    var dependent = 0
    for seed in 0..<6 as Range<UInt64> {
      let found = try columns(
        #"{"missing": "mar", "missing_rate": 0.4, "missing_slope": 2, "missing_share": 0.5}"#, seed: seed)
      for column in found.indices where try found.seen(column).contains(false) {
        let cause = try #require(found.causes(column).first)
        #expect(try !found.seen(cause).contains(false))
        let (x, z, seen) = try (found("X_complete", column), found("X", cause), found.seen(column))
        let slope = x.covariance(z) / z.variance
        let residual = zip(x, z).map { $0 - slope * $1 }
        let n = Double(seen.count { $0 })
        let error = (residual.variance / n).squareRoot()
        #expect(abs(residual.only(seen).mean - residual.mean) < 5 * error, "\(seed) \(column)")
        if abs(x.only(seen).mean - x.mean) > 5 * (x.variance / n).squareRoot() { dependent += 1 }
        let law = TruncatedNormal(kept: 0.6, slope: 2)
        #expect(
          abs(abs(z.only(seen).mean - z.mean) / z.variance.squareRoot() - law.mean) < 5 * (2 / n).squareRoot())
      }
    }
    #expect(dependent > 0)
  }

  @Test func severalCausesMakeOneStandardScore() throws {
    let found = try columns(
      #"{"missing": "graph", "missing_rate": 0.25, "missing_slope": 1.5, "missing_causes": 3}"#, seed: 8)
    let law = TruncatedNormal(kept: 0.75, slope: 1.5)
    for column in found.indices {
      let causes = try found.causes(column)
      #expect(causes.count == 3)
      let columns = try causes.map { try found("X_complete", $0) }
      let seen = try found.seen(column)
      // The signs are those of the score that the holes follow best.
      var best = 0.0
      for signs in 0..<4 {
        let weights = columns.enumerated().map {
          ($0.offset > 0 && signs >> ($0.offset - 1) & 1 == 1 ? -1 : 1) / $0.element.variance.squareRoot()
        }
        let score = (0..<rows).map { r in columns.indices.reduce(0) { $0 + weights[$1] * columns[$1][r] } }
        best = max(best, abs(score.only(seen).mean - score.mean) / score.variance.squareRoot())
      }
      #expect(abs(best - law.mean) < 5 * (2 / (0.75 * Double(rows))).squareRoot())
    }
  }

  /// The error-in-variables law: the slope on w = x + τη is that on x times σ²/(σ² + τ²) (Fuller, "Measurement error models", 1987).
  @Test(arguments: [0.3, 1]) func errorsAttenuateSlopes(ratio: Double) throws {
    let found = try columns(
      #"{"missing": "none", "error_share": 1, "error_ratio": \#(ratio)}"#, seed: 9, mode: "internal")
    for column in found.indices {
      let (w, x) = try (found("X", column), found("X_complete", column))
      let slope = w.covariance(x) / w.variance
      let expected = 1 / (1 + ratio * ratio)
      // The residual of x on w has variance σ²ρ²/(1 + ρ²), w has σ²(1 + ρ²).
      #expect(abs(slope - expected) < 5 * ratio / (1 + ratio * ratio) / Double(rows).squareRoot())
      #expect(abs(w.mean - x.mean) < 5 * ratio * (x.variance / Double(rows)).squareRoot())
    }
  }

  @Test(arguments: ["left", "right", "zero"]) func boundsHideTheirShare(side: String) throws {
    let found = try columns(
      #"{"missing": "none", "censored_share": 0.6, "censoring": "\#(side)", "censored_min": 0.2, "censored_max": 0.2}"#,
      seed: 10)
    var censored = 0
    for column in found.indices {
      let (x, complete) = try (found("X", column), found("X_complete", column))
      let isChanged = zip(x, complete).map { $0 != $1 }
      guard isChanged.contains(true) else { continue }
      censored += 1
      expectShare(isChanged, 0.2)
      let bounds = Set(x.only(isChanged))
      #expect(bounds.count == 1)
      let kept = complete.only(isChanged.map(!))
      let hidden = complete.only(isChanged)
      if side == "right" { #expect(hidden.min()! > kept.max()!) } else { #expect(hidden.max()! < kept.min()!) }
      switch side {
      case "left": #expect(bounds.first! > hidden.max()! && bounds.first! <= kept.min()!)
      case "right": #expect(bounds.first! < hidden.min()! && bounds.first! >= kept.max()!)
      default: #expect(bounds == [0])
      }
    }
    #expect(censored == 3)
  }

  /// Bins are those of the SCM, whatever an intervention does.
  @Test func binsAreFrozen() throws {
    let part = #""observation": {"missing": "none", "rounded_share": 1, "bins_min": 5, "bins_max": 5}"#
    let found = try Columns(#"{"n_samples": 20000, \#(part), "outputs": ["complete"]}"#, of: instance(11))
    let moved = try Columns(
      #"{"n_samples": 200, \#(part), "interventions": {"n_samples": 5000, "value_deviation": 20}}"#, of: instance(11))
    for column in found.indices {
      let (x, complete) = try (found("X", column), found("X_complete", column))
      let values = Set(x).sorted()
      #expect(values.count == 5)
      let steps = zip(values, values.dropFirst()).map { $1 - $0 }
      #expect(steps.allSatisfy { abs($0 / steps[0] - 1) < 1e-5 })
      #expect(try Set(moved("X", column)).isSubset(of: values))
      // Between the 1 % and 99 % quantiles of a normal law, which are 2.3263σ from its mean.
      let sigma = complete.variance.squareRoot()
      #expect(abs(steps[0] * 5 / (2 * 2.32634787 * sigma) - 1) < 5 * (1 / (2 * 20000.0)).squareRoot())
      #expect(
        zip(x, complete).allSatisfy { abs($0 - $1) <= steps[0] / 2 * 1.0001 || $0 == values[0] || $0 == values[4] })
    }
  }

  /// Without a closed form the rate is that of 256 calibration rows, whose share has standard error √(ρ(1-ρ)/256).
  @Test func otherLawsAreCalibrated() throws {
    let family = try SCMFamily(
      FamilyConfig(json: #"{"n_nodes": 6, "mechanism_proportions": {"mlp": 1}, "noise_type": "laplace"}"#))
    for kind in ["mar", "mnar", "graph"] {
      var errors: [Double] = []
      for seed in 0..<30 as Range<UInt64> {
        let found = try Columns(
          #"{"n_samples": 2000, "observation": {"missing": "\#(kind)", "missing_rate": 0.3, "missing_slope": 2, "missing_share": 0.5}}"#,
          of: family.sampleTask(seed: seed))
        for column in found.indices where try found.seen(column).contains(false) {
          errors.append(try Double(found.seen(column).count { !$0 }) / 2000 - 0.3)
        }
      }
      let one = (0.21 / 256 + 0.21 / 2000).squareRoot()
      #expect(errors.count == 90 && errors.allSatisfy { abs($0) < 5 * one })
      // A quantile of 256 numbers is half a number off at most; three columns of a task share their calibration rows.
      #expect(abs(errors.mean) < 1.0 / 512 + 5 * one / 30.0.squareRoot())
    }
  }
}
