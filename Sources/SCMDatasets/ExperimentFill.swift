package import SCMBase
package import SCMExperiments
package import SCMFamilies
import SCMGraphs
import SCMRandom

/// A whole batch of experiments in one call, spread over threads: as ``BatchFill``, with the arrays of a design's layout.
///
/// `progress[i]` counts the rows of task i that are written; a later call goes on from there.
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
    let left = (0..<count).filter { unsafe progress[$0] != BatchFill.finished }
    nonisolated(unsafe) let (seeds, progress, arrays) = unsafe (seeds, progress, arrays)
    nonisolated(unsafe) let (hashes, attempts) = unsafe (hashes, attempts)
    _ = try parallelMap(
      left.count, threads: threads, isCancelled: shouldPause, with: { ExperimentWorkspace() }
    ) { place, workspace in
      let index = left[place]
      let drawn = unsafe try family.graph(seed: seeds[index], avoiding: reserved, for: design)
      if unsafe progress[index] == 0 {
        if let hashes = unsafe hashes {
          for (offset, byte) in drawn.graph.adjacency.digest().bytes.enumerated() {
            unsafe hashes[32 * index + offset] = byte
          }
        }
        if let attempts = unsafe attempts { unsafe attempts[index] = drawn.rejections }
      }
      guard let arrays = unsafe arrays else {
        unsafe progress[index] = BatchFill.finished
        return
      }
      let start = ContinuousClock.now
      let instance = try family.instance(over: drawn.graph, seed: drawn.seed, workspace: workspace.sampling)
      let experiment = try Experiment(
        design, instance, family: family.family(ofSeed: drawn.seed), draw: draw, rows: rows, workspace: workspace)
      // A later call makes the experiment again, so the rows go on for at least as long as that took.
      let worthwhile = start.duration(to: .now) * 2
      let target = unsafe try ExperimentTarget(layout, arrays: arrays, task: index)
      unsafe try experiment.write(to: target, progress: progress + index, workspace: workspace) {
        start.duration(to: .now) >= worthwhile && shouldPause()
      }
    }
    return (0..<count).allSatisfy { unsafe progress[$0] == BatchFill.finished }
  }
}
