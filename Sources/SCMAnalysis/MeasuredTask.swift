import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms

/// All that a sample keeps of one task.
struct MeasuredTask: Sendable {
  let graph: GraphDescriptors
  let data: DataDescriptors?
  let details: TaskDetails?
  /// The family of a mixture that the task is from.
  let component: Int

  /// - Parameters:
  ///   - valueKinds: what the nodes' values are; empty where all are continuous.
  ///   - lacksEffects: whether effects were to be measured and could not.
  init(
    _ graph: DirectedAcyclicGraph, rows: SampleMatrix?, valueKinds: [ValueKind], detailed: Bool,
    effects: MeasuredEffects?, lacksEffects: Bool = false, component: Int = 0
  ) {
    self.component = component
    self.graph = GraphDescriptors(graph)
    data = rows.map { DataDescriptors($0, graph: graph.adjacency, valueKinds: valueKinds) }
    details =
      detailed
      ? TaskDetails(graph, rows: rows, valueKinds: valueKinds, effects: effects, lacksEffects: lacksEffects) : nil
  }
}

/// The tasks of all indices in order.
///
/// - Throws: what the first body throws that throws, or ``AnalysisCancelled``.
func measure(
  _ count: Int, threads: Int, isCancelled: @escaping @Sendable () -> Bool,
  _ body: @escaping @Sendable (Int) throws -> MeasuredTask
) throws -> [MeasuredTask] {
  let tasks = try parallelMap(count, threads: threads, isCancelled: isCancelled, body)
  guard tasks.count == count else { throw AnalysisCancelled() }
  return tasks
}
