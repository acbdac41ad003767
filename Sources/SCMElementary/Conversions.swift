// From integers to reals, without rounding (numerics 1.6).

extension SIMD4<UInt32> {
  /// The low pair (0) or the high pair (1) of a block as one 64-bit word, low word first.
  public func word64(_ half: Int) -> UInt64 {
    UInt64(self[2 * half]) | UInt64(self[2 * half + 1]) << 32
  }
}

extension Double {
  /// In [0, 1), a multiple of 2⁻⁵³.
  public init(unit word: UInt64) { self = Double(word >> 11) * 0x1p-53 }

  /// In (0, 1], a multiple of 2⁻⁵³: for logarithms.
  public init(positiveUnit word: UInt64) { self = Double((word >> 11) + 1) * 0x1p-53 }

  /// In (0, 1), symmetric: `1 - u` is exact and as likely as `u`.
  ///
  /// The 52 bits are laid under the exponent of 1, which is the conversion of an integer without an instruction for it.
  public init(openUnit word: UInt64) {
    self = Double(bitPattern: 0x3FF0_0000_0000_0000 | word >> 12) - (1 - 0x1p-53)
  }
}

extension Float {
  /// In [0, 1), a multiple of 2⁻²⁴.
  public init(unit word: UInt32) { self = Float(word >> 8) * 0x1p-24 }
}

/// Whether a word falls below a probability. The comparison is in integers, so probability 1 always holds.
public struct Bernoulli: Sendable {
  let threshold: UInt64

  /// - Parameter probability: from 0 to 1.
  public init(_ probability: Double) {
    threshold = UInt64(min(max(probability, 0), 1) * 0x1p32)
  }

  public func holds(_ word: UInt32) -> Bool { UInt64(word) < threshold }
}
