import Ancestral
import Benchmark

/// One core unless a name says otherwise. The throughput of "normals" and "words" counts numbers, that of "tasks" whole
/// tasks: graph, mechanisms, rows and hash, written into a float32 buffer.
let benchmarks = { @Sendable in
  Benchmark.defaultConfiguration = .init(
    metrics: [.throughput, .wallClock], warmupIterations: 3, maxDuration: .seconds(3), maxIterations: 100_000)

  for law in NoiseLaw.allCases {
    Benchmark("noise \(law.rawValue)", configuration: .init(scalingFactor: .kilo)) { benchmark in
      var rows = [Float](repeating: 0, count: 1000 * 256)
      let source = NoiseSource(law)
      benchmark.startMeasurement()
      for index in 0..<UInt64(1) {
        source.fill(&rows, first: 0, key: TaskKey(seed: index), site: 0)
        blackHole(rows[0])
      }
    }
  }

  for (name, settings) in families {
    for (rows, threads) in [(1000, 1), (1000, 2), (100, 1), (10_000, 1)] {
      Benchmark("tasks \(name) n=\(rows) threads=\(threads)") { benchmark in
        let family = try SCMFamily(FamilyConfig(settings))
        let count = 8
        var batch = TaskBatch(family, taskCount: count, sampleCount: rows)
        let seeds = SeedSequence.training(base: 0)
        var next: UInt64 = 0
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
          try batch.fill(seeds: (0..<UInt64(count)).map { seeds[next + $0] }, threads: threads)
          next += UInt64(count)
        }
        blackHole(batch.x[0])
      }
    }
  }
}

/// d = 20 nodes, 2 edges per node.
let families: [(String, [String: JSONValue])] = [
  ("linear", [:]),
  ("mlp (32, 32)", ["mechanism_proportions": .object(["mlp": .integer(1)])]),
  ("gpcde 512", ["mechanism_proportions": .object(["gpcde": .integer(1)])]),
  ("linear internal", ["standardization": .string("internal")]),
]
