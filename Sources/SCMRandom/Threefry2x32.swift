/// The keyed bijection Threefry2x32 on 64-bit blocks, from which every seed and key is derived.
///
/// For a fixed key it is a permutation of the 2⁶⁴ blocks, so the seeds of one stream can't collide.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11.
public enum Threefry2x32 {
  /// `block` under `key`; twenty rounds are the standard.
  public static func block(_ block: SIMD2<UInt32>, key: SIMD2<UInt32>, rounds: Int = 20) -> SIMD2<UInt32> {
    var schedule = (key.x, key.y, 0x1BD1_1BDA ^ key.x ^ key.y)
    var x = SIMD2(block.x &+ key.x, block.y &+ key.y)
    func mix(_ turn: UInt32) {
      x.x = x.x &+ x.y
      x.y = (x.y &<< turn | x.y &>> (32 &- turn)) ^ x.x
    }
    // Four rounds at a time, after which the key comes in again.
    for group in 0...(rounds / 4) {
      let turns: (UInt32, UInt32, UInt32, UInt32) = group & 1 == 0 ? (13, 15, 26, 6) : (17, 29, 16, 24)
      let left = rounds - 4 * group
      if left > 0 { mix(turns.0) }
      if left > 1 { mix(turns.1) }
      if left > 2 { mix(turns.2) }
      guard left > 3 else { break }
      mix(turns.3)
      schedule = (schedule.1, schedule.2, schedule.0)
      x.x = x.x &+ schedule.0
      x.y = x.y &+ schedule.1 &+ UInt32(truncatingIfNeeded: group &+ 1)
    }
    return x
  }

  /// `T(key, data)` of the specification: word 0 of each operand is its high half.
  public static func derive(key: UInt64, data: UInt64) -> UInt64 {
    let out = block(SIMD2(data.highHalf, data.lowHalf), key: SIMD2(key.highHalf, key.lowHalf))
    return UInt64(out.x) << 32 | UInt64(out.y)
  }
}

extension UInt64 {
  var highHalf: UInt32 { UInt32(truncatingIfNeeded: self >> 32) }
  var lowHalf: UInt32 { UInt32(truncatingIfNeeded: self) }
}
