extension WordSequence {
  /// A uniformly random permutation of 0 ..< count (Fisher–Yates, from the last place down).
  public mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, next(below: last + 1))
    }
    return order
  }
}
