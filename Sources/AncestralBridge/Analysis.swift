import Ancestral
public import CAncestral
import SCMBase

/// The options of an analysis, a JSON object whose members may all be left out.
private struct AnalysisOptions: Configurable {
  var tasks = 500
  var rows = 256
  var seed = 0
  var threads = 1
  var permutations = 999
  var bootstraps = 200
  var metrics = FamilyDistance.Metric.allCases

  init(_ json: UnsafePointer<CChar>?) throws {
    try read(JSONValue.object(in: String(cString: try required(json, "options"))))
  }

  var fields: [Field<Self>] {
    [
      .integer("tasks", \.tasks, in: 2...10_000_000, "Tasks of each family."),
      .integer("rows", \.rows, in: 0...10_000_000, "Rows of each task; 0 for graphs alone."),
      .integer("seed", \.seed, in: 0...Int.max, "Seed of the tasks and the permutations."),
      .integer("threads", \.threads, in: 1...1024, "Threads that compute tasks."),
      .integer("permutations", \.permutations, in: 1...1_000_000, "Permutations of a test."),
      .integer("bootstraps", \.bootstraps, in: 1...1_000_000, "Resamples behind an interval."),
      .choices("metrics", \.metrics, count: 1...64, "Distances to compute."),
    ]
  }

  func sample(
    _ family: SCMFamily, offset: UInt64, detailed: Bool = false, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws -> FamilySample {
    try FamilySample(
      family, taskCount: tasks, seed: UInt64(seed) &+ offset, rowCount: rows, detailed: detailed, threads: threads,
      isCancelled: isCancelled
    )
  }
}

/// A flag of the caller's that another of its threads may raise.
struct CancelFlag: @unchecked Sendable {
  let flag: UnsafePointer<Int32>?

  var isRaised: Bool { flag.map { $0.pointee != 0 } ?? Interruption.isRequested }
}

@c @implementation
public func anc_family_summary(
  _ family: OpaquePointer?, _ options: UnsafePointer<CChar>?, _ cancel: UnsafePointer<Int32>?,
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let family = try unwrap(family, as: FamilyHandle.self, "family").family
    let flag = CancelFlag(flag: cancel)
    let sample = try AnalysisOptions(options).sample(family, offset: 0, detailed: true) { flag.isRaised }
    return write(FamilySummary(sample).json.text, to: out, capacity, needed)
  }
}

@c @implementation
public func anc_family_distance(
  _ first: OpaquePointer?, _ second: OpaquePointer?, _ options: UnsafePointer<CChar>?, _ cancel: UnsafePointer<Int32>?,
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let families = (
      try unwrap(first, as: FamilyHandle.self, "first").family,
      try unwrap(second, as: FamilyHandle.self, "second").family
    )
    let options = try AnalysisOptions(options)
    let flag = CancelFlag(flag: cancel)
    let distance = try FamilyDistance(
      options.sample(families.0, offset: 0) { flag.isRaised }, options.sample(families.1, offset: 1) { flag.isRaised },
      metrics: options.metrics, permutations: options.permutations, bootstraps: options.bootstraps,
      seed: UInt64(options.seed), threads: options.threads, isCancelled: { flag.isRaised })
    return write(distance.json.text, to: out, capacity, needed)
  }
}

@c @implementation
public func anc_sortability(
  _ x: UnsafePointer<Float>?, _ rows: Int, _ adjacency: UnsafePointer<UInt8>?, _ n_nodes: Int,
  _ out: UnsafeMutablePointer<Double>?
) -> anc_status {
  guarded {
    let graph = try matrix(required(adjacency, "adjacency"), n_nodes)
    let rows = try checked(rows, in: 1...(1 << 34), "rows")
    try checkProduct([rows, n_nodes], "rows * n_nodes")
    let x = try required(x, "x")
    let out = try required(out, "out")
    let moments = ColumnMoments(SampleMatrix(rowCount: rows, columnCount: n_nodes) { x[$0 * n_nodes + $1] })
    out[0] = sortability(of: moments.variances, in: graph) ?? .nan
    out[1] = moments.explainedVariances.flatMap { sortability(of: $0, in: graph) } ?? .nan
    return ANC_OK
  }
}
