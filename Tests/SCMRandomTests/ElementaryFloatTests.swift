import Foundation
import SCMRandom
import Testing

/// The Float32 functions against Foundation's in Float64, in units of the last place.
struct ElementaryFloatTests {
  @Test func logarithmIsWithinOneUnitWhereNoiseReadsIt() {
    var worst = Worst<Float>()
    floats(0x1p-32, 1, step: 97) {
      worst.note($0 == 1 ? 0 : ulps(Elementary.log($0), Foundation.log(Double($0))), at: $0)
    }
    #expect(worst.error < 1, "\(worst)")
    #expect(Elementary.log(Float(1)) == 0)
  }

  @Test func logarithmIsWithinOneUnitOfAllNormalNumbers() {
    var worst = Worst<Float>()
    floats(.leastNormalMagnitude, .greatestFiniteMagnitude, step: 1009) { x in
      guard x != 1 else { return }
      worst.note(ulps(Elementary.log(x), Foundation.log(Double(x))), at: x)
    }
    #expect(worst.error < 1, "\(worst)")
  }

  @Test func logarithmOfOneMinusKeepsSmallArgumentsExact() {
    var worst = (small: Worst<Float>(), large: Worst<Float>())
    floats(0x1p-60, 1 - 0x1p-24, step: 211) { v in
      let error = ulps(Elementary.logOneMinus(v), log1p(-Double(v)))
      if v < 0.29 { worst.small.note(error, at: v) } else { worst.large.note(error, at: v) }
    }
    #expect(worst.small.error < 1, "\(worst)")
    #expect(worst.large.error < 2.5, "\(worst)")
  }

  @Test func exponentialMinusOneIsWithinTwoUnits() {
    var worst = Worst<Float>()
    floats(0x1p-60, 80, step: 211) { x in
      for x in [x, -x] { worst.note(ulps(Elementary.expMinusOne(x), expm1(Double(x))), at: x) }
    }
    #expect(worst.error < 2, "\(worst)")
    #expect(Elementary.expMinusOne(Float(0)) == 0)
  }

  @Test func exponentialIsWithinTwoUnitsAndOverflowsToInfinity() {
    var worst = Worst<Float>()
    floats(0x1p-30, 88.7, step: 211) { x in
      for x in [x, max(-x, -87.3)] { worst.note(ulps(Elementary.exp(x), Foundation.exp(Double(x))), at: x) }
    }
    #expect(worst.error < 2, "\(worst)")
    #expect(Elementary.exp(Float(0)) == 1)
    for x in [88.73, 100, 1e30, .infinity] as [Float] { #expect(Elementary.exp(x) == .infinity) }
    for x in [-87.4, -1e30, -.infinity] as [Float] { #expect(Elementary.exp(x) == 0) }
    #expect(Elementary.exp(Float.nan).isNaN)
  }

  @Test func sineAndCosineAreWithinThreeUnits() {
    var worst = (sine: Worst<Float>(), cosine: Worst<Float>())
    floats(0x1p-40, 0.5, step: 101) { turns in
      for turns in [turns, -turns] where abs(turns) != 0.5 {
        worst.sine.note(ulps(Elementary.sinTurns(turns), referenceSinTurns(Double(turns))), at: turns)
      }
      guard turns != 0.25 else { return }
      worst.cosine.note(ulps(Elementary.cosTurns(turns), referenceCosTurns(Double(turns))), at: turns)
    }
    #expect(worst.sine.error < 3, "\(worst)")
    #expect(worst.cosine.error < 3, "\(worst)")
  }

  @Test func zerosOfSineAndCosineAreExact() {
    for turns in [-0.5, 0, 0.5] as [Float] { #expect(Elementary.sinTurns(turns) == 0) }
    for turns in [-0.25, 0.25] as [Float] { #expect(Elementary.cosTurns(turns) == 0) }
  }

  @Test func sineAndCosineStayWithinOne() {
    var most: Float = 0
    // Around the quarters, where rounding could go beyond.
    floats(0.249, 0.251, step: 1) { most = max(most, Elementary.sinTurns($0)) }
    floats(0x1p-14, 0.001, step: 1) { most = max(most, Elementary.cosTurns($0)) }
    #expect(most <= 1)
  }

  @Test func sineIsOddAndCosineEven() {
    var worst = Worst<Float>()
    floats(0x1p-40, 0.5, step: 1009) { turns in
      worst.note(Double(abs(Elementary.sinTurns(-turns) + Elementary.sinTurns(turns))), at: turns)
      worst.note(Double(abs(Elementary.cosTurns(-turns) - Elementary.cosTurns(turns))), at: turns)
    }
    #expect(worst.error == 0, "\(worst)")
  }
}
