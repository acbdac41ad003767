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

  /// Writes the arrays that hold the graph of a task.
  func describe(_ graph: DirectedAcyclicGraph, _ index: Int) {
    if let adjacency = unsafe adjacency {
      let base = unsafe adjacency + index * width * width
      unsafe base.update(repeating: 0, count: width * width)
      for parent in 0..<graph.nodeCount {
        graph.adjacency.forEachChild(of: parent) { unsafe base[parent * width + $0] = 1 }
      }
    }
    unsafe nodeCounts?[index] = Int32(graph.nodeCount)
  }
}

/// A whole batch of tasks in one call, spread over threads.
///
/// The work is cut so that a caller can look up between two slices: `progress[i]` is the number of a ``TaskProgress``, and a later
/// call goes on from there. The rows of the batch decide whether a task diverges, also where `x` is left out.
package struct BatchFill: Sendable {
  package let family: SCMFamily
  package let reserved: HashRegistry?
  package let sampleCount: Int
  package let draw: UInt32

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
    let computesRows = unsafe sampleCount > 0 && (target.x != nil || family.redrawsDivergent)
    return unsafe try family.fillTasks(
      seeds: seeds, count: count, progress: progress, hashes: target.hashes, attempts: target.attempts,
      avoiding: reserved, threads: threads, shouldPause: shouldPause, with: { SparedWorkspace() },
      describe: target.describe,
      make: { drawn, spared -> SCMInstance? in
        guard computesRows else { return nil }
        return try family.instance(over: drawn.graph, seed: drawn.seed, workspace: spared.workspace)
      },
      write: { try write($0, $1, &$2, target, $3.workspace, $4) })
  }

  private func write(
    _ instance: SCMInstance, _ index: Int, _ first: inout Int, _ target: BatchTarget, _ workspace: SamplingWorkspace,
    _ shouldPause: () -> Bool
  ) throws(SamplingError) -> Bool {
    // Rows that nobody gets decide all the same whether they are finite.
    let spare: UnsafeMutablePointer<Float>? =
      unsafe target.x == nil ? .allocate(capacity: Self.rowsPerStep * target.width) : nil
    defer { unsafe spare?.deallocate() }
    while first < sampleCount {
      let rows = first..<min(first + Self.rowsPerStep, sampleCount)
      guard let out = unsafe spare ?? target.x.map({ unsafe $0 + (index * sampleCount + first) * target.width }) else {
        return true
      }
      if instance.nodeCount < target.width { unsafe out.update(repeating: 0, count: rows.count * target.width) }
      unsafe try instance.write(rows: rows, draw: draw, to: out, rowStride: target.width, workspace: workspace)
      first = rows.upperBound
      if first < sampleCount, shouldPause() { return false }
    }
    return true
  }
}
