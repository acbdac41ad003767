import SCMBase
import SCMRandom

/// A draw from a Gaussian process at given rows, its anchors, and from there on by conditioning: f(x) is normal with the mean and
/// the variance that the values at the anchors leave, each row by itself.
///
/// At the anchors the draw is exact: K + jitter·I = LLᵀ, f = Lz. A later row x reads v = L⁻¹k(x): its mean is v·z, its variance
/// k(x, x) + jitter − v·v. So any number of rows, draws and interventions come from one function, as far as its anchors pin it.
///
/// Source: Rasmussen and Williams, "Gaussian processes for machine learning", MIT Press 2006, sections 2.2 and A.2.
public struct ExactProcess: Hashable, Sendable {
  public let kernel: StationaryKernel
  public private(set) var anchors: Anchors?

  /// Rows at which the function is drawn jointly.
  public struct Anchors: Hashable, Sendable {
    public let count: Int
    /// Input d of row i at `inputs[d * stride + i]`.
    let inputs: [Double]
    let z: [Double]
    let values: [Float]
    let factor: CholeskyFactor
    /// Variance of the white noise on the diagonal, and how often it had to grow before the factor existed.
    public let jitter: Double
    public let growths: Int
  }

  public var dimensions: Int { kernel.terms[0].lengths.count }

  /// - Parameter kernel: its numbers are rounded to Float32, in which other languages read them.
  init(_ kernel: StationaryKernel) {
    func rounded(_ x: Double) -> Double { Double(Float(x)) }
    let terms = kernel.terms.map {
      StationaryKernel.Term(form: $0.form, shape: rounded($0.shape), lengths: $0.lengths.map(rounded))
    }
    self.kernel = StationaryKernel(
      terms: terms, variance: rounded(kernel.variance), jitter: rounded(kernel.jitter))
  }

  /// The process with its function drawn at rows.
  ///
  /// - Parameters:
  ///   - columns: one for each input.
  ///   - z: a standard normal for each row.
  /// - Returns: `nil` where no factor exists up to a jitter of 10⁻³ of the variance.
  func anchored(at columns: [[Float]], z: [Float]) -> ExactProcess? {
    let count = z.count
    let stride = CholeskyFactor.stride(for: count)
    var inputs = [Double](repeating: 0, count: max(dimensions, 1) * stride)
    for (d, column) in columns.enumerated() {
      for i in 0..<count { inputs[d * stride + i] = Double(column[i]) }
    }
    var jitter = max(kernel.jitter, Self.leastJitter * kernel.variance)
    for growths in 0..<Self.jitters where !Interruption.isRequested {
      // What other languages are told is a Float32.
      jitter = Double(Float(jitter))
      if let factor = CholeskyFactor(covariances(inputs, count: count, stride: stride, jitter: jitter), count: count) {
        let z = z.map(Double.init)
        var result = self
        result.anchors = Anchors(
          count: count, inputs: inputs, z: z, values: factor.product(z).map { Float($0) }, factor: factor,
          jitter: jitter, growths: growths)
        return result
      }
      jitter *= 10
    }
    return nil
  }

  private static let leastJitter = 1e-6
  /// Steps of a factor of ten from the least jitter to 10⁻³ of the variance.
  private static let jitters = 4

  /// The lower triangle of the covariance matrix.
  private func covariances(_ inputs: [Double], count: Int, stride: Int, jitter: Double) -> [Double] {
    var matrix = [Double](repeating: 0, count: count * stride)
    var point = [Double](repeating: 0, count: max(dimensions, 1))
    var scratch = [Double](repeating: 0, count: count)
    for j in 0..<count where !Interruption.isRequested {
      for d in 0..<dimensions { point[d] = inputs[d * stride + j] }
      unsafe matrix.withUnsafeMutableBufferPointer { matrix in
        unsafe inputs.withUnsafeBufferPointer { inputs in
          unsafe scratch.withUnsafeMutableBufferPointer { scratch in
            guard let out = matrix.baseAddress, let others = inputs.baseAddress, let scratch = scratch.baseAddress
            else { return }
            unsafe kernel.covariances(
              of: point, with: others + j, stride: stride, count: count - j, into: out + j * stride + j,
              scratch: scratch)
          }
        }
      }
      matrix[j * stride + j] += jitter
    }
    return matrix
  }

  /// The function at the rows of a tile, from their inputs and their standard normals `z`: exact at anchors, which a row is where
  /// its number and its inputs say so.
  @unsafe
  func write(_ rows: MechanismRows, z: UnsafePointer<Float>, to out: UnsafeMutablePointer<Float>) {
    let lanes = MechanismRows.laneCount
    let capacity = (anchors?.count ?? 0) * (lanes + 2) + lanes + max(dimensions, 1)
    unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: capacity) { memory in
      guard let memory = memory.baseAddress else { return }
      for first in stride(from: 0, to: rows.rowCount, by: lanes) {
        guard !Interruption.isRequested else { return }
        let group = first..<min(first + lanes, rows.rowCount)
        guard let anchors else {
          for r in group { unsafe out[r] = Float(kernel.variance.squareRoot()) * z[r] }
          continue
        }
        if group.contains(where: { !isAnchor($0, of: rows, anchors) }) {
          unsafe condition(rows, group, anchors, z, memory, to: out)
        }
        for r in group where isAnchor(r, of: rows, anchors) { unsafe out[r] = anchors.values[rows.firstRow + r] }
      }
    }
  }

  private func isAnchor(_ r: Int, of rows: MechanismRows, _ anchors: Anchors) -> Bool {
    let row = rows.firstRow + r
    guard row < anchors.count else { return false }
    let stride = CholeskyFactor.stride(for: anchors.count)
    for d in 0..<dimensions where Double(rows[column: d, row: r]) != anchors.inputs[d * stride + row] { return false }
    return true
  }

  /// Rows of one group, given the anchors.
  @unsafe
  private func condition(
    _ rows: MechanismRows, _ group: Range<Int>, _ anchors: Anchors, _ z: UnsafePointer<Float>,
    _ memory: UnsafeMutablePointer<Double>, to out: UnsafeMutablePointer<Float>
  ) {
    let lanes = MechanismRows.laneCount
    let count = anchors.count
    let v = unsafe memory
    let column = unsafe memory + lanes * count
    let scratch = unsafe column + count
    let point = unsafe scratch + count
    for lane in 0..<lanes {
      // Lanes beyond the group repeat its first row; nobody reads them.
      let r = lane < group.count ? group.lowerBound + lane : group.lowerBound
      for d in 0..<dimensions { unsafe point[d] = Double(rows[column: d, row: r]) }
      unsafe anchors.inputs.withUnsafeBufferPointer { inputs in
        guard let inputs = inputs.baseAddress else { return }
        unsafe kernel.covariances(
          of: point, with: inputs, stride: CholeskyFactor.stride(for: count), count: count, into: column,
          scratch: scratch)
      }
      for i in 0..<count { unsafe v[lanes * i + lane] = column[i] }
    }
    unsafe anchors.factor.solve(v)
    for (lane, r) in group.enumerated() {
      var mean = 0.0
      var variance = kernel.variance + anchors.jitter
      for i in 0..<count {
        let value = unsafe v[lanes * i + lane]
        mean = mean.addingProduct(value, anchors.z[i])
        variance = variance.addingProduct(-value, value)
      }
      unsafe out[r] = Float(mean.addingProduct(max(variance, 0).squareRoot(), Double(z[r])))
    }
  }

  /// The numbers that rebuild the function.
  var parameters: [MechanismParameter] {
    let count = anchors?.count ?? 0
    let stride = CholeskyFactor.stride(for: count)
    let rows = (0..<count).flatMap { i in (0..<dimensions).map { Float(anchors?.inputs[$0 * stride + i] ?? 0) } }
    return [
      MechanismParameter("anchors", shape: [count, dimensions], rows),
      MechanismParameter("process", (anchors?.z ?? []).map { Float($0) }),
      MechanismParameter(
        "lengths", shape: [kernel.terms.count, dimensions], kernel.terms.flatMap { $0.lengths.map { Float($0) } }),
      MechanismParameter("shapes", kernel.terms.map { Float($0.shape) }),
      MechanismParameter("variance", Float(kernel.variance)),
      MechanismParameter("jitter", Float(anchors?.jitter ?? kernel.jitter)),
    ]
  }

  /// The form of each term, and how often the jitter had to grow.
  var settings: [String: MechanismSetting] {
    let forms = kernel.terms.enumerated().map { ("kernel_\($0)", MechanismSetting.name($1.form.rawValue)) }
    return Dictionary(uniqueKeysWithValues: forms).merging([
      "jitter_growths": .number(Double(anchors?.growths ?? 0))
    ]) { $1 }
  }
}
