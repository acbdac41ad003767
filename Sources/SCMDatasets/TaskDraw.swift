import SCMBase
public import SCMFamilies
package import SCMGraphs
import SCMRandom

extension SCMFamily {
  /// The most graphs that are drawn for one task before the reserved set is said to cover the family.
  public static var mostAttempts: UInt32 { 10_000 }

  /// The task of a seed, kept clear of reserved graphs: a rejected graph is drawn again from the retry seeds of the same
  /// slot, so that other tasks keep theirs.
  ///
  /// - Returns: the task and how many graphs were rejected.
  public func sampleTask(
    seed: UInt64, avoiding reserved: HashRegistry
  ) throws -> (task: SCMInstance, rejections: UInt32) {
    let (graph, seed, rejections) = try graph(seed: seed, avoiding: reserved)
    return (try instance(over: graph, seed: seed), rejections)
  }

  /// The graph, the seed that gave it, and the number of rejections before it.
  package func graph(
    seed: UInt64, avoiding reserved: HashRegistry?
  ) throws -> (graph: DirectedAcyclicGraph, seed: UInt64, rejections: UInt32) {
    guard let reserved, reserved.count > 0 else { return (try sampleGraph(seed: seed), seed, 0) }
    for attempt in 0..<Self.mostAttempts where !Interruption.isRequested {
      let candidate = SeedSequence.retry(of: seed, attempt: attempt)
      let graph = try sampleGraph(seed: candidate)
      if !reserved.contains(graph.adjacency) { return (graph, candidate, attempt) }
    }
    throw DisjointnessError(
      description:
        "task seed \(seed): \(Self.mostAttempts) graphs in a row were among the \(reserved.count) reserved ones "
        + "(level \(reserved.level.rawValue), \(nodeCounts.upperBound) nodes); reserve fewer graphs, or use more nodes."
    )
  }
}
