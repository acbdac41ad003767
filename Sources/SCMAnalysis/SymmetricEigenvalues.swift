import SCMBase

/// The eigenvalues of a symmetric matrix, ascending: Householder's reduction to tridiagonal form, then QL with implicit shifts.
///
/// Source: Golub and Van Loan, "Matrix computations", 4th edition, Johns Hopkins 2013, sections 8.3.1 and 8.3.3.
///
/// - Parameter matrix: row-major, n·n entries, of which the lower triangle is read.
/// - Precondition: there are so many; none where n is negative.
/// - Complexity: O(n³).
public func symmetricEigenvalues(_ matrix: [Double], count n: Int) -> [Double] {
  guard n > 0 else { return [] }
  requireInRelease(matrix.count == n * n, "A matrix of n rows has n·n entries.")
  var (diagonal, side) = tridiagonal(matrix, n)
  diagonalize(&diagonal, &side)
  return diagonal.sorted()
}

/// The diagonal, and the elements beside it, of a similar tridiagonal matrix.
private func tridiagonal(_ matrix: [Double], _ n: Int) -> ([Double], [Double]) {
  var a = matrix
  var side = [Double](repeating: 0, count: max(n - 1, 0))
  var v = [Double](repeating: 0, count: n)
  var p = [Double](repeating: 0, count: n)
  for k in 0..<max(n - 2, 0) {
    // The reflection that clears column k below its subdiagonal.
    var square = 0.0
    for i in (k + 1)..<n {
      v[i] = a[i * n + k]
      square += v[i] * v[i]
    }
    let norm = square.squareRoot()
    let first = v[k + 1]
    side[k] = first > 0 ? -norm : norm
    guard norm > 0, square > first * first else {
      side[k] = first
      continue
    }
    v[k + 1] -= side[k]
    let beta = 1 / (square - first * side[k])
    // A ← A − v·wᵀ − w·vᵀ with w = β·A·v − (β²/2)(vᵀ·A·v)·v, on the lower triangle.
    for i in (k + 1)..<n { p[i] = 0 }
    for i in (k + 1)..<n {
      var sum = a[i * n + i] * v[i]
      for j in (k + 1)..<i {
        sum += a[i * n + j] * v[j]
        p[j] += a[i * n + j] * v[i]
      }
      p[i] += sum
    }
    var inner = 0.0
    for i in (k + 1)..<n {
      p[i] *= beta
      inner += p[i] * v[i]
    }
    for i in (k + 1)..<n { p[i] -= beta * inner / 2 * v[i] }
    for i in (k + 1)..<n {
      for j in (k + 1)...i { a[i * n + j] -= v[i] * p[j] + p[i] * v[j] }
    }
  }
  if n > 1 { side[n - 2] = a[(n - 1) * n + n - 2] }
  return ((0..<n).map { a[$0 * n + $0] }, side)
}

/// Turns the diagonal of a tridiagonal matrix into its eigenvalues.
private func diagonalize(_ d: inout [Double], _ side: inout [Double]) {
  let n = d.count
  var e = side + [0]
  for l in 0..<n {
    // Each eigenvalue takes one or two sweeps; the bound keeps a matrix that is not finite from looping for ever.
    for _ in 0..<60 {
      let m = (l..<(n - 1)).first { abs(e[$0]) <= Double.ulpOfOne * (abs(d[$0]) + abs(d[$0 + 1])) } ?? n - 1
      guard m > l else { break }
      // Wilkinson's shift.
      var g = (d[l + 1] - d[l]) / (2 * e[l])
      var r = (g * g + 1).squareRoot()
      g = d[m] - d[l] + e[l] / (g + (g < 0 ? -r : r))
      var (s, c, p) = (1.0, 1.0, 0.0)
      var broke = false
      for i in stride(from: m - 1, through: l, by: -1) {
        let f = s * e[i]
        let b = c * e[i]
        r = (f * f + g * g).squareRoot()
        e[i + 1] = r
        if r == 0 {
          d[i + 1] -= p
          e[m] = 0
          broke = true
          break
        }
        s = f / r
        c = g / r
        g = d[i + 1] - p
        r = (d[i] - g) * s + 2 * c * b
        p = s * r
        d[i + 1] = g + p
        g = c * r - b
      }
      if broke { continue }
      d[l] -= p
      e[l] = g
      e[m] = 0
    }
  }
}
