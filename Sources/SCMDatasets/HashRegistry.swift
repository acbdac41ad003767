public import SCMGraphs

/// Graphs that no training task may have, as digests at one level of identity.
public struct HashRegistry: Hashable, Sendable {
  public let level: GraphLevel
  public private(set) var digests: Set<GraphDigest>

  public init(level: GraphLevel = .exact, digests: some Sequence<GraphDigest> = []) {
    self.level = level
    self.digests = Set(digests)
  }

  public var count: Int { digests.count }

  public mutating func add(_ digest: GraphDigest) { digests.insert(digest) }

  public mutating func add(_ graph: AdjacencyMatrix) { digests.insert(graph.digest(level: level)) }

  public func contains(_ graph: AdjacencyMatrix) -> Bool {
    !digests.isEmpty && digests.contains(graph.digest(level: level))
  }
}

/// The training stream found no graph outside the reserved set.
public struct DisjointnessError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String
}
