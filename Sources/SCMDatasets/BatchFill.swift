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
    // Tasks that an earlier call has done are left out, before anyone looks at the clock for them.
    let left = (0..<count).filter { unsafe progress[$0] != TaskProgress.finished }
    nonisolated(unsafe) let (seeds, progress) = unsafe (seeds, progress)
    _ = try parallelMap(
      left.count, threads: threads, isCancelled: shouldPause, with: { SparedWorkspace() }
    ) { place, spared in
      let index = left[place]
      unsafe try fill(
        seed: seeds[index], index: index, progress: progress + index, target, spared.workspace, shouldPause)
    }
    return (0..<count).allSatisfy { unsafe progress[$0] == TaskProgress.finished }
  }

  @unsafe
  private func fill(
    seed: UInt64, index: Int, progress: UnsafeMutablePointer<Int64>, _ target: BatchTarget,
    _ workspace: SamplingWorkspace, _ shouldPause: () -> Bool
  ) throws {
    var place = unsafe TaskProgress(progress.pointee)
    repeat {
      let drawn = try family.graph(seed: seed, avoiding: reserved, from: place.attempt)
      do throws(SamplingError) {
        place.attempt = drawn.rejections
        if place.rows == 0 { unsafe describe(drawn.graph, drawn.rejections, index, target) }
        let instance = (drawn.graph, drawn.seed)
        let isDone = unsafe try write(instance, index, &place.rows, target, workspace, shouldPause)
        unsafe progress.pointee = isDone ? TaskProgress.finished : place.number
        return
      } catch {
        place = TaskProgress(attempt: try family.attempt(after: error, at: drawn.rejections, of: seed), rows: 0)
      }
    } while !shouldPause()
    unsafe progress.pointee = place.number
  }

  /// Writes a task's rows from row `first` on.
  ///
  /// - Returns: whether all are written, and in `first` how many.
  @unsafe
  private func write(
    _ drawn: (graph: DirectedAcyclicGraph, seed: UInt64), _ index: Int, _ first: inout Int, _ target: BatchTarget,
    _ workspace: SamplingWorkspace, _ shouldPause: () -> Bool
  ) throws(SamplingError) -> Bool {
    let hasX = unsafe target.x != nil
    guard sampleCount > 0, hasX || family.redrawsDivergent else { return true }
    let start = ContinuousClock.now
    let instance = try family.instance(over: drawn.graph, seed: drawn.seed, workspace: workspace)
    // A later call makes the instance again, so the rows go on for at least as long as that took.
    let worthwhile = start.duration(to: .now) * 2
    // Rows that nobody gets decide all the same whether they are finite.
    let spare: UnsafeMutablePointer<Float>? =
      hasX ? nil : .allocate(capacity: Self.rowsPerStep * target.width)
    defer { unsafe spare?.deallocate() }
    while first < sampleCount {
      let rows = first..<min(first + Self.rowsPerStep, sampleCount)
      guard let out = unsafe spare ?? target.x.map({ unsafe $0 + (index * sampleCount + first) * target.width }) else {
        return true
      }
      if instance.nodeCount < target.width { unsafe out.update(repeating: 0, count: rows.count * target.width) }
      unsafe try instance.write(rows: rows, draw: draw, to: out, rowStride: target.width, workspace: workspace)
      first = rows.upperBound
      if first < sampleCount, start.duration(to: .now) >= worthwhile, shouldPause() { return false }
    }
    return true
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
