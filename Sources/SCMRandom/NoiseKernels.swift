// From words to noise, four rows a block. Every function here is branch-free over a row, so its loop is vectorised.

extension TaskKey {
  /// Normals by Box–Muller (1958): words (0, 1) of block b give rows 4b and 4b + 1, words (2, 3) the two after them. The words
  /// stay in registers, which the other laws' do not; this is the law that nearly every row needs.
  @unsafe
  func fillNormals(
    _ out: UnsafeMutablePointer<Float>, first: UInt32, blocks: Int, site: UInt32, purpose: Purpose, draw: UInt32
  ) {
    for b in 0..<blocks {
      let words = blockWords(first &+ UInt32(truncatingIfNeeded: b), site, purpose, draw)
      let one = boxMuller(words.0, words.1)
      let two = boxMuller(words.2, words.3)
      unsafe out[4 * b] = one.0
      unsafe out[4 * b + 1] = one.1
      unsafe out[4 * b + 2] = two.0
      unsafe out[4 * b + 3] = two.1
    }
  }
}

@inline(__always)
func boxMuller(_ word: UInt32, _ angle: UInt32) -> (Float, Float) {
  let radius = (-2 * Elementary.log(halfOpenUnit(word))).squareRoot()
  let turns = Float(Int32(bitPattern: angle)) * 0x1p-32
  return (radius * Elementary.cosTurns(turns), radius * Elementary.sinTurns(turns))
}

/// One row from each word, in the order of the rows.
@unsafe @inline(__always)
func each(
  _ words: UnsafePointer<UInt32>, _ blocks: Int, _ out: UnsafeMutablePointer<Float>, _ convert: (UInt32) -> Float
) {
  for b in 0..<blocks {
    unsafe out[4 * b] = convert(words[b])
    unsafe out[4 * b + 1] = convert(words[blocksPerTile + b])
    unsafe out[4 * b + 2] = convert(words[2 * blocksPerTile + b])
    unsafe out[4 * b + 3] = convert(words[3 * blocksPerTile + b])
  }
}

/// (k + ½)·2⁻³¹ for the word's 31 high bits k: in (0, 1], from 2⁻³² up.
@inline(__always)
func halfOpenUnit(_ word: UInt32) -> Float {
  Float(0x1p-32).addingProduct(Float(Int32(bitPattern: word >> 1)), 0x1p-31)
}

/// ±1 by the word's lowest bit, which ``halfOpenUnit(_:)`` does not read.
@inline(__always)
func sign(_ word: UInt32) -> Float { Float(bitPattern: 0x3F80_0000 | word << 31) }

@inline(__always)
func exponential(_ word: UInt32) -> Float { -Elementary.log(halfOpenUnit(word)) }

@inline(__always)
func laplace(_ word: UInt32) -> Float { sign(word) * exponential(word) * 0.70710678 }

@inline(__always)
func symmetricUniform(_ word: UInt32) -> Float {
  (Float(Int32(bitPattern: word) >> 8) + 0.5) * (0x1p-23 * 1.7320508)
}

/// Both tails are read from small numbers, where floats are dense: p in (0, ½] and a sign.
@inline(__always)
func logistic(_ word: UInt32) -> Float {
  let p = 0.5 * halfOpenUnit(word)
  return sign(word) * (Elementary.logOneMinus(p) - Elementary.log(p)) * 0.55132890
}

/// −log E for an exponential E = −log(1 − v); small E, the long tail, is relatively exact.
@inline(__always)
func gumbel(_ word: UInt32) -> Float {
  // 1 − 2⁻²⁴ is the largest Float below 1.
  let v = halfOpenUnit(word)
  let e = -Elementary.logOneMinus(v < 0x1.fffffep-1 ? v : 0x1.fffffep-1)
  return (-Elementary.log(e) - 0.57721566) * 0.77969680
}

/// cot πp for p in (0, ½] and a sign.
@inline(__always)
func cauchy(_ word: UInt32) -> Float {
  let halfTurns = 0.25 * halfOpenUnit(word)
  return sign(word) * Elementary.cosTurns(halfTurns) / Elementary.sinTurns(halfTurns)
}

/// Student's t by Bailey's polar method: √(ν(U^(−2/ν) − 1))·cos 2πV is exactly t with ν degrees of freedom.
///
/// Source: Bailey, "Polar generation of random variates with the t-distribution", Math. Comp. 62 (1994).
@unsafe
func studentT(
  _ radii: UnsafePointer<UInt32>, _ angles: UnsafePointer<UInt32>, _ blocks: Int, _ nu: Double,
  _ out: UnsafeMutablePointer<Float>
) {
  // In Float64 up to here: near 2 degrees, ν − 2 would be lost.
  let power = Float(2 / nu)
  let scale = Float((nu - 2).squareRoot())
  for lane in 0..<4 {
    let r = unsafe radii + lane * blocksPerTile
    let a = unsafe angles + lane * blocksPerTile
    for b in 0..<blocks {
      let growth = unsafe Elementary.expMinusOne(power * exponential(r[b]))
      let turns = unsafe Float(Int32(bitPattern: a[b])) * 0x1p-32
      unsafe out[4 * b + lane] = scale * growth.squareRoot() * Elementary.cosTurns(turns)
    }
  }
}
