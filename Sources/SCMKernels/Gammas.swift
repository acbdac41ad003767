import SCMElementary

// Gamma variates: the first attempt of many at once, later ones of those few that need them one by one.

@unsafe
func fillGammas(
  _ out: UnsafeMutablePointer<Double>, _ first: UInt32, _ count: Int, _ shape: Double, _ seed: UInt64,
  _ site: UInt32, _ purpose: UInt32, _ draw: UInt32
) {
  let address = WordAddress(seed, site, purpose, draw)
  let law = GammaMethod(shape: shape)
  unsafe eachWords(first, count, address) { words, start, size in
    let out = unsafe out + start
    for b in 0..<size {
      let attempt = unsafe ParameterFormula.gammaAttempt(block(words, b), d: law.d, c: law.c)
      unsafe out[b] = attempt.isAccepted ? attempt.value : -1
    }
    // One in twenty or fewer.
    for b in 0..<size where unsafe out[b] < 0 {
      unsafe out[b] = law.value(first &+ UInt32(truncatingIfNeeded: start + b), address, from: 1)
    }
  }
  guard let power = law.boostPower else { return }
  unsafe eachWords(first, count, address.attempt(GammaMethod.boostAttempt)) { words, start, size in
    let out = unsafe out + start
    for b in 0..<size { unsafe out[b] *= ParameterFormula.gammaBoost(block(words, b), power: power) }
  }
}

/// Each site's first variate, to be read where a node has one number of its own.
@unsafe
func fillSiteGammas(
  _ out: UnsafeMutablePointer<Double>, _ count: Int, _ shape: Double, _ seed: UInt64, _ purpose: UInt32,
  _ draw: UInt32
) {
  let law = GammaMethod(shape: shape)
  unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * blocksPerTile) { scratch in
    guard let words = scratch.baseAddress else { return }
    for start in stride(from: 0, to: count, by: blocksPerTile) {
      let first = UInt32(truncatingIfNeeded: start)
      let (size, out) = unsafe (min(blocksPerTile, count - start), out + start)
      // Filled up to whole vectors.
      let padded = (size + 7) & ~7
      unsafe writeSiteWords(words, first, padded, WordAddress(seed, 0, purpose, draw))
      unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: blocksPerTile) { scratch in
        guard let values = scratch.baseAddress else { return }
        for b in 0..<padded {
          let attempt = unsafe ParameterFormula.gammaAttempt(block(words, b), d: law.d, c: law.c)
          unsafe values[b] = attempt.isAccepted ? attempt.value : -1
        }
        for b in 0..<size { unsafe out[b] = values[b] }
      }
      for b in 0..<size {
        let address = WordAddress(seed, first &+ UInt32(truncatingIfNeeded: b), purpose, draw)
        if unsafe out[b] < 0 { unsafe out[b] = law.value(0, address, from: 1) }
        guard let power = law.boostPower else { continue }
        let words = Philox4x32.words(0, address.attempt(GammaMethod.boostAttempt))
        unsafe out[b] *= ParameterFormula.gammaBoost(words, power: power)
      }
    }
  }
}
