import SCMMechanisms
import SCMRandom

/// What an observation does to each shown column of one task: drawn once, the same in all rows.
struct ObservationPlan {
  struct Column {
    let node: Int
    /// Decides whether a cell is seen; `nil` where all are. Its terms' nodes are columns here.
    var seen: Probit?
    /// The standard deviation of the error; 0 for none.
    var error: Float = 0
    var bound: Float?
    var grid: Grid?
  }

  /// Equal bins, each told by its middle.
  struct Grid {
    let least: Float
    let step: Float
    let last: Float

    func callAsFunction(_ x: Float) -> Float {
      let bin = min(max(((x - least) / step).rounded(.down), 0), last)
      return least.addingProduct(step, bin + 0.5)
    }
  }

  private(set) var columns: [Column]

  /// - Parameters:
  ///   - kinds: what nodes' values are; empty where all are continuous. Classes and counts may have holes, and no errors, bounds or bins.
  ///   - laws: `nil` where the observation reads none.
  init(_ part: Observation, shown: [Int], kinds: [ValueKind], laws: ColumnLaws?, key: TaskKey) {
    columns = shown.map { Column(node: $0) }
    if part.missing != .none { punch(part, laws, key) }
    guard let laws else { return }
    // What decides about holes at random has to be seen as it is.
    let changed = columns.indices.filter {
      (kinds.isEmpty || kinds[columns[$0].node] == .continuous) && (part.missing != .mar || columns[$0].seen != nil)
    }
    for column in chosen(part.errorShare, of: changed, .errors, key) {
      columns[column].error = Float(part.errorRatio * laws.deviation(columns[column].node))
    }
    for column in chosen(part.censoredShare, of: changed, .censoring, key) {
      let u = uniform(.censoring, columns[column].node, key)
      let share = part.leastCensored + (part.mostCensored - part.leastCensored) * u
      columns[column].bound = laws.quantile(columns[column].node, Share(part.censoring == .right ? 1 - share : share))
    }
    for column in chosen(part.roundedShare, of: changed, .rounding, key) {
      let node = columns[column].node
      let bins = part.leastBins + Int(uniform(.rounding, node, key) * Double(part.mostBins - part.leastBins + 1))
      let (least, most) = (laws.quantile(node, Self.low), laws.quantile(node, Self.high))
      // A constant stays what it is.
      guard most > least else { continue }
      columns[column].grid = Grid(least: least, step: (most - least) / Float(bins), last: Float(bins - 1))
    }
  }

  /// The quantiles between which a rounded column has its bins.
  private static let (low, high) = (Share(0.01), Share(0.99))

  /// Gives columns holes.
  private mutating func punch(_ part: Observation, _ laws: ColumnLaws?, _ key: TaskKey) {
    let count = columns.count
    let most = part.missing == .mar ? count - 1 : count
    let holed = chosen(part.share, of: Array(0..<count), .holes, key, most: most)
    let share = Share(1 - part.rate)
    let alwaysSeen = (0..<count).filter { !holed.contains($0) }
    for column in holed {
      let node = columns[column].node
      var causes: [(node: Int, sign: Double)] = []
      switch part.missing {
      case .none, .mcar: break
      case .mnar: causes = [(column, 1)]
      case .mar: causes = some(part.causes, of: alwaysSeen, of: node, key)
      case .graph: causes = some(part.causes, of: Array(0..<count), of: node, key)
      }
      guard let laws, !causes.isEmpty else {
        columns[column].seen = Probit(intercept: Float(share.normal), terms: [])
        continue
      }
      var probit = laws.probit(
        share, slope: part.slope, of: causes.map { (columns[$0.node].node, $0.sign) })
      for (place, cause) in causes.enumerated() { probit.terms[place].node = cause.node }
      columns[column].seen = probit
    }
  }

  private enum Site: UInt32 { case holes = 1, errors, censoring, rounding, causes }

  /// A share of some columns, ascending.
  private func chosen(_ share: Double, of columns: [Int], _ site: Site, _ key: TaskKey, most: Int? = nil) -> [Int] {
    let number = min(Int((share * Double(columns.count)).rounded()), most ?? columns.count)
    guard number < columns.count else { return columns }
    var words = key.words(site: site.rawValue, purpose: .observation)
    return words.some(number, of: columns).sorted()
  }

  /// Causes of a node's holes, with random signs.
  private func some(_ number: Int, of candidates: [Int], of node: Int, _ key: TaskKey) -> [(node: Int, sign: Double)] {
    var words = key.words(site: Self.address(.causes, node), purpose: .observation)
    return words.some(min(number, candidates.count), of: candidates).map { ($0, words.next(below: 2) == 0 ? 1 : -1) }
  }

  private func uniform(_ site: Site, _ node: Int, _ key: TaskKey) -> Double {
    Double(unit: key.block(0, site: Self.address(site, node), purpose: .observation).word64(0))
  }

  /// A node has eleven bits.
  private static func address(_ site: Site, _ node: Int) -> UInt32 {
    site.rawValue << 11 | UInt32(truncatingIfNeeded: node)
  }
}
