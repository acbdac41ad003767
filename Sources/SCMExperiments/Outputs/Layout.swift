public import SCMBase
package import SCMFamilies

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
  private let hasEffects: Bool
  /// Whether nodes may have other values than continuous ones.
  let mayBeDiscrete: Bool

  /// The length of an axis.
  public subscript(axis: Output.Axis) -> Int {
    switch axis {
    case .rows: hasEffects ? context : rows
    case .query: query
    case .variables: shown
    case .covariates: covariates
    case .regimes: regimes
    case .doses: grid
    }
  }

  /// - Parameter rows: observational rows, where a batch has decided them.
  init(_ design: Design, nodeCounts: ClosedRange<Int>, rows: Int? = nil, mayBeDiscrete: Bool = false) {
    hasEffects = design.effects != nil
    self.mayBeDiscrete = mayBeDiscrete
    let nodes = nodeCounts.upperBound
    self.nodes = nodes
    shown = design.hidden.map { hidden in nodeCounts.map { hidden.mostShown(of: $0) }.max() ?? nodes } ?? nodes
    let interventional = design.interventions?.sampleCount ?? 0
    self.rows = (rows ?? design.rows.most) + interventional
    // A share of fewer rows is no more; nor are the rows before it.
    query = design.rows.queryCount(of: self.rows)
    context = self.rows - query
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
    public let axes: [Output.Axis]
    /// For one task.
    public let shape: [Int]
    public let scale: Output.Scale
    /// The name of the array that says where this one holds.
    public let mask: String?
    public let elementCount: Int
    public var byteCount: Int { elementCount * output.type.size }
  }

  public let entries: [Entry]
  public let sizes: LayoutSizes
  /// By output, its number among the entries.
  private let rowEntries: [Int?]

  /// - Parameters:
  ///   - nodeCounts: the numbers of nodes that a task may have.
  ///   - rows: observational rows, where a batch has decided them.
  ///   - mayBeDiscrete: whether nodes may have other values than continuous ones, and arrays have to say which.
  /// - Throws: `ConfigError` where the design can't be had of such tasks.
  public init(
    _ design: Design, nodeCounts: ClosedRange<Int>, rows: Int? = nil, mayBeDiscrete: Bool
  ) throws(ConfigError) {
    try design.check(nodeCounts: nodeCounts)
    let sizes = LayoutSizes(design, nodeCounts: nodeCounts, rows: rows, mayBeDiscrete: mayBeDiscrete)
    self.sizes = sizes
    entries = Output.all.compactMap { output in
      output.axes(design, sizes).map { axes in
        let shape = axes.map { sizes[$0] }
        return Entry(
          output: output, name: output.name(design), axes: axes, shape: shape, scale: output.scale(design),
          mask: output.mask(design), elementCount: shape.reduce(1, *))
      }
    }
    var rowEntries = [Int?](repeating: nil, count: RowOutput.allCases.count)
    for index in entries.indices {
      if case .rows(let output) = entries[index].output.source { rowEntries[output.rawValue] = index }
    }
    self.rowEntries = rowEntries
  }

  /// As above, for the tasks of a family.
  package init(_ design: Design, of family: SCMFamily, rows: Int? = nil) throws(ConfigError) {
    try self.init(design, nodeCounts: family.nodeCounts, rows: rows, mayBeDiscrete: family.mayBeDiscrete)
  }

  /// As above, for one SCM.
  ///
  /// - Parameter family: where it is from, other tasks of which may have nodes with classes.
  /// - Throws: `ConfigError` where the design can't be had of this SCM.
  package init(_ design: Design, of instance: SCMInstance, family: SCMFamily?, rows: Int? = nil) throws(ConfigError) {
    try design.check(instance, of: family)
    try self.init(
      design, nodeCounts: instance.nodeCount...instance.nodeCount, rows: rows,
      mayBeDiscrete: family?.mayBeDiscrete ?? !instance.valueKinds.isEmpty)
  }

  /// The number of the entry of an output that is filled with the rows; `nil` where the design has none.
  func index(of output: RowOutput) -> Int? { rowEntries[output.rawValue] }

  /// A list of {name, dtype, shape, axes, scale, meaning}, and {mask} and {padding} where there are any, in the order in which arrays
  /// are handed over.
  public var json: JSONValue {
    .array(
      entries.map { entry in
        var members: [String: JSONValue] = [
          "name": .string(entry.name), "dtype": .string(entry.output.type.rawValue),
          "shape": .array(entry.shape.map(JSONValue.integer)), "axes": .array(entry.axes.map { .string($0.rawValue) }),
          "scale": .string(entry.scale.rawValue), "meaning": .string(entry.output.meaning),
        ]
        members["mask"] = entry.mask.map(JSONValue.string)
        if entry.output.padding != 0 { members["padding"] = .integer(entry.output.padding) }
        return .object(members)
      })
  }
}
