import SCMFamilies
import SCMTestSupport
import Testing

/// A value that is not finite is an error that says where.
@Suite struct NonFiniteTests {
  private static let exploding = #"{"n_nodes": 30, "sparsity_param": 14.5, "linear_weight_scale": 1000000}"#

  @Test func overflowIsAnErrorThatNamesSeedNodeAndMechanism() throws {
    let instance = try SCMFamily(json: Self.exploding).sampleTask(seed: 99)
    let error = try #require(throws: SamplingError.self) { try instance.sample(10) }
    // A complete graph: the first places of the order are finite still.
    let node = try #require(
      instance.topologicalOrder.first { error.description.contains("node \($0) (linear)") })
    #expect(instance.topologicalOrder.firstIndex(of: node) ?? 0 > 3)
    #expect(error.description.hasPrefix("task seed 99: "))
    #expect(error.description.contains("not finite"))
  }

  /// A polynomial of a polynomial … leaves Float32's range: it is refused, and never cut to a constant.
  @Test(arguments: [
    #""mechanism_proportions": {"polynomial": 1}, "polynomial_degree": 6, "polynomial_weight_scale": 2"#,
    #""mechanism_proportions": {"log_space": 1}, "log_space_weight_scale": 3, "log_space_offset": 0"#,
  ]) func divergenceIsRefused(options: String) throws {
    let family = try SCMFamily(json: #"{"n_nodes": 30, "sparsity_param": 8, \#(options)}"#)
    let errors = (0..<20).compactMap { seed -> String? in
      do {
        let values = try family.sampleTask(seed: UInt64(seed)).sample(300).values
        #expect(values.allSatisfy { $0.isFinite })
        return nil
      } catch { return "\(error)" }
    }
    #expect(errors.count > 10)
    #expect(errors.allSatisfy { $0.contains("not finite") && $0.contains("task seed ") })
  }

  @Test func theErrorIsTheSameEveryTime() throws {
    let family = try SCMFamily(json: Self.exploding)
    let errors = try (0..<3).map { _ in
      try #require(throws: SamplingError.self) { try family.sampleTask(seed: 5).sample(700) }
    }
    #expect(Set(errors.map(\.description)).count == 1)
  }

  @Test func calibrationMeetsItToo() throws {
    let family = try SCMFamily(
      json: """
        {"n_nodes": 30, "sparsity_param": 14.5, "linear_weight_scale": 1000000,
         "mechanism_proportions": {"linear": 0.9, "mlp": 0.1}, "standardization": "inputs", "mlp_init": "n01",
         "noise_variance_scale": 1000000, "noise_type": "cauchy"}
        """)
    // Standardised inputs keep these finite; whatever happens, it is an error in words or finite rows.
    for seed in 0..<20 as Range<UInt64> {
      do {
        let samples = try family.sampleTask(seed: seed).sample(100)
        let isFinite = samples.values.allSatisfy { $0.isFinite }
        #expect(isFinite, "seed \(seed)")
      } catch let error as SamplingError {
        #expect(error.description.contains("task seed \(seed): node "))
      }
    }
  }
}
