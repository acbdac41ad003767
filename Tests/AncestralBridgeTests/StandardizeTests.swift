import CAncestral
import Testing

/// Columns at mean 0 and deviation 1.
@Suite struct StandardizeTests {
  @Test func eachTaskIsScaledByItsOwnRows() throws {
    // Two tasks of four rows and three columns: rising, constant, far from 0.
    let x: [Float] = (0..<24).map { index in
      let (row, column, scale) = (index / 3 % 4, index % 3, Float(index < 12 ? 1 : 1e30))
      return scale * [Float(row), 7, 1000 + Float(row & 1)][column]
    }
    var out = [Float](repeating: 5, count: 25)
    try succeed(anc_standardize(x, 2, 4, 3, &out))
    // 0, 1, 2, 3 have the population variance 5/4.
    let rising = [-1.5, -0.5, 0.5, 1.5].map { Float($0 / 1.25.squareRoot()) }
    for task in 0..<2 {
      for row in 0..<4 {
        let found = Array(out[(task * 12 + row * 3)..<(task * 12 + row * 3 + 3)])
        #expect(abs(found[0] - rising[row]) <= 2 * rising[row].magnitude.ulp)
        #expect(found[1] == 0)
        #expect(abs(found[2] - (row & 1 == 0 ? -1 : 1)) < (task == 0 ? 1e-6 : 1e-3), "task \(task)")
      }
    }
    #expect(out[24] == 5)
  }

  @Test func badArgumentsAreErrorsAndWriteNothing() {
    let x = [Float](repeating: 1, count: 6)
    var out = [Float](repeating: 5, count: 6)
    expectError(anc_standardize(nil, 1, 2, 3, &out), ANC_ERROR_CONFIG, "x = NULL")
    expectError(anc_standardize(x, 1, 2, 3, nil), ANC_ERROR_CONFIG, "out = NULL")
    expectError(anc_standardize(x, 1 << 32, 1 << 20, 1 << 20, &out), ANC_ERROR_CONFIG, "2^48 elements")
    expectError(anc_standardize(x, 1, .max, 3, &out), ANC_ERROR_CONFIG, "rows")
    for (count, rows, columns) in [(0, 2, 3), (1, 0, 3), (1, 2, 0)] {
      #expect(anc_standardize(nil, count, rows, columns, nil) == ANC_OK)
    }
    #expect(out == [Float](repeating: 5, count: 6))
  }
}
