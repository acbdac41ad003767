extension Array {
  /// Reads an element where it lies. A copy, which a subscript makes of what is held as `any`, counts references, and those of what threads
  /// share make them wait for each other.
  @inlinable @inline(__always)
  package func inPlace<Result, Failure: Error>(
    _ index: Int, _ body: (borrowing Element) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeBufferPointer { (elements) throws(Failure) in
      guard let first = elements.baseAddress else { preconditionFailure("An empty list has no element.") }
      return try body(first[index])
    }
  }
}
