import CDigest
import Testing

@testable import SCMBase

/// SHA-256 against FIPS 180-4's and NIST's own values, in both versions. Python's tests hold the engine's digests against hashlib.
struct SHA256Tests {
  /// Source: NIST, "Cryptographic Standards and Guidelines: Example Values", SHA256.pdf; and the CAVS file SHA256ShortMsg.rsp.
  static let published: [(message: [UInt8], digest: String)] = [
    ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      Array(
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"
          .utf8),
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
    ([0xd3], "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"),
    (
      [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]

  @Test func givesThePublishedDigests() {
    for (message, digest) in Self.published {
      #expect(SHA256.hex(of: message) == digest, "\(message.count) bytes")
      #expect(
        SHA256.digest(of: message, compress: SHA256.compressPlainly).hex == digest, "\(message.count) bytes, plainly")
    }
  }

  /// Every length around the borders of one, two and three blocks, where the padding changes.
  @Test(.enabled(if: sha256_has_extensions())) func bothVersionsGiveTheSameForEveryLength() {
    for count in 0...200 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ count) }
      #expect(
        SHA256.digest(of: bytes, compress: SHA256.compressWithExtensions)
          == SHA256.digest(of: bytes, compress: SHA256.compressPlainly), "\(count) bytes")
    }
  }

  /// The digest of all digests of 0 to 1000 bytes 0, 1, 2, …; computed with Python's hashlib.
  @Test func everyLengthIsAsHashlibSays() {
    let digests = (0...1000).flatMap { count in SHA256.digest(of: (0..<count).map { UInt8(truncatingIfNeeded: $0) }) }
    #expect(SHA256.hex(of: digests) == "470817aee8971e7c8ac044a7327fd3b2aa8d173e397f79e086a914cce928b3f8")
  }
}
