import Foundation
import SCMRandom
import Testing

/// The Float64 normals of the parameters.
struct DoubleNormalTests {
  private static let draws = TaskKey(seed: 40).normals(count: 1_000_000, site: 2, purpose: .weights)

  @Test func followTheNormalLaw() {
    expectLaw(Self.draws, "Float64 normals", cdf: normalCDF)
  }

  @Test func haveTheFourMoments() {
    expectMoments(Self.draws, "Float64 normals", moments: ExactLaw.gaussian.moments)
  }

  @Test(arguments: [3.0, 4]) func haveTheTailsBeyond(deviations: Double) {
    let count = Self.draws.count { abs($0) > deviations }
    expectCount(
      count, of: Self.draws.count, probability: erfc(deviations * 0.5.squareRoot()), "|z| > \(deviations)")
  }

  @Test(arguments: [1, 2, 3, 128, 129]) func neighboursAreUncorrelated(lag: Int) {
    let sum = zip(Self.draws, Self.draws.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(sum) < 5 * Double(Self.draws.count).squareRoot())
  }

  /// Box–Muller written out with Foundation's functions.
  @Test func areTheCosineAndTheSineOfTheirBlock() {
    let key = TaskKey(seed: 40)
    var worst = Worst<Int>()
    for b in 0..<10_000 {
      let block = key.block(UInt32(b), site: 2, purpose: .weights)
      let radius = (-2 * log(Double(openUnit: block.word64(0)))).squareRoot()
      let angle = 2 * .pi * (Double(openUnit: block.word64(1)) - 0.5)
      worst.note(abs(Self.draws[2 * b] - radius * cos(angle)), at: b)
      worst.note(abs(Self.draws[2 * b + 1] - radius * sin(angle)), at: b)
    }
    // A radius is at most 9; three units of a sine beside one of the reference's are 5e-16 of it.
    #expect(worst.error < 5e-15, "\(worst)")
  }

  @Test(arguments: [0, 1, 2, 3, 127, 128, 129, 255, 256, 257]) func fewerAreThePrefixOfMore(count: Int) {
    #expect(TaskKey(seed: 40).normals(count: count, site: 2, purpose: .weights) == Array(Self.draws.prefix(count)))
  }

  @Test func everyPartOfTheAddressCounts() {
    let key = TaskKey(seed: 40)
    let firsts = [
      key.normals(count: 1, site: 2, purpose: .weights), key.normals(count: 1, site: 3, purpose: .weights),
      key.normals(count: 1, site: 2, purpose: .user), key.normals(count: 1, site: 2, purpose: .weights, draw: 1),
      TaskKey(seed: 41).normals(count: 1, site: 2, purpose: .weights),
    ]
    #expect(Set(firsts).count == 5)
  }
}
