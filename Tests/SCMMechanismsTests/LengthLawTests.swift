import SCMBase
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// The hyper-priors of length scales, read off exact processes, which keep their kernels.
@Suite struct LengthLawTests {
  private func lengths(_ law: LengthLaw) throws -> [Double] {
    var model = GaussianProcessModel.gpcde
    model.mode = .exact
    model.law.kernels = [.rbf, .matern12]
    model.law.length = law
    return try (0..<1000).flatMap { seed in
      let made = model.makeMechanism(parentCount: 1, node: 0, key: TaskKey(seed: UInt64(seed)))
      return try #require(made as? GaussianProcessMechanism).process.kernel.terms.flatMap(\.lengths)
    }
  }

  @Test(arguments: [
    (LengthLaw(form: .uniform, first: 2, second: 5), 3.5, 0.75),
    (LengthLaw(form: .gamma, first: 2, second: 0.5), 1, 0.5),
    // exp(½σ²), (exp(σ²) − 1)·exp(σ²) with σ = ½.
    (LengthLaw(form: .logNormal, first: 0, second: 0.5), 1.1331484530668263, 0.36469638),
  ])
  func hasItsMeanAndVariance(law: LengthLaw, mean: Double, variance: Double) throws {
    let lengths = Sample(try lengths(law))
    #expect(lengths.count == 4000)
    #expect(abs(lengths.deviationsFromMean(mean)) < 5)
    #expect(abs(lengths.deviationsFromVariance(variance)) < 5)
  }

  @Test func everyKernelAndInputHasItsOwn() throws {
    #expect(Set(try lengths(LengthLaw(form: .gamma, first: 2, second: 0.5))).count == 4000)
  }

  @Test func staysWithinItsBounds() throws {
    let lengths = try lengths(LengthLaw(form: .gamma, first: 1, second: 3, least: 1, most: 2))
    #expect(lengths.allSatisfy { (1...2).contains($0) } && lengths.contains(1) && lengths.contains(2))
  }

  @Test(arguments: [("gp_length_first", -1.0, 1.0), ("gp_length_second", 1, 0)])
  func refusesAGammaLawWithoutPositiveParameters(path: String, first: Double, second: Double) {
    var model = GaussianProcessModel.gp
    model.law.length = LengthLaw(form: .gamma, first: first, second: second)
    let error = #expect(throws: ConfigError.self) { try model.check() }
    #expect(error?.path == path)
  }
}
