import Ancestral

/// What this processor could do at most: multiply-adds of one core, and bytes that are copied in memory.
struct PeakBench {
  /// Seconds of one call.
  let perCall: (() throws -> Void) throws -> Double

  /// Multiply-adds of Float32 numbers in a second, by a loop of independent ones in registers.
  func multiplyAdds() throws -> Double {
    let turns = 100_000
    let start = (1...256).map { 1 / Float($0) }
    var values = start
    var perTurn = 0
    let seconds = try perCall {
      values = start
      perTurn = unsafe Kernels.table.multiplyAdds(&values, turns)
    }
    return Double(perTurn * turns) / seconds
  }

  /// Bytes in a second that threads copy, each from memory of its own to other memory of its own, far beyond the caches.
  func copiedBytes(threads: Int) throws -> Double {
    let count = 1 << 24
    nonisolated(unsafe) let memory = UnsafeMutablePointer<Float>.allocate(capacity: 2 * threads * count)
    defer { unsafe memory.deallocate() }
    unsafe memory.initialize(repeating: 1, count: 2 * threads * count)
    let seconds = try perCall {
      _ = try parallelMap(threads, threads: threads) { thread in
        let own = unsafe memory + 2 * thread * count
        unsafe own.update(from: own + count, count: count)
      }
    }
    return Double(threads * count * 4) / seconds
  }

  /// Multiply-adds that a row of one of a family's tasks takes, on average over some tasks; 0 where they are not counted.
  static func multiplyAddsPerRow(_ family: SCMFamily) throws -> Double {
    let seeds = SeedSequence.training(base: 0)
    let counts = try (0..<64).map { index in
      try family.sampleTask(seed: seeds[index]).mechanisms.reduce(0) {
        $0 + (($1 as? any CountedMechanism)?.multiplyAddsPerRow ?? 0)
      }
    }
    return Double(counts.reduce(0, +)) / Double(counts.count)
  }
}
