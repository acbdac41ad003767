/// The counter-based generator Philox4x32: a block of four words is a pure function of a counter and a key.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11.
public enum Philox4x32 {
  // Computed and inlinable: other modules read a stored constant through a function.
  @inlinable @inline(__always)
  static var multipliers: (UInt32, UInt32) { (0xD251_1F53, 0xCD9E_8D57) }
  @inlinable @inline(__always)
  static var weyl: (UInt32, UInt32) { (0x9E37_79B9, 0xBB67_AE85) }

  /// The block of `counter` under `key`; ten rounds are the standard, seven the published minimum.
  public static func block(
    counter: SIMD4<UInt32>, key: SIMD2<UInt32>, rounds: Int = 10
  ) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for round in 0..<rounds {
      if round > 0 { k = SIMD2(k.x &+ weyl.0, k.y &+ weyl.1) }
      let p0 = UInt64(multipliers.0) &* UInt64(c.x)
      let p1 = UInt64(multipliers.1) &* UInt64(c.z)
      c = SIMD4(
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c.y ^ k.x, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c.w ^ k.y, UInt32(truncatingIfNeeded: p0))
    }
    return c
  }
}
