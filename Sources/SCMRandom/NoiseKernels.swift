// What several laws make of a word.

/// (k + ½)·2⁻³¹ for the word's 31 high bits k: in (0, 1], from 2⁻³² up.
@inline(__always)
func halfOpenUnit(_ word: UInt32) -> Float {
  Float(0x1p-32).addingProduct(Float(Int32(bitPattern: word >> 1)), 0x1p-31)
}

/// ±1 by the word's lowest bit, which ``halfOpenUnit(_:)`` does not read.
@inline(__always)
func sign(_ word: UInt32) -> Float { Float(bitPattern: 0x3F80_0000 | word << 31) }

@inline(__always)
func standardExponential(_ word: UInt32) -> Float { -Elementary.log(halfOpenUnit(word)) }
