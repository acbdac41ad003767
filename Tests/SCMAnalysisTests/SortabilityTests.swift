import SCMAnalysis
import SCMFamilies
import SCMGraphs
import SCMTestSupport
import Testing

/// The specification's vectors, which were checked against the reference package CausalDisco.
@Suite struct SortabilityTests {
  private static var example: AdjacencyMatrix {
    var graph = AdjacencyMatrix(nodeCount: 4)
    for (a, b) in [(0, 1), (0, 3), (1, 2), (2, 3)] { graph[a, b] = true }
    return graph
  }

  @Test(
    arguments: [
      ([1.0, 2, 3, 4], 1.0), ([4, 3, 2, 1], 0), ([7, 7, 7, 7], 0.5), ([1, 3, 2, 2], 0.6428571428571429),
      ([2, 1, 3, 1.5], 0.42857142857142855),
    ] as [([Double], Double)])
  func theExamplesHaveTheSpecificationsValues(scores: [Double], expected: Double) throws {
    let found = try #require(sortability(of: scores, in: Self.example))
    #expect(abs(found - expected) < 1e-15)
  }

  @Test func withoutEdgesItIsNotDefined() {
    #expect(sortability(of: [1, 2], in: AdjacencyMatrix(nodeCount: 2)) == nil)
    #expect(sortability(of: [], in: AdjacencyMatrix(nodeCount: 0)) == nil)
    #expect(sortability(of: [1], in: AdjacencyMatrix(nodeCount: 1)) == nil)
  }

  @Test func scoresWithinTheToleranceAreTied() {
    #expect(sortability(of: [1, 1.05, 1.1, 1.15], in: Self.example, tolerance: 0.2) == 0.5)
    let rounded = [1, 1 + 1e-7, 1 - 1e-7, 1 + 2e-7]
    #expect(sortability(of: rounded, in: Self.example) == 0.5)
    #expect(sortability(of: rounded.map { 1e-30 * $0 }, in: Self.example) == 0.5)
    #expect(sortability(of: rounded, in: Self.example, tolerance: 0) != 0.5)
  }

  /// Numerics §3.1: R² of every node on all others, from the closed-form covariance.
  @Test func explainedVariancesAreThoseOfTheLinearExample() throws {
    let family = try SCMFamily.linear(weights: LinearExample.weights, noiseVariances: LinearExample.noiseVariances)
    let task = try family.sampleTask(seed: 2)
    let samples = try task.sample(200_000)
    let explained = try #require(ColumnMoments(samples).explainedVariances)
    // sd of an R² is at most about 2(1 − R²)·R/√n, below 0.003 here; five of them.
    for (found, expected) in zip(explained, [0.7063142438, 0.7076023392, 0.9857397504, 0.9834819954]) {
      #expect(abs(found - expected) < 5 * 2 * (1 - expected) / 200_000.0.squareRoot() + 1e-6)
    }
    #expect(abs(try #require(sortability(of: explained, in: task.adjacency)) - 0.8) < 1e-12)
  }

  @Test func collinearColumnsHaveNoExplainedVariance() {
    let constant = SampleMatrix(rowCount: 50, columnCount: 3)
    #expect(ColumnMoments(constant).explainedVariances == nil)
    #expect(ColumnMoments(constant).variances == [0, 0, 0])
  }

  /// Numerics §3.3: the mean var-sortability of ER graphs with weights ±U(½, 2), noise variances U(½, 2).
  @Test func erdosRenyiFamiliesGiveTheirOrderAway() throws {
    let raw = try FamilySample(
      SCMFamily(FamilyConfig.preset("notears-linear")), taskCount: 60, rowCount: 500)
    #expect(DataDescriptorMeans(raw).varSortability > 0.93)
    #expect(DataDescriptorMeans(raw).r2Sortability > 0.75)
    let standardized = try FamilySample(SCMFamily(FamilyConfig.preset("iscm")), taskCount: 60, rowCount: 500)
    // All variances are 1, so that their order is chance.
    #expect(abs(DataDescriptorMeans(standardized).varSortability - 0.5) < 0.08)
    #expect(abs(DataDescriptorMeans(standardized).r2Sortability - 0.476) < 0.08)
  }
}

private struct DataDescriptorMeans {
  let varSortability: Double
  let r2Sortability: Double

  init(_ sample: FamilySample) {
    let n = Double(sample.data.count)
    varSortability = sample.data.reduce(0) { $0 + $1.varSortability } / n
    r2Sortability = sample.data.reduce(0) { $0 + $1.r2Sortability } / n
  }
}
