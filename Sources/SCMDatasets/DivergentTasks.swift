import SCMBase
package import SCMExperiments
public import SCMFamilies
package import SCMGraphs
import SCMRandom

// A task with a value that is not finite gives way to the next attempt of its slot, where its family says so.

extension SCMFamily {
  /// The task of a slot with its rows: kept clear of reserved graphs, and drawn again where its values are not finite and the
  /// family's ``FamilyConfig/divergence`` says so.
  ///
  /// - Returns: the task, its rows, and how many attempts were rejected.
  /// - Throws: where a value is not finite, or was not in ``Limits/divergences`` attempts of a family that redraws.
  public func drawTask(
    seed: UInt64, avoiding reserved: HashRegistry = HashRegistry(), sampleCount: Int
  ) throws -> (task: SCMInstance, samples: SampleMatrix, rejections: UInt32) {
    var attempt: UInt32 = 0
    while true {
      let drawn = try graph(seed: seed, avoiding: reserved, from: attempt)
      do throws(SamplingError) {
        let task = try instance(over: drawn.graph, seed: drawn.seed)
        return (task, try task.sample(sampleCount), drawn.rejections)
      } catch {
        attempt = try self.attempt(after: error, at: drawn.rejections, of: seed)
      }
    }
  }

  /// The number of the attempt after one that failed, where it diverged and the family draws such a task again.
  ///
  /// - Throws: the error itself for any other; after ``Limits/divergences`` attempts.
  func attempt(after error: SamplingError, at attempt: UInt32, of seed: UInt64) throws(SamplingError) -> UInt32 {
    let component = family(ofSeed: SeedSequence.retry(of: seed, attempt: attempt))
    guard error.isDivergence, component.divergence == .redraw else { throw error }
    guard !Interruption.isRequested else { throw SamplingError(description: "The task was given up.") }
    guard attempt + 1 < Limits.divergences else {
      throw SamplingError(
        description:
          "task seed \(seed): none of \(Limits.divergences) tasks in a row had finite values in all rows that were asked for; "
          + "standardise (standardization = internal), or ask for fewer edges, smaller weights or fewer rows.")
    }
    return attempt + 1
  }

  /// The seed of the attempt that gives a slot's task, and its graph.
  ///
  /// Where no task is drawn again for its values, graphs alone decide, and no row is drawn.
  ///
  /// - Parameters:
  ///   - rows: of each plain task; a design has its own.
  ///   - firstSeed: of the batch that the task is drawn in, which a design may take its number of rows from.
  package func taken(
    seed: UInt64, avoiding reserved: HashRegistry?, for design: Design? = nil, rows: Int, firstSeed: UInt64? = nil
  ) throws -> (graph: DirectedAcyclicGraph, seed: UInt64) {
    var attempts: UInt32 = 0
    if redrawsDivergent {
      var (slot, progress) = (seed, Int64(0))
      if let design {
        let fill = try ExperimentFill(self, design, reserved: reserved, firstSeed: firstSeed ?? seed)
        _ = unsafe try fill.run(
          seeds: &slot, count: 1, progress: &progress, into: nil, attempts: &attempts, threads: 1,
          shouldPause: { false })
      } else {
        _ = unsafe try BatchFill(family: self, reserved: reserved, sampleCount: rows, draw: 0).run(
          seeds: &slot, count: 1, progress: &progress, attempts: &attempts, threads: 1, shouldPause: { false })
      }
    }
    let drawn = try graph(seed: seed, avoiding: reserved, for: design, from: attempts)
    return (drawn.graph, drawn.seed)
  }
}
