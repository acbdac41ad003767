import SCMBase
package import SCMFamilies
import SCMGraphs
import SCMRandom

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

  /// - Parameters:
  ///   - x: `[count * sampleCount * width]`, adjacency: `[count * width * width]`, nodeCounts: `[count]`, for the family's most nodes as
  ///     width; smaller tasks are padded with zeros. Hashes: 32 bytes a task, attempts: rejected graphs. What is nil is left out.
  ///   - shouldPause: asked after each step, by every thread.
  /// - Returns: whether all tasks are done.
  /// - Throws: the error of the first task, in the order of seeds, that failed in this call.
  @unsafe
  package func run(
    seeds: UnsafePointer<UInt64>, count: Int, progress: UnsafeMutablePointer<Int64>,
    x: UnsafeMutablePointer<Float>? = nil, adjacency: UnsafeMutablePointer<Float>? = nil,
    nodeCounts: UnsafeMutablePointer<Int32>? = nil, hashes: UnsafeMutablePointer<UInt8>? = nil,
    attempts: UnsafeMutablePointer<UInt32>? = nil, threads: Int, shouldPause: @escaping @Sendable () -> Bool
  ) throws -> Bool {
    let width = family.nodeCounts.upperBound
    let computesRows = unsafe sampleCount > 0 && (x != nil || family.redrawsDivergent)
    nonisolated(unsafe) let (x, adjacency, nodeCounts) = unsafe (x, adjacency, nodeCounts)
    return unsafe try family.fillTasks(
      seeds: seeds, count: count, progress: progress, hashes: hashes, attempts: attempts, avoiding: reserved,
      threads: threads, shouldPause: shouldPause, with: { SparedWorkspace<SamplingWorkspace>() },
      describe: { graph, index in
        unsafe nodeCounts?[index] = Int32(graph.nodeCount)
        guard let base = unsafe adjacency.map({ unsafe $0 + index * width * width }) else { return }
        unsafe base.update(repeating: 0, count: width * width)
        for parent in 0..<graph.nodeCount {
          graph.adjacency.forEachChild(of: parent) { unsafe base[parent * width + $0] = 1 }
        }
      },
      make: { drawn, spared -> SCMInstance? in
        guard computesRows else { return nil }
        return try family.instance(over: drawn.graph, seed: drawn.seed, workspace: spared.workspace)
      },
      write: { instance, index, first, spared, shouldPause in
        let x = unsafe x.map { unsafe $0 + index * sampleCount * width }
        return unsafe try write(instance, to: x, width, &first, spared.workspace, shouldPause)
      })
  }

  /// - Parameter x: of the task; rows that nobody gets decide all the same whether they are finite.
  @unsafe
  private func write(
    _ instance: SCMInstance, to x: UnsafeMutablePointer<Float>?, _ width: Int, _ first: inout Int,
    _ workspace: SamplingWorkspace, _ shouldPause: () -> Bool
  ) throws(SamplingError) -> Bool {
    let spare = unsafe x == nil ? UnsafeMutablePointer<Float>.allocate(capacity: Self.rowsPerStep * width) : nil
    defer { unsafe spare?.deallocate() }
    while first < sampleCount {
      let rows = first..<min(first + Self.rowsPerStep, sampleCount)
      guard let out = unsafe spare ?? x.map({ unsafe $0 + first * width }) else { return true }
      if instance.nodeCount < width { unsafe out.update(repeating: 0, count: rows.count * width) }
      unsafe try instance.write(rows: rows, draw: draw, to: out, rowStride: width, workspace: workspace)
      first = rows.upperBound
      if first < sampleCount, shouldPause() { return false }
    }
    return true
  }
}
