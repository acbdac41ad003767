import SCMBase
package import SCMFamilies
import SCMGraphs
import SCMRandom

/// The arrays that a batch of tasks is written to: plain ones in memory that the caller owns. A field that is nil is left out.
@safe
package struct BatchTarget: @unchecked Sendable {
  /// Nodes per task in the arrays; smaller tasks are padded with zeros.
  package let width: Int
  package let x: UnsafeMutablePointer<Float>?
  package let adjacency: UnsafeMutablePointer<Float>?
  package let nodeCounts: UnsafeMutablePointer<Int32>?
  package let hashes: UnsafeMutablePointer<UInt8>?
  package let attempts: UnsafeMutablePointer<UInt32>?

  @unsafe
  package init(
    width: Int, x: UnsafeMutablePointer<Float>?, adjacency: UnsafeMutablePointer<Float>?,
    nodeCounts: UnsafeMutablePointer<Int32>?, hashes: UnsafeMutablePointer<UInt8>?,
    attempts: UnsafeMutablePointer<UInt32>?
  ) {
    self.width = width
    unsafe self.x = x
    unsafe self.adjacency = adjacency
    unsafe self.nodeCounts = nodeCounts
    unsafe self.hashes = hashes
    unsafe self.attempts = attempts
  }
}

/// A whole batch of tasks in one call, spread over threads.
///
/// The work is cut so that a caller can look up between two slices: `progress[i]` counts the rows of task i that are
/// written, `finished` marks a task that is done, and a later call goes on from there.
package struct BatchFill: Sendable {
  package let family: SCMFamily
  package let reserved: HashRegistry?
  package let sampleCount: Int
  package let draw: UInt32

  /// What `progress` holds for a task that is done, also where it has no rows.
  package static let finished: Int64 = .max
  /// Rows between two looks at the clock.
  private static let rowsPerStep = rowsPerTile

  package init(family: SCMFamily, reserved: HashRegistry?, sampleCount: Int, draw: UInt32) {
    self.family = family
    self.reserved = reserved
    self.sampleCount = sampleCount
    self.draw = draw
  }

  /// - Parameter shouldPause: asked after each step, by every thread.
  /// - Returns: whether all tasks are done.
  /// - Throws: the error of the first task, in the order of seeds, that failed in this call.
  @unsafe
  package func run(
    seeds: UnsafePointer<UInt64>, count: Int, progress: UnsafeMutablePointer<Int64>, into target: BatchTarget,
    threads: Int, shouldPause: @escaping @Sendable () -> Bool
  ) throws -> Bool {
    // Tasks that an earlier call has done are left out, before anyone looks at the clock for them.
    let left = (0..<count).filter { unsafe progress[$0] != Self.finished }
    nonisolated(unsafe) let (seeds, progress) = unsafe (seeds, progress)
    _ = try parallelMap(
      left.count, threads: threads, isCancelled: shouldPause, with: { SparedWorkspace() }
    ) { place, spared in
      let index = left[place]
      unsafe try fill(
        seed: seeds[index], index: index, progress: progress + index, target, spared.workspace, shouldPause)
    }
    return (0..<count).allSatisfy { unsafe progress[$0] == Self.finished }
  }

  @unsafe
  private func fill(
    seed: UInt64, index: Int, progress: UnsafeMutablePointer<Int64>, _ target: BatchTarget,
    _ workspace: SamplingWorkspace, _ shouldPause: () -> Bool
  ) throws {
    let drawn = try family.graph(seed: seed, avoiding: reserved)
    if unsafe progress.pointee == 0 { unsafe describe(drawn.graph, drawn.rejections, index, target) }
    if let x = unsafe target.x, sampleCount > 0 {
      let start = ContinuousClock.now
      let instance = try family.instance(over: drawn.graph, seed: drawn.seed, workspace: workspace)
      // A later call makes the instance again, so the rows go on for at least as long as that took.
      let worthwhile = start.duration(to: .now) * 2
      let base = unsafe x + index * sampleCount * target.width
      // The counts of tasks share cache lines, so each is written where the task ends or pauses.
      var first = unsafe Int(progress.pointee)
      while first < sampleCount {
        let rows = first..<min(first + Self.rowsPerStep, sampleCount)
        let out = unsafe base + first * target.width
        if instance.nodeCount < target.width { unsafe out.update(repeating: 0, count: rows.count * target.width) }
        unsafe try instance.write(
          rows: rows, draw: draw, to: out, rowStride: target.width, workspace: workspace)
        first = rows.upperBound
        if first < sampleCount, start.duration(to: .now) >= worthwhile, shouldPause() {
          unsafe progress.pointee = Int64(first)
          return
        }
      }
    }
    unsafe progress.pointee = Self.finished
  }

  /// The arrays that hold the graph.
  @unsafe
  private func describe(_ graph: DirectedAcyclicGraph, _ rejections: UInt32, _ index: Int, _ target: BatchTarget) {
    if let adjacency = unsafe target.adjacency {
      let base = unsafe adjacency + index * target.width * target.width
      unsafe base.update(repeating: 0, count: target.width * target.width)
      for parent in 0..<graph.nodeCount {
        graph.adjacency.forEachChild(of: parent) { unsafe base[parent * target.width + $0] = 1 }
      }
    }
    if let nodeCounts = unsafe target.nodeCounts { unsafe nodeCounts[index] = Int32(graph.nodeCount) }
    if let attempts = unsafe target.attempts { unsafe attempts[index] = rejections }
    if let hashes = unsafe target.hashes {
      for (offset, byte) in graph.adjacency.digest().bytes.enumerated() { unsafe hashes[32 * index + offset] = byte }
    }
  }
}
