import SCMRandom

/// What the values of an SCM without intervention are distributed like: in closed form, or by calibration rows.
enum ColumnLaws {
  case normal(LinearLaw)
  case rows(MarginalRows)

  func mean(_ node: Int) -> Double {
    switch self {
    case .normal(let law): law.means[node]
    case .rows(let rows): rows.moments(of: node).mean
    }
  }

  /// At least the smallest normal number, so that it can be divided by.
  func deviation(_ node: Int) -> Double {
    let deviation =
      switch self {
      case .normal(let law): law.covariance(node, node).squareRoot()
      case .rows(let rows): rows.moments(of: node).deviation
      }
    return max(deviation, Self.leastDeviation)
  }

  private static let leastDeviation = 0x1p-126

  /// The value that a share of a node's lies below.
  func quantile(_ node: Int, _ share: Share) -> Float {
    switch self {
    case .normal: return Float(mean(node) + deviation(node) * share.normal)
    case .rows(let rows):
      let values = Array(rows[node])
      let found = values.smallest(share.place(among: rows.count))
      // 0 and −0 are equal, and the one that stands first is the smaller one.
      return found == 0 ? rows[node].sorted()[share.place(among: rows.count)] : found
    }
  }

  /// The probit α + β s + η > 0, s the standardised sum of signed standardised values, that holds for a share of rows.
  ///
  /// - Parameters:
  ///   - terms: from place `start` on those of the probit, with signs in the place of weights; they get their weights.
  /// - Returns: the intercept.
  func weigh(_ terms: inout [Probit.Term], from start: Int, _ share: Share, slope: Double) -> Float {
    var shift = 0.0
    for place in start..<terms.count {
      let deviation = deviation(terms[place].node)
      // What is the same in all rows has no part: its weight would leave no digit of the others'.
      terms[place].weight = deviation > Self.leastDeviation ? terms[place].weight / deviation : 0
      shift -= terms[place].weight * mean(terms[place].node)
    }
    let intercept: Double
    let factor: Double
    switch self {
    case .normal(let law):
      var variance = 0.0
      for a in start..<terms.count {
        for b in start..<terms.count {
          variance += terms[a].weight * terms[b].weight * law.covariance(terms[a].node, terms[b].node)
        }
      }
      factor = Self.factor(of: variance)
      // βs + η is normal with variance 1 + β².
      intercept = (factor == 0 ? 1 : 1 + slope * slope).squareRoot() * share.normal
    case .rows(let rows):
      var scores = (0..<rows.count).map { row in
        terms[start...].reduce(shift) { $0 + $1.weight * Double(rows[$1.node, row]) }
      }
      factor = Self.factor(of: scores.reduce(0) { $0 + $1 * $1 } / Double(rows.count))
      for row in scores.indices { scores[row] = slope * factor * scores[row] + Self.strata[row & 255] }
      scores.sort()
      intercept = -scores[Share.place(1 - share.value, among: rows.count)]
    }
    for place in start..<terms.count { terms[place].weight *= slope * factor }
    return Float(intercept + slope * factor * shift)
  }

  /// What brings a sum to variance 1, and one whose terms cancel out to 0.
  private static func factor(of variance: Double) -> Double { variance > 0x1p-40 ? 1 / variance.squareRoot() : 0 }

  /// 256 normal quantiles in an order that no row's values follow: that of the reversed bits of their numbers.
  private static let strata: [Double] = (0...255 as ClosedRange<UInt8>).map { row in
    var reversed: UInt8 = 0
    for bit in 0..<8 as Range<UInt8> where row >> bit & 1 == 1 { reversed |= 1 << (7 - bit) }
    return Elementary.normalQuantile((Double(reversed) + 0.5) / 256)
  }
}

/// A probability in (0, 1) with the standard normal's quantile of it, which takes long; see ``KnownShares``.
struct Share {
  let value: Double
  let normal: Double

  init(_ value: Double) {
    self.value = value
    normal = Elementary.normalQuantile(value)
  }

  /// The number of the quantile among so many ordered values.
  func place(among count: Int) -> Int { Self.place(value, among: count) }

  static func place(_ share: Double, among count: Int) -> Int { min(Int(share * Double(count)), count - 1) }
}

/// Shares that designs ask for, which are the same task after task.
struct KnownShares {
  private var known: [Share] = []

  mutating func share(_ value: Double) -> Share {
    if let share = known.first(where: { $0.value == value }) { return share }
    let share = Share(value)
    if known.count == 8 { known.removeFirst() }
    known.append(share)
    return share
  }
}

/// intercept + Σ weightᵢ·xᵢ + η > 0, η standard normal.
struct Probit {
  let intercept: Float
  let terms: [Term]

  struct Term {
    let node: Int
    /// Rounded to Float32 where it is used.
    var weight: Double
  }
}
