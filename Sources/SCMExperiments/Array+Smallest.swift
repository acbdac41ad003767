extension [Float] {
  /// The element of a number in ascending order, -0 before 0, without all others being ordered.
  ///
  /// Source: Hoare, "Algorithm 65: Find", Communications of the ACM 4 (1961); with three parts, written side by side without a branch, as
  /// every other one would be mispredicted.
  ///
  /// - Returns: NaN where there is no element.
  package func smallest(_ number: Int) -> Float {
    unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: 3 * count) { buffer in
      guard count > 0, var part = buffer.baseAddress else { return .nan }
      var (low, high) = unsafe (part + count, part + 2 * count)
      for place in indices { unsafe part[place] = Int(Self.key(Int32(bitPattern: self[place].bitPattern))) }
      var (left, number) = (count, number)
      while true {
        let (a, b, c) = unsafe (part[0], part[left / 2], part[left - 1])
        let pivot = Swift.max(Swift.min(a, b), Swift.min(Swift.max(a, b), c))
        var (below, above) = (0, 0)
        for place in 0..<left {
          let value = unsafe part[place]
          unsafe low[below] = value
          below &+= Self.isNegative(value &- pivot)
          unsafe high[above] = value
          above &+= Self.isNegative(pivot &- value)
        }
        if number < below {
          left = below
          unsafe swap(&part, &low)
        } else if number >= left - above {
          number -= left - above
          left = above
          unsafe swap(&part, &high)
        } else {
          return Float(bitPattern: UInt32(bitPattern: Self.key(Int32(truncatingIfNeeded: pivot))))
        }
      }
    }
  }

  /// The bits of a number as an integer that is ordered as numbers are; the same map leads back.
  @inline(__always)
  private static func key(_ bits: Int32) -> Int32 { bits ^ (bits >> 31 & .max) }

  /// 1 or 0, by the sign bit: a comparison might become a branch.
  @inline(__always)
  private static func isNegative(_ value: Int) -> Int { Int(bitPattern: UInt(bitPattern: value) >> 63) }
}
