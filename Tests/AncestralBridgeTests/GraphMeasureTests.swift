import CAncestral
import Testing

@Suite struct GraphMeasureTests {
  @Test func sortabilitiesAreThoseOfTheData() throws {
    // 0 → 1, the second twice the first plus a little: variance grows, and both explain each other alike.
    var x: [Float] = []
    for row in 0..<40 {
      let cause = Float(row % 7)
      x += [cause, 2 * cause + Float(row % 3)]
    }
    var out = [Double](repeating: -1, count: 2)
    try succeed(anc_sortability(x, 40, [0, 1, 0, 0], 2, nil, &out))
    #expect(out[0] == 1 && out[1] >= 0 && out[1] <= 1)
    try succeed(anc_sortability(x, 40, [0, 0, 0, 0], 2, nil, &out))
    #expect(out[0].isNaN && out[1].isNaN)
    expectError(anc_sortability(x, 0, [0, 1, 0, 0], 2, nil, &out), ANC_ERROR_CONFIG, "rows = 0")
    expectError(anc_sortability(nil, 40, [0, 1, 0, 0], 2, nil, &out), ANC_ERROR_CONFIG, "x = NULL")
  }

  /// Of a path of three nodes, of a single one and of an edge, in one call.
  @Test(arguments: [0, 1, 2, 5])
  func spectraOfSeveralGraphsLieOneAfterTheOther(threads: Int) throws {
    let graphs: [[UInt8]] = [[0, 1, 0, 0, 0, 1, 0, 0, 0], [0], [0, 0, 1, 0]]
    var out = [Double](repeating: 9, count: 6)
    try succeed(anc_spectra(graphs.flatMap { $0 }, [3, 1, 2], 3, threads, &out))
    for (found, expected) in zip(out, [0, 1, 2, 0, 0, 2] as [Double]) { #expect(abs(found - expected) < 1e-12) }
    #expect(anc_spectra(nil, nil, 0, 1, nil) == ANC_OK)
  }

  @Test func badStacksOfGraphsAreErrors() {
    var out = [Double](repeating: 9, count: 4)
    expectError(anc_spectra(nil, [1], 1, 1, &out), ANC_ERROR_CONFIG, "adjacency = NULL")
    expectError(anc_spectra([0], nil, 1, 1, &out), ANC_ERROR_CONFIG, "node_counts = NULL")
    expectError(anc_spectra([0], [1], 1, 1, nil), ANC_ERROR_CONFIG, "out = NULL")
    expectError(anc_spectra([0], [0], 1, 1, &out), ANC_ERROR_CONFIG, "node_counts[0] = 0")
    expectError(anc_spectra([0], [2049], 1, 1, &out), ANC_ERROR_CONFIG, "node_counts[0] = 2049")
    expectError(anc_spectra([0, 1, 1, 0], [2], 1, 1, &out), ANC_ERROR_CONFIG, "acyclic")
    expectError(anc_spectra([0], [1], hugeSize, 1, &out), ANC_ERROR_CONFIG, "count")
    expectError(anc_spectra([0], [1], 1, 1025, &out), ANC_ERROR_CONFIG, "threads = 1025")
    #expect(out == [9, 9, 9, 9])
  }
}
