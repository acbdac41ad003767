/// What a node's mechanism has to make of what.
public struct NodeSetting: Sendable {
  /// What the node's values are.
  public let values: ValueKind
  /// What its parents' values are, in the order of its input.
  public let parents: [ValueKind]
  /// How it reads a parent of more than two classes, unless its kind says so.
  public let reading: ClassReading

  public init(values: ValueKind, parents: [ValueKind], reading: ClassReading = .oneHot) {
    self.values = values
    self.parents = parents
    self.reading = reading
  }

  /// Whether a parent's values are no classes, but numbers that can be standardised.
  var hasNumbers: Bool { parents.contains { $0.classCount == 0 } }

  /// The columns that it reads of all parents.
  public var columnCount: Int { parents.reduce(0) { $0 + $1.columnCount(reading) } }
}
