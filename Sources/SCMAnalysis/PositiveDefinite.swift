import SCMBase

// Symmetric positive definite matrices, row-major.

/// The diagonal of a symmetric positive definite matrix's inverse; `nil` where it is not positive definite.
func inverseDiagonal(_ matrix: [Double], count n: Int) -> [Double]? {
  // L with A = L·Lᵀ, then L⁻¹, whose columns' squares sum to the diagonal.
  guard let l = lowerFactor(matrix, count: n, least: 1e-12) else { return nil }
  var diagonal = [Double](repeating: 0, count: n)
  var column = [Double](repeating: 0, count: n)
  for k in 0..<n where !Interruption.isRequested {
    for i in k..<n {
      var sum = i == k ? 1.0 : 0
      for p in k..<i { sum -= l[i * n + p] * column[p] }
      column[i] = sum / l[i * n + i]
      diagonal[k] += column[i] * column[i]
    }
  }
  return diagonal
}

/// L with A = L·Lᵀ, row-major; `nil` where a pivot is at most `least`.
///
/// For the small matrices of descriptors. `CholeskyFactor` of the mechanisms is for hundreds of rows, in panels of columns, and its
/// bits are part of the tasks.
func lowerFactor(_ matrix: [Double], count n: Int, least: Double = 0) -> [Double]? {
  var l = matrix
  for j in 0..<n where !Interruption.isRequested {
    for i in j..<n {
      var sum = l[i * n + j]
      for p in 0..<j { sum -= l[i * n + p] * l[j * n + p] }
      if i == j {
        guard sum > least else { return nil }
        l[j * n + j] = sum.squareRoot()
      } else {
        l[i * n + j] = sum / l[j * n + j]
      }
    }
  }
  return l
}
