import Ancestral
public import CAncestral
import SCMBase
import SCMFamilies

@c @implementation
public func anc_instance_create(
  _ family: OpaquePointer?, _ seed: UInt64, _ adjacency: UnsafePointer<UInt8>?, _ n_nodes: Int,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> anc_status {
  guarded {
    let family = try unwrap(family, as: SpecifiedFamily.self, "family").family
    let instance =
      if let adjacency {
        try family.instance(over: DirectedAcyclicGraph(matrix(adjacency, n_nodes)), seed: seed)
      } else {
        try family.sampleTask(seed: seed)
      }
    try required(out, "out").pointee = makeHandle(instance)
    return ANC_OK
  }
}

@c @implementation
public func anc_instance_free(_ instance: OpaquePointer?) -> anc_status {
  freeHandle(instance, as: SCMInstance.self)
}

@c @implementation
public func anc_instance_do(
  _ instance: OpaquePointer?, _ nodes: UnsafePointer<Int32>?, _ values: UnsafePointer<Float>?, _ count: Int,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> anc_status {
  guarded {
    let instance = try unwrap(instance, as: SCMInstance.self, "instance")
    let count = try checked(count, in: 1...instance.nodeCount, "count")
    let nodes = try required(nodes, "nodes")
    let values = try required(values, "values")
    var settings: [Int: Float] = [:]
    for index in 0..<count { settings[Int(nodes[index])] = values[index] }
    try required(out, "out").pointee = makeHandle(try instance.do(settings))
    return ANC_OK
  }
}

@c @implementation
public func anc_instance_adjacency(_ instance: OpaquePointer?, _ out: UnsafeMutablePointer<UInt8>?) -> anc_status {
  guarded {
    try write(unwrap(instance, as: SCMInstance.self, "instance").adjacency, to: out)
  }
}

@c @implementation
public func anc_instance_describe(
  _ instance: OpaquePointer?, _ with_mechanisms: Int32, _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  guarded {
    let instance = try unwrap(instance, as: SCMInstance.self, "instance")
    return write(instance.description(withMechanisms: with_mechanisms != 0).text, to: out, capacity, needed)
  }
}

@c @implementation
public func anc_instance_parameters(
  _ instance: OpaquePointer?, _ out: UnsafeMutablePointer<Float>?, _ count: Int
) -> anc_status {
  guarded {
    let instance = try unwrap(instance, as: SCMInstance.self, "instance")
    let values = (0..<instance.nodeCount).flatMap { instance.allParameters(of: $0).flatMap(\.values) }
    guard count == values.count else {
      throw ConfigError(path: "count", value: "\(count)", reason: "must be parameter_count, \(values.count)")
    }
    let out = try required(out, "out")
    for (index, value) in values.enumerated() { out[index] = value }
    return ANC_OK
  }
}

@c @implementation
public func anc_instance_sample(
  _ instance: OpaquePointer?, _ first_row: UInt64, _ rows: Int, _ draw: UInt32, _ threads: Int,
  _ done: UnsafeMutablePointer<Int>?, _ x: UnsafeMutablePointer<Float>?, _ noise: UnsafeMutablePointer<Float>?
) -> anc_status {
  guarded {
    let slice = TimeSlice()
    let instance = try unwrap(instance, as: SCMInstance.self, "instance")
    let first = try checked(first_row, in: 0...mostRows, "first_row")
    let count = try checked(rows, in: 0...(mostRows - first), "rows")
    let threads = max(1, try checked(threads, in: 0...Limits.threads.upperBound, "threads"))
    try checkProduct([count, instance.nodeCount, instance.noiseChannelCount], "rows * n_nodes")
    let done = try required(done, "done")
    _ = try checked(done.pointee, in: 0...count, "done")
    guard count > 0 else { return ANC_OK }
    let x = try required(x, "x")
    let rows = RowTarget(
      instance: instance, draw: draw, first: first, rows: done.pointee..<count, x: x, noise: noise)
    let parts: [Void] = try parallelMap(
      rows.partCount, threads: threads, isCancelled: { slice.isOver }, with: { SamplingWorkspace() },
      rows.write)
    done.pointee = min(count, done.pointee + parts.count * RowTarget.rowsPerPart)
    return done.pointee < count ? ANC_MORE : ANC_OK
  }
}

/// Where rows of a sample go: arrays of the caller's, filled in parts.
private struct RowTarget: @unchecked Sendable {
  let instance: SCMInstance
  let draw: UInt32
  /// The number of the arrays' first row.
  let first: Int
  /// The rows of the arrays that are left to fill.
  let rows: Range<Int>
  let x: UnsafeMutablePointer<Float>
  let noise: UnsafeMutablePointer<Float>?

  /// Rows that a thread computes between two looks at the clock.
  static let rowsPerPart = 512

  var partCount: Int { (rows.count + Self.rowsPerPart - 1) / Self.rowsPerPart }

  func write(_ part: Int, workspace: SamplingWorkspace) throws {
    let start = rows.lowerBound + part * Self.rowsPerPart
    let end = min(start + Self.rowsPerPart, rows.upperBound)
    let n = instance.nodeCount
    try instance.write(
      rows: (first + start)..<(first + end), draw: draw, to: x + start * n, rowStride: n,
      noise: noise.map { $0 + start * n * instance.noiseChannelCount }, workspace: workspace)
  }
}
