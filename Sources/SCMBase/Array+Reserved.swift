// Arrays that are made for every task, in one allocation each.

extension Array {
  /// `count` equal elements. As `init(repeating:count:)`, which isn't compiled for the type of the elements and looks that of the storage up
  /// in a table at each call: 650 instructions.
  @inlinable
  package init(equal element: Element, count: Int) { self.init(repeatElement(element, count: count)) }

  /// `count` elements that `body` writes over a first one each; as `init(unsafeUninitializedCapacity:initializingWith:)`, which looks the
  /// type up too.
  @unsafe @inlinable
  package init(over element: Element, count: Int, _ body: (UnsafeMutablePointer<Element>) -> Void) {
    self.init(equal: element, count: count)
    withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { unsafe body(base) }
    }
  }
}

extension Collection {
  /// As `filter`, whose result grows step by step.
  @inlinable
  package func filtered(_ isIncluded: (Element) -> Bool) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(count)
    for element in self where isIncluded(element) { result.append(element) }
    return result
  }
}
