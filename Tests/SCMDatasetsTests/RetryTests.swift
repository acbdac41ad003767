import SCMDatasets
import SCMFamilies
import SCMGraphs
import SCMRandom
import SCMTestSupport
import Testing

/// A task whose graph is reserved is drawn again, in its own slot.
@Suite struct RetryTests {
  private let family: SCMFamily
  private let seeds = SeedSequence.training(base: 0)

  init() throws { family = try SCMFamily(json: #"{"n_nodes": 4, "sparsity_param": 0.75}"#) }

  @Test func aRejectedTaskTakesItsOwnRetrySeedsAndOtherTasksKeepTheirs() throws {
    let victim = try family.sampleTask(seed: seeds[3])
    var reserved = HashRegistry()
    reserved.add(victim.adjacency)
    for index in 0..<12 as Range<UInt64> {
      let (task, rejections) = try family.sampleTask(seed: seeds[index], avoiding: reserved)
      let first = try family.sampleTask(seed: seeds[index])
      #expect((rejections == 0) == (first.graph.adjacency != victim.adjacency), "task \(index)")
      #expect(task.seed == SeedSequence.retry(of: seeds[index], attempt: rejections))
      #expect(try task.sample(5) == family.sampleTask(seed: task.seed).sample(5))
    }
    #expect(try family.sampleTask(seed: seeds[3], avoiding: reserved).rejections > 0)
  }

  @Test func theNumberOfRejectionsIsGeometric() throws {
    // Reserve what 30 tasks drew: the share q of rejected first tries gives a mean of q/(1 − q) rejections.
    let reserved = try MetaFixedDataset(family, taskCount: 30, sampleCount: 1).graphHashes()
    let drawn = try (0..<4000).map { Double(try family.sampleTask(seed: seeds[$0], avoiding: reserved).rejections) }
    let q = Double(drawn.count { $0 > 0 }) / 4000
    let sample = Sample(drawn)
    // The estimate of q moves q/(1 − q) by sd(q)/(1 − q)²: both errors at five deviations.
    let deviation = (q * (1 - q) / 4000).squareRoot() / ((1 - q) * (1 - q))
    #expect(abs(sample.mean - q / (1 - q)) < 5 * (deviation + (sample.variance / 4000).squareRoot()), "q = \(q)")
  }

  @Test func reservingAllGraphsOfTwoNodesIsAnErrorInWordsAfterSoManyAttempts() throws {
    let pair = try SCMFamily(json: #"{"n_nodes": 2, "sparsity_param": 0.25}"#)
    var reserved = HashRegistry()
    for edge in [nil, (0, 1), (1, 0)] as [(Int, Int)?] {
      var graph = AdjacencyMatrix(nodeCount: 2)
      if let (parent, child) = edge { graph[parent, child] = true }
      reserved.add(graph)
    }
    let error = try #require(throws: DisjointnessError.self) { try pair.sampleTask(seed: 77, avoiding: reserved) }
    #expect(error.description.contains("task seed 77"))
    #expect(error.description.contains("3 reserved"))
    #expect(error.description.contains("10000 graphs in a row"))
  }

  @Test func anEmptyReservedSetChangesNothing() throws {
    let (task, rejections) = try family.sampleTask(seed: 5, avoiding: HashRegistry())
    #expect(rejections == 0)
    #expect(try task.sample(5) == family.sampleTask(seed: 5).sample(5))
  }

  @Test func levelsRejectEquivalentGraphsToo() throws {
    for level in GraphLevel.allCases {
      let reserved = try MetaFixedDataset(family, taskCount: 3, sampleCount: 1).graphHashes(level: level)
      for index in 0..<100 as Range<UInt64> {
        let task = try family.sampleTask(seed: seeds[index], avoiding: reserved).task
        #expect(!reserved.digests.contains(task.adjacency.digest(level: level)))
      }
    }
  }
}
