/// Who is what in a graph whose structure says so, by node.
public struct GraphRoles: Hashable, Sendable {
  public let treatment: Int
  public let outcome: Int
  /// Nodes that nobody sees.
  public let hidden: [Int]
  public let instrument: Int?
  public let mediator: Int?

  public init(treatment: Int, outcome: Int, hidden: [Int] = [], instrument: Int? = nil, mediator: Int? = nil) {
    self.treatment = treatment
    self.outcome = outcome
    self.hidden = hidden
    self.instrument = instrument
    self.mediator = mediator
  }
}

/// A graph generator whose graphs all have one structure, in which treatment and outcome are known.
public protocol StructuredGenerator: GraphGenerator {
  func roles(nodeCount: Int) -> GraphRoles
}
