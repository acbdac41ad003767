import SCMBase
import Synchronization
import Testing

@Suite struct ParallelMapTests {
  private struct Refusal: Error, Equatable { let index: Int }

  @Test(arguments: [0, 1, 2, 7, 100])
  func joinedThreadsRunEveryPartOnceAndReturnAfterThem(count: Int) {
    let done = Mutex<[Int]>([])
    JoinedThreads.run(count) { part in done.withLock { $0.append(part) } }
    #expect(done.withLock { $0.sorted() } == Array(0..<max(count, 1)))
  }

  @Test(arguments: [0, 1, 2, 1000], [0, 1, 3, 16])
  func resultsComeInOrderWhateverTheThreads(count: Int, threads: Int) throws {
    #expect(try parallelMap(count, threads: threads) { 3 * $0 } == (0..<count).map { 3 * $0 })
  }

  @Test(arguments: [1, 2, 8])
  func theFirstErrorIsThrownAndNoIndexIsDealtAfterIt(threads: Int) {
    let dealt = Mutex<[Int]>([])
    let error = #expect(throws: Refusal.self) {
      try parallelMap(10_000, threads: threads) { index in
        dealt.withLock { $0.append(index) }
        if index % 100 >= 50 { throw Refusal(index: index) }
      }
    }
    #expect(error == Refusal(index: 50))
    #expect(dealt.withLock { $0.count } <= 50 + threads)
  }

  @Test(arguments: [1, 2, 8])
  func whoCancelsGetsWhatTheFirstIndicesGave(threads: Int) throws {
    let looks = Atomic(0)
    let results = try parallelMap(
      1000, threads: threads, isCancelled: { looks.add(1, ordering: .relaxed).newValue > 100 }
    ) { $0 }
    #expect(results == Array(0..<100))
  }

  @Test(arguments: [1, 4])
  func eachThreadHasOneContext(threads: Int) throws {
    final class Context {
      var uses = 0
    }
    let made = Atomic(0)
    let uses = try parallelMap(
      500, threads: threads,
      with: {
        made.add(1, ordering: .relaxed)
        return Context()
      }
    ) { _, context -> Int in
      context.uses += 1
      return context.uses
    }
    #expect(made.load(ordering: .relaxed) == threads)
    #expect(uses.count { $0 == 1 } <= threads)
  }
}
