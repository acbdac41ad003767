import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom

/// Descriptors of a task that are costly, and so in summaries alone: its equivalence class, and how strong its effects are.
public struct TaskDetails: Sendable {
  /// Share of edges whose direction no data can tell; 0 without edges.
  public let reversibleShare: Double
  /// The base-2 logarithm of the number of graphs in the Markov equivalence class: the bits that no data give.
  public let classBits: Double
  /// Share of variance that parents account for, mean over nodes with parents; `nil` without rows or edges.
  public let signalShare: Double?
  /// The median over those nodes of Var(E[X | parents]) / E[Var(X | parents)], at most 10⁶.
  public let signalToNoise: Double?
  /// Mean, 0.1-quantile, and share below ``weakEffect`` of the edges' effects; see ``MeasuredEffects/edges``.
  public let edgeEffect: Double?
  public let edgeEffectQuantile: Double?
  public let weakEdgeShare: Double?
  /// Whether effects were to be measured and could not, as values were not finite.
  let lacksEffects: Bool
  /// Sums of the logarithms of variances over the nodes in each tenth of the topological order, and the numbers of those nodes, without
  /// those that have classes.
  let logVariances: [(sum: Double, count: Int)]

  /// An edge below moves its child by a twentieth of the child's deviation.
  public static let weakEffect = 0.05
  static let orderParts = 10

  /// - Parameter effects: measured on the task's model; `nil` where nobody knows it, or there are no rows.
  init(
    _ graph: DirectedAcyclicGraph, rows: SampleMatrix?, valueKinds: [ValueKind], effects measured: MeasuredEffects?,
    lacksEffects: Bool
  ) {
    self.lacksEffects = lacksEffects
    let equivalence = EquivalenceClass(of: graph)
    reversibleShare = Double(equivalence.reversibleEdgeCount) / Double(max(graph.edgeCount, 1))
    classBits = equivalence.logSize / Elementary.log(2)
    let shares = measured?.signalShares.compactMap(\.self) ?? []
    let effects = measured?.edges.map(\.effect) ?? []
    let hasEdges = !effects.isEmpty
    signalShare = hasEdges ? shares.mean : nil
    let ratios = shares.map { min($0 / max(1 - $0, 1e-6), 1e6) }
    signalToNoise = hasEdges ? ratios.quantile(0.5) : nil
    edgeEffect = hasEdges ? effects.mean : nil
    edgeEffectQuantile = hasEdges ? effects.quantile(0.1) : nil
    weakEdgeShare =
      hasEdges ? Double(effects.count { $0 < Self.weakEffect }) / Double(effects.count) : nil
    guard let rows else {
      logVariances = []
      return
    }
    let variances = ColumnMoments(rows).variances
    var parts = [(sum: Double, count: Int)](repeating: (0, 0), count: Self.orderParts)
    for (place, node) in graph.topologicalOrder.enumerated()
    where valueKinds.isEmpty || valueKinds[node].classCount == 0 {
      let part = place * Self.orderParts / graph.nodeCount
      parts[part].sum += DataDescriptors.logVariance(variances[node])
      parts[part].count += 1
    }
    logVariances = parts
  }

  /// Names and values in the order in which a summary lists them, and what each is read from.
  static let laws: [(name: String, source: StatisticSource, value: @Sendable (TaskDetails) -> Double?)] = [
    ("reversible_edges", .graph, { $0.reversibleShare }), ("mec_bits", .graph, { $0.classBits }),
    ("signal_share", .model, { $0.signalShare }), ("signal_to_noise", .model, { $0.signalToNoise }),
    ("edge_effect", .model, { $0.edgeEffect }), ("edge_effect_q10", .model, { $0.edgeEffectQuantile }),
    ("weak_edges", .model, { $0.weakEdgeShare }),
  ]
}
