import Foundation
import SCMRandom
import Testing

/// Each law's plain version in Float64, word by word, next to the vectorised one.
struct NoiseReferenceTests {
  private static let rowCount = 100_000
  private static let address = (key: TaskKey(seed: 63), site: 4 as UInt32, draw: 1 as UInt32)

  private static func word(_ row: Int, _ purpose: TaskKey.Purpose = .noise) -> UInt32 {
    address.key.block(UInt32(row / 4), site: address.site, purpose: purpose, draw: address.draw)[row % 4]
  }

  /// The 31 high bits of a word, in (0, 1).
  private static func unit(_ word: UInt32) -> Double { (Double(word >> 1) + 0.5) * 0x1p-31 }

  private static func turns(_ word: UInt32) -> Double { Double(Int32(bitPattern: word)) * 0x1p-32 }

  private static func sign(_ word: UInt32) -> Double { word & 1 == 0 ? 1 : -1 }

  /// A row's value is shift + factor·quantile(unit), the quantile being monotonic.
  private struct Row {
    let unit: Double
    var factor = 1.0
    var shift = 0.0
    let quantile: (Double) -> Double
  }

  private static func row(_ row: Int, of source: NoiseSource) -> Row {
    let word = word(row)
    let (u, sign) = (unit(word), sign(word))
    switch source.kind {
    case "gaussian", "gaussian_mixture":
      // The even row of a pair is the cosine, the odd one the sine.
      let angle = 2 * .pi * turns(Self.word(row | 1))
      let (scale, shift) = component(row, of: source)
      let factor = scale * (row.isMultiple(of: 2) ? cos(angle) : sin(angle))
      return Row(unit: unit(Self.word(row & ~1)), factor: factor, shift: shift) { (-2 * log($0)).squareRoot() }
    case "exponential": return Row(unit: u) { -log($0) - 1 }
    case "laplace": return Row(unit: u, factor: sign) { -log($0) / 2.0.squareRoot() }
    case "uniform": return Row(unit: turns(word)) { $0 * 2 * 3.0.squareRoot() }
    case "logistic": return Row(unit: u, factor: sign) { log((1 - $0 / 2) / ($0 / 2)) * 3.0.squareRoot() / .pi }
    case "gumbel": return Row(unit: u) { (-log(-log1p(-$0)) - 0.5772156649015329) * 6.0.squareRoot() / .pi }
    case "cauchy": return Row(unit: u, factor: sign) { 1 / tan(.pi * $0 / 2) }
    default:
      let nu = (source.law as? StudentTNoise)?.degreesOfFreedom ?? .nan
      return Row(unit: u, factor: cos(2 * .pi * turns(Self.word(row, .auxiliaryNoise)))) {
        ((nu - 2) * (pow($0, -2 / nu) - 1)).squareRoot()
      }
    }
  }

  /// The deviation and the mean of a row's component, whose number is a word of another purpose.
  private static func component(_ row: Int, of source: NoiseSource) -> (Double, Double) {
    guard let law = source.law as? GaussianMixtureNoise else { return (1, 0) }
    let parts = law.components(key: address.key, site: address.site)
    let index = Int(Double(word(row, .auxiliaryNoise)) * 0x1p-32 * Double(parts.means.count))
    return (parts.deviation, parts.means[index])
  }

  /// u is rounded to 24 bits, so a value lies between the quantiles of its neighbours, up to a few units of its own.
  @Test(arguments: NoiseLaws.all.map { NoiseSource($0.init()) } + [NoiseSource(.studentT(degreesOfFreedom: 2.5))])
  func everyRowIsTheQuantileOfItsWord(_ source: NoiseSource) {
    var rows = [Float](repeating: 0, count: Self.rowCount)
    source.fill(&rows, first: 0, key: Self.address.key, site: Self.address.site, draw: Self.address.draw)
    var worst = Worst<String>()
    for (index, value) in rows.enumerated() {
      let row = Self.row(index, of: source)
      let expected = row.shift + row.factor * row.quantile(row.unit)
      let rounding = 0x1p-24 * abs(row.unit)
      let spread = row.quantile(row.unit - rounding) - row.quantile(min(row.unit + rounding, 1 - 0x1p-40))
      let tolerance = abs(spread) + 1e-6 * (1 + row.quantile(row.unit).magnitude)
      let error = abs(Double(value) - expected) / tolerance
      if !(error <= 1) { worst.note(error, at: "row \(index): \(value), plainly \(expected)") }
    }
    #expect(worst.place == nil, "\(source.kind) against its plain form, a case of `row(_:of:)`")
  }

  /// A law that says what a row makes of its word and has no kernel.
  private struct PlainLaplace: WordwiseNoiseLaw {
    static let kind = "plain_laplace"

    func value(_ word: UInt32) -> Float { NoiseFormula.laplace(word) }
  }

  @Test(arguments: [0, 3, 4096]) func aLawOfOneWordARowNeedsNoKernel(first: Int) {
    var (plain, fast) = ([Float](repeating: 0, count: 5001), [Float](repeating: 1, count: 5001))
    NoiseSource(PlainLaplace()).fill(&plain, first: first, key: Self.address.key, site: 2)
    NoiseSource(.laplace).fill(&fast, first: first, key: Self.address.key, site: 2)
    #expect(plain == fast)
  }
}
