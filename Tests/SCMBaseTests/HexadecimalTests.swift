import SCMBase
import Testing

@Suite struct HexadecimalTests {
  @Test func bytesSurviveTheirDigits() {
    let bytes = (0...255).map { UInt8($0) }
    #expect([UInt8](hex: bytes.hex) == bytes)
    #expect([UInt8](hex: bytes.hex.uppercased()) == bytes)
    #expect([UInt8](hex: "") == [])
  }

  @Test(arguments: ["0", "+1", "-1", "0x", "1g", " 1", "é0", "１２", "00 "])
  func whatIsNoPairOfDigitsIsRefused(text: String) { #expect([UInt8](hex: text) == nil) }
}
