extension [Double] {
  /// 0 for no numbers, as the deviation and the quantiles are.
  var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }

  /// Of the population: the squares' sum is divided by the number of numbers.
  var deviation: Double {
    let mean = mean
    return map { ($0 - mean) * ($0 - mean) }.mean.squareRoot()
  }

  /// Linear between order statistics, as numpy's default.
  func quantile(_ share: Double) -> Double {
    guard !isEmpty else { return 0 }
    let sorted = sorted()
    let place = share * Double(sorted.count - 1)
    let low = Int(place)
    let high = Swift.min(low + 1, sorted.count - 1)
    let past = place - Double(low)
    // Infinite ones have no difference, and nothing is between one and itself.
    return past == 0 || sorted[low] == sorted[high] ? sorted[low] : sorted[low] + past * (sorted[high] - sorted[low])
  }
}
