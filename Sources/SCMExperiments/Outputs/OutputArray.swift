/// The array of one task's output, as long as the output's shape says: elements are set by number, of the type that the output has.
@safe
struct OutputArray {
  private let base: UnsafeMutableRawPointer

  @unsafe
  init(_ base: UnsafeMutableRawPointer) { unsafe self.base = base }

  subscript(float index: Int) -> Float {
    get { unsafe base.assumingMemoryBound(to: Float.self)[index] }
    nonmutating set { unsafe base.assumingMemoryBound(to: Float.self)[index] = newValue }
  }

  subscript(int32 index: Int) -> Int {
    get { unsafe Int(base.assumingMemoryBound(to: Int32.self)[index]) }
    nonmutating set { unsafe base.assumingMemoryBound(to: Int32.self)[index] = Int32(truncatingIfNeeded: newValue) }
  }

  subscript(int16 index: Int) -> Int {
    get { unsafe Int(base.assumingMemoryBound(to: Int16.self)[index]) }
    nonmutating set { unsafe base.assumingMemoryBound(to: Int16.self)[index] = Int16(truncatingIfNeeded: newValue) }
  }

  subscript(int8 index: Int) -> Int8 {
    get { unsafe base.assumingMemoryBound(to: Int8.self)[index] }
    nonmutating set { unsafe base.assumingMemoryBound(to: Int8.self)[index] = newValue }
  }

  subscript(flag index: Int) -> Bool {
    get { unsafe base.assumingMemoryBound(to: UInt8.self)[index] != 0 }
    nonmutating set { unsafe base.assumingMemoryBound(to: UInt8.self)[index] = newValue ? 1 : 0 }
  }

  /// Sets the first flags.
  func setFlags(_ count: Int) { for index in 0..<count { self[flag: index] = true } }
}
