import SCMRandom

/// Jensen–Shannon divergence of pooled histograms, ½ added to every bin: 0 for equal ones, log 2 at most.
struct HistogramDivergence: TwoSampleStatistic {
  /// Bins of each item.
  private let items: [[(bin: Int, count: Double)]]
  private let binCount: Int

  init(_ histograms: [[Int]]) {
    binCount = histograms.reduce(1) { max($0, $1.count) }
    items = histograms.map { histogram in
      histogram.enumerated().filter { $0.element > 0 }.map { ($0.offset, Double($0.element)) }
    }
  }

  /// Of items that are one number each.
  init(ofNumbers numbers: [Int]) {
    binCount = numbers.reduce(1) { max($0, $1 + 1) }
    items = numbers.map { [($0, 1)] }
  }

  func value(_ first: [Double], _ second: [Double]) -> Double {
    let (p, q) = (pooled(first), pooled(second))
    var sum = 0.0
    for (a, b) in zip(p, q) {
      let middle = (a + b) / 2
      sum += a * Elementary.log(a / middle) + b * Elementary.log(b / middle)
    }
    return max(sum / 2, 0)
  }

  private func pooled(_ weights: [Double]) -> [Double] {
    var histogram = [Double](repeating: 0.5, count: binCount)
    for (item, weight) in zip(items, weights) where weight > 0 {
      for (bin, count) in item { histogram[bin] += weight * count }
    }
    let total = histogram.reduce(0, +)
    return histogram.map { $0 / total }
  }
}

/// W₁ between the mean measures of two samples of measures on the line, each item being equal masses at its values.
struct PooledWasserstein: TwoSampleStatistic {
  /// All values in order, with their item and its share of the item's mass.
  private let values: [(value: Double, item: Int, mass: Double)]

  init(_ items: [[Double]]) {
    values = items.enumerated().flatMap { item, values in values.map { ($0, item, 1 / Double(values.count)) } }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
  }

  func value(_ first: [Double], _ second: [Double]) -> Double {
    let (a, b) = (1 / first.reduce(0, +), 1 / second.reduce(0, +))
    var (difference, sum, last) = (0.0, 0.0, values.first?.value ?? 0)
    for (value, item, mass) in values {
      sum += abs(difference) * (value - last)
      last = value
      difference += mass * (first[item] * a - second[item] * b)
    }
    return sum
  }
}

/// W₁ of two lists of equal masses, each in ascending order: ∫|F − G|.
func wasserstein(_ a: [Double], _ b: [Double]) -> Double {
  if a.count == b.count {
    return a.isEmpty ? 0 : zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(a.count)
  }
  var (i, j, sum) = (0, 0, 0.0)
  var last = min(a.first ?? 0, b.first ?? 0)
  while i < a.count || j < b.count {
    let next = min(i < a.count ? a[i] : .infinity, j < b.count ? b[j] : .infinity)
    sum += abs(Double(i) / Double(max(a.count, 1)) - Double(j) / Double(max(b.count, 1))) * (next - last)
    last = next
    while i < a.count, a[i] == next { i += 1 }
    while j < b.count, b[j] == next { j += 1 }
  }
  return sum
}

/// Energy distance 2E d(X, Y) − E d(X, X') − E d(Y, Y') as a U-statistic: unbiased, so slightly below 0 now and then.
///
/// Source: Székely and Rizzo, "Energy statistics: a class of statistics based on distances", J. Stat. Plan. Inference 143 (2013).
struct EnergyDistance: TwoSampleStatistic {
  private let count: Int
  /// Row by row; Float32 halves the memory that every relabelling walks through.
  private let distances: [Float]

  /// - Parameter isCancelled: asked before each row; what is left is then 0, and nobody may read the result.
  init(count: Int, isCancelled: () -> Bool = { false }, distance: (Int, Int) -> Double) {
    self.count = count
    var distances = [Float](repeating: 0, count: count * count)
    for i in 0..<count {
      guard !isCancelled() else { break }
      for j in 0..<i {
        let value = Float(distance(i, j))
        distances[i * count + j] = value
        distances[j * count + i] = value
      }
    }
    self.distances = distances
  }

  func value(_ first: [Double], _ second: [Double]) -> Double {
    var (within, other, between) = (0.0, 0.0, 0.0)
    for i in 0..<count where first[i] > 0 || second[i] > 0 {
      let row = i * count
      // In Float64, in which floats that are equal sum up to the same in whatever order: else relabellings that are equally far apart
      // would be told apart by rounding.
      var (ofFirst, ofSecond) = (SIMD8<Double>(), SIMD8<Double>())
      var j = 0
      unsafe first.withUnsafeBufferPointer { a in
        unsafe second.withUnsafeBufferPointer { b in
          unsafe distances.withUnsafeBufferPointer { d in
            guard let a = a.baseAddress, let b = b.baseAddress, let d = d.baseAddress else { return }
            while j + 8 <= count {
              let x = unsafe Lanes.wide(Lanes.load8(d + row + j))
              unsafe ofFirst.addProduct(Lanes.load(a + j), x)
              unsafe ofSecond.addProduct(Lanes.load(b + j), x)
              j += 8
            }
          }
        }
      }
      var (sumFirst, sumSecond) = (ofFirst.sum(), ofSecond.sum())
      while j < count {
        sumFirst += Double(distances[row + j]) * first[j]
        sumSecond += Double(distances[row + j]) * second[j]
        j += 1
      }
      within += first[i] * sumFirst
      between += first[i] * sumSecond
      other += second[i] * sumSecond
    }
    let (k, m) = (first.reduce(0, +), second.reduce(0, +))
    return 2 * between / (k * m) - within / max(k * (k - 1), 1) - other / max(m * (m - 1), 1)
  }
}

/// Kullback–Leibler divergence of normal laws fitted to two samples of vectors: first from second, or both ways summed.
struct GaussianDivergence: TwoSampleStatistic {
  private let vectors: [[Double]]
  private let isSymmetric: Bool
  private let leastVariance: Double

  /// - Parameters:
  ///   - vectors: coordinates that are constant over all are left out.
  ///   - leastVariance: what the fitted laws have at least: for counts the 1/12 of rounding, as a count that never varies would be
  ///     infinitely far from any other law.
  init(_ vectors: [[Double]], isSymmetric: Bool = true, leastVariance: Double = 0) {
    self.isSymmetric = isSymmetric
    self.leastVariance = leastVariance
    let kept = (vectors.first ?? []).indices.filter { index in vectors.contains { $0[index] != vectors[0][index] } }
    self.vectors = vectors.map { vector in kept.map { vector[$0] } }
  }

  func value(_ first: [Double], _ second: [Double]) -> Double {
    let p = NormalLaw(vectors, weights: first, leastVariance: leastVariance)
    let q = NormalLaw(vectors, weights: second, leastVariance: leastVariance)
    let sum = p.divergence(from: q) + (isSymmetric ? q.divergence(from: p) : 0)
    // Where a sample is constant its law has the ridge's variance alone: no number, however large, would say more.
    return sum < 1e200 ? sum : .infinity
  }
}

extension EnergyDistance {
  /// Euclidean distances of vectors, each coordinate over its pooled deviation; one that is constant counts nothing.
  init(scaled vectors: [[Double]], _ isCancelled: () -> Bool) {
    let scales = (vectors.first ?? []).indices.map { index in
      let deviation = vectors.map { $0[index] }.deviation
      return deviation > 0 ? 1 / deviation : 0
    }
    self.init(count: vectors.count, isCancelled: isCancelled) { i, j in
      let (a, b) = (vectors[i], vectors[j])
      return a.indices.reduce(0) { sum, index in
        let difference = (a[index] - b[index]) * scales[index]
        return sum + difference * difference
      }.squareRoot()
    }
  }
}
