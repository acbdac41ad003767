import CAncestral
import Testing

/// Whole batches in one call.
@Suite struct TaskTests {
  private static let seeds: [UInt64] = [5, 0, .max, 5, 77]
  private static let mixed = """
    {"n_nodes": 3, "n_nodes_max": 8, "sparsity_param": 1, "mlp_hidden": [5], "gpcde_features": 16,
     "mechanism_proportions": {"linear": 1, "mlp": 1, "gpcde": 1}}
    """

  @Test func aBatchEqualsSingleInstancesToTheBit() throws {
    let family = try Family(Self.mixed)
    let batch = try Batch(family, seeds: Self.seeds, samples: 70, draw: 2)
    for (index, seed) in Self.seeds.enumerated() {
      let instance = try Instance(family, seed: seed)
      let n = instance.nodeCount
      let rows = try instance.sample(70, draw: 2)
      var adjacency = [UInt8](repeating: 9, count: n * n)
      try succeed(anc_instance_adjacency(instance.handle, &adjacency))
      #expect(batch.nodeCounts[index] == Int32(n))
      for row in 0..<70 {
        let start = (index * 70 + row) * 8
        #expect(Array(batch.x[start..<(start + n)]) == Array(rows[(row * n)..<(row * n + n)]))
        #expect(batch.x[(start + n)..<(start + 8)].allSatisfy { $0.bitPattern == 0 })
      }
      for parent in 0..<8 {
        for child in 0..<8 {
          let isEdge = parent < n && child < n && adjacency[parent * n + child] == 1
          #expect(batch.adjacency[(index * 8 + parent) * 8 + child] == (isEdge ? 1 : 0))
        }
      }
      var hash = [UInt8](repeating: 0, count: 32)
      try succeed(anc_graph_hash(adjacency, n, ANC_LEVEL_EXACT, &hash))
      #expect(Array(batch.hashes[(32 * index)..<(32 * index + 32)]) == hash)
      #expect(batch.attempts[index] == 0)
    }
  }

  @Test(arguments: [0, 2, 5, 1024])
  func threadsDoNotChangeABit(threads: Int) throws {
    let family = try Family(Self.mixed)
    let one = try Batch(family, seeds: Self.seeds, samples: 2100)
    #expect(try Batch(family, seeds: Self.seeds, samples: 2100, threads: threads) == one)
  }

  /// The arrays are those of one uninterrupted task after another.
  @Test(arguments: [1, 2])
  func aLongBatchComesInSlices(threads: Int) throws {
    let seeds: [UInt64] = [1, 2, 3]
    try untilInSlices { features in
      let family = try Family(
        #"{"n_nodes": 10, "mechanism_proportions": {"gpcde": 1}, "gpcde_features": \#(features)}"#)
      // 0.3·10⁶ cosines for each feature.
      let batch = try Batch(family, seeds: seeds, samples: 20_000, threads: threads)
      for (index, seed) in seeds.enumerated() {
        let last = try Instance(family, seed: seed).sample(2000, first: 18_000)
        let end = (index + 1) * 20_000 * 10
        #expect(Array(batch.x[(end - 20_000)..<end]) == last)
      }
      return batch.calls
    }
  }

  @Test func everyArrayMayBeLeftOut() throws {
    let family = try Family(Self.mixed)
    let whole = try Batch(family, seeds: Self.seeds, samples: 10)
    var progress = [Int64](repeating: 0, count: 5)
    #expect(
      anc_tasks_fill(family.handle, nil, Self.seeds, 5, 10, 0, 1, &progress, nil, nil, nil, nil, nil) == ANC_OK)
    var counts = [Int32](repeating: 0, count: 5)
    progress = [Int64](repeating: 0, count: 5)
    #expect(
      anc_tasks_fill(family.handle, nil, Self.seeds, 5, 0, 0, 1, &progress, nil, nil, &counts, nil, nil) == ANC_OK)
    #expect(counts == whole.nodeCounts)
    var x = [Float](repeating: .nan, count: whole.x.count)
    progress = [Int64](repeating: 0, count: 5)
    #expect(anc_tasks_fill(family.handle, nil, Self.seeds, 5, 10, 0, 1, &progress, &x, nil, nil, nil, nil) == ANC_OK)
    #expect(x == whole.x)
    #expect(anc_tasks_fill(family.handle, nil, nil, 0, 10, 0, 1, nil, nil, nil, nil, nil, nil) == ANC_OK)
  }

  @Test func aFilledBatchStaysAsItIsWhenCalledAgain() throws {
    let family = try Family(Self.mixed)
    var progress = [Int64](repeating: 0, count: 5)
    var x = [Float](repeating: .nan, count: 5 * 10 * 8)
    try succeed(anc_tasks_fill(family.handle, nil, Self.seeds, 5, 10, 0, 1, &progress, &x, nil, nil, nil, nil))
    let before = x
    try succeed(anc_tasks_fill(family.handle, nil, Self.seeds, 5, 10, 0, 1, &progress, &x, nil, nil, nil, nil))
    #expect(x == before)
  }

  @Test func reservedGraphsAreKeptClearOfAndCounted() throws {
    let family = try Family(#"{"n_nodes": 3, "sparsity_param": 0.5}"#)
    let seeds = Array(0..<50) as [UInt64]
    let open = try Batch(family, seeds: seeds, samples: 4)
    var handle: OpaquePointer?
    try succeed(anc_reserved_create(open.hashes, 3, ANC_LEVEL_EXACT, &handle))
    let reserved = try #require(handle)
    defer { _ = anc_reserved_free(reserved) }
    let clear = try Batch(family, seeds: seeds, samples: 4, reserved: reserved)
    let taken = Set((0..<3).map { Array(open.hashes[(32 * $0)..<(32 * $0 + 32)]) })
    for index in 0..<50 {
      let before = Array(open.hashes[(32 * index)..<(32 * index + 32)])
      let after = Array(clear.hashes[(32 * index)..<(32 * index + 32)])
      #expect(!taken.contains(after))
      #expect((clear.attempts[index] > 0) == taken.contains(before))
      if clear.attempts[index] == 0 {
        #expect(before == after)
      } else {
        var seed: UInt64 = 0
        try succeed(anc_retry_seed(reserved, seeds[index], clear.attempts[index], &seed))
        #expect(try Instance(family, seed: seed).sample(4) == Array(clear.x[(12 * index)..<(12 * index + 12)]))
      }
    }
  }

  @Test func aReservedSetThatCoversTheFamilyIsAnError() throws {
    let family = try Family(#"{"n_nodes": 1, "sparsity_param": 0}"#)
    let batch = try Batch(family, seeds: [1], samples: 1)
    var reserved: OpaquePointer?
    try succeed(anc_reserved_create(batch.hashes, 1, ANC_LEVEL_EXACT, &reserved))
    defer { _ = anc_reserved_free(reserved) }
    var seed: UInt64 = 9
    var progress: Int64 = 0
    expectError(
      anc_tasks_fill(family.handle, reserved, &seed, 1, 1, 0, 1, &progress, nil, nil, nil, nil, nil),
      ANC_ERROR_DISJOINT, "task seed 9", "1 reserved")
  }

  @Test func overflowIsAnEngineErrorThatNamesTheFirstTask() throws {
    let family = try Family(#"{"n_nodes": 30, "sparsity_param": 14.5, "linear_weight_scale": 1000000}"#)
    for threads in [1, 2, 5] {
      var progress = [Int64](repeating: 0, count: 5)
      var x = [Float](repeating: 0, count: 5 * 30)
      expectError(
        anc_tasks_fill(family.handle, nil, Self.seeds, 5, 1, 0, threads, &progress, &x, nil, nil, nil, nil),
        ANC_ERROR_ENGINE, "task seed 5: node ", "(linear)", "not finite")
    }
  }

  @Test func badArgumentsAreErrorsAndWriteNothing() throws {
    let family = try Family(Self.mixed)
    let (f, seeds) = (family.handle, Self.seeds)
    var progress = [Int64](repeating: 0, count: 5)
    var x = [Float](repeating: 7, count: 5 * 10 * 8)
    func fill(
      _ family: OpaquePointer?, count: Int = 5, samples: Int = 10, threads: Int = 1, _ fragment: String,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      expectError(
        anc_tasks_fill(family, nil, seeds, count, samples, 0, threads, &progress, &x, nil, nil, nil, nil),
        ANC_ERROR_CONFIG, fragment, sourceLocation: sourceLocation)
    }
    fill(nil, "family = NULL")
    fill(f, count: hugeSize, "count")
    fill(f, count: .max, "count")
    fill(f, samples: hugeSize, "n_samples")
    fill(f, samples: .max, "n_samples")
    fill(f, count: 1 << 32, samples: 1 << 34, "2^48 elements")
    fill(f, threads: hugeSize, "threads")
    fill(f, threads: 1025, "threads = 1025")
    for wrong in [-1, .min, 11, .max - 1] as [Int64] {
      progress[2] = wrong
      fill(f, "rows_done[2] = \(wrong)")
    }
    progress[2] = 0
    expectError(
      anc_tasks_fill(f, nil, nil, 5, 10, 0, 1, &progress, &x, nil, nil, nil, nil), ANC_ERROR_CONFIG, "seeds = NULL")
    expectError(
      anc_tasks_fill(f, nil, seeds, 5, 10, 0, 1, nil, &x, nil, nil, nil, nil), ANC_ERROR_CONFIG, "rows_done = NULL")
    #expect(x.allSatisfy { $0 == 7 })
    #expect(progress.allSatisfy { $0 == 0 })
  }
}
