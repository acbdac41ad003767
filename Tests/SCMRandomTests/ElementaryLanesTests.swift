import SCMRandom
import Testing

/// The vector versions, lane by lane.
struct ElementaryLanesTests {
  /// For |x| ≤ ¼ the scalar sine does not fold, so it is the function of the lanes.
  @Test func sixteenSinesAreTheScalarOnesToTheBit() {
    var lanes = SIMD16<Float>()
    var filled = 0
    var differences: [String] = []
    func check(_ x: Float) {
      lanes[filled] = x
      filled += 1
      guard filled == 16 else { return }
      filled = 0
      let sines = Elementary.sinQuarter(lanes)
      for lane in 0..<16 {
        let scalar = Elementary.sinTurns(lanes[lane])
        if sines[lane].bitPattern != scalar.bitPattern {
          differences.append("sin of \(lanes[lane]) turns: \(sines[lane]) in a lane, \(scalar) alone")
        }
      }
    }
    floats(0x1p-40, 0.25, step: 307) { x in
      check(x)
      check(-x)
    }
    for x in [0, -0.0, 0.25, -0.25] as [Float] { for _ in 0..<16 { check(x) } }
    #expect(differences.prefix(3) == [])
  }

  @Test func sixteenCosinesAreTheScalarOnesToTheBit() {
    var differences: [String] = []
    floats(0x1p-40, 0.5, step: 3001) { turns in
      var lanes = SIMD16<Float>(repeating: turns)
      lanes[3] = -turns
      lanes[9] = 0.5 - turns
      let cosines = Elementary.cosTurns(lanes)
      for lane in 0..<16 where cosines[lane].bitPattern != Elementary.cosTurns(lanes[lane]).bitPattern {
        differences.append("cos of \(lanes[lane]) turns in lane \(lane): \(cosines[lane])")
      }
    }
    #expect(differences.prefix(3) == [])
  }

  @Test func bitsAreTheBitPatternsOfTheLanes() {
    let values = SIMD16<Float>((0..<16).map { Float($0) * 0.37 - 2 })
    for lane in 0..<16 { #expect(values.bits[lane] == values[lane].bitPattern) }
    #expect(SIMD16<Float>(bitPattern: values.bits) == values)
  }
}
