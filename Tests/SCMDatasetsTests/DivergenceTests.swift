import SCMBase
import SCMDatasets
import SCMExperiments
import SCMFamilies
import SCMGraphs
import SCMRandom
import SCMTestSupport
import Synchronization
import Testing

/// A task whose values leave the range of float32 gives way to another one of its slot, where the family says so.
@Suite struct DivergenceTests {
  private static let fields =
    #""n_nodes": 6, "n_nodes_max": 10, "sparsity_param": 2, "mechanism_proportions": {"polynomial": 1}, "polynomial_degree": 5"#
  private let family: SCMFamily
  private let refusing: SCMFamily
  private let seeds: [UInt64]
  private static let rows = 300

  init() throws {
    family = try SCMFamily(json: "{\(Self.fields), \"divergence\": \"redraw\"}")
    refusing = try SCMFamily(json: "{\(Self.fields)}")
    let sequence = SeedSequence.training(base: 3)
    seeds = (0..<200).map { sequence[$0] }
  }

  /// The plain form: attempts one after the other until one has finite rows.
  private func plain(
    _ seed: UInt64, rows: Int = rows, avoiding reserved: HashRegistry = HashRegistry()
  ) throws -> (task: SCMInstance, x: SampleMatrix, attempts: UInt32) {
    for attempt in 0... as PartialRangeFrom<UInt32> {
      let task = try refusing.sampleTask(seed: SeedSequence.retry(of: seed, attempt: attempt))
      if reserved.contains(task.adjacency) { continue }
      if let x = try? task.sample(rows) { return (task, x, attempt) }
    }
    fatalError("A range without an end has ended.")
  }

  /// What a batch gives, drawn in as many calls as pauses make of it.
  private func fill(
    rows: Int = rows, withX: Bool = true, avoiding reserved: HashRegistry? = nil, threads: Int = 1,
    shouldPause: @escaping @Sendable () -> Bool = { false }
  ) throws -> (x: [Float], hashes: [UInt8], attempts: [UInt32], calls: Int) {
    let (count, width) = (seeds.count, family.nodeCounts.upperBound)
    let batch = BatchFill(family: family, reserved: reserved, sampleCount: rows, draw: 0)
    var x = [Float](repeating: .nan, count: count * rows * width)
    var hashes = [UInt8](repeating: 0, count: 32 * count)
    var attempts = [UInt32](repeating: 0, count: count)
    var progress = [Int64](repeating: 0, count: count)
    var (calls, isDone) = (0, false)
    while !isDone {
      calls += 1
      try #require(calls < 100_000, "no end in sight")
      isDone =
        withX
        ? try batch.run(
          seeds: seeds, count: count, progress: &progress, x: &x, hashes: &hashes, attempts: &attempts,
          threads: threads, shouldPause: shouldPause)
        : try batch.run(
          seeds: seeds, count: count, progress: &progress, hashes: &hashes, attempts: &attempts, threads: threads,
          shouldPause: shouldPause)
    }
    return (x, hashes, attempts, calls)
  }

  @Test func eachSlotGivesItsFirstAttemptWithFiniteRowsToTheBit() throws {
    let (found, width) = (try fill(), family.nodeCounts.upperBound)
    for (index, seed) in seeds.enumerated() {
      let right = try plain(seed)
      #expect(found.attempts[index] == right.attempts, "task \(index)")
      #expect(Array(found.hashes[32 * index..<32 * index + 32]) == right.task.adjacency.digest().bytes)
      let base = index * Self.rows * width
      let rows = (0..<Self.rows).flatMap { row in
        (0..<width).map { $0 < right.task.nodeCount ? right.x[row, $0] : 0 }
      }
      #expect(Array(found.x[base..<base + rows.count]) == rows, "task \(index)")
      let single = try family.drawTask(seed: seed, sampleCount: Self.rows)
      #expect(single.samples == right.x && single.rejections == right.attempts && single.task.seed == right.task.seed)
    }
    // It happens often, and nothing is cut to a bound on the way.
    #expect(found.attempts.count { $0 > 0 } > 40)
    #expect(found.x.contains { $0.magnitude > 1e30 })
  }

  @Test(arguments: [1, 2, 3]) func pausesAndThreadsChangeNothing(threads: Int) throws {
    let whole = try fill()
    let looks = Atomic(0)
    let sliced = try fill(threads: threads) { looks.add(1, ordering: .relaxed).newValue % 3 == 0 }
    #expect(sliced.calls > 1)
    #expect(sliced.x == whole.x && sliced.hashes == whole.hashes && sliced.attempts == whole.attempts)
  }

  @Test func theRowsAskedForDecideAlsoWhereNobodyGetsThem() throws {
    let (whole, blind) = (try fill(), try fill(withX: false))
    #expect(blind.hashes == whole.hashes && blind.attempts == whole.attempts)
    let (few, none) = (try fill(rows: 20), try fill(rows: 0))
    #expect(none.attempts.allSatisfy { $0 == 0 })
    // What is finite in more rows is so in fewer: no task comes later, and some come sooner.
    #expect(zip(few.attempts, whole.attempts).allSatisfy { $0 <= $1 })
    #expect(few.attempts != whole.attempts)
  }

  @Test func theNumberOfAttemptsIsGeometric() throws {
    let sequence = SeedSequence.training(base: 8)
    let drawn = try (0..<1000).map {
      Double(try family.drawTask(seed: sequence[$0], sampleCount: Self.rows).rejections)
    }
    let q = Double(drawn.count { $0 > 0 }) / 1000
    let sample = Sample(drawn)
    // As for reserved graphs: the mean is q/(1 − q), and both errors are taken at five deviations.
    let deviation = (q * (1 - q) / 1000).squareRoot() / ((1 - q) * (1 - q))
    #expect(q > 0.1 && q < 0.9)
    #expect(abs(sample.mean - q / (1 - q)) < 5 * (deviation + (sample.variance / 1000).squareRoot()), "q = \(q)")
  }

  @Test func reservedGraphsAndDivergenceShareTheirAttempts() throws {
    var reserved = HashRegistry()
    for seed in seeds.prefix(50) { reserved.add(try plain(seed).task.adjacency) }
    let found = try fill(avoiding: reserved)
    for (index, seed) in seeds.enumerated() {
      #expect(found.attempts[index] == (try plain(seed, avoiding: reserved)).attempts, "task \(index)")
    }
    let taken = try family.taken(seed: seeds[3], avoiding: reserved, rows: Self.rows)
    #expect(taken.seed == SeedSequence.retry(of: seeds[3], attempt: found.attempts[3]))
  }

  @Test func aStreamGoesOnWhereARefusingOneEnds() throws {
    let stream = MetaIterableDataset(family, sampleCount: Self.rows, baseSeed: 3)
    #expect(stream.prefix(200).reduce(0) { count, _ in count + 1 } == 200)
    #expect(try stream.task(7).samples == plain(seeds[7]).x)
    let ending = MetaIterableDataset(refusing, sampleCount: Self.rows, baseSeed: 3)
    #expect(ending.prefix(200).reduce(0) { count, _ in count + 1 } < 200)
    let set = try MetaFixedDataset(family, seeds: seeds, sampleCount: Self.rows)
    #expect(set[7].samples == stream.prefix(8).reduce(nil) { $1 }?.samples)
    #expect(throws: SamplingError.self) { try MetaFixedDataset(refusing, seeds: seeds, sampleCount: Self.rows) }
  }

  @Test func experimentsAreDrawnAgainByAllTheirRows() throws {
    let design = try Design(
      json: #"{"n_samples": 60, "interventions": {"n_samples": 200, "regimes": 4, "values": "uniform"}}"#)
    let found = try family.experiments(design, seeds: seeds)
    #expect(try family.experiments(design, seeds: seeds, threads: 2).floats("X") == found.floats("X"))
    var redrawn = 0
    for (index, seed) in seeds.enumerated() {
      var attempt: UInt32 = 0
      while true {
        let retry = SeedSequence.retry(of: seed, attempt: attempt)
        if let right = try? refusing.experiments(design, seeds: [retry]) {
          let values = right.floats("X") ?? []
          #expect(found.floats("X")?[(index * values.count)..<((index + 1) * values.count)] == values[...])
          break
        }
        attempt += 1
      }
      redrawn += attempt > 0 ? 1 : 0
      #expect(
        try family.taken(seed: seed, avoiding: nil, for: design, rows: 0).seed
          == SeedSequence.retry(of: seed, attempt: attempt))
    }
    #expect(redrawn > 40)
  }

  @Test func theComponentThatDivergedDecides() throws {
    let tame = #"{"n_nodes": 6}"#
    func mixture(_ policy: String) throws -> SCMFamily {
      try SCMFamily(
        json: """
          {"mixture": [{"weight": 1, "family": \(tame)}, {"weight": 1, "family": {\(Self.fields), "divergence": "\(policy)"}}]}
          """)
    }
    let (redrawing, ending) = (try mixture("redraw"), try mixture("refuse"))
    #expect(redrawing.redrawsDivergent && !ending.redrawsDivergent)
    let components = try seeds.map { try redrawing.drawTask(seed: $0, sampleCount: Self.rows).task.component }
    // The wild component gives way to either, so that less than its half of the tasks is left.
    #expect(components.count { $0 == 1 } < redrawing.componentCounts(seeds)[1])
    #expect(throws: SamplingError.self) {
      for seed in seeds { _ = try ending.drawTask(seed: seed, sampleCount: Self.rows) }
    }
  }

  @Test func aFamilyThatAlwaysDivergesIsRefusedInWords() throws {
    let hopeless = try SCMFamily(
      json: """
        {"n_nodes": 30, "sparsity_param": 14.5, "linear_weight_scale": 1000000, "noise_type": "cauchy", "divergence": "redraw"}
        """)
    let error = try #require(throws: SamplingError.self) { try hopeless.drawTask(seed: 99, sampleCount: 5) }
    #expect(error.description.hasPrefix("task seed 99: none of 1000 tasks in a row had finite values"))
  }

  @Test func refusingIsWhatFamiliesDidBefore() throws {
    let named = try FamilyConfig(json: "{\(Self.fields), \"divergence\": \"refuse\"}")
    #expect(try named.fingerprint == FamilyConfig(json: "{\(Self.fields)}").fingerprint)
    #expect(try named.fingerprint != FamilyConfig(json: "{\(Self.fields), \"divergence\": \"redraw\"}").fingerprint)
  }
}
