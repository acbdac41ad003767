/// The keyed bijection Threefry2x32 on 64-bit blocks, from which every seed and key is derived.
///
/// For a fixed key it is a permutation of the 2⁶⁴ blocks, so the seeds of one stream can't collide.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11.
public enum Threefry2x32 {
  /// `block` under `key`; twenty rounds are the standard.
  public static func block(_ block: SIMD2<UInt32>, key: SIMD2<UInt32>, rounds: Int = 20) -> SIMD2<UInt32> {
    let schedule = (key.x, key.y, 0x1BD1_1BDA ^ key.x ^ key.y)
    func subkey(_ index: Int) -> UInt32 {
      switch index % 3 {
      case 0: schedule.0
      case 1: schedule.1
      default: schedule.2
      }
    }
    func rotation(_ round: Int) -> UInt32 {
      switch round % 8 {
      case 0: 13
      case 1: 15
      case 2: 26
      case 3: 6
      case 4: 17
      case 5: 29
      case 6: 16
      default: 24
      }
    }
    var x = SIMD2(block.x &+ key.x, block.y &+ key.y)
    for round in 0..<rounds {
      x.x = x.x &+ x.y
      let turn = rotation(round)
      x.y = (x.y << turn | x.y >> (32 - turn)) ^ x.x
      if round % 4 == 3 {
        let injection = (round + 1) / 4
        x.x = x.x &+ subkey(injection)
        x.y = x.y &+ subkey(injection + 1) &+ UInt32(injection)
      }
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
