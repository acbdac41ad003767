import SCMBase
import SCMRandom

/// A number that says how far two samples are apart, as a function of how often each of their pooled items counts in either: labels
/// are permuted and items drawn again without computing anything else anew.
protocol TwoSampleStatistic: Sendable {
  /// - Parameter weights: of the items of both samples, those of the first sample first; one list for either sample.
  func value(_ first: [Double], _ second: [Double]) -> Double
}

/// A statistic's permutation test and bootstrap interval.
public struct ResampledStatistic: Hashable, Sendable {
  public internal(set) var value: Double
  /// How often a random relabelling of the items is as far apart: (1 + #{T_b ≥ T})/(1 + B). Infinite ones are equally far.
  public let pValue: Double
  /// The mean and the 0.95-quantile over relabellings: what families that do not differ give at these sample sizes.
  public let nullMean: Double
  public let nullQuantile: Double
  /// The central 95 % of the statistic over samples drawn again from the samples.
  public let low: Double
  public let high: Double
}

extension TwoSampleStatistic {
  /// - Parameter counts: items of the first and of the second sample.
  /// - Throws: ``AnalysisCancelled``, or `ConfigError` for a negative number.
  func resampled(
    _ counts: (Int, Int), permutations: Int, bootstraps: Int, seed: UInt64, threads: Int,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> ResampledStatistic {
    try ConfigError.checkNotNegative(("permutations", permutations), ("bootstraps", bootstraps))
    let total = counts.0 + counts.1
    let (first, second) = labels((0..<total).map { $0 < counts.0 })
    let observed = value(first, second)
    let values = try parallelMap(permutations + bootstraps, threads: threads, isCancelled: isCancelled) { index in
      var words = TaskKey(seed: seed).words(purpose: .user, draw: UInt32(index))
      if index < permutations {
        let order = words.permutation(of: total)
        var isFirst = [Bool](repeating: false, count: total)
        for place in order.prefix(counts.0) { isFirst[place] = true }
        let (a, b) = labels(isFirst)
        return value(a, b)
      }
      var (a, b) = ([Double](repeating: 0, count: total), [Double](repeating: 0, count: total))
      for _ in 0..<counts.0 { a[words.next(below: counts.0)] += 1 }
      for _ in 0..<counts.1 { b[counts.0 + words.next(below: counts.1)] += 1 }
      return value(a, b)
    }
    guard values.count == permutations + bootstraps else { throw AnalysisCancelled() }
    let null = Array(values.prefix(permutations))
    // A relabelling that is equal but for the order of sums is as far apart. All statistics are free of units, so that 1 is a scale.
    let asFar = observed.isFinite ? observed - 1e-12 * max(1, abs(observed)) : observed
    // Items that are drawn twice lie at distance 0 from each other, which shifts the bootstrap; its mean is moved back. Infinite
    // divergences have no mean, and stay what they are.
    let drawn = Array(values.suffix(bootstraps))
    let finite = drawn.filter(\.isFinite)
    let shift = observed.isFinite && !finite.isEmpty ? observed - finite.mean : 0
    let again = drawn.map { $0 + shift }
    return ResampledStatistic(
      value: observed,
      pValue: Double(1 + null.count { $0 >= asFar }) / Double(1 + permutations),
      nullMean: null.mean, nullQuantile: null.quantile(0.95),
      low: again.quantile(0.025), high: again.quantile(0.975))
  }
}

private func labels(_ isFirst: [Bool]) -> ([Double], [Double]) {
  (isFirst.map { $0 ? 1 : 0 }, isFirst.map { $0 ? 0 : 1 })
}
