import SCMBase
package import SCMExperiments
public import SCMFamilies
package import SCMGraphs
import SCMRandom

extension SCMFamily {
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
  ///
  /// - Parameters:
  ///   - design: what a graph must have room for.
  ///   - first: the attempt to begin with; those before it are known to be rejected.
  package func graph(
    seed: UInt64, avoiding reserved: HashRegistry?, for design: Design? = nil, from first: UInt32 = 0
  ) throws -> (graph: DirectedAcyclicGraph, seed: UInt64, rejections: UInt32) {
    let reserved = reserved.flatMap { $0.count > 0 ? $0 : nil }
    let design = design.flatMap { $0.refusesGraphs ? $0 : nil }
    if reserved == nil, design == nil {
      let candidate = SeedSequence.retry(of: seed, attempt: first)
      return (try sampleGraph(seed: candidate), candidate, first)
    }
    var refusals = 0
    for attempt in min(first, Limits.attempts)..<Limits.attempts where !Interruption.isRequested {
      let candidate = SeedSequence.retry(of: seed, attempt: attempt)
      let graph = try sampleGraph(seed: candidate)
      if reserved?.contains(graph.adjacency) == true { continue }
      if has(roomFor: design, in: graph, ofSeed: candidate) { return (graph, candidate, attempt) }
      refusals += 1
    }
    if refusals > 0, let design {
      let lacking = [
        design.effects.map { _ in "no such treatment and outcome, both of continuous values" },
        design.hidden.map { _ in "too few nodes to hide" },
      ]
      throw ConfigError(
        path: "design", value: "task seed \(seed)",
        reason: "must be one that graphs of the family have room for: \(refusals) of \(Limits.attempts) in a row had "
          + lacking.compactMap(\.self).joined(separator: ", or "))
    }
    throw (reserved ?? HashRegistry()).covers(taskOf: seed)
  }

  /// Whether the graph of a seed has what a design needs, such as a treatment with an outcome; without a design every graph has.
  package func has(roomFor design: Design?, in graph: DirectedAcyclicGraph, ofSeed seed: UInt64) -> Bool {
    guard let design, design.refusesGraphs else { return true }
    let (family, key) = (family(ofSeed: seed), TaskKey(seed: seed))
    let kinds = design.effects == nil ? [] : family.valueKinds(of: graph, key: key)
    return design.admits(graph, kinds: kinds, key: key, roles: family.roles(of: graph))
  }
}

extension HashRegistry {
  /// The seed of a task's next attempt, where the graphs of those before it are reserved; attempt 0 is that of `seed` itself.
  ///
  /// - Throws: after ``Limits/attempts`` of them.
  public func seed(ofAttempt attempt: UInt32, at seed: UInt64) throws(DisjointnessError) -> UInt64 {
    guard attempt < Limits.attempts else { throw covers(taskOf: seed) }
    return SeedSequence.retry(of: seed, attempt: attempt)
  }

  /// All attempts at a task had reserved graphs.
  fileprivate func covers(taskOf seed: UInt64) -> DisjointnessError {
    DisjointnessError(
      description:
        "task seed \(seed): \(Limits.attempts) graphs in a row are among the \(count) reserved ones at level '\(level.rawValue)'; "
        + "reserve fewer graphs, or give the family more nodes.")
  }
}
