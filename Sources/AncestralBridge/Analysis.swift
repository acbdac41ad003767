import Ancestral
public import CAncestral
import SCMBase
import SCMExperiments
import SCMFamilies
import SCMMechanisms

/// The options of an analysis, a JSON object whose members may all be left out.
private struct AnalysisOptions: Configurable {
  var tasks = 500
  var rows = 256
  var detailed = 0
  var holes = 0
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
      .integer("detailed", \.detailed, in: 0...1, "1 to keep what only a summary reads."),
      .integer("holes", \.holes, in: 0...1, "1 where a value that is NaN is a cell that is missing."),
      .integer("seed", \.seed, in: 0...Int.max, "Seed of the tasks and the permutations."),
      .integer("threads", \.threads, in: Limits.threads, "Threads that compute tasks."),
      .integer("permutations", \.permutations, in: 1...1_000_000, "Permutations of a test."),
      .integer("bootstraps", \.bootstraps, in: 1...1_000_000, "Resamples behind an interval."),
      .choices("metrics", \.metrics, count: 1...64, "Distances to compute."),
    ]
  }
}

@c @implementation
public func anc_sample_create(_ out: UnsafeMutablePointer<OpaquePointer?>?) -> anc_status {
  guarded {
    try required(out, "out").pointee = makeHandle(SampleHandle())
    return ANC_OK
  }
}

@c @implementation
public func anc_sample_free(_ sample: OpaquePointer?) -> anc_status {
  freeHandle(sample, as: SampleHandle.self)
}

@c @implementation
public func anc_sample_draw(
  _ sample: OpaquePointer?, _ family: OpaquePointer?, _ seeds: UnsafePointer<UInt64>?, _ count: Int,
  _ node_counts: UnsafePointer<Int32>?, _ adjacency: UnsafePointer<UInt8>?, _ options: UnsafePointer<CChar>?
) -> anc_status {
  guarded {
    let sample = try unwrap(sample, as: SampleHandle.self, "sample")
    let family = try unwrap(family, as: SpecifiedFamily.self, "family").family
    let options = try AnalysisOptions(options)
    guard let seeds else {
      try sample.append(
        FamilySample(
          family, taskCount: options.tasks, seed: UInt64(options.seed), rowCount: options.rows,
          detailed: options.detailed == 1, threads: options.threads, isCancelled: { Interruption.isRequested }))
      return ANC_OK
    }
    let count = try checked(count, in: 1...mostTasks, "count")
    let graphs = try adjacency.map { try dags($0, required(node_counts, "node_counts"), count) }
    try sample.append(
      FamilySample(
        family, seeds: (0..<count).map { seeds[$0] }, graphs: graphs, rowCount: options.rows,
        detailed: options.detailed == 1, threads: options.threads, isCancelled: { Interruption.isRequested }))
    return ANC_OK
  }
}

@c @implementation
public func anc_sample_add(
  _ sample: OpaquePointer?, _ count: Int, _ rows: Int, _ node_counts: UnsafePointer<Int32>?,
  _ adjacency: UnsafePointer<UInt8>?, _ x: UnsafePointer<Float>?, _ values: UnsafePointer<Int16>?,
  _ options: UnsafePointer<CChar>?
) -> anc_status {
  guarded {
    let sample = try unwrap(sample, as: SampleHandle.self, "sample")
    let count = try checked(count, in: 1...mostTasks, "count")
    let rows = try checked(rows, in: 0...mostRows, "rows")
    let graphs = try dags(required(adjacency, "adjacency"), required(node_counts, "node_counts"), count)
    let options = try AnalysisOptions(options)
    let sizes = graphs.map(\.nodeCount)
    let matrices = rows > 0 ? try samples(required(x, "x"), rows, sizes, holes: options.holes == 1) : []
    let kinds = try values.map { try valueKinds($0, sizes) } ?? []
    try sample.append(
      FamilySample(
        graphs, rows: matrices, valueKinds: kinds, detailed: options.detailed == 1, threads: options.threads,
        isCancelled: { Interruption.isRequested }))
    return ANC_OK
  }
}

@c @implementation
public func anc_sample_summary(
  _ sample: OpaquePointer?, _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let found = try unwrap(sample, as: SampleHandle.self, "sample").value
    guard !found.graphs.isEmpty else {
      throw ConfigError(path: "sample", value: "0 tasks", reason: "must have at least one")
    }
    return write(FamilySummary(found).json.text, to: out, capacity, needed)
  }
}

@c @implementation
public func anc_sample_distance(
  _ first: OpaquePointer?, _ second: OpaquePointer?, _ options: UnsafePointer<CChar>?,
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let samples = (
      try unwrap(first, as: SampleHandle.self, "first").value, try unwrap(second, as: SampleHandle.self, "second").value
    )
    let options = try AnalysisOptions(options)
    let distance = try FamilyDistance(
      samples.0, samples.1, metrics: options.metrics, permutations: options.permutations,
      bootstraps: options.bootstraps, seed: UInt64(options.seed), threads: options.threads,
      isCancelled: { Interruption.isRequested })
    return write(distance.json.text, to: out, capacity, needed)
  }
}

@c @implementation
public func anc_design_distance(
  _ first: OpaquePointer?, _ first_family: OpaquePointer?, _ second: OpaquePointer?, _ second_family: OpaquePointer?,
  _ options: UnsafePointer<CChar>?, _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let designs = (
      try unwrap(first, as: Design.self, "first"),
      try unwrap(second, as: Design.self, "second")
    )
    let families = (
      try unwrap(first_family, as: SpecifiedFamily.self, "first_family").family,
      try unwrap(second_family, as: SpecifiedFamily.self, "second_family").family
    )
    let options = try AnalysisOptions(options)
    func sample(_ family: SCMFamily, _ design: Design, _ seed: UInt64) throws -> DesignSample {
      try DesignSample(
        family, design, taskCount: options.tasks, seed: seed, threads: options.threads,
        isCancelled: { Interruption.isRequested })
    }
    let seed = UInt64(options.seed)
    let distance = try DesignDistance(
      sample(families.0, designs.0, seed), sample(families.1, designs.1, seed + 1),
      permutations: options.permutations, bootstraps: options.bootstraps, seed: seed, threads: options.threads,
      isCancelled: { Interruption.isRequested })
    return write(distance.json.text, to: out, capacity, needed)
  }
}

@c @implementation
public func anc_measures(
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  func listed(_ names: [(name: String, source: StatisticSource)]) -> JSONValue {
    .array(names.map { .object(["name": .string($0.name), "source": .string($0.source.rawValue)]) })
  }
  let metrics = FamilyDistance.Metric.allCases.map { (name: $0.rawValue, source: $0.source) }
  let tables = ["metrics": listed(metrics), "statistics": listed(FamilySummary.statistics)]
  return write(JSONValue.object(tables).text, to: out, capacity, needed)
}

let mostTasks = 10_000_000

/// The caller's graphs, which lie one after the other.
func dags(
  _ bytes: UnsafePointer<UInt8>, _ nodeCounts: UnsafePointer<Int32>, _ count: Int
) throws -> [DirectedAcyclicGraph] {
  var place = bytes
  return try (0..<count).map { index in
    let n = try checked(nodeCounts[index], in: Limits.nodes, "node_counts[\(index)]")
    defer { place += n * n }
    return try DirectedAcyclicGraph(matrix(place, n))
  }
}

/// What the caller's nodes' values are, those of one task after those of another.
private func valueKinds(_ values: UnsafePointer<Int16>, _ nodeCounts: [Int]) throws -> [[ValueKind]] {
  var place = values
  return try nodeCounts.map { n in
    defer { place += n }
    return try (0..<n).map { try valueKind(Int(place[$0])) }
  }
}

/// 0 for continuous values, K for K classes, -1 for counts.
func valueKind(_ number: Int) throws -> ValueKind {
  switch number {
  case 0: .continuous
  case -1: .count
  default: .classes(try checked(number, in: 2...Int(Int16.max), "values"))
  }
}

/// The caller's rows, those of one task after those of another; every value must be finite, but for NaN where there may be holes.
private func samples(
  _ x: UnsafePointer<Float>, _ rows: Int, _ nodeCounts: [Int], holes: Bool
) throws -> [SampleMatrix] {
  var place = x
  return try nodeCounts.enumerated().map { index, n in
    try checkProduct([rows, n], "rows * node_counts[\(index)]")
    for offset in 0..<(rows * n) where !place[offset].isFinite && !(holes && place[offset].isNaN) {
      throw ConfigError(
        path: "x[\(index), \(offset / n), \(offset % n)]", value: "\(place[offset])", reason: "must be finite")
    }
    defer { place += rows * n }
    return SampleMatrix(rowCount: rows, columnCount: n) { [place] in place[$0 * n + $1] }
  }
}
