extension Elementary {
  /// e to the x, within 2 ulp; 0 where it would be no normal number, below −87.33, and infinity beyond the largest Float.
  @inlinable @inline(__always)
  public static func exp(_ x: Float) -> Float {
    // A NaN counts as the lower end until the last line, as no integer is one.
    let clipped = x > -88 ? (x < 89 ? x : 89) : -88
    let k = (clipped * 1.44269504).rounded(.toNearestOrEven)
    let r = clipped.addingProduct(-k, 0.693359375).addingProduct(-k, -2.12194440e-4)
    // Two factors, as 2^128 is no Float.
    let half = Int32(k) >> 1
    let first = Float(bitPattern: UInt32(bitPattern: half &+ 127) << 23)
    let second = Float(bitPattern: UInt32(bitPattern: Int32(k) &- half &+ 127) << 23)
    let value = (1 + expMinusOne(r)) * first * second
    return x < -87.33 ? 0 : (x == x ? value : x)
  }
}
