import SCMRandom

/// How many standard deviations of its permutation law the energy distance of two samples of points lies above that law's mean.
///
/// Source: Székely and Rizzo, "Energy statistics: a class of statistics based on distances", J. Stat. Plan. Inference 143 (2013).
package func energyDeviations(_ a: [[Double]], _ b: [[Double]], permutations: Int = 60) -> Double {
  let points = a + b
  let n = points.count
  let distances = points.map { x in
    points.map { y in zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot() }
  }
  /// 2E|X − Y| − E|X − X'| − E|Y − Y'| where the first points of an order are the X.
  func statistic(_ order: [Int]) -> Double {
    var sums = (within: 0.0, between: 0.0, other: 0.0)
    for (i, x) in order.enumerated() {
      for (j, y) in order.enumerated() {
        let distance = distances[x][y]
        if i < a.count, j < a.count {
          sums.within += distance
        } else if i >= a.count, j >= a.count {
          sums.other += distance
        } else {
          sums.between += distance
        }
      }
    }
    let (k, m) = (Double(a.count), Double(b.count))
    return sums.between / (k * m) - sums.within / (k * k) - sums.other / (m * m)
  }
  let null = Sample(
    (0..<permutations).map { seed in
      var words = TaskKey(seed: UInt64(seed)).words(purpose: .user)
      return statistic(words.permutation(of: n))
    })
  return (statistic(Array(0..<n)) - null.mean) / null.variance.squareRoot()
}
