import SCMBase
import SCMExperiments
import SCMFamilies
import SCMGraphs
import SCMRandom

/// A task's graph, the seed that gave it, and the number of rejections before it.
typealias DrawnGraph = (graph: DirectedAcyclicGraph, seed: UInt64, rejections: UInt32)

extension SCMFamily {
  /// Fills the tasks of a batch, spread over threads: attempts, pauses and progress of ``BatchFill`` and ``ExperimentFill``.
  ///
  /// - Parameters:
  ///   - progress: the number of a ``TaskProgress`` for each task; a later call goes on from there.
  ///   - hashes: 32 bytes for each task's whole graph, or nil; attempts: how many graphs were rejected, or nil.
  ///   - shouldPause: asked after each step, by every thread.
  ///   - describe: writes what is told of a task's graph besides.
  ///   - make: what rows are computed by; `nil` where a task is done without.
  ///   - write: computes a task's rows from row `first` on, and asks after each step whether to pause; gives whether all are written, and
  ///     in `first` how many.
  /// - Returns: whether all tasks are done.
  /// - Throws: the error of the first task, in the order of seeds, that failed in this call.
  @unsafe
  func fillTasks<Workspace, Source>(
    seeds: UnsafePointer<UInt64>, count: Int, progress: UnsafeMutablePointer<Int64>,
    hashes: UnsafeMutablePointer<UInt8>?, attempts: UnsafeMutablePointer<UInt32>?,
    avoiding reserved: HashRegistry?, for design: Design? = nil, threads: Int,
    shouldPause: @escaping @Sendable () -> Bool, with makeWorkspace: @escaping @Sendable () -> Workspace,
    describe: @escaping @Sendable (DirectedAcyclicGraph, _ index: Int) -> Void = { _, _ in },
    make: @escaping @Sendable (DrawnGraph, Workspace) throws -> Source?,
    write:
      @escaping @Sendable (
        Source, _ index: Int, _ first: inout Int, Workspace, _ shouldPause: () -> Bool
      ) throws -> Bool
  ) throws -> Bool {
    // Tasks that an earlier call has done are left out, before anyone looks at the clock for them.
    let left = (0..<count).filter { unsafe progress[$0] != TaskProgress.finished }
    nonisolated(unsafe) let (seeds, progress) = unsafe (seeds, progress)
    nonisolated(unsafe) let (hashes, attempts) = unsafe (hashes, attempts)
    _ = try parallelMap(left.count, threads: threads, isCancelled: shouldPause, with: makeWorkspace) {
      place, workspace in
      let index = left[place]
      var place = unsafe TaskProgress(progress[index])
      repeat {
        let drawn = unsafe try graph(seed: seeds[index], avoiding: reserved, for: design, from: place.attempt)
        place.attempt = drawn.rejections
        if place.rows == 0 {
          if let hashes = unsafe hashes {
            for (offset, byte) in drawn.graph.adjacency.digest().bytes.enumerated() {
              unsafe hashes[32 * index + offset] = byte
            }
          }
          unsafe attempts?[index] = drawn.rejections
          describe(drawn.graph, index)
        }
        do {
          let start = ContinuousClock.now
          var isDone = true
          if let source = try make(drawn, workspace) {
            // A later call makes the task again, so the rows go on for at least as long as that took.
            let worthwhile = start.duration(to: .now) * 2
            isDone = try write(source, index, &place.rows, workspace) {
              start.duration(to: .now) >= worthwhile && shouldPause()
            }
          }
          unsafe progress[index] = isDone ? TaskProgress.finished : place.number
          return
        } catch let error as SamplingError {
          let next = unsafe try attempt(after: error, at: drawn.rejections, of: seeds[index])
          place = TaskProgress(attempt: next, rows: 0)
        }
      } while !shouldPause()
      unsafe progress[index] = place.number
    }
    return (0..<count).allSatisfy { unsafe progress[$0] == TaskProgress.finished }
  }
}
