import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct CholeskyTests {
  /// B·Bᵀ + n·I for normal B: well conditioned, its lower triangle laid out as a factor is.
  private func matrix(_ n: Int) -> [[Double]] {
    let b = (0..<n).map { normalColumn(n, site: $0).map(Double.init) }
    return (0..<n).map { i in
      (0..<n).map { j in zip(b[i], b[j]).reduce(i == j ? Double(n) : 0) { $0 + $1.0 * $1.1 } }
    }
  }

  private func cholesky(_ matrix: [[Double]]) -> CholeskyFactor? {
    let n = matrix.count
    let stride = CholeskyFactor.stride(for: n)
    var flat = [Double](repeating: 0, count: n * stride)
    for j in 0..<n { for i in j..<n { flat[j * stride + i] = matrix[i][j] } }
    return CholeskyFactor(flat, count: n)
  }

  /// Column by column, each element one chain of fused multiply-adds.
  private func plainFactor(_ matrix: [[Double]]) -> [[Double]] {
    var l = matrix
    for j in matrix.indices {
      for i in j..<matrix.count {
        var sum = matrix[i][j]
        for p in 0..<j { sum = sum.addingProduct(-l[j][p], l[i][p]) }
        l[i][j] = i == j ? sum.squareRoot() : sum / l[j][j]
      }
    }
    return l
  }

  @Test(arguments: [1, 2, 3, 4, 7, 8, 9, 31, 32, 33, 36, 63, 64, 65, 97, 128, 130, 200])
  func equalsPlainLoopsToTheBit(n: Int) throws {
    let matrix = matrix(n)
    let factor = try #require(cholesky(matrix))
    let plain = plainFactor(matrix)
    for j in 0..<n {
      for i in j..<n { #expect(factor[i, j].bitPattern == plain[i][j].bitPattern, "\(i), \(j)") }
    }
  }

  @Test(arguments: [1, 3, 4, 5, 8, 33, 70])
  func solvesSixteenRightSidesAsPlainLoopsDo(n: Int) throws {
    let matrix = matrix(n)
    let l = plainFactor(matrix)
    let sides = (0..<16).map { normalColumn(n, site: 100 + $0).map(Double.init) }
    var lanes = (0..<n).flatMap { i in sides.map { $0[i] } }
    let factor = try #require(cholesky(matrix))
    lanes.withUnsafeMutableBufferPointer { factor.solve($0.baseAddress!) }
    for (lane, side) in sides.enumerated() {
      var v = side
      for i in 0..<n {
        for p in 0..<i { v[i] = v[i].addingProduct(-l[i][p], v[p]) }
        v[i] /= l[i][i]
        #expect(lanes[16 * i + lane].bitPattern == v[i].bitPattern, "side \(lane), row \(i)")
      }
    }
  }

  /// Inputs 0, 1, 2.5 under an RBF kernel of length scale 1: the factor, L·(1, −1, ½) and log det of the specification.
  @Test func theExampleHasTheSpecificationsNumbers() throws {
    let x = [0, 1, 2.5]
    let kernel = x.map { a in x.map { b in Elementary.exp(-(a - b) * (a - b) / 2) } }
    let factor = try #require(cholesky(kernel))
    let expected = [[1], [0.60653066, 0.7950601], [0.04393693, 0.37481867, 0.92605643]]
    for (i, row) in expected.enumerated() {
      for (j, value) in row.enumerated() { #expect(abs(factor[i, j] - value) < 1e-8) }
    }
    for (found, value) in zip(factor.product([1, -1, 0.5]), [1, -0.18852944, 0.13214648]) {
      #expect(abs(found - value) < 1e-8)
    }
    let logDeterminant = (0..<3).reduce(0) { $0 + 2 * Elementary.log(factor[$1, $1]) }
    #expect(abs(logDeterminant - -0.6123153617871796) < 1e-14)
  }

  @Test func hasNoFactorOfAnIndefiniteMatrix() {
    #expect(cholesky([[1, 2], [2, 1]]) == nil)
    #expect(cholesky([[0]]) == nil)
    #expect(cholesky([[.nan]]) == nil)
    #expect(cholesky([[1]])?[0, 0] == 1)
  }
}
