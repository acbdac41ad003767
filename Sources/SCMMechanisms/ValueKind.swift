/// What the values of a node are.
///
/// Values are told as floats whatever they are: a class is its number, from 0 on.
public enum ValueKind: Hashable, Sendable {
  case continuous
  /// One of so many classes, from 2 on; two are binary.
  case classes(Int)
  /// 0, 1, 2, …
  case count

  /// As a batch tells it: 0 continuous, 1 binary, 2 categorical, 3 count.
  public var number: Int8 {
    switch self {
    case .continuous: 0
    case .classes(let count): count == 2 ? 1 : 2
    case .count: 3
    }
  }

  /// How many classes there are; 0 where the values are none.
  public var classCount: Int { if case .classes(let count) = self { count } else { 0 } }

  /// The columns that a mechanism reads of such a parent: a class is told by one column for each, which is 1 where the parent has
  /// it and else 0, but for one of two, which is a number.
  package func columnCount(_ reading: ClassReading) -> Int {
    switch self {
    case .continuous, .count: 1
    case .classes(let count): count > 2 && reading == .oneHot ? count : 1
    }
  }

  /// Whether a value is one of a node's.
  package func holds(_ value: Float) -> Bool {
    switch self {
    case .continuous: value.isFinite
    case .classes(let count): value >= 0 && value < Float(count) && value == value.rounded()
    case .count: value >= 0 && value.isFinite && value == value.rounded()
    }
  }

  /// What ``holds(_:)`` asks, in words.
  package var requirement: String {
    switch self {
    case .continuous: "must be a finite number"
    case .classes(let count): "must be a class of the node, a whole number from 0 to \(count - 1)"
    case .count: "must be a count, a whole number of at least 0"
    }
  }
}
