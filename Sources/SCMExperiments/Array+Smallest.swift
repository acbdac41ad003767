extension [Float] {
  /// The element of a number in ascending order, without all others being ordered.
  ///
  /// Source: Hoare, "Algorithm 65: Find", Communications of the ACM 4 (1961).
  mutating func smallest(_ number: Int) -> Float {
    var (low, high) = (0, count - 1)
    while low < high {
      let pivot = self[(low + high) / 2]
      var (i, j) = (low, high)
      repeat {
        while self[i] < pivot { i += 1 }
        while pivot < self[j] { j -= 1 }
        if i <= j {
          swapAt(i, j)
          i += 1
          j -= 1
        }
      } while i <= j
      if number <= j { high = j } else if number >= i { low = i } else { break }
    }
    return self[number]
  }
}
