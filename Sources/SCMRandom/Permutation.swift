import SCMBase

extension WordSequence {
  /// A uniformly random permutation of 0 ..< count (Fisher–Yates, from the last place down).
  ///
  /// - Precondition: `count` is not negative.
  public mutating func permutation(of count: Int) -> [Int] {
    requireInRelease(count >= 0, "Nothing has a negative number of places.")
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, next(below: last + 1))
    }
    return order
  }

  /// Brings some elements to the front, each as likely as the next: the first places of a shuffle that goes no further.
  @inlinable package mutating func bring<Element>(_ number: Int, toFrontOf list: inout [Element]) {
    for place in 0..<number { list.swapAt(place, place + next(below: list.count - place)) }
  }

  /// Some of the candidates, each as likely as the next.
  @inlinable package mutating func some<Element>(_ number: Int, of candidates: [Element]) -> [Element] {
    var candidates = candidates
    bring(number, toFrontOf: &candidates)
    return Array(candidates[..<number])
  }
}

extension TaskKey {
  /// The first permutation that ``words(site:purpose:draw:)`` give, many words at once.
  package func permutation(of count: Int, purpose: Purpose) -> [Int] {
    var order = Array(0..<count)
    var last = count - 1
    // A number takes two words of 32 bits.
    unsafe forEachTile(ofWords: 2 * max(count - 1, 0), purpose: purpose) { words, size in
      for t in stride(from: 0, to: size, by: 2) {
        let place = unsafe words + (t & 3) * blocksPerTile + t >> 2
        let word = unsafe UInt64(place[0]) | UInt64(place[blocksPerTile]) << 32
        order.swapAt(last, Int(word.multipliedFullWidth(by: UInt64(last + 1)).high))
        last -= 1
      }
    }
    return order
  }

  /// A random permutation of 0 ..< count from 32-bit words, for rows: quick, and biased by less than count / 2³².
  package func quickPermutation(of count: Int, purpose: Purpose, draw: UInt32 = 0) -> [Int32] {
    unsafe [Int32](unsafeUninitializedCapacity: count) { buffer, written in
      guard let order = buffer.baseAddress else { return }
      for place in 0..<count { unsafe order[place] = Int32(truncatingIfNeeded: place) }
      var last = count - 1
      unsafe forEachTile(ofWords: max(count - 1, 0), purpose: purpose, draw: draw) { words, size in
        for t in 0..<size {
          let word = unsafe words[(t & 3) * blocksPerTile + t >> 2]
          let other = Int((UInt64(word) * UInt64(last + 1)) >> 32)
          unsafe (order[last], order[other]) = (order[other], order[last])
          last -= 1
        }
      }
      written = count
    }
  }
}
