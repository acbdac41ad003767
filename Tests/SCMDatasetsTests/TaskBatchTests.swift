import SCMBase
import SCMDatasets
import SCMExperiments
import SCMFamilies
import SCMGraphs
import SCMTestSupport
import Testing

@Suite struct TaskBatchTests {
  private static let seeds: [UInt64] = [3, 1, 4, 1, 5, .max, 0, 9]
  private static let mixed = """
    {"n_nodes": 3, "n_nodes_max": 9, "sparsity_param": 1, "mlp_hidden": [6], "gpcde_features": 16,
     "mechanism_proportions": {"linear": 1, "mlp": 1, "gpcde": 1}}
    """

  private func batch(_ json: String = mixed, samples: Int = 37, threads: Int = 1) throws -> TaskBatch {
    var batch = TaskBatch(try SCMFamily(json: json), taskCount: Self.seeds.count, sampleCount: samples)
    try batch.fill(seeds: Self.seeds, threads: threads)
    return batch
  }

  @Test func equalsSingleTasksToTheBitAndIsPaddedWithZeros() throws {
    let batch = try batch()
    #expect(batch.nodeCount == 9)
    for (index, seed) in Self.seeds.enumerated() {
      let task = try batch.family.sampleTask(seed: seed)
      let samples = try task.sample(37)
      #expect(batch.nodeCounts[index] == Int32(task.nodeCount))
      for row in 0..<37 {
        for node in 0..<9 {
          let value = batch.x[(index * 37 + row) * 9 + node]
          let expected = node < task.nodeCount ? samples[row, node] : 0
          #expect(value.bitPattern == expected.bitPattern, "seed \(seed), row \(row), node \(node)")
        }
      }
      for parent in 0..<9 {
        for child in 0..<9 {
          let isEdge = max(parent, child) < task.nodeCount && task.adjacency[parent, child]
          #expect(batch.adjacency[(index * 9 + parent) * 9 + child] == (isEdge ? 1 : 0))
        }
      }
      #expect(Array(batch.digests[(32 * index)..<(32 * index + 32)]) == task.adjacency.digest().bytes)
    }
  }

  @Test(arguments: [2, 3, 5, 64])
  func anyNumberOfThreadsGivesTheSameBits(threads: Int) throws {
    let (one, many) = (try batch(samples: 1500), try batch(samples: 1500, threads: threads))
    #expect(one.x == many.x)
    #expect(one.adjacency == many.adjacency)
    #expect(one.digests == many.digests && one.nodeCounts == many.nodeCounts)
  }

  @Test func fillingAgainForgetsTheLastBatch() throws {
    var batch = try batch()
    let first = batch.x
    try batch.fill(seeds: Self.seeds.reversed())
    #expect(batch.x != first)
    try batch.fill(seeds: Self.seeds)
    #expect(batch.x == first)
  }

  @Test func drawNumbersChangeTheRowsAndNotTheGraphs() throws {
    var batch = try batch()
    let (x, digests) = (batch.x, batch.digests)
    try batch.fill(seeds: Self.seeds, draw: 1)
    #expect(batch.x != x)
    #expect(batch.digests == digests)
  }

  @Test func avoidsReservedGraphs() throws {
    var batch = try batch()
    var reserved = HashRegistry()
    let victim = try batch.family.sampleTask(seed: 4)
    reserved.add(victim.adjacency)
    try batch.fill(seeds: Self.seeds, avoiding: reserved)
    let redrawn = try batch.family.sampleTask(seed: 4, avoiding: reserved).task
    #expect(Array(batch.digests[64..<96]) == redrawn.adjacency.digest().bytes)
    #expect(Array(batch.digests[0..<32]) == (try batch.family.sampleTask(seed: 3)).adjacency.digest().bytes)
  }

  @Test func theFirstFailingTaskIsReportedWhateverTheThreads() throws {
    let json = #"{"n_nodes": 30, "sparsity_param": 14.5, "linear_weight_scale": 1000000}"#
    for threads in [1, 2, 5] {
      for _ in 0..<5 {
        let error = try #require(throws: SamplingError.self) { try batch(json, threads: threads) }
        #expect(error.description.hasPrefix("task seed 3: "))
      }
    }
  }

  @Test func anotherNumberOfSeedsIsRefused() throws {
    let family = try SCMFamily(json: Self.mixed)
    var tasks = TaskBatch(family, taskCount: 2, sampleCount: 5)
    var experiments = try ExperimentBatch(family, Design(json: #"{"n_samples": 5}"#), taskCount: 2)
    for error in [
      try #require(throws: ConfigError.self) { try tasks.fill(seeds: [1, 2, 3]) },
      try #require(throws: ConfigError.self) { try experiments.fill(seeds: [1]) },
    ] {
      #expect(error.path == "seeds" && error.reason == "must be 2, one for each task of the batch")
    }
  }

  @Test func batchesWithoutTasksOrRowsAreFine() throws {
    var none = TaskBatch(try SCMFamily(json: Self.mixed), taskCount: 0, sampleCount: 5)
    try none.fill(seeds: [])
    #expect(none.x.isEmpty)
    let rowless = try batch(samples: 0)
    #expect(rowless.x.isEmpty)
    #expect(rowless.nodeCounts.allSatisfy { $0 >= 3 })
  }
}
