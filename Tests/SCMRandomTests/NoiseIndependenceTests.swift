import SCMRandom
import Testing

/// Noise at two addresses has no correlation, nor have its squares: below 5/√n over n rows.
struct NoiseIndependenceTests {
  private static let count = 1_000_000

  private func rows(
    seed: UInt64 = 0, site: UInt32 = 0, purpose: TaskKey.Purpose = .noise, draw: UInt32 = 0, first: Int = 0
  ) -> [Float] {
    var rows = [Float](repeating: 0, count: Self.count)
    NoiseSource(.gaussian).fill(
      &rows, first: first, key: TaskKey(seed: seed), site: site, purpose: purpose, draw: draw)
    return rows
  }

  private func expectUncorrelated(
    _ a: [Float], _ b: [Float], _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    // The laws are known, so E xy = 0 and E (x² − 1)(y² − 1) = 0 have the deviations 1 and 2.
    var (products, squares) = (0.0, 0.0)
    for (x, y) in zip(a, b) {
      let (x, y) = (Double(x), Double(y))
      products += x * y
      squares += (x * x - 1) * (y * y - 1) / 2
    }
    let bound = 5 * Double(Self.count).squareRoot()
    #expect(abs(products) < bound, "values of \(name)", sourceLocation: sourceLocation)
    #expect(abs(squares) < bound, "squares of \(name)", sourceLocation: sourceLocation)
  }

  @Test func neighbouringRowsAreUncorrelated() {
    let all = rows()
    for lag in [1, 2, 3, 4, 5, 8, 64, 255, 256, 257, 1024] {
      expectUncorrelated(all, rows(first: lag), "rows \(lag) apart")
    }
  }

  @Test func neighbouringSitesAreUncorrelated() {
    for (a, b) in [(0, 1), (1, 2), (0, 1 << 16), (0, 1 << 31)] as [(UInt32, UInt32)] {
      expectUncorrelated(rows(site: a), rows(site: b), "sites \(a) and \(b)")
    }
  }

  @Test func differentPurposesAreUncorrelated() {
    for purpose in [.latent, .auxiliaryNoise, .noiseParameter, .calibration] as [TaskKey.Purpose] {
      expectUncorrelated(rows(), rows(purpose: purpose), "noise and \(purpose)")
    }
  }

  @Test func neighbouringSeedsAreUncorrelated() {
    for (a, b) in [(0, 1), (1, 2), (0, 1 << 32), (0, 1 << 63), (.max, 0)] as [(UInt64, UInt64)] {
      expectUncorrelated(rows(seed: a), rows(seed: b), "seeds \(a) and \(b)")
    }
  }

  @Test func differentDrawsAreUncorrelated() {
    expectUncorrelated(rows(), rows(draw: 1), "draws 0 and 1")
  }

  @Test func aSiteIsNotAShiftOfAnother() {
    for lag in [1, 4, 256] { expectUncorrelated(rows(site: 1), rows(first: lag), "site 1 and site 0 \(lag) rows on") }
  }
}
