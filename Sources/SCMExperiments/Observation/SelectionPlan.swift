import SCMBase
import SCMFamilies
import SCMMechanisms
import SCMRandom

/// What decides in one task which rows are kept.
struct SelectionPlan {
  let probit: Probit
  /// The nodes of the probit and what leads to them, in topological order.
  let deciding: [Int]
  /// All others, in that order: they are computed of kept rows alone.
  let others: [Int]
  /// Whether a deciding mechanism asks for the number of a row, so that each has to stand at its place.
  private let readsRowNumbers: Bool

  init(_ part: Selection, _ laws: ColumnLaws, shares: inout KnownShares, _ instance: SCMInstance) {
    probit = part.probit(laws, shares.share(part.kept), nodeCount: instance.nodeCount, key: instance.key)
    let decides = instance.leads(to: probit.terms.map(\.node))
    deciding = instance.topologicalOrder.filtered { decides[$0] }
    others = instance.topologicalOrder.filtered { !decides[$0] }
    // An exact draw of a Gaussian process holds the values of the first rows.
    readsRowNumbers = deciding.contains { instance.readings[$0].channels.contains(.process) }
  }

  /// In which parts some rows of a tile are drawn again, and how often at once: a few rows fill no vector, so they are drawn more often than
  /// may be needed.
  func parts(of places: [Int], in tile: RowTile) -> (parts: [RedrawnPart], attempts: Int) {
    guard readsRowNumbers else {
      let part = RedrawnPart(places: places, firstRow: 0)
      return ([part], max(1, MechanismRows.laneCount / places.count))
    }
    // Whole lanes are what mechanisms compute.
    let lanes = places.map { place in
      let first = place & ~(MechanismRows.laneCount - 1)
      return first..<min(first + MechanismRows.laneCount, tile.count)
    }
    let parts = RangeSet(lanes).ranges.map {
      RedrawnPart(places: Array($0), firstRow: tile.firstRow + $0.lowerBound)
    }
    return (parts, 1)
  }
}

/// Rows of a tile that are computed side by side when they are drawn again.
struct RedrawnPart {
  /// Where they stand in the tile, ascending.
  let places: [Int]
  /// The number that mechanisms read of the first one.
  let firstRow: Int
}

extension Selection {
  fileprivate func probit(_ laws: ColumnLaws, _ share: Share, nodeCount: Int, key: TaskKey) -> Probit {
    var words = key.words(purpose: .selection)
    let chosen = words.some(min(causes, nodeCount), of: Array(0..<nodeCount))
    var terms = chosen.map { Probit.Term(node: $0, weight: words.next(below: 2) == 0 ? 1 : -1) }
    let intercept = laws.weigh(&terms, from: 0, share, slope: slope)
    return Probit(intercept: intercept, terms: terms)
  }
}
