/// Mean and spread of numbers that come one after another.
///
/// Source: Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4 (1962).
struct RunningMoments {
  private var count = 0.0
  private(set) var mean = 0.0
  /// The sum of the squared differences from the mean.
  private var square = 0.0

  mutating func add(_ x: Double) {
    count += 1
    let difference = x - mean
    mean += difference / count
    square += difference * (x - mean)
  }

  /// Whether all numbers were.
  var isFinite: Bool { square.isFinite }

  /// The mean's standard error.
  var error: Double { (square / (count - 1) / count).squareRoot() }
}
