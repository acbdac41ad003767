import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// A law of the noise of nodes without parents alone.
@Suite struct RootNoiseTests {
  private let rows = 60_000

  /// E x⁴ and E x⁸ of a law with mean 0 and variance 1; of a mixture those of a node's own components.
  private static func moments(_ kind: String, _ instance: SCMInstance, _ node: Int) -> (fourth: Double, eighth: Double)
  {
    switch kind {
    case "laplace": (6, 2520)  // (2k)! / 2ᵏ
    case "uniform": (9.0 / 5, 9)  // 3ᵏ / (2k + 1)
    case "exponential": (9, 14_833)  // Derangements of 4 and of 8.
    case "gaussian_mixture": mixture(instance, node)
    default: (3, 105)
    }
  }

  /// E xⁿ = mean over components of Σ C(n, 2k) mⁿ⁻²ᵏ s²ᵏ (2k − 1)‼.
  private static func mixture(_ instance: SCMInstance, _ node: Int) -> (fourth: Double, eighth: Double) {
    let parts = GaussianMixtureNoise().components(key: TaskKey(seed: instance.seed), site: UInt32(node))
    let v = parts.deviation * parts.deviation
    let eighths = parts.means.map { mean in
      let m = mean * mean
      return m * m * m * m + 28 * m * m * m * v + 210 * m * m * v * v + 420 * m * v * v * v + 105 * v * v * v * v
    }
    return (parts.kurtosis, eighths.reduce(0, +) / Double(eighths.count))
  }

  private func family(_ options: String) throws -> SCMFamily {
    try SCMFamily(json: #"{"n_nodes": 6, "sparsity_param": 0.8, "root_policy": "noise", \#(options)}"#)
  }

  /// Mean 0, variance 1 and the kurtosis in closed form; standard errors of the means of x, x² and x⁴ over n independent rows are
  /// √(1/n), √((E x⁴ − 1)/n) and √((E x⁸ − (E x⁴)²)/n).
  @Test(arguments: ["gaussian", "laplace", "uniform", "exponential", "gaussian_mixture"])
  func rootsHaveTheirOwnLaw(kind: String) throws {
    let family = try family(#""root_noise_type": "\#(kind)", "noise_type": "logistic""#)
    for seed in 0..<3 as Range<UInt64> {
      let instance = try family.sampleTask(seed: seed)
      let samples = try instance.sample(rows)
      for node in 0..<6 where instance.parents[node].isEmpty {
        let (fourth, eighth) = Self.moments(kind, instance, node)
        let x = samples.column(node).map(Double.init)
        let n = Double(rows)
        let powers = x.reduce((0.0, 0.0, 0.0)) { ($0.0 + $1, $0.1 + $1 * $1, $0.2 + $1 * $1 * $1 * $1) }
        #expect(abs(powers.0 / n) < 5 * (1 / n).squareRoot())
        #expect(abs(powers.1 / n - 1) < 5 * ((fourth - 1) / n).squareRoot())
        #expect(abs(powers.2 / n - fourth) < 5 * ((eighth - fourth * fourth) / n).squareRoot(), "\(fourth)")
      }
    }
  }

  @Test(arguments: NoiseLaws.kinds, [#""linear": 1"#, #""mlp": 1, "gpcde": 1"#])
  func otherNodesKeepTheirNoiseAndMechanismsToTheBit(kind: String, mechanisms: String) throws {
    let shared = #""mechanism_proportions": {\#(mechanisms)}, "mlp_hidden": [3], "gpcde_features": 8"#
    let (plain, other) = (
      try family(shared).sampleTask(seed: 5),
      try family(#""root_noise_type": "\#(kind)", \#(shared)"#).sampleTask(seed: 5)
    )
    #expect(plain.graph == other.graph)
    #expect(plain.mechanisms.map(\.parameters) == other.mechanisms.map(\.parameters))
    let law = try #require(NoiseLaws.named(kind)).init()
    let (a, b) = (try plain.sampleWithNoise(70, first: 3), try other.sampleWithNoise(70, first: 3))
    var roots = 0
    for node in 0..<6 {
      if plain.parents[node].isEmpty {
        var expected = [Float](repeating: 0, count: 70)
        NoiseSource(law).fill(&expected, first: 3, key: TaskKey(seed: 5), site: UInt32(node))
        #expect(b.samples.column(node) == expected)
        roots += 1
      } else {
        #expect(a.noise[node] == b.noise[node])
      }
    }
    #expect(roots > 0 && roots < 6)
  }

  @Test func underTheMechanismPolicyRootsScaleIt() throws {
    let options = #""n_nodes": 5, "sparsity_param": 0, "noise_type": "logistic""#
    let family = try SCMFamily(json: #"{\#(options), "root_noise_type": "uniform"}"#)
    let instance = try family.sampleTask(seed: 3)
    let samples = try instance.sample(2000)
    for node in 0..<5 {
      let linear = try #require(instance.mechanisms[node] as? LinearMechanism)
      let bound = 3.0.squareRoot() * Double(linear.noiseScale)
      let most = samples.column(node).map { abs(Double($0)) }.max() ?? 0
      #expect(most < bound * (1 + 1e-6) && most > 0.99 * bound)
    }
  }

  @Test func rootsHaveTheScaleThatIsAskedFor() throws {
    let plain = try family(#""root_noise_type": "uniform""#).sampleTask(seed: 9)
    let scaled = try family(#""root_noise_type": "uniform", "root_noise_scale": 0.25"#).sampleTask(seed: 9)
    let (one, quarter) = (try plain.sample(500), try scaled.sample(500))
    for node in 0..<6 where plain.parents[node].isEmpty {
      #expect(quarter.column(node) == one.column(node).map { 0.25 * $0 })
    }
  }

  /// All laws have variance 1, so the closed form of internal standardisation is the same.
  @Test func standardisationKnowsTheRootsVariance() throws {
    let options = #""root_noise_type": "laplace", "root_noise_scale": 3, "standardization": "internal""#
    let instance = try family(options).sampleTask(seed: 2)
    let samples = try instance.sample(rows)
    for node in 0..<6 { #expect(abs(Sample(samples.column(node)).deviationsFromVariance(1)) < 5, "\(node)") }
  }

  @Test func aLawOfRootsIsReadWrittenAndRefusedInWords() throws {
    let config = try FamilyConfig(json: #"{"root_noise_type": "student_t", "noise_degrees_of_freedom": 7}"#)
    #expect(config.relevantMembers["root_noise_type"] == .string("student_t"))
    #expect(config.relevantMembers["noise_degrees_of_freedom"] == .number(7))
    #expect(try FamilyConfig(json: config.canonicalJSON) == config)
    #expect(config.fingerprint != (try FamilyConfig(json: #"{"root_noise_type": "student_t"}"#).fingerprint))
    let error = try #require(throws: ConfigError.self) { try FamilyConfig(json: #"{"root_noise_type": "cauchi"}"#) }
    #expect("\(error)".contains("root_noise_type") && "\(error)".contains("did you mean cauchy?"))
  }
}
