/// The normal law.
public struct GaussianNoise: NoiseLaw {
  public static let kind = "gaussian"

  public init() {}

  @unsafe
  public func fillTile(
    _ out: UnsafeMutablePointer<Float>, first: UInt32, blocks: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32
  ) {
    unsafe key.fillNormals(out, first: first, blocks: blocks, site: site, purpose: purpose, draw: draw)
  }
}

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

extension NoiseLaw where Self == GaussianNoise {
  /// The normal law.
  public static var gaussian: Self { Self() }
}
