/// bias + Σ weightᵢ·parentᵢ + noiseScale·ε, summed in that order by fused multiply-adds.
public struct LinearMechanism: Mechanism, Hashable {
  // Small enough to be held in place by `any Mechanism`; the numbers of all mechanisms of a task may share one array.
  private let numbers: [Float]
  private let start: Int32
  private let weightCount: Int32
  /// What changes the noise's size from row to row, if anything does.
  public let factor: NoiseFactor?

  /// Numbers before the weights: the bias and the scale of the noise.
  static let before = 2

  public init(weights: [Float], bias: Float, noiseScale: Float, factor: NoiseFactor? = nil) {
    self.init(numbers: [bias, noiseScale] + weights, from: 0, weightCount: weights.count, factor: factor)
  }

  init(numbers: [Float], from start: Int, weightCount: Int, factor: NoiseFactor? = nil) {
    self.numbers = numbers
    self.start = Int32(start)
    self.weightCount = Int32(weightCount)
    self.factor = factor
  }

  public var bias: Float { numbers[Int(start)] }
  public var noiseScale: Float { numbers[Int(start) + 1] }
  public var weights: [Float] { Array(numbers[range.dropFirst(Self.before)]) }
  /// The weight of a parent, by its column.
  @inline(__always)
  package func weight(_ column: Int) -> Float { numbers[Int(start) + Self.before + column] }
  private var range: Range<Int> { Int(start)..<(Int(start) + Self.before + Int(weightCount)) }

  public static func == (a: Self, b: Self) -> Bool {
    a.numbers[a.range].elementsEqual(b.numbers[b.range]) && a.factor == b.factor
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(numbers[range])
    hasher.combine(factor)
  }

  public var kind: String { LinearModel.kind }
  public var parentCount: Int { Int(weightCount) }
  /// A factor may be a function of the parents, side by side.
  public var readsParentsInPlace: Bool { factor == nil }
  public var noise: [NoiseChannel] { factor.map { [.noise] + $0.channels } ?? NoiseChannel.noiseAlone }

  public var parameters: [MechanismParameter] {
    [.init("weight", weights), .init("bias", bias), .init("noise_scale", noiseScale)] + (factor?.parameters ?? [])
  }

  public func evaluate(_ rows: MechanismRows) {
    let out = unsafe rows.output
    let count = Int(weightCount)
    let (bias, noiseScale) = (bias, noiseScale)
    let noise = unsafe rows.noise(column: count, factor: factor)
    if count == 0 {
      for r in 0..<rows.count { unsafe out[r] = bias.addingProduct(noiseScale, noise[r]) }
      return
    }
    // Up to three parents in a pass, so that most nodes take one pass over the cache; the order of the sum is that of the columns.
    for column in stride(from: 0, to: count, by: 3) {
      let isLast = column + 3 >= count
      switch (column == 0, isLast) {
      case (true, true): unsafe pass(column, rows, { _ in bias }, { unsafe $0.addingProduct(noiseScale, noise[$1]) })
      case (true, false): unsafe pass(column, rows, { _ in bias }, { sum, _ in sum })
      case (false, true):
        unsafe pass(column, rows, { unsafe out[$0] }, { unsafe $0.addingProduct(noiseScale, noise[$1]) })
      case (false, false): unsafe pass(column, rows, { unsafe out[$0] }, { sum, _ in sum })
      }
    }
  }

  /// Adds the products of up to three parents to `start` of each row, and writes what `finish` makes of that.
  @unsafe @inline(__always)
  private func pass(
    _ column: Int, _ rows: MechanismRows, _ start: (Int) -> Float, _ finish: (Float, Int) -> Float
  ) {
    let out = unsafe rows.output
    let a = unsafe rows.parent(column)
    let wa = weight(column)
    guard column + 1 < parentCount else {
      for r in 0..<rows.count { unsafe out[r] = finish(start(r).addingProduct(wa, a[r]), r) }
      return
    }
    let b = unsafe rows.parent(column + 1)
    let wb = weight(column + 1)
    guard column + 2 < parentCount else {
      for r in 0..<rows.count {
        unsafe out[r] = finish(start(r).addingProduct(wa, a[r]).addingProduct(wb, b[r]), r)
      }
      return
    }
    let c = unsafe rows.parent(column + 2)
    let wc = weight(column + 2)
    for r in 0..<rows.count {
      unsafe out[r] = finish(start(r).addingProduct(wa, a[r]).addingProduct(wb, b[r]).addingProduct(wc, c[r]), r)
    }
  }
}
