import SCMElementary
import Testing

struct QuickGumbelTests {
  /// Of the 2³¹ numbers that the law knows, each 61st and the first and last thousand; of all of them the largest
  /// error is 1.0881e-3.
  @Test func isAsNearToTheLawAsItSays() {
    // The law's mean, and a logarithm of binary ones instead of natural ones.
    let constant: Float = (0.57721566 + Float(Elementary.log(Elementary.log(2.0 as Double)))) * 0.77969680
    var largest: Float = 0
    func look(at number: UInt32) {
      let word = number << 1
      let exact = NoiseFormula.gumbel(word) + constant
      largest = max(largest, abs(NoiseFormula.quickGumbel(word) - exact))
    }
    for number in Swift.stride(from: UInt32(0), to: 1 << 31, by: 61) { look(at: number) }
    for number in 0..<UInt32(1000) {
      look(at: number)
      look(at: 1 << 31 - 1 - number)
    }
    #expect(largest < NoiseFormula.quickGumbelError)
    // The bound is not loose: what it costs is that more rows are made twice.
    #expect(largest > 0.8 * NoiseFormula.quickGumbelError, "\(largest)")
  }
}
