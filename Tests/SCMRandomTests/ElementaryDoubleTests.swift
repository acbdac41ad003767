import Foundation
import SCMRandom
import Testing

/// The Float64 functions against Foundation's, in units of the last place. A reference is itself off by half a unit or
/// so, which each bound includes; against 80-bit references the functions stay within the bounds that their comments give.
struct ElementaryDoubleTests {
  /// Uniform numbers from `lower` to `upper`, and the two.
  private func grid(_ lower: Double, _ upper: Double, count: Int = 200_000) -> [Double] {
    var words = TaskKey(seed: 4).words(purpose: .user)
    return [lower, upper] + (0..<count).map { _ in lower + (upper - lower) * Double(unit: words.next64()) }
  }

  @Test func logarithmIsWithinOneUnit() {
    var worst = Worst<Double>()
    func check(_ x: Double) {
      worst.note(x == 1 ? abs(Elementary.log(x)) : ulps(Elementary.log(x), Foundation.log(x)), at: x)
    }
    grid(0.5, 2).forEach(check)
    for exponent in 1...52 {
      check(1 - Double(sign: .plus, exponent: -exponent, significand: 1))
      check(1 + Double(sign: .plus, exponent: -exponent, significand: 1))
    }
    var words = TaskKey(seed: 5).words(purpose: .user)
    for _ in 0..<200_000 { check(Double(openUnit: words.next64())) }
    let normals = Double.leastNormalMagnitude.bitPattern...Double.greatestFiniteMagnitude.bitPattern
    for bits in stride(from: normals.lowerBound, through: normals.upperBound, by: 1 << 46 - 1) {
      check(Double(bitPattern: bits))
    }
    check(.greatestFiniteMagnitude)
    #expect(worst.error < 1.5, "\(worst)")
  }

  @Test func exponentialIsWithinOneUnit() {
    var worst = Worst<Double>()
    for x in grid(-707.999, 708.999) + grid(-2, 2) + [0, -0x1p-60, 0x1p-60] {
      worst.note(ulps(Elementary.exp(x), Foundation.exp(x)), at: x)
    }
    #expect(worst.error < 1.5, "\(worst)")
    #expect(Elementary.exp(0.0 as Double) == 1)
  }

  @Test func exponentialEndsInZeroInfinityAndNaN() {
    #expect(Elementary.exp(-708.001) == 0)
    #expect(Elementary.exp(-Double.infinity) == 0)
    #expect(Elementary.exp(709.0 as Double) == .infinity)
    #expect(Elementary.exp(Double.infinity) == .infinity)
    #expect(Elementary.exp(Double.nan).isNaN)
    #expect(Elementary.exp(-707.999) > 0)
    #expect(Elementary.exp(708.999).isFinite)
  }

  /// The error of a power grows with the exponent of e that it becomes.
  @Test func powerLosesTheDigitsThatItsExponentTakes() {
    var worst = Worst<(Double, Double)>()
    for (base, power) in zip(grid(0x1p-53, 1), grid(0.1, 10).reversed()) {
      let reference = Foundation.pow(base, power)
      let error = abs(Elementary.pow(base, power) - reference) / reference
      worst.note(error / (0x1p-53 * (2 + 3 * abs(power * Foundation.log(base)))), at: (base, power))
    }
    #expect(worst.error < 1, "\(worst)")
  }

  @Test func sineAndCosineAreWithinThreeUnits() {
    var worst = (sine: Worst<Double>(), cosine: Worst<Double>())
    let tiny = (10...60).flatMap { exponent -> [Double] in
      let small = Double(sign: .plus, exponent: -exponent, significand: 1.3)
      return [small, -small, 0.25 - small, 0.25 + small, 0.5 - small, small - 0.5]
    }
    for turns in grid(-0.5, 0.5, count: 400_000) + grid(-0.02, 0.02) + tiny {
      if abs(turns) != 0.5 {
        worst.sine.note(ulps(Elementary.sinTurns(turns), referenceSinTurns(turns)), at: turns)
      }
      if abs(turns) != 0.25 {
        worst.cosine.note(ulps(Elementary.cosTurns(turns), referenceCosTurns(turns)), at: turns)
      }
    }
    #expect(worst.sine.error < 3.5, "\(worst)")
    #expect(worst.cosine.error < 3.5, "\(worst)")
  }

  @Test func zerosOfSineAndCosineAreExact() {
    for turns in [-0.5, 0, 0.5] as [Double] { #expect(Elementary.sinTurns(turns) == 0) }
    for turns in [-0.25, 0.25] as [Double] { #expect(Elementary.cosTurns(turns) == 0) }
  }

  @Test func sineAndCosineStayWithinOne() {
    let most = grid(0.2499, 0.2501).reduce(0) { max($0, Elementary.sinTurns($1), Elementary.cosTurns($1 - 0.25)) }
    #expect(most <= 1)
  }
}
