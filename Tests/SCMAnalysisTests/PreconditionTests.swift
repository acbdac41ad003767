import SCMAnalysis
import SCMBase
import SCMDatasets
import SCMExperiments
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom
import Testing

/// Documented preconditions end the process in release builds, where the targets with kernels drop those of `precondition`: these calls gave
/// a graph of −1 nodes, "separated" of a node that isn't there, eigenvalues of memory behind the matrix, or wrote past an array.
@Suite struct PreconditionTests {
  @Test func sizesAreNotNegative() async {
    await #expect(processExitsWith: .failure) { _ = AdjacencyMatrix(nodeCount: -1) }
    await #expect(processExitsWith: .failure) { _ = SampleMatrix(rowCount: -1, columnCount: -1).values }
    await #expect(processExitsWith: .failure) { _ = TaskKey(seed: 1).normals(count: -1, purpose: .user) }
    await #expect(processExitsWith: .failure) {
      var words = TaskKey(seed: 1).words(purpose: .user)
      _ = words.permutation(of: -1)
    }
    await #expect(processExitsWith: .failure) {
      _ = TaskBatch(try SCMFamily(FamilyConfig()), taskCount: -1, sampleCount: -1)
    }
  }

  @Test func nodesAreThoseOfTheGraph() async {
    await #expect(processExitsWith: .failure) {
      _ = try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 3)).isSeparated(0, 3, given: [])
    }
    await #expect(processExitsWith: .failure) {
      _ = try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 3)).isSeparated(0, 1, given: [0])
    }
    await #expect(processExitsWith: .failure) {
      _ = Adjustment(in: try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 3)), treatment: 0, outcome: 3)
    }
    await #expect(processExitsWith: .failure) {
      let graph = try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 3))
      _ = Adjustment(in: graph, treatment: 0, outcome: 1).adjustmentSet(hiding: [3])
    }
    await #expect(processExitsWith: .failure) {
      _ = LatentProjection(of: try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 3)), hiding: [3])
    }
    await #expect(processExitsWith: .failure) { _ = AdjacencyMatrix(nodeCount: 3).cpdag(targets: [[3]]) }
  }

  @Test func sizesFitEachOther() async {
    await #expect(processExitsWith: .failure) {
      _ = PeriodicMechanism(amplitudes: [1], frequencies: [], phases: [1], additiveNoise: AdditiveNoise(scale: 1))
    }
    await #expect(processExitsWith: .failure) {
      _ = SigmoidAdditiveMechanism(heights: [1], slopes: [1], shifts: [], additiveNoise: AdditiveNoise(scale: 1))
    }
    await #expect(processExitsWith: .failure) {
      _ = PolynomialMechanism(coefficients: [1], degree: 0, additiveNoise: AdditiveNoise(scale: 1))
    }
    await #expect(processExitsWith: .failure) {
      _ = QuadraticMechanism(weights: [1, 2], pairs: [1], additiveNoise: AdditiveNoise(scale: 1))
    }
    await #expect(processExitsWith: .failure) {
      _ = TreeMechanism(
        parentCount: 1, depth: 1, splits: [1], levels: [0.5], leaves: [0, 1], additiveNoise: AdditiveNoise(scale: 1))
    }
    await #expect(processExitsWith: .failure) {
      _ = TableMechanism(parentClasses: [2], classCount: 2, probabilities: [0.5, 0.5])
    }
    await #expect(processExitsWith: .failure) {
      _ = FourierFunction(dimensions: 2, frequencies: [1], phases: [1], amplitudes: [1])
    }
    await #expect(processExitsWith: .failure) { _ = MixedMechanisms([(LinearModel(), 0)]) }
    await #expect(processExitsWith: .failure) { _ = symmetricEigenvalues([1, 2, 3], count: 2) }
    await #expect(processExitsWith: .failure) {
      _ = NormalLaw(mean: [0], covariance: [1]).divergence(from: NormalLaw(mean: [0, 0], covariance: [1, 0, 0, 1]))
    }
    await #expect(processExitsWith: .failure) {
      _ = DataDescriptors(SampleMatrix(rowCount: 3, columnCount: 2), graph: AdjacencyMatrix(nodeCount: 5))
    }
  }

  /// What throws anyway says so.
  @Test func negativeNumbersAreRefused() throws {
    let family = try SCMFamily(FamilyConfig())
    let sample = try FamilySample(family, taskCount: 2, rowCount: 0)
    let design = try Design(json: #"{"n_samples": 4}"#)
    let designs = try DesignSample(family, design, taskCount: 2)
    let calls: [(String, () throws -> Any)] = [
      ("taskCount", { try FamilySample(family, taskCount: -1) }),
      ("rowCount", { try FamilySample(family, taskCount: 1, rowCount: -1) }),
      ("taskCount", { try DesignSample(family, design, taskCount: -1) }),
      ("permutations", { try FamilyDistance(sample, sample, permutations: -1) }),
      ("bootstraps", { try DesignDistance(designs, designs, bootstraps: -1) }),
      ("draws", { try ReservedMass(family, reserved: HashRegistry(), draws: -1) }),
    ]
    for (name, call) in calls {
      let error = #expect(throws: ConfigError.self) { try call() }
      #expect(error?.description == "\(name) = -1: must be at least 0.")
    }
  }

  /// So that a child that ended for another reason would be seen.
  @Test func whatHoldsThemGoesOn() async {
    await #expect(processExitsWith: .success) {
      let graph = try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 3))
      _ = (graph.isSeparated(0, 2, given: [1]), AdjacencyMatrix(nodeCount: 0), symmetricEigenvalues([1], count: 1))
      _ = (graph.adjacency.cpdag(targets: [[2]]), TaskKey(seed: 1).normals(count: 0, purpose: .user))
      _ = DataDescriptors(SampleMatrix(rowCount: 3, columnCount: 3), graph: graph.adjacency)
      let noise = AdditiveNoise(scale: 1)
      _ = PeriodicMechanism(amplitudes: [1], frequencies: [1], phases: [1], additiveNoise: noise)
      _ = SigmoidAdditiveMechanism(heights: [1], slopes: [1], shifts: [1], additiveNoise: noise)
      _ = PolynomialMechanism(coefficients: [1, 2], degree: 2, additiveNoise: noise)
      _ = QuadraticMechanism(weights: [1], pairs: [1], additiveNoise: noise)
      _ = TreeMechanism(
        parentCount: 2, depth: 1, splits: [1], levels: [0.5], leaves: [0, 1], additiveNoise: noise)
      _ = TableMechanism(parentClasses: [2], classCount: 2, probabilities: [0.5, 0.5, 0, 1])
      _ = (
        FourierFunction(dimensions: 2, frequencies: [1, 2], phases: [1], amplitudes: [1]),
        MixedMechanisms([(LinearModel(), 1)])
      )
    }
  }
}
