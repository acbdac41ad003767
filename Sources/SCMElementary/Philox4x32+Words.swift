/// Where blocks of random words lie: under a key, apart from each other by their numbers alone.
@frozen
@usableFromInline package struct WordAddress: Sendable {
  @usableFromInline let seed: UInt64
  @usableFromInline let site: UInt32
  /// With the attempt in its high half.
  @usableFromInline let purpose: UInt32
  @usableFromInline let draw: UInt32

  @inlinable @inline(__always)
  package init(_ seed: UInt64, _ site: UInt32, _ purpose: UInt32, _ draw: UInt32) {
    self.seed = seed
    self.site = site
    self.purpose = purpose
    self.draw = draw
  }

  /// The same at another site.
  @inlinable @inline(__always)
  package func at(site: UInt32) -> WordAddress { WordAddress(seed, site, purpose, draw) }

  /// The same at another site, under another draw.
  @inlinable @inline(__always)
  package func at(site: UInt32, draw: UInt32) -> WordAddress { WordAddress(seed, site, purpose, draw) }

  /// The same place at another attempt; at attempt 0 unless told.
  @inlinable @inline(__always)
  package func attempt(_ number: UInt32) -> WordAddress { WordAddress(seed, site, purpose | number << 16, draw) }
}

extension Philox4x32 {
  /// One block, as a step of a loop that is vectorised: the same as ``block(counter:key:rounds:)`` with ten rounds.
  @inlinable @inline(__always)
  package static func words(_ index: UInt32, _ address: WordAddress) -> (UInt32, UInt32, UInt32, UInt32) {
    let m0 = UInt64(multipliers.0)
    let m1 = UInt64(multipliers.1)
    var (c0, c1, c2, c3) = (index, address.site, address.purpose, address.draw)
    var k0 = UInt32(truncatingIfNeeded: address.seed)
    var k1 = UInt32(truncatingIfNeeded: address.seed >> 32)
    for _ in 0..<10 {
      let p0 = m0 &* UInt64(c0)
      let p1 = m1 &* UInt64(c2)
      c0 = UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0
      c2 = UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1
      c1 = UInt32(truncatingIfNeeded: p1)
      c3 = UInt32(truncatingIfNeeded: p0)
      k0 = k0 &+ weyl.0
      k1 = k1 &+ weyl.1
    }
    return (c0, c1, c2, c3)
  }
}
