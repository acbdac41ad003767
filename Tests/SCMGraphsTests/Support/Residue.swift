/// A number modulo the prime 2⁶¹ − 1, for linear algebra in which zero is exact: with random weights a polynomial that isn't zero
/// everywhere vanishes with probability below degree/2⁶¹.
struct Residue: Hashable {
  static let prime: UInt64 = 1 << 61 - 1
  let value: UInt64

  static let zero = Residue(value: 0)
  static let one = Residue(value: 1)

  private init(value: UInt64) { self.value = value }

  init(random word: UInt64) { value = word % (Self.prime - 1) + 1 }

  static func + (a: Residue, b: Residue) -> Residue { Residue(value: (a.value + b.value) % prime) }
  static func - (a: Residue, b: Residue) -> Residue { Residue(value: (a.value + prime - b.value) % prime) }

  static func * (a: Residue, b: Residue) -> Residue {
    // 2⁶⁴ is 8: the high word counts eightfold.
    let (high, low) = a.value.multipliedFullWidth(by: b.value)
    let sum = (high << 3 | low >> 61) + (low & prime)
    return Residue(value: sum >= prime ? sum - prime : sum)
  }

  /// Fermat: x^(p − 2).
  var inverse: Residue {
    var (result, power, exponent) = (Residue.one, self, Self.prime - 2)
    while exponent > 0 {
      if exponent & 1 == 1 { result = result * power }
      power = power * power
      exponent >>= 1
    }
    return result
  }
}

/// A dense matrix of residues.
struct ResidueMatrix: Equatable {
  let rows: Int
  let columns: Int
  private var values: [Residue]

  init(_ rows: Int, _ columns: Int, _ value: (Int, Int) -> Residue) {
    self.rows = rows
    self.columns = columns
    values = (0..<(rows * columns)).map { value($0 / max(columns, 1), $0 % max(columns, 1)) }
  }

  static func identity(_ n: Int) -> ResidueMatrix { ResidueMatrix(n, n) { $0 == $1 ? .one : .zero } }

  subscript(i: Int, j: Int) -> Residue {
    get { values[i * columns + j] }
    set { values[i * columns + j] = newValue }
  }

  subscript(rows: [Int], columns: [Int]) -> ResidueMatrix {
    ResidueMatrix(rows.count, columns.count) { self[rows[$0], columns[$1]] }
  }

  var transposed: ResidueMatrix { ResidueMatrix(columns, rows) { self[$1, $0] } }

  static func + (a: ResidueMatrix, b: ResidueMatrix) -> ResidueMatrix {
    ResidueMatrix(a.rows, a.columns) { a[$0, $1] + b[$0, $1] }
  }

  static func - (a: ResidueMatrix, b: ResidueMatrix) -> ResidueMatrix {
    ResidueMatrix(a.rows, a.columns) { a[$0, $1] - b[$0, $1] }
  }

  static func * (a: ResidueMatrix, b: ResidueMatrix) -> ResidueMatrix {
    ResidueMatrix(a.rows, b.columns) { i, j in
      (0..<a.columns).reduce(.zero) { $0 + a[i, $1] * b[$1, j] }
    }
  }

  /// Gauss and Jordan; `nil` for a singular matrix.
  var inverse: ResidueMatrix? {
    var (left, right) = (self, Self.identity(rows))
    for pivot in 0..<rows {
      guard let row = (pivot..<rows).first(where: { left[$0, pivot] != .zero }) else { return nil }
      if row != pivot {
        for j in 0..<rows {
          (left[row, j], left[pivot, j]) = (left[pivot, j], left[row, j])
          (right[row, j], right[pivot, j]) = (right[pivot, j], right[row, j])
        }
      }
      let scale = left[pivot, pivot].inverse
      for j in 0..<rows {
        left[pivot, j] = left[pivot, j] * scale
        right[pivot, j] = right[pivot, j] * scale
      }
      for i in 0..<rows where i != pivot && left[i, pivot] != .zero {
        let factor = left[i, pivot]
        for j in 0..<rows {
          left[i, j] = left[i, j] - factor * left[pivot, j]
          right[i, j] = right[i, j] - factor * right[pivot, j]
        }
      }
    }
    return right
  }

  /// Whether the determinant is zero, by Gauss.
  var isSingular: Bool {
    var left = self
    for pivot in 0..<rows {
      guard let row = (pivot..<rows).first(where: { left[$0, pivot] != .zero }) else { return true }
      for j in pivot..<rows where row != pivot { (left[row, j], left[pivot, j]) = (left[pivot, j], left[row, j]) }
      let scale = left[pivot, pivot].inverse
      for i in (pivot + 1)..<max(rows, pivot + 1) where left[i, pivot] != .zero {
        let factor = left[i, pivot] * scale
        for j in pivot..<rows { left[i, j] = left[i, j] - factor * left[pivot, j] }
      }
    }
    return false
  }
}
