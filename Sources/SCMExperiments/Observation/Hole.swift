/// A cell that isn't seen, while it goes from a column to its row: a NaN, which no cell that is seen can be.
enum Hole {
  private static let bits: UInt32 = 0x7FC0_0000

  /// Copies some values, with holes in the place of those whose score isn't above the least.
  ///
  /// - Returns: whether all values are finite.
  @unsafe
  static func punch(
    _ values: UnsafePointer<Float>, _ scores: UnsafePointer<Float>, least: Float,
    to out: UnsafeMutablePointer<Float>, _ count: Int
  ) -> Bool {
    var carries: UInt32 = 0
    for i in 0..<count {
      let value = unsafe values[i].bitPattern
      carries |= carry(of: value)
      unsafe out[i] = Float(bitPattern: scores[i] > least ? value : bits)
    }
    return carries >> 31 == 0
  }

  /// Tells which of some cells are seen, and leaves NaN in the others, or puts 0 there.
  @unsafe
  static func tell(
    _ cells: UnsafeMutablePointer<Float>, _ seen: UnsafeMutablePointer<UInt8>, count: Int, isMarked: Bool
  ) {
    let hole = isMarked ? bits : 0
    for i in 0..<count {
      let cell = unsafe cells[i].bitPattern
      let isHole = cell == bits
      unsafe seen[i] = isHole ? 0 : 1
      unsafe cells[i] = Float(bitPattern: isHole ? hole : cell)
    }
  }
}
