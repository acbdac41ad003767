import SCMElementary

// Noise, row by row: row r reads lane r mod 4 of block r / 4 alone. The functions are called through a table, so that they have
// the types that C knows.

/// Normals, whose words stay in registers, which the other laws' do not but for bare words; this is the law that nearly every row needs.
@unsafe
func fillGaussian(
  _ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ seed: UInt64, _ site: UInt32,
  _ purpose: UInt32, _ draw: UInt32
) {
  let address = WordAddress(seed, site, purpose, draw)
  unsafe inWholeVectors(out, blocks) { out, start, count in unsafe writeNormals(out, first &+ start, count, address) }
}

@unsafe @inline(never)
private func writeNormals(_ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ address: WordAddress) {
  unsafe writeRows(out, first, blocks, address, normals)
}

@inline(__always)
private func normals(_ words: (UInt32, UInt32, UInt32, UInt32)) -> (Float, Float, Float, Float) {
  let (one, two) = (NoiseFormula.normals(words.0, words.1), NoiseFormula.normals(words.2, words.3))
  return (one.0, one.1, two.0, two.1)
}

/// Normals of blocks that don't follow each other, each of a site and a draw of its own.
///
/// - Parameter count: a multiple of sixteen.
@unsafe
func fillGaussianBlocks(
  _ out: UnsafeMutablePointer<Float>, _ blocks: UnsafePointer<UInt32>, _ sites: UnsafePointer<UInt32>,
  _ draws: UnsafePointer<UInt32>, _ count: Int, _ seed: UInt64, _ purpose: UInt32
) {
  let address = WordAddress(seed, 0, purpose, 0)
  unsafe eachRows(out, count & ~15, normals) {
    unsafe Philox4x32.words(blocks[$0], address.at(site: sites[$0], draw: draws[$0]))
  }
}

/// Four rows of each block, whose words stay in registers.
@unsafe @inline(__always)
private func writeRows(
  _ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ address: WordAddress,
  _ values: ((UInt32, UInt32, UInt32, UInt32)) -> (Float, Float, Float, Float)
) {
  unsafe eachRows(out, blocks, values) { Philox4x32.words(first &+ UInt32(truncatingIfNeeded: $0), address) }
}

/// The same, with the words of a block told by its place.
@unsafe @inline(__always)
private func eachRows(
  _ out: UnsafeMutablePointer<Float>, _ blocks: Int,
  _ values: ((UInt32, UInt32, UInt32, UInt32)) -> (Float, Float, Float, Float),
  _ words: (Int) -> (UInt32, UInt32, UInt32, UInt32)
) {
  for b in 0..<blocks {
    let rows = values(words(b))
    unsafe out[4 * b] = rows.0
    unsafe out[4 * b + 1] = rows.1
    unsafe out[4 * b + 2] = rows.2
    unsafe out[4 * b + 3] = rows.3
  }
}

/// Hands out blocks sixteen by sixteen, which are whole vectors on all processors. What is left over is made whole beside the rows,
/// as blocks one by one would take longer than all others.
@unsafe @inline(__always)
private func inWholeVectors(
  _ out: UnsafeMutablePointer<Float>, _ blocks: Int,
  _ body: (_ out: UnsafeMutablePointer<Float>, _ start: UInt32, _ count: Int) -> Void
) {
  let whole = blocks & ~15
  if whole > 0 { unsafe body(out, 0, whole) }
  guard whole < blocks else { return }
  unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: 64) { scratch in
    guard let rest = scratch.baseAddress else { return }
    unsafe body(rest, UInt32(truncatingIfNeeded: whole), 16)
    let out = unsafe out + 4 * whole
    for r in 0..<(4 * (blocks - whole)) { unsafe out[r] = rest[r] }
  }
}

/// A law whose rows are a function of one word each.
@unsafe @inline(__always)
private func fill(
  _ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ address: WordAddress,
  _ value: (UInt32) -> Float
) {
  unsafe inWholeVectors(out, blocks) { out, start, count in
    unsafe fillWhole(out, first &+ start, count, address, value)
  }
}

@unsafe @inline(__always)
private func fillWhole(
  _ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ address: WordAddress,
  _ value: (UInt32) -> Float
) {
  for start in stride(from: 0, to: blocks, by: blocksPerTile) {
    let count = min(blocksPerTile, blocks - start)
    // A kibibyte, the most that is taken from the stack.
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * blocksPerTile) { scratch in
      guard let words = scratch.baseAddress else { return }
      unsafe writeWords(words, first &+ UInt32(start), count, address)
      let out = unsafe out + 4 * start
      for b in 0..<count {
        unsafe out[4 * b] = value(words[b])
        unsafe out[4 * b + 1] = value(words[blocksPerTile + b])
        unsafe out[4 * b + 2] = value(words[2 * blocksPerTile + b])
        unsafe out[4 * b + 3] = value(words[3 * blocksPerTile + b])
      }
    }
  }
}

/// The words themselves, as bits of floats.
@unsafe
func fillRowWords(
  _ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ seed: UInt64, _ site: UInt32,
  _ purpose: UInt32, _ draw: UInt32
) {
  let address = WordAddress(seed, site, purpose, draw)
  unsafe inWholeVectors(out, blocks) { out, start, count in unsafe writeRowWords(out, first &+ start, count, address) }
}

@unsafe @inline(never)
private func writeRowWords(
  _ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ address: WordAddress
) {
  unsafe writeRows(out, first, blocks, address) { words in
    (
      Float(bitPattern: words.0), Float(bitPattern: words.1), Float(bitPattern: words.2), Float(bitPattern: words.3)
    )
  }
}

@unsafe
func fillLaplace(
  _ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ seed: UInt64, _ site: UInt32,
  _ purpose: UInt32, _ draw: UInt32
) { unsafe fill(out, first, blocks, WordAddress(seed, site, purpose, draw), NoiseFormula.laplace) }

@unsafe
func fillUniform(
  _ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ seed: UInt64, _ site: UInt32,
  _ purpose: UInt32, _ draw: UInt32
) { unsafe fill(out, first, blocks, WordAddress(seed, site, purpose, draw), NoiseFormula.uniform) }

@unsafe
func fillGumbel(
  _ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ seed: UInt64, _ site: UInt32,
  _ purpose: UInt32, _ draw: UInt32
) { unsafe fill(out, first, blocks, WordAddress(seed, site, purpose, draw), NoiseFormula.gumbel) }

@unsafe
func fillLogistic(
  _ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ seed: UInt64, _ site: UInt32,
  _ purpose: UInt32, _ draw: UInt32
) { unsafe fill(out, first, blocks, WordAddress(seed, site, purpose, draw), NoiseFormula.logistic) }

@unsafe
func fillExponential(
  _ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ seed: UInt64, _ site: UInt32,
  _ purpose: UInt32, _ draw: UInt32
) { unsafe fill(out, first, blocks, WordAddress(seed, site, purpose, draw), NoiseFormula.exponential) }

@unsafe
func fillCauchy(
  _ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ seed: UInt64, _ site: UInt32,
  _ purpose: UInt32, _ draw: UInt32
) { unsafe fill(out, first, blocks, WordAddress(seed, site, purpose, draw), NoiseFormula.cauchy) }

@unsafe
func fillStudentT(
  _ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ seed: UInt64, _ site: UInt32,
  _ purpose: UInt32, _ anglePurpose: UInt32, _ draw: UInt32, _ degreesOfFreedom: Double
) {
  let power = Float(2 / degreesOfFreedom)
  let scale = Float((degreesOfFreedom - 2).squareRoot())
  unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 8 * blocksPerTile) { scratch in
    guard let radii = scratch.baseAddress else { return }
    let angles = unsafe radii + 4 * blocksPerTile
    for start in stride(from: 0, to: blocks, by: blocksPerTile) {
      let count = min(blocksPerTile, blocks - start)
      let block = first &+ UInt32(start)
      unsafe writeWords(radii, block, count, WordAddress(seed, site, purpose, draw))
      unsafe writeWords(angles, block, count, WordAddress(seed, site, anglePurpose, draw))
      for lane in 0..<4 {
        let r = unsafe radii + lane * blocksPerTile
        let a = unsafe angles + lane * blocksPerTile
        let out = unsafe out + 4 * start + lane
        for b in 0..<count {
          unsafe out[4 * b] = NoiseFormula.studentT(r[b], a[b], power: power, scale: scale)
        }
      }
    }
  }
}
