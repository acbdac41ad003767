import SCMElementary

/// The key of one task: all its randomness is addressed by purpose, site (a node), draw and block under this key.
///
/// Addressing instead of a running state is what makes rows, nodes and options independent of each other: asking for
/// more rows, or for another noise law, changes nothing else.
public struct TaskKey: Hashable, Sendable {
  public let seed: UInt64

  public init(seed: UInt64) {
    self.seed = seed
  }

  /// The purpose of a random word. The raw values are part of the stable numerics.
  public enum Purpose: UInt32, Sendable {
    case graph = 1
    case permutation, mechanismKind, weights, noiseParameter, noise, auxiliaryNoise, latent, kernelParameter
    case frequencies, featureWeights, gaussianProcess, calibration, blocks, user, family, nugget, rowScale
    // Of experiments, each part its own, so that adding or changing one moves no bit of the others.
    case sizes, targets, interventionValue, interventionConstant, changedMechanism, removedEdge, rowOrder
    case hidden, roles, treatment, assignment, knowledge
    case observation, missing, measurement, selection
    case classNoise
  }

  /// One block of four words.
  public func block(
    _ index: UInt32, site: UInt32 = 0, purpose: Purpose, draw: UInt32 = 0, attempt: UInt32 = 0
  ) -> SIMD4<UInt32> {
    // In scalars: vectors of four words would be taken apart and put together again in each round.
    let words = Philox4x32.words(index, WordAddress(seed, site, purpose.rawValue | attempt << 16, draw))
    return SIMD4(words.0, words.1, words.2, words.3)
  }

  /// A place under the key from which words are read in order.
  public func words(site: UInt32 = 0, purpose: Purpose, draw: UInt32 = 0) -> WordSequence {
    WordSequence(key: self, site: site, purpose: purpose, draw: draw)
  }
}

/// Random words of one address, read one after another.
///
/// 32-bit and 64-bit reads must not be mixed: each counts its own words from the start.
public struct WordSequence: Sendable {
  let key: TaskKey
  let site: UInt32
  let purpose: TaskKey.Purpose
  let draw: UInt32
  private var position: UInt32 = 0
  private var block = SIMD4<UInt32>()

  init(key: TaskKey, site: UInt32, purpose: TaskKey.Purpose, draw: UInt32) {
    self.key = key
    self.site = site
    self.purpose = purpose
    self.draw = draw
  }

  /// Word t is word t mod 4 of block t / 4.
  public mutating func next32() -> UInt32 {
    let lane = position & 3
    if lane == 0 { block = key.block(position >> 2, site: site, purpose: purpose, draw: draw) }
    position &+= 1
    return block[Int(lane)]
  }

  /// Word t is the pair t mod 2 of block t / 2, low word first.
  public mutating func next64() -> UInt64 {
    let half = position & 1
    if half == 0 { block = key.block(position >> 1, site: site, purpose: purpose, draw: draw) }
    position &+= 1
    return block.word64(Int(half))
  }

  /// A number in 0 ..< count, by the high half of a 64-bit product (bias below count / 2⁶⁴).
  ///
  /// - Precondition: `count` is positive, which release builds don't check.
  public mutating func next(below count: Int) -> Int {
    Int(next64().multipliedFullWidth(by: UInt64(count)).high)
  }
}
