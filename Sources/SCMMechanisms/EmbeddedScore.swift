import SCMRandom

/// Scores of classes by ENCO's network: an embedding of each parent, a hidden layer with a leaky ReLU, and a layer without biases.
///
/// Embeddings are N(0, 1)⁴, one for each class of a parent, both layers orthogonal with a gain, hidden biases U(±½). A parent without
/// classes has one embedding, which its value multiplies. Embeddings and the first layer are both linear in the columns that are read, so
/// that they are multiplied out here.
///
/// Source: Lippe, Cohen, Gavves, "Efficient neural causal discovery without acyclicity constraints", ICLR 2022, appendix C.1, and its code's
/// `NNCateg`.
struct EmbeddedScore {
  static let embedding = 4
  static let slope: Float = 0.1
  let hidden: Int
  let gain: Double

  func layers(_ setting: NodeSetting, node: UInt32, key: TaskKey) -> [MLPMechanism.Layer] {
    let width = Self.embedding
    let count = setting.values.classCount
    let first = orthogonal(hidden, width * setting.parents.count, draw: 1, node: node, key: key)
    let last = orthogonal(count, hidden, draw: 2, node: node, key: key)
    var words = key.words(site: node, purpose: .weights, draw: 3)
    var bias = (0..<hidden).map { _ in Double(openUnit: words.next64()) - 0.5 }
    // By parent, and then by class.
    let embeddingCount = setting.parents.reduce(0) { $0 + max(1, $1.classCount) }
    let embeddings = key.normals(count: width * embeddingCount, site: node, purpose: .weights, draw: 4)
    var columns: [[Double]] = []
    var start = 0
    for (parent, kind) in setting.parents.enumerated() {
      /// What the hidden layer makes of an embedding.
      func projected(_ number: Int) -> [Double] {
        (0..<hidden).map { unit in
          (0..<width).reduce(0.0) { sum, e in
            sum + first[unit * width * setting.parents.count + parent * width + e]
              * embeddings[width * (start + number) + e]
          }
        }
      }
      let classCount = kind.classCount
      if classCount == 0 {
        columns.append(projected(0))
      } else if kind.columnCount(setting.reading) > 1 {
        columns += (0..<classCount).map { projected($0) }
      } else {
        // A number from 0 on: the first embedding is always there, and each step adds the last one's part of the way.
        let (low, high) = (projected(0), projected(classCount - 1))
        for unit in 0..<hidden { bias[unit] += low[unit] }
        columns.append(zip(low, high).map { ($1 - $0) / Double(classCount - 1) })
      }
      start += max(1, classCount)
    }
    let weights = (0..<hidden).flatMap { unit in columns.map { Float($0[unit]) } }
    return [
      MLPMechanism.Layer(inputCount: columns.count, weights: weights, bias: bias.map { Float($0) }),
      MLPMechanism.Layer(
        inputCount: hidden, weights: last.map { Float($0) }, bias: [Float](repeating: 0, count: count)),
    ]
  }

  /// `gain` times a random matrix with orthonormal rows or columns, whichever are fewer, of the uniform law: normal vectors, made
  /// orthogonal one after another.
  ///
  /// Source: Stewart, "The efficient generation of random orthogonal matrices", SIAM J. Numer. Anal. 17 (1980).
  private func orthogonal(_ rows: Int, _ columns: Int, draw: UInt32, node: UInt32, key: TaskKey) -> [Double] {
    let (count, length) = (min(rows, columns), max(rows, columns))
    var vectors = key.normals(count: count * length, site: node, purpose: .weights, draw: draw)
    func dot(_ a: Int, _ b: Int) -> Double {
      (0..<length).reduce(0.0) { $0 + vectors[a * length + $1] * vectors[b * length + $1] }
    }
    for vector in 0..<count {
      // Twice is enough (Kahan): once may leave what rounding has lost.
      for _ in 0..<2 {
        for other in 0..<vector {
          let share = dot(vector, other)
          for i in 0..<length { vectors[vector * length + i] -= share * vectors[other * length + i] }
        }
      }
      let norm = dot(vector, vector).squareRoot()
      for i in 0..<length { vectors[vector * length + i] /= norm }
    }
    return (0..<rows * columns).map { place in
      let (row, column) = (place / columns, place % columns)
      return gain * (rows < columns ? vectors[row * length + column] : vectors[column * length + row])
    }
  }
}
