import Ancestral
public import CAncestral
import SCMDatasets

@c @implementation
public func anc_tasks_fill(
  _ family: OpaquePointer?, _ reserved: OpaquePointer?, _ seeds: UnsafePointer<UInt64>?, _ count: Int,
  _ n_samples: Int, _ draw: UInt32, _ threads: Int, _ rows_done: UnsafeMutablePointer<Int64>?,
  _ x: UnsafeMutablePointer<Float>?, _ adjacency: UnsafeMutablePointer<Float>?,
  _ node_counts: UnsafeMutablePointer<Int32>?, _ hashes: UnsafeMutablePointer<UInt8>?,
  _ attempts: UnsafeMutablePointer<UInt32>?
) -> anc_status {
  guarded {
    let slice = TimeSlice()
    let family = try unwrap(family, as: SpecifiedFamily.self, "family").family
    let reserved = try reserved.map { try unwrap($0, as: HashRegistry.self, "reserved") }
    let count = try checked(count, in: 0...(1 << 32), "count")
    let samples = try checked(n_samples, in: 0...mostRows, "n_samples")
    let threads = try checked(threads, in: 0...Limits.threads.upperBound, "threads")
    let width = family.nodeCounts.upperBound
    try checkProduct([count, max(samples, width), width], "count * n_samples * n_nodes")
    guard count > 0 else { return ANC_OK }
    let fill = BatchFill(family: family, reserved: reserved, sampleCount: samples, draw: draw)
    let seeds = try required(seeds, "seeds")
    let progress = try required(rows_done, "rows_done")
    for index in 0..<count where progress[index] != 0 {
      try checkProgress(progress[index], rows: samples, "rows_done[\(index)]")
    }
    let done = try fill.run(
      seeds: seeds, count: count, progress: progress, x: x, adjacency: adjacency, nodeCounts: node_counts,
      hashes: hashes, attempts: attempts, threads: threads, shouldPause: { slice.isOver })
    return done ? ANC_OK : ANC_MORE
  }
}

/// A task's number among `rows_done`, which is the call's own but for the 0 that it begins with.
func checkProgress(_ number: Int64, rows: Int, _ name: String) throws {
  guard number != TaskProgress.finished else { return }
  let progress = TaskProgress(number)
  _ = try checked(progress.attempt < Limits.attempts ? Int64(progress.rows) : number, in: 0...rows, name)
}

@c @implementation
public func anc_noise_fill(
  _ family: OpaquePointer?, _ seed: UInt64, _ n_nodes: Int, _ first_row: UInt64, _ rows: Int, _ draw: UInt32,
  _ out: UnsafeMutablePointer<Float>?
) -> anc_status {
  guarded {
    let noise = try unwrap(family, as: SpecifiedFamily.self, "family").family.family(ofSeed: seed).noise
    let key = TaskKey(seed: seed)
    let nodes = try checked(n_nodes, in: 0...Limits.nodes.upperBound, "n_nodes")
    let first = try checked(first_row, in: 0...mostRows, "first_row")
    let count = try checked(rows, in: 0...(mostRows - first), "rows")
    try checkProduct([nodes, count], "rows * n_nodes")
    guard nodes > 0, count > 0 else { return ANC_OK }
    let out = try required(out, "out")
    var column = [Float](repeating: 0, count: min(count, 1024))
    for start in stride(from: 0, to: count, by: column.count) {
      for node in 0..<nodes {
        noise.fill(&column, first: first + start, key: key, site: UInt32(node), draw: draw)
        for row in start..<min(start + column.count, count) { out[row * nodes + node] = column[row - start] }
      }
    }
    return ANC_OK
  }
}
