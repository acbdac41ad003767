import Ancestral
import ArgumentParser
import Foundation

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how many tasks of a family the engine makes in a second; without a family, the standard set.",
    discussion: """
      Examples:
        ancestral bench family.yaml --rows 1000 --threads 2
        ancestral bench --json-file bench.json
        ancestral bench --designs "linear, do"

      A whole task is counted: graph, mechanisms, rows and hash, written into a float32 buffer. The standard set has 2 edges per \
      node, d = 20 nodes unless it says otherwise, and the noise laws besides.

      Also told: the kernels that this processor runs (ANCESTRAL_KERNELS forces others: baseline, v3 or v4), the multiply-adds that \
      one core could do, and for MLPs and random features the share of them that whole tasks do.
      """)

  @Argument(help: familyHelp, completion: .custom { _, _, prefix in FamilyFile.completions(prefix) })
  var family: String?

  @Option(parsing: .unconditional, help: "Rows of each task.")
  var rows = 1000

  @Option(parsing: .unconditional, help: "Threads that share a batch.")
  var threads = 1

  @Option(parsing: .unconditional, help: "Seconds to measure each case for.")
  var seconds = 1.0

  @Option(help: "Measure only the cases under a design whose names hold this text; \"\" is all of them.")
  var designs: String?

  @Option(help: "Write JSON to a file besides.", completion: .file(extensions: ["json"]))
  var jsonFile: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    try check("rows", rows, 1...10_000_000)
    try check("threads", threads, Limits.threads)
    guard seconds > 0, seconds <= 3600 else {
      throw ValidationError("--seconds \(seconds): must be above 0, up to 3600.")
    }
    guard family == nil || designs == nil else {
      throw ValidationError("Give either a family, or --designs, whose cases have families of their own.")
    }
    guard designs.map({ DesignBench.names($0).isEmpty }) != true else {
      throw ValidationError(
        "--designs \(designs ?? ""): must be a part of a case's name: \(DesignBench.names("").joined(separator: "; "))."
      )
    }
  }

  func run() throws {
    // Before anything is measured, which takes minutes.
    let file = try jsonFile.map { try WrittenFile.begin($0, reading: [family]) }
    defer { Interruption.remove(nil) }
    var results: [JSONValue] = []
    let bar = output.bar("measuring")
    let count =
      family == nil
      ? 7 + NoiseLaws.all.count + 8 * Self.standard.count + Self.others.count + Self.cubic.count
        + 2 + FamilyPreset.all.count + DesignBench.families.count * DesignBench.designs.count : 4
    bar.update(0, of: count)
    defer { bar.clear() }
    func reportKernels() {
      report("kernels", Double(Kernels.number), Kernels.choice)
    }
    func peak() throws -> Double {
      let peak = try PeakBench(perCall: perCall).multiplyAdds()
      report("peak of one core", peak / 1e9, "billion multiply-adds/s")
      return peak
    }
    func report(_ name: String, _ value: Double, _ unit: String) {
      defer { bar.update(results.count, of: count) }
      results.append(.object(["name": .string(name), "value": .number(value), "unit": .string(unit)]))
      guard !output.json else { return }
      bar.clear()
      let number = value < 100 ? String(format: "%.2f", value) : String(format: "%.0f", value)
      print(name.padding(toLength: max(44, name.count), withPad: " ", startingAt: 0), number, unit)
    }
    let underDesigns = DesignBench(seconds: seconds, part: designs ?? "")
    if let family {
      let config = try FamilyFile.specification(path: family)
      let rate = try rate(config, rows: rows, threads: threads)
      report("\(rows) rows, threads: \(threads)", rate, "tasks/s")
      reportKernels()
      let (peak, counted) = (try peak(), try PeakBench.multiplyAddsPerRow(SCMFamily(config)))
      if counted > 0, threads == 1 { report("share of the peak", counted * Double(rows) * rate / peak, "of 1") }
    } else if designs != nil {
      try underDesigns.run { report($0, $1, "of the cells/s without a design") }
    } else {
      try Kernels.check()
      reportKernels()
      let peak = try peak()
      let bench = PeakBench(perCall: perCall)
      for threads in [1, 2] {
        report("memory copied, threads: \(threads)", try bench.copiedBytes(threads: threads) / 1e9, "GB/s")
      }
      for law in NoiseLaws.all { report("noise \(law.kind)", nanosecondsPerDraw(law.init()), "ns a draw") }
      for (name, members) in Self.standard {
        let config = FamilySpecification.family(try FamilyConfig(members))
        let counted = try PeakBench.multiplyAddsPerRow(SCMFamily(config))
        for (rows, threads) in [(1000, 1), (1000, 2), (100, 1), (10_000, 1)] {
          let rate = try rate(config, rows: rows, threads: threads)
          report("\(name), n = \(rows), threads: \(threads)", rate, "tasks/s")
          if counted > 0, (rows, threads) == (1000, 1) {
            report("\(name), n = 1000, of the peak", 1000 * counted * rate / peak, "of 1")
          }
        }
        for nodes in [5, 10, 50, 100] {
          var members = members
          members["n_nodes"] = .integer(nodes)
          let config = FamilySpecification.family(try FamilyConfig(members))
          report("\(name), d = \(nodes), n = 1000, threads: 1", try rate(config, rows: 1000, threads: 1), "tasks/s")
        }
      }
      for kind in Self.others {
        // Of ten nodes: polynomials of polynomials soon leave Float32's range.
        let config = FamilySpecification.family(
          try FamilyConfig(["n_nodes": .integer(10), "mechanism_proportions": .object([kind: .integer(1)])]))
        report("\(kind), d = 10, n = 1000, threads: 1", try rate(config, rows: 1000, threads: 1), "tasks/s")
      }
      let classes = try rate(.family(FamilyConfig(Self.classes)), rows: 1000, threads: 1)
      let linear = try rate(.family(FamilyConfig()), rows: 1000, threads: 1)
      report("categorical, 4 classes, linear score, n = 1000, threads: 1", classes, "tasks/s")
      report("categorical, 4 classes, linear score, to linear", classes / linear, "of linear's, 0.25 asked")
      for (name, members) in Self.cubic {
        let config = FamilySpecification.family(try FamilyConfig(members))
        report("\(name), n = 1000, threads: 1", try rate(config, rows: 1000, threads: 1), "tasks/s")
      }
      for preset in FamilyPreset.all {
        let specification = try FamilySpecification.preset(preset.name)
        report(
          "preset \(preset.name), n = 1000, threads: 1", try rate(specification, rows: 1000, threads: 1), "tasks/s")
      }
      try underDesigns.run { report($0, $1, "of the cells/s without a design") }
    }
    bar.clear()
    if output.json { print(JSONValue.array(results).text) }
    if let file {
      try file.write(JSONValue.array(results).text.utf8, at: 0)
      try file.commit()
    }
  }

  private static let standard: [(String, [String: JSONValue])] = [
    ("linear", [:]),
    ("linear, internal standardisation", ["standardization": .string("internal")]),
    ("mlp (32, 32)", ["mechanism_proportions": .object(["mlp": .integer(1)])]),
    ("gpcde, 512 features", ["mechanism_proportions": .object(["gpcde": .integer(1)])]),
    ("gp, 256 features", ["mechanism_proportions": .object(["gp": .integer(1)])]),
  ]

  /// Nodes of four classes, by a softmax regression.
  private static let classes: [String: JSONValue] = [
    "mechanism_proportions": .object(["categorical": .integer(1)]), "categorical_score": .string("linear"),
    "categorical_classes_min": .integer(4), "categorical_classes_max": .integer(4),
  ]

  /// The kinds of mechanism that are not among ``standard``.
  private static var others: [String] {
    let measured = standard.flatMap { $0.1["mechanism_proportions"]?.members.map { Array($0.keys) } ?? ["linear"] }
    return MechanismModels.kinds.filter { !measured.contains($0) }
  }

  /// Exact processes at all rows.
  private static let cubic: [(String, [String: JSONValue])] = [
    (
      "gp, exact",
      [
        "mechanism_proportions": .object(["gp": .integer(1)]), "gp_mode": .string("exact"),
        "calibration_rows": .integer(1000),
      ]
    ),
    (
      "gpcde, exact",
      [
        "mechanism_proportions": .object(["gpcde": .integer(1)]), "gpcde_mode": .string("exact"),
        "calibration_rows": .integer(1000),
      ]
    ),
  ]

  /// Tasks in a second, over fresh tasks in batches of 64, or of fewer where a task takes long.
  private func rate(_ config: FamilySpecification, rows: Int, threads: Int) throws -> Double {
    let family = try SCMFamily(config)
    let seeds = SeedSequence.training(base: 0)
    var first = TaskBatch(family, taskCount: 1, sampleCount: rows)
    let once = try ContinuousClock().measure { try first.fill(seeds: [seeds[0]], threads: 1) } / .seconds(1)
    let count = max(threads, min(64, Int(0.2 / once)))
    var batch = TaskBatch(family, taskCount: count, sampleCount: rows)
    var next: UInt64 = 1
    let seconds = try perCall {
      try batch.fill(seeds: (0..<UInt64(count)).map { seeds[next + $0] }, threads: threads)
      next += UInt64(count)
    }
    return Double(count) / seconds
  }

  private func nanosecondsPerDraw(_ law: any NoiseLaw) -> Double {
    var rows = [Float](repeating: 0, count: 1 << 16)
    var draw: UInt32 = 0
    let seconds = perCall {
      NoiseSource(law).fill(&rows, first: 0, key: TaskKey(seed: 1), site: 0, draw: draw)
      draw += 1
    }
    return 1e9 * seconds / Double(rows.count)
  }

  /// Seconds of one call: the median of the means over ten slices of the time that is asked, so that what else the machine does
  /// now and then doesn't count. One call before them warms up.
  private func perCall(_ body: () throws -> Void) rethrows -> Double {
    try body()
    let clock = ContinuousClock()
    let means = try (0..<10).map { _ in
      let start = clock.now
      var calls = 0.0
      repeat {
        try body()
        calls += 1
      } while clock.now - start < .seconds(seconds / 10)
      return (clock.now - start) / .seconds(1) / calls
    }
    return means.sorted()[means.count / 2]
  }
}
