import SCMBase
import SCMMechanisms
import SCMRandom

/// What an observation does to each shown column of one task: drawn once, the same in all rows.
struct ObservationPlan {
  struct Column {
    let node: Int
    /// The probit that decides whether a cell is seen, its terms by their places in ``ObservationPlan/terms``; `nil` where all are.
    var seen: (intercept: Float, terms: Range<Int>)?
    /// The standard deviation of the error; 0 for none.
    var error: Float = 0
    var bound: Float?
    var grid: Grid?

    /// Whether values are other ones where they are seen.
    var isChanged: Bool { error > 0 || bound != nil || grid != nil }
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
  private(set) var terms: [Probit.Term] = []

  /// - Parameters:
  ///   - kinds: what nodes' values are; empty where all are continuous. Classes and counts may have holes, and no errors, bounds or bins.
  ///   - laws: `nil` where the observation reads none.
  init(
    _ part: Observation, shown: [Int], kinds: [ValueKind], laws: ColumnLaws?, shares: inout KnownShares, key: TaskKey
  ) {
    columns = shown.map { Column(node: $0) }
    if part.missing != .none { punch(part, shown, laws, shares.share(1 - part.rate), key) }
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
  ///
  /// - Parameter share: of the cells of such a column, that of those which are seen.
  private mutating func punch(
    _ part: Observation, _ shown: [Int], _ laws: ColumnLaws?, _ share: Share, _ key: TaskKey
  ) {
    let count = columns.count
    let most = part.missing == .mar ? count - 1 : count
    let holed = chosen(part.share, of: Array(0..<count), .holes, key, most: most)
    var isHoled = [Bool](equal: false, count: count)
    for column in holed { isHoled[column] = true }
    let candidates = part.missing == .mar ? (0..<count).filtered { !isHoled[$0] }.map { shown[$0] } : shown
    for column in holed {
      let start = terms.count
      switch part.missing {
      case .none, .mcar: break
      case .mnar: terms.append(Probit.Term(node: shown[column], weight: 1))
      case .mar, .graph: addCauses(part.causes, of: candidates, of: shown[column], key)
      }
      let intercept =
        terms.count > start ? laws?.weigh(&terms, from: start, share, slope: part.slope) : Float(share.normal)
      columns[column].seen = intercept.map { ($0, start..<terms.count) }
    }
  }

  private enum Site: UInt32 { case holes = 1, errors, censoring, rounding, causes }

  /// A share of some columns; these are ascending, and so is it.
  private func chosen(_ share: Double, of columns: [Int], _ site: Site, _ key: TaskKey, most: Int? = nil) -> [Int] {
    let number = min(Int((share * Double(columns.count)).rounded()), most ?? columns.count)
    guard number < columns.count else { return columns }
    var words = key.words(site: site.rawValue, purpose: .observation)
    var isChosen = [Bool](equal: false, count: self.columns.count)
    for column in words.some(number, of: columns) { isChosen[column] = true }
    return columns.filtered { isChosen[$0] }
  }

  /// Adds causes of a node's holes, with random signs.
  private mutating func addCauses(_ number: Int, of candidates: [Int], of node: Int, _ key: TaskKey) {
    var words = key.words(site: Self.address(.causes, node), purpose: .observation)
    let number = min(number, candidates.count)
    let start = terms.count
    if number == 1 {
      // Nothing has to be copied.
      terms.append(Probit.Term(node: candidates[words.next(below: candidates.count)], weight: 1))
    } else {
      for cause in words.some(number, of: candidates) { terms.append(Probit.Term(node: cause, weight: 1)) }
    }
    for place in start..<terms.count where words.next(below: 2) != 0 { terms[place].weight = -1 }
  }

  private func uniform(_ site: Site, _ node: Int, _ key: TaskKey) -> Double {
    Double(unit: key.block(0, site: Self.address(site, node), purpose: .observation).word64(0))
  }

  /// A node has eleven bits.
  private static func address(_ site: Site, _ node: Int) -> UInt32 {
    site.rawValue << 11 | UInt32(truncatingIfNeeded: node)
  }
}
