import SCMDatasets
import SCMFamilies
import SCMTestSupport
import Synchronization
import Testing

/// A batch that is filled in slices.
@Suite struct BatchFillTests {
  /// Fills twelve tasks of 2500 rows, pausing whenever `shouldPause` says so.
  private func fill(threads: Int, shouldPause: @escaping @Sendable () -> Bool) throws -> (x: [Float], calls: Int) {
    let count = 12
    let family = try SCMFamily(json: #"{"n_nodes": 4, "sparsity_param": 1}"#)
    let batch = BatchFill(family: family, reserved: nil, sampleCount: 2500, draw: 0)
    var x = [Float](repeating: .nan, count: count * 2500 * 4)
    var progress = [Int64](repeating: 0, count: count)
    let seeds = (1...UInt64(count)).map { $0 }
    var calls = 0
    var isDone = false
    while !isDone {
      calls += 1
      let before = progress
      isDone = try batch.run(
        seeds: seeds, count: count, progress: &progress, x: &x, threads: threads, shouldPause: shouldPause)
      #expect(zip(before, progress).allSatisfy { $0 <= $1 }, "progress went back")
      #expect(isDone == progress.allSatisfy { $0 == TaskProgress.finished })
      try #require(calls < 1000, "no end in sight")
    }
    return (x, calls)
  }

  @Test(arguments: [1, 2, 5])
  func pausesDoNotChangeABit(threads: Int) throws {
    let whole = try fill(threads: 1) { false }
    #expect(whole.calls == 1)
    // A thread asks before each task, and ends with the first yes. Of three answers one is yes, so a call of five threads does at
    // most ten tasks, however long each takes; within a task it may not be asked at all, if its rows take less than its graph.
    let looks = Atomic(0)
    let sliced = try fill(threads: threads) { looks.add(1, ordering: .relaxed).newValue % 3 == 0 }
    #expect(sliced.calls > 1)
    #expect(sliced.x == whole.x)
  }

  @Test func aPauseThatNeverLiftsMakesNoProgressAndReturns() throws {
    let family = try SCMFamily(json: #"{"n_nodes": 4, "sparsity_param": 1}"#)
    let batch = BatchFill(family: family, reserved: nil, sampleCount: 10, draw: 0)
    var progress: Int64 = 0
    var seed: UInt64 = 1
    #expect(try !batch.run(seeds: &seed, count: 1, progress: &progress, threads: 2, shouldPause: { true }))
    #expect(progress == 0)
  }
}
