import Testing

// Every band is five standard deviations wide on either side. With the fixed seeds of the tests such a check passes or
// fails for ever; for a right program one seed in 1.7 million would fail.

/// The running mean of a quantity, with its standard error.
struct Sample {
  private(set) var count = 0.0
  private var sum = 0.0
  private var squares = 0.0

  init() {}

  init(_ values: [Int]) {
    for value in values { add(value) }
  }

  mutating func add(_ value: Double) {
    count += 1
    sum += value
    squares += value * value
  }

  mutating func add(_ value: Int) { add(Double(value)) }

  var mean: Double { sum / count }
  var variance: Double { max(0, squares / count - mean * mean) }
  var standardError: Double { (variance / count).squareRoot() }
}

/// Expects the mean of a sample within five standard errors of an exact value.
func expectMean(
  _ sample: Sample, _ exact: Double, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    abs(sample.mean - exact) <= 5 * sample.standardError + 1e-9,
    "\(name): \(sample.mean) ± \(sample.standardError), exactly \(exact)", sourceLocation: sourceLocation)
}

/// Expects counts from given probabilities: Pearson's χ² below its mean and five of its deviations. Cells that expect
/// fewer than five are taken together.
func expectFrequencies(
  _ counts: [Int], _ probabilities: [Double], _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let total = Double(counts.reduce(0, +))
  var cells: [(count: Double, expected: Double)] = []
  var rest = (count: 0.0, expected: 0.0)
  for (count, probability) in zip(counts, probabilities) {
    let cell = (count: Double(count), expected: total * probability)
    if cell.expected >= 5 {
      cells.append(cell)
    } else {
      rest = (rest.count + cell.count, rest.expected + cell.expected)
    }
  }
  if rest.expected > 0 { cells.append(rest) }
  let statistic = cells.reduce(0) { $0 + ($1.count - $1.expected) * ($1.count - $1.expected) / $1.expected }
  let freedom = Double(cells.count - 1)
  #expect(
    statistic <= freedom + 5 * (2 * freedom).squareRoot(), "\(name): χ² with \(freedom) degrees of freedom",
    sourceLocation: sourceLocation)
}
