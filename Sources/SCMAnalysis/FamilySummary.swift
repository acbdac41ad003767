public import SCMBase
import SCMGraphs
import SCMRandom

/// The source of a statistic or a distance: graphs, data, or the mechanisms behind these.
public enum StatisticSource: String, Sendable {
  case graph, data
  /// The mechanisms behind the data, run again.
  case model
}

/// Statistics of a family: means, deviations and quantiles over a sample of its tasks.
public struct FamilySummary: Sendable {
  /// Of one number over tasks.
  public struct Law: Hashable, Sendable {
    public let mean: Double
    public let deviation: Double
    /// At shares 0.05, 0.25, 0.5, 0.75 and 0.95.
    public let quantiles: [Double]

    init(_ values: [Double]) {
      mean = values.mean
      deviation = values.deviation
      quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map { values.quantile($0) }
    }
  }

  public let taskCount: Int
  /// By name, in order: counts of nodes, edges, roots, leaves and v-structures, depth, then the descriptors, those of kinds only where
  /// some column has classes or counts, then what a sample's details add.
  public let laws: [(name: String, law: Law)]
  /// Shares of nodes with 0, 1, … parents, children, and both together.
  public let inDegrees: [Double]
  public let outDegrees: [Double]
  public let degrees: [Double]
  /// The geometric mean of nodes' variances in each tenth of the topological order, those with classes left out; `nil` for a
  /// tenth without nodes. Empty without rows.
  public let varianceAlongOrder: [Double?]
  /// How many tasks come from each component of a mixture.
  public let componentCounts: [Int]
  /// What a reader of results on this family should know, in words; empty where there is nothing.
  public let warnings: [String]
  /// What could not be measured, in words.
  public let notes: [String]

  public init(_ sample: FamilySample) {
    taskCount = sample.graphs.count
    var laws = (Self.counts + GraphDescriptors.numbers).map { ($0.name, Law(sample.graphs.map($0.value))) }
    laws += sample.data.isEmpty ? [] : DataDescriptors.numbers.map { ($0.name, Law(sample.data.map($0.value))) }
    if sample.data.contains(where: \.kinds.isDiscrete) {
      let kinds = sample.data.map(\.kinds)
      laws += KindDescriptors.numbers.map { ($0.name, Law(kinds.map($0.value))) }
    }
    for (name, _, value) in TaskDetails.laws {
      let values = sample.details.compactMap(value)
      if !values.isEmpty { laws.append((name, Law(values))) }
    }
    self.laws = laws
    degrees = Self.shares(sample.graphs.map(\.degrees))
    varianceAlongOrder = Self.variances(sample.details.map(\.logVariances))
    inDegrees = Self.shares(sample.graphs.map(\.inDegrees))
    outDegrees = Self.shares(sample.graphs.map(\.outDegrees))
    componentCounts = sample.componentCounts
    warnings = Self.warnings(Dictionary(uniqueKeysWithValues: laws.map { ($0.0, $0.1.mean) }))
    notes = sample.notes
  }

  private static let counts: [(name: String, value: @Sendable (GraphDescriptors) -> Double)] = [
    ("nodes", { Double($0.nodeCount) }), ("edges", { Double($0.edgeCount) }), ("root_count", { Double($0.rootCount) }),
    ("leaf_count", { Double($0.leafCount) }), ("v_structure_count", { Double($0.vStructureCount) }),
    ("longest_path", { Double($0.depth) }),
  ]

  /// The names of all that ``laws`` can have, in their order, and what each is read from.
  public static let statistics: [(name: String, source: StatisticSource)] =
    counts.map { ($0.name, .graph) } + GraphDescriptors.names.map { ($0, .graph) }
    + DataDescriptors.names.map { ($0, .data) } + KindDescriptors.names.map { ($0, .data) }
    + TaskDetails.laws.map { ($0.name, $0.source) }

  private static func shares(_ histograms: [[Int]]) -> [Double] {
    var counts = [Double](repeating: 0, count: histograms.reduce(0) { max($0, $1.count) })
    for histogram in histograms {
      for (degree, count) in histogram.enumerated() { counts[degree] += Double(count) }
    }
    let last = counts.lastIndex { $0 > 0 } ?? -1
    let total = counts.reduce(0, +)
    return counts.prefix(last + 1).map { $0 / max(total, 1) }
  }

  private static func variances(_ tasks: [[(sum: Double, count: Int)]]) -> [Double?] {
    guard let parts = tasks.first?.indices else { return [] }
    return parts.map { part in
      let count = tasks.reduce(0) { $0 + $1[part].count }
      guard count > 0 else { return nil }
      return Elementary.exp(tasks.reduce(0) { $0 + $1[part].sum } / Double(count))
    }
  }

  /// A mean sortability this far above ½ lets a method that sorts nodes beat one that reads the data.
  private static let tellingSortability = 0.65

  private static func warnings(_ means: [String: Double]) -> [String] {
    [
      (
        "var_sortability", "marginal variances grow",
        "standardization = internal (or batch, or a normalising collate) takes that away"
      ),
      (
        "r2_sortability", "what other nodes explain of a node grows",
        "standardization = internal takes most of that away"
      ),
    ].compactMap { name, what, cure in
      guard let mean = means[name], mean > tellingSortability else { return nil }
      return
        "\(name) is \((mean * 100).rounded() / 100): \(what) along the causal order, which gives the order away; \(cure)."
    } + weakness(means["weak_edges"])
  }

  /// With more weak edges than this the recall that can be had is well below 1.
  private static let manyWeakEdges = 0.2

  private static func weakness(_ share: Double?) -> [String] {
    guard let share, share > manyWeakEdges else { return [] }
    return [
      "\((share * 100).rounded() / 100) of the edges move their child by less than \(TaskDetails.weakEffect) of its deviation, so "
        + "hardly any method finds them; choose weights that keep away from 0, or less noise."
    ]
  }

  public var json: JSONValue {
    func numbers(_ values: [Double]) -> JSONValue { .array(values.map(JSONValue.number)) }
    let entries = laws.map { name, law in
      (
        name,
        JSONValue.object([
          "mean": .number(law.mean), "sd": .number(law.deviation), "quantiles": numbers(law.quantiles),
        ])
      )
    }
    return .object([
      "n_tasks": .integer(taskCount), "statistics": .object(Dictionary(uniqueKeysWithValues: entries)),
      "in_degrees": numbers(inDegrees), "out_degrees": numbers(outDegrees),
      "degrees": numbers(degrees),
      "variance_along_order": .array(varianceAlongOrder.map { $0.map(JSONValue.number) ?? .null }),
      "component_counts": .array(componentCounts.map(JSONValue.integer)),
      "warnings": .array(warnings.map(JSONValue.string)), "notes": .array(notes.map(JSONValue.string)),
    ])
  }
}
