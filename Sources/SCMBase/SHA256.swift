internal import CDigest

/// SHA-256 of some bytes.
///
///     SHA256.hex(of: Array("abc".utf8))   // "ba7816bf8f01cfea…"
///
/// Source: FIPS 180-4, "Secure Hash Standard", 2015. Where the processor has instructions for it, they are used.
public enum SHA256 {
  /// The 32 bytes of the digest.
  public static func digest(of bytes: [UInt8]) -> [UInt8] {
    digest(of: bytes, compress: sha256_has_extensions() ? compressWithExtensions : compressPlainly)
  }

  /// The digest as 64 lower-case hex digits.
  public static func hex(of bytes: [UInt8]) -> String { digest(of: bytes).hex }

  typealias Compress = (_ state: inout [UInt32], _ blocks: UnsafeBufferPointer<UInt8>) -> Void

  static func digest(of bytes: [UInt8], compress: Compress) -> [UInt8] {
    var state = initialState
    let whole = bytes.count & ~63
    bytes.withUnsafeBufferPointer { compress(&state, UnsafeBufferPointer(rebasing: $0[..<whole])) }
    // The rest, a one bit, zeros, and the number of bits: one block, or two where eight bytes don't fit into the first.
    let rest = bytes.count - whole
    let lastCount = rest < 56 ? 64 : 128
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: lastCount) { last in
      last.initialize(repeating: 0)
      for place in 0..<rest { last[place] = bytes[whole + place] }
      last[rest] = 0x80
      let bits = UInt64(bytes.count) << 3
      for place in 0..<8 { last[lastCount - 1 - place] = UInt8(truncatingIfNeeded: bits >> UInt64(8 * place)) }
      compress(&state, UnsafeBufferPointer(last))
    }
    return [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
      for place in 0..<32 {
        digest[place] = UInt8(truncatingIfNeeded: state[place >> 2] >> UInt32(24 - 8 * (place & 3)))
      }
      count = 32
    }
  }

  static func compressWithExtensions(_ state: inout [UInt32], _ blocks: UnsafeBufferPointer<UInt8>) {
    guard let base = blocks.baseAddress, !blocks.isEmpty else { return }
    sha256_compress_with_extensions(&state, base, blocks.count / 64, constants)
  }

  /// For processors without such instructions, with the names of FIPS 180-4, section 6.2.2.
  static func compressPlainly(_ state: inout [UInt32], _ blocks: UnsafeBufferPointer<UInt8>) {
    constants.withUnsafeBufferPointer { k in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
        for start in stride(from: 0, to: blocks.count, by: 64) {
          let block = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(blocks)[start..<start + 64])
          for t in 0..<16 {
            w[t] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: 4 * t, as: UInt32.self))
          }
          for t in 16..<64 {
            let (w2, w15) = (w[t &- 2], w[t &- 15])
            let sigma1 = rotated(w2, 17) ^ rotated(w2, 19) ^ w2 >> 10
            let sigma0 = rotated(w15, 7) ^ rotated(w15, 18) ^ w15 >> 3
            w[t] = sigma1 &+ w[t &- 7] &+ sigma0 &+ w[t &- 16]
          }
          var (a, b, c, d) = (state[0], state[1], state[2], state[3])
          var (e, f, g, h) = (state[4], state[5], state[6], state[7])
          for t in 0..<64 {
            let sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
            let t1 = h &+ sum1 &+ (g ^ e & (f ^ g)) &+ k[t] &+ w[t]
            let sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
            let t2 = sum0 &+ (a & b | c & (a | b))
            (h, g, f, e) = (g, f, e, d &+ t1)
            (d, c, b, a) = (c, b, a, t1 &+ t2)
          }
          for (place, value) in [a, b, c, d, e, f, g, h].enumerated() { state[place] &+= value }
        }
      }
    }
  }

  @inline(__always) private static func rotated(_ x: UInt32, _ count: UInt32) -> UInt32 {
    x &>> count | x &<< (32 &- count)
  }

  /// The first 32 bits behind the point of the square roots of the first 8 primes.
  private static let initialState: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]

  /// The first 32 bits behind the point of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}
