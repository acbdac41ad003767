import SCMElementary

/// Words of blocks `first ..< first + count`: word w of block b goes to `out[w * blocksPerTile + b]`, so that loops over blocks are
/// vectorised.
// Not inlined: two of these loops in one function are not vectorised as well as one.
@unsafe @inline(never)
func writeWords(_ out: UnsafeMutablePointer<UInt32>, _ first: UInt32, _ count: Int, _ address: WordAddress) {
  unsafe writeWords(out, count) { b in Philox4x32.words(first &+ UInt32(truncatingIfNeeded: b), address) }
}

/// The same of block 0 of sites from `first` on.
@unsafe @inline(never)
func writeSiteWords(_ out: UnsafeMutablePointer<UInt32>, _ first: UInt32, _ count: Int, _ address: WordAddress) {
  unsafe writeWords(out, count) { b in
    Philox4x32.words(0, address.at(site: first &+ UInt32(truncatingIfNeeded: b)))
  }
}

/// The same of a block and a site each.
@unsafe @inline(never)
func writeScatteredWords(
  _ out: UnsafeMutablePointer<UInt32>, _ blocks: UnsafePointer<UInt32>, _ sites: UnsafePointer<UInt32>, _ count: Int,
  _ address: WordAddress
) {
  unsafe writeWords(out, count) { b in unsafe Philox4x32.words(blocks[b], address.at(site: sites[b])) }
}

@unsafe @inline(__always)
private func writeWords(
  _ out: UnsafeMutablePointer<UInt32>, _ count: Int, _ words: (Int) -> (UInt32, UInt32, UInt32, UInt32)
) {
  let w0 = unsafe out
  let w1 = unsafe out + blocksPerTile
  let w2 = unsafe out + 2 * blocksPerTile
  let w3 = unsafe out + 3 * blocksPerTile
  for b in 0..<count {
    let (c0, c1, c2, c3) = words(b)
    unsafe w0[b] = c0
    unsafe w1[b] = c1
    unsafe w2[b] = c2
    unsafe w3[b] = c3
  }
}

@unsafe
func fillWords(
  _ out: UnsafeMutablePointer<UInt32>, _ first: UInt32, _ count: Int, _ seed: UInt64, _ site: UInt32,
  _ purpose: UInt32, _ draw: UInt32
) { unsafe writeWords(out, first, count, WordAddress(seed, site, purpose, draw)) }

/// Hands out the words of blocks `first ..< first + count` in portions: `body` gets the words, where the portion starts, and its size.
@unsafe @inline(__always)
func eachWords(
  _ first: UInt32, _ count: Int, _ address: WordAddress,
  _ body: (_ words: UnsafePointer<UInt32>, _ start: Int, _ size: Int) -> Void
) {
  unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * blocksPerTile) { scratch in
    guard let words = scratch.baseAddress else { return }
    for start in stride(from: 0, to: count, by: blocksPerTile) {
      let size = min(blocksPerTile, count - start)
      unsafe writeWords(words, first &+ UInt32(truncatingIfNeeded: start), size, address)
      unsafe body(UnsafePointer(words), start, size)
    }
  }
}

/// The words of one block of a portion.
@unsafe @inline(__always)
func block(_ words: UnsafePointer<UInt32>, _ b: Int) -> (UInt32, UInt32, UInt32, UInt32) {
  unsafe (words[b], words[blocksPerTile + b], words[2 * blocksPerTile + b], words[3 * blocksPerTile + b])
}
