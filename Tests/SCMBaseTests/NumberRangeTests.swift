import SCMBase
import Testing

/// The numbers that a field may take.
struct NumberRangeTests {
  @Test func aClosedRangeHasItsBounds() {
    let range = NumberRange.from(0, to: 1)
    #expect([0, 0.5, 1].allSatisfy { range.contains($0) })
    #expect(![-Double.leastNonzeroMagnitude, 1 + 0x1p-52, -1, 2].contains { range.contains($0) })
    #expect(range.words == "must be a number from 0.0 to 1.0")
  }

  @Test func anOpenRangeLacksItsLowerBound() {
    let range = NumberRange.above(2, to: 1e6)
    #expect([2 + 0x1p-51, 1e6].allSatisfy { range.contains($0) })
    #expect(![2, 0, 1e6 + 1].contains { range.contains($0) })
    #expect(range.words == "must be a number above 2.0 and at most 1000000.0")
  }

  @Test func noRangeHasNaNOrInfinity() {
    for range in [NumberRange.from(-.infinity, to: .infinity), .above(-.infinity, to: .infinity)] {
      #expect(![Double.nan, .infinity, -.infinity].contains { range.contains($0) })
    }
  }
}
