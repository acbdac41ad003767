import Foundation
import SCMRandom
import Testing

/// The Float32 normals of the rows: ten million of them.
struct NormalLawTests {
  private static let draws: [Float] = {
    var rows = [Float](repeating: 0, count: 10_000_000)
    NoiseSource(.gaussian).fill(&rows, first: 0, key: TaskKey(seed: 2024), site: 0)
    return rows
  }()

  @Test func followTheNormalLaw() {
    expectLaw(Self.draws, "gaussian", cdf: normalCDF)
  }

  @Test func haveTheFourMoments() {
    expectMoments(Self.draws, "gaussian", moments: ExactLaw.gaussian.moments)
  }

  @Test(arguments: [3.0, 4, 5]) func haveTheTailsBeyond(deviations: Double) {
    let count = Self.draws.count { abs(Double($0)) > deviations }
    let probability = erfc(deviations * 0.5.squareRoot())
    expectCount(count, of: Self.draws.count, probability: probability, "|z| > \(deviations)")
  }

  @Test func haveBothTailsAlike() {
    let (upper, lower) = (Self.draws.count { $0 > 3 }, Self.draws.count { $0 < -3 })
    #expect(Double(abs(upper - lower)) < 5 * Double(upper + lower).squareRoot(), "\(upper) above 3, \(lower) below -3")
  }

  /// Each lane of a block on its own: the cosine and the sine of both pairs of words.
  @Test(arguments: 0..<4) func followTheNormalLawIn(lane: Int) {
    let rows = stride(from: lane, to: 4_000_000, by: 4).map { Self.draws[$0] }
    expectLaw(rows, "gaussian in lane \(lane)", cdf: normalCDF)
  }
}
