package import SCMFamilies
import SCMGraphs
import SCMRandom
import Synchronization

/// Where a batch of tasks goes: plain arrays in memory that the caller owns. A field that is nil is left out.
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
    let work = unsafe Work(seeds: seeds, progress: progress, count: count)
    JoinedThreads.run(max(1, min(threads, count))) { _ in
      let workspace = SamplingWorkspace()
      while !shouldPause(), let index = work.next() {
        do {
          unsafe try fill(
            seed: work.seeds[index], index: index, progress: work.progress + index, target, workspace, shouldPause)
        } catch {
          work.fail(index, error)
          return
        }
      }
    }
    if let error = work.error { throw error }
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
      while unsafe progress.pointee < Int64(sampleCount) {
        let first = unsafe Int(progress.pointee)
        let rows = first..<min(first + Self.rowsPerStep, sampleCount)
        let out = unsafe base + first * target.width
        if instance.nodeCount < target.width { unsafe out.update(repeating: 0, count: rows.count * target.width) }
        unsafe try instance.write(
          rows: rows, draw: draw, to: out, rowStride: target.width, workspace: workspace)
        unsafe progress.pointee = Int64(rows.upperBound)
        if rows.upperBound < sampleCount, start.duration(to: .now) >= worthwhile, shouldPause() { return }
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

/// What the threads of a batch share: a counter that deals out tasks, and the first failure.
@safe
private final class Work: Sendable {
  nonisolated(unsafe) let seeds: UnsafePointer<UInt64>
  nonisolated(unsafe) let progress: UnsafeMutablePointer<Int64>
  private let count: Int
  private let dealt = Atomic(0)
  private let failure = Mutex<(index: Int, error: any Error)?>(nil)

  @unsafe
  init(seeds: UnsafePointer<UInt64>, progress: UnsafeMutablePointer<Int64>, count: Int) {
    unsafe self.seeds = seeds
    unsafe self.progress = progress
    self.count = count
  }

  func next() -> Int? {
    // Tasks that an earlier call has done are passed over here, before anyone looks at the clock for them.
    while true {
      let index = dealt.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { return nil }
      if unsafe progress[index] != BatchFill.finished { return index }
    }
  }

  func fail(_ index: Int, _ error: any Error) {
    // No more tasks are dealt out; those before this one are, so the first failure is the same whatever the threads.
    dealt.store(count, ordering: .relaxed)
    failure.withLock { known in
      if index < known?.index ?? .max { known = (index, error) }
    }
  }

  var error: (any Error)? { failure.withLock { $0?.error } }
}
