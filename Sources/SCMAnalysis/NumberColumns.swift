import SCMBase
public import SCMFamilies
public import SCMGraphs
public import SCMMechanisms

/// The columns of a data set whose values are numbers: all but those with classes, whose numbers are names.
public struct NumberColumns: Sendable {
  /// `nil` where that is all of them.
  private let isNumber: [Bool]?

  /// - Parameter valueKinds: what each column's values are; empty where all are continuous.
  public init(_ columnCount: Int, _ valueKinds: [ValueKind]) {
    requireInRelease(
      valueKinds.isEmpty || valueKinds.count == columnCount, "Each column has a kind of values, or none has.")
    let found = valueKinds.map { $0.classCount == 0 }
    isNumber = found.allSatisfy(\.self) ? nil : found
  }

  /// Their places, ascending; `nil` for all.
  private var places: [Int]? { isNumber.map { found in found.indices.filter { found[$0] } } }

  /// A data set of these columns alone.
  public func of(_ samples: SampleMatrix) -> SampleMatrix {
    guard let places else { return samples }
    return SampleMatrix(rowCount: samples.rowCount, columnCount: places.count) { samples[$0, places[$1]] }
  }

  /// ``sortability(of:in:among:tolerance:)`` of scores of these columns, along paths that lead through all.
  public func sortability(of scores: [Double], in graph: AdjacencyMatrix) -> Double? {
    guard let places else { return SCMAnalysis.sortability(of: scores, in: graph) }
    var whole = [Double](repeating: 0, count: graph.nodeCount)
    for (score, place) in zip(scores, places) { whole[place] = score }
    return SCMAnalysis.sortability(of: whole, in: graph, among: isNumber)
  }
}
