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
    let computesRows = unsafe arrays != nil || family.redrawsDivergent
    nonisolated(unsafe) let arrays = unsafe arrays
    return unsafe try family.fillTasks(
      seeds: seeds, count: count, progress: progress, hashes: hashes, attempts: attempts, avoiding: reserved,
      for: design, threads: threads, shouldPause: shouldPause, with: { SparedWorkspace<ExperimentWorkspace>() },
      make: { drawn, spared -> Experiment? in
        guard computesRows else { return nil }
        let workspace = spared.workspace
        let instance = try family.instance(over: drawn.graph, seed: drawn.seed, workspace: workspace.sampling)
        return try Experiment(
          design, consume instance, family: family.family(ofSeed: drawn.seed), draw: draw, rows: rows,
          workspace: workspace)
      },
      write: { experiment, index, first, spared, shouldPause in
        let workspace = spared.workspace
        if let arrays = unsafe arrays {
          return unsafe try write(experiment, to: arrays, index, &first, workspace, shouldPause)
        }
        // Rows that nobody gets decide all the same whether they are finite.
        var data = ExperimentData(layout, taskCount: 1)
        return unsafe try data.withArrays { unsafe try write(experiment, to: $0, 0, &first, workspace, shouldPause) }
      })
  }

  @unsafe
  private func write(
    _ experiment: Experiment, to arrays: UnsafePointer<UnsafeMutableRawPointer?>, _ index: Int, _ first: inout Int,
    _ workspace: ExperimentWorkspace, _ shouldPause: () -> Bool
  ) throws -> Bool {
    let target = unsafe try ExperimentTarget(layout, arrays: arrays, task: index)
    var progress = Int64(first)
    unsafe try experiment.write(to: target, progress: &progress, workspace: workspace, shouldPause: shouldPause)
    guard progress != TaskProgress.finished else { return true }
    first = Int(progress)
    return false
  }
}
