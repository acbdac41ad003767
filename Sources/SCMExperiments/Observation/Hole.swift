/// A cell that isn't seen, while it goes from a column to its row: a NaN, which no cell that is seen can be, with the sign of the value.
enum Hole {
  private static let bits: UInt32 = 0x7FC0_0000
  private static let sign: UInt32 = 0x8000_0000

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
      unsafe out[i] = Float(bitPattern: scores[i] > least ? value : value & sign | bits)
    }
    return carries >> 31 == 0
  }

  /// Tells which of some cells are seen, and puts NaN in the others, or 0 with the sign that the value has.
  @unsafe
  static func tell(
    _ cells: UnsafeMutablePointer<Float>, _ seen: UnsafeMutablePointer<UInt8>, count: Int, isMarked: Bool
  ) {
    // Of a hole's bits these are kept.
    let kept = isMarked ? bits : sign
    for i in 0..<count {
      let cell = unsafe cells[i].bitPattern
      let isHole = cell & ~sign == bits
      unsafe seen[i] = isHole ? 0 : 1
      unsafe cells[i] = Float(bitPattern: isHole ? cell & kept : cell)
    }
  }
}
