public import SCMBase

/// The largest sizes that a design's arrays need.
public struct LayoutSizes: Hashable, Sendable {
  /// Nodes of a task, and those of them that are shown.
  public let nodes: Int
  public let shown: Int
  /// Rows, and what parts them.
  public let rows: Int
  public let context: Int
  public let query: Int
  /// Regimes, the observational one counted.
  public let regimes: Int
  public let covariates: Int
  /// Values of a continuous treatment.
  public let grid: Int

  /// - Parameter rows: observational rows, where a batch has decided them.
  init(_ design: Design, nodeCounts: ClosedRange<Int>, rows: Int? = nil) {
    let nodes = nodeCounts.upperBound
    self.nodes = nodes
    shown = design.hidden.map { hidden in nodeCounts.map { hidden.mostShown(of: $0) }.max() ?? nodes } ?? nodes
    let interventional = design.interventions?.sampleCount ?? 0
    self.rows = (rows ?? design.rows.most) + interventional
    // A share of fewer rows is no more; nor are the rows before it.
    query = design.rows.queryCount(of: self.rows)
    let least = (rows ?? design.rows.sampleCount) + interventional
    context = max(self.rows - query, least - design.rows.queryCount(of: least))
    regimes = 1 + (design.interventions?.mostRegimes(nodeCount: nodes) ?? 0)
    covariates = max(shown - 2, 0)
    grid = design.effects?.armCount ?? 0
  }
}

/// The arrays of a design: what a caller allocates before it asks for tasks.
public struct Layout: Sendable {
  public struct Entry: Sendable {
    public let output: Output
    public let name: String
    /// For one task.
    public let shape: [Int]
    public var elementCount: Int { shape.reduce(1, *) }
    public var byteCount: Int { elementCount * output.type.size }
  }

  public let entries: [Entry]
  public let sizes: LayoutSizes

  /// - Parameters:
  ///   - nodeCounts: the numbers of nodes that a task may have.
  ///   - rows: observational rows, where a batch has decided them.
  /// - Throws: `ConfigError` where the design can't be had of such tasks.
  public init(_ design: Design, nodeCounts: ClosedRange<Int>, rows: Int? = nil) throws(ConfigError) {
    try design.check(nodeCounts: nodeCounts)
    let sizes = LayoutSizes(design, nodeCounts: nodeCounts, rows: rows)
    self.sizes = sizes
    entries = Output.all.compactMap { output in
      output.shape(design, sizes).map { Entry(output: output, name: output.name(design), shape: $0) }
    }
  }

  /// A list of {name, dtype, shape, scale, meaning}, in the order in which arrays are handed over.
  public var json: JSONValue {
    .array(
      entries.map {
        .object([
          "name": .string($0.name), "dtype": .string($0.output.type.rawValue),
          "shape": .array($0.shape.map(JSONValue.integer)), "scale": .string($0.output.scale.rawValue),
          "meaning": .string($0.output.meaning),
        ])
      })
  }
}
