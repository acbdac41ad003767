package import SCMBase
package import SCMExperiments
package import SCMFamilies
import SCMGraphs
import SCMRandom

/// A whole batch of experiments in one call, spread over threads: as ``BatchFill``, with the arrays of a design's layout.
///
/// `progress[i]` is the number of a ``TaskProgress``; a later call goes on from there. All rows that the design computes decide whether
/// a task diverges, also where no array is given.
package struct ExperimentFill: Sendable {
  package let family: SCMFamily
  package let design: Design
  package let reserved: HashRegistry?
  package let draw: UInt32
  /// Observational rows, where the batch has one number.
  package let rows: Int?
  package let layout: Layout

  /// - Parameter firstSeed: of the batch, which decides the number of its rows where a batch has one.
  /// - Throws: `ConfigError` where the family can't have the design.
  package init(
    _ family: SCMFamily, _ design: Design, reserved: HashRegistry? = nil, draw: UInt32 = 0, firstSeed: UInt64? = nil
  ) throws(ConfigError) {
    try design.check(family)
    try self.init(checked: family, design, reserved: reserved, draw: draw, firstSeed: firstSeed)
  }

  /// The same for a batch that begins with a seed; family and design are not held against each other again.
  package func batch(firstSeed: UInt64?) throws(ConfigError) -> ExperimentFill {
    try ExperimentFill(checked: family, design, reserved: reserved, draw: draw, firstSeed: firstSeed)
  }

  private init(
    checked family: SCMFamily, _ design: Design, reserved: HashRegistry?, draw: UInt32, firstSeed: UInt64?
  ) throws(ConfigError) {
    self.family = family
    self.design = design
    self.reserved = reserved
    self.draw = draw
    rows = firstSeed.flatMap { design.batchRows(firstSeed: $0) }
    layout = try Layout(design, of: family, rows: rows)
  }

  /// - Parameters:
  ///   - arrays: one for each entry of the layout, of `count` tasks; `nil` where hashes and attempts are all that is asked.
  ///   - hashes: 32 bytes for each task's whole graph, or nil; attempts: how many graphs were rejected, or nil.
  ///   - shouldPause: asked after each tile of rows, by every thread.
  /// - Returns: whether all tasks are done.
  @unsafe
  package func run(
    seeds: UnsafePointer<UInt64>, count: Int, progress: UnsafeMutablePointer<Int64>,
    into arrays: UnsafePointer<UnsafeMutableRawPointer?>?, hashes: UnsafeMutablePointer<UInt8>? = nil,
    attempts: UnsafeMutablePointer<UInt32>? = nil, threads: Int, shouldPause: @escaping @Sendable () -> Bool
  ) throws -> Bool {
    let left = (0..<count).filter { unsafe progress[$0] != TaskProgress.finished }
    nonisolated(unsafe) let (seeds, progress, arrays) = unsafe (seeds, progress, arrays)
    nonisolated(unsafe) let (hashes, attempts) = unsafe (hashes, attempts)
    _ = try parallelMap(
      left.count, threads: threads, isCancelled: shouldPause, with: { ExperimentWorkspace() }
    ) { place, workspace in
      let index = left[place]
      unsafe try fill(
        seed: seeds[index], index: index, progress: progress + index, arrays, hashes.map { unsafe $0 + 32 * index },
        attempts.map { unsafe $0 + index }, workspace, shouldPause)
    }
    return (0..<count).allSatisfy { unsafe progress[$0] == TaskProgress.finished }
  }

  @unsafe
  private func fill(
    seed: UInt64, index: Int, progress: UnsafeMutablePointer<Int64>,
    _ arrays: UnsafePointer<UnsafeMutableRawPointer?>?, _ hash: UnsafeMutablePointer<UInt8>?,
    _ rejections: UnsafeMutablePointer<UInt32>?, _ workspace: ExperimentWorkspace, _ shouldPause: () -> Bool
  ) throws {
    var place = unsafe TaskProgress(progress.pointee)
    repeat {
      let drawn = try family.graph(seed: seed, avoiding: reserved, for: design, from: place.attempt)
      place.attempt = drawn.rejections
      if place.rows == 0 {
        if let hash = unsafe hash {
          for (offset, byte) in drawn.graph.adjacency.digest().bytes.enumerated() { unsafe hash[offset] = byte }
        }
        unsafe rejections?.pointee = drawn.rejections
      }
      do {
        let task = (drawn.graph, drawn.seed)
        let isDone =
          if let arrays = unsafe arrays {
            unsafe try write(task, to: arrays, index, &place.rows, workspace, shouldPause)
          } else {
            try spare(task, workspace)
          }
        unsafe progress.pointee = isDone ? TaskProgress.finished : place.number
        return
      } catch let error as SamplingError {
        place = TaskProgress(attempt: try family.attempt(after: error, at: drawn.rejections, of: seed), rows: 0)
      }
    } while !shouldPause()
    unsafe progress.pointee = place.number
  }

  /// Rows that nobody gets, which decide all the same whether they are finite.
  private func spare(
    _ drawn: (graph: DirectedAcyclicGraph, seed: UInt64), _ workspace: ExperimentWorkspace
  ) throws -> Bool {
    guard family.redrawsDivergent else { return true }
    var (data, rows) = (ExperimentData(layout, taskCount: 1), 0)
    return unsafe try data.withArrays { unsafe try write(drawn, to: $0, 0, &rows, workspace, { false }) }
  }

  /// Writes a task's rows from row `first` on.
  ///
  /// - Returns: whether all are written, and in `first` how many.
  @unsafe
  private func write(
    _ drawn: (graph: DirectedAcyclicGraph, seed: UInt64), to arrays: UnsafePointer<UnsafeMutableRawPointer?>,
    _ index: Int, _ first: inout Int, _ workspace: ExperimentWorkspace, _ shouldPause: () -> Bool
  ) throws -> Bool {
    let start = ContinuousClock.now
    let instance = try family.instance(over: drawn.graph, seed: drawn.seed, workspace: workspace.sampling)
    let experiment = try Experiment(
      design, instance, family: family.family(ofSeed: drawn.seed), draw: draw, rows: rows, workspace: workspace)
    // A later call makes the experiment again, so the rows go on for at least as long as that took.
    let worthwhile = start.duration(to: .now) * 2
    let target = unsafe try ExperimentTarget(layout, arrays: arrays, task: index)
    var progress = Int64(first)
    unsafe try experiment.write(to: target, progress: &progress, workspace: workspace) {
      start.duration(to: .now) >= worthwhile && shouldPause()
    }
    guard progress != TaskProgress.finished else { return true }
    first = Int(progress)
    return false
  }
}
