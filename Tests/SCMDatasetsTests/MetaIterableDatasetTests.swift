import SCMDatasets
import SCMFamilies
import SCMGraphs
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct MetaIterableDatasetTests {
  private func stream(start: UInt64 = 0, base: UInt64 = 0, epoch: UInt64? = nil) throws -> MetaIterableDataset {
    MetaIterableDataset(
      try SCMFamily(json: #"{"n_nodes": 6, "sparsity_param": 1}"#), sampleCount: 20, baseSeed: base, epoch: epoch,
      startingAt: start)
  }

  @Test func taskIIsTheTaskOfSeedI() throws {
    let stream = try stream(base: 42)
    let seeds = SeedSequence.training(base: 42)
    for (index, task) in stream.prefix(10).enumerated() {
      #expect(task.instance.seed == seeds[UInt64(index)])
      #expect(try stream.family.sampleTask(seed: seeds[UInt64(index)]).sample(20) == task.samples)
    }
  }

  @Test func tasksCanBeAskedForInAnyOrder() throws {
    let stream = try stream()
    let inOrder = Array(stream.prefix(8)).map(\.samples)
    for index in [5, 0, 7, 3] { #expect(try stream.task(UInt64(index)).samples == inOrder[index]) }
  }

  @Test func isResumedByOneNumber() throws {
    let all = try stream().prefix(12).map(\.samples)
    #expect(try stream(start: 5).prefix(7).map(\.samples) == Array(all.dropFirst(5)))
  }

  @Test func iteratingAgainGivesTheSameTasks() throws {
    let stream = try stream()
    #expect(stream.prefix(3).map(\.samples) == stream.prefix(3).map(\.samples))
  }

  @Test func epochsAndBaseSeedsGiveOtherTasks() throws {
    let plain = try stream().prefix(50).map(\.instance.seed)
    let others = try [stream(epoch: 0), stream(epoch: 1), stream(base: 1)].map { $0.prefix(50).map(\.instance.seed) }
    #expect(Set(plain + others.flatMap { $0 }).count == 200)
  }

  @Test func keepsClearOfReservedGraphs() throws {
    let family = try SCMFamily(json: #"{"n_nodes": 3, "sparsity_param": 0.5}"#)
    let reserved = try MetaFixedDataset(family, taskCount: 10, sampleCount: 1).graphHashes()
    let stream = MetaIterableDataset(family, sampleCount: 1, reserved: reserved)
    let open = MetaIterableDataset(family, sampleCount: 1)
    #expect(open.prefix(200).contains { reserved.contains($0.instance.adjacency) })
    #expect(stream.prefix(200).count { _ in true } == 200)
    #expect(!stream.prefix(200).contains { reserved.contains($0.instance.adjacency) })
  }

  @Test func endsWhereNoTaskCanBeDrawnAndSaysWhyWhenAsked() throws {
    let family = try SCMFamily(json: #"{"n_nodes": 1, "sparsity_param": 0}"#)
    var reserved = HashRegistry()
    reserved.add(AdjacencyMatrix(nodeCount: 1))
    let stream = MetaIterableDataset(family, sampleCount: 1, reserved: reserved)
    #expect(stream.prefix(5).count { _ in true } == 0)
    #expect(throws: DisjointnessError.self) { try stream.task(0) }
  }
}
