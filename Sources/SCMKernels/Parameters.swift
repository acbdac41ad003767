import SCMElementary

// Parameters, in Float64: each is a function of the words of one block, or of one for each attempt.

@unsafe
func fillScaledNormals(
  _ out: UnsafeMutablePointer<Float>, _ pairs: Int, _ scale: Double, _ seed: UInt64, _ site: UInt32,
  _ purpose: UInt32, _ draw: UInt32
) {
  unsafe eachWords(0, pairs, WordAddress(seed, site, purpose, draw)) { words, start, size in
    let out = unsafe out + 2 * start
    for b in 0..<size {
      let (one, two) = unsafe ParameterFormula.normals(block(words, b))
      unsafe out[2 * b] = Float(scale * one)
      unsafe out[2 * b + 1] = Float(scale * two)
    }
  }
}

@unsafe
func fillScatteredNormals(
  _ out: UnsafeMutablePointer<Float>, _ blocks: UnsafePointer<UInt32>, _ sites: UnsafePointer<UInt32>, _ count: Int,
  _ scale: Double, _ seed: UInt64, _ purpose: UInt32, _ draw: UInt32
) {
  unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * blocksPerTile) { scratch in
    guard let words = scratch.baseAddress else { return }
    for start in stride(from: 0, to: count, by: blocksPerTile) {
      let size = min(blocksPerTile, count - start)
      unsafe writeScatteredWords(words, blocks + start, sites + start, size, WordAddress(seed, 0, purpose, draw))
      let out = unsafe out + 2 * start
      for b in 0..<size {
        let (one, two) = unsafe ParameterFormula.normals(block(words, b))
        unsafe out[2 * b] = Float(scale * one)
        unsafe out[2 * b + 1] = Float(scale * two)
      }
    }
  }
}

@unsafe
func fillNormals(
  _ out: UnsafeMutablePointer<Double>, _ first: UInt32, _ count: Int, _ shape: Double, _ seed: UInt64,
  _ site: UInt32, _ purpose: UInt32, _ draw: UInt32
) {
  // Apart first, then in pairs: the loop that does both at once is not vectorised.
  unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * blocksPerTile) { scratch in
    guard let ones = scratch.baseAddress else { return }
    let twos = unsafe ones + blocksPerTile
    unsafe eachWords(first, count, WordAddress(seed, site, purpose, draw)) { words, start, size in
      for b in 0..<size {
        let (one, two) = unsafe ParameterFormula.normals(block(words, b))
        unsafe ones[b] = one
        unsafe twos[b] = two
      }
      let out = unsafe out + 2 * start
      for b in 0..<size {
        unsafe out[2 * b] = ones[b]
        unsafe out[2 * b + 1] = twos[b]
      }
    }
  }
}

@unsafe
func fillStableScales(
  _ out: UnsafeMutablePointer<Double>, _ first: UInt32, _ count: Int, _ shape: Double, _ seed: UInt64,
  _ site: UInt32, _ purpose: UInt32, _ draw: UInt32
) {
  unsafe eachWords(first, count, WordAddress(seed, site, purpose, draw)) { words, start, size in
    let out = unsafe out + start
    for b in 0..<size { unsafe out[b] = ParameterFormula.stableScale(block(words, b), a: shape) }
  }
}

@unsafe
func fillFeatureWeights(
  _ phases: UnsafeMutablePointer<Float>, _ amplitudes: UnsafeMutablePointer<Float>, _ count: Int,
  _ amplitude: Double, _ seed: UInt64, _ site: UInt32, _ purpose: UInt32, _ draw: UInt32
) {
  unsafe eachWords(0, count, WordAddress(seed, site, purpose, draw)) { words, start, size in
    let (phases, amplitudes) = unsafe (phases + start, amplitudes + start)
    for b in 0..<size {
      let words = unsafe block(words, b)
      // The square of a Rayleigh amplitude has mean 2, that of its cosine with a random phase 1.
      let u = Double(openUnit: ParameterFormula.word64(words.0, words.1))
      unsafe amplitudes[b] = Float(amplitude * (-2 * Elementary.log(u)).squareRoot())
      unsafe phases[b] = Float(Double(openUnit: ParameterFormula.word64(words.2, words.3)) - 0.5)
    }
  }
}
