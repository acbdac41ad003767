import SCMRandom

/// A dense layer for sixteen rows at a time: rows lie in lanes, so each value is one chain of fused multiply-adds (bias,
/// then the inputs in order) whatever the vector width. Four outputs share each load of an input.
enum DenseKernel {
  /// Groups of four outputs: their biases, then for each input their four weights; missing outputs are 0.
  static func pack(weights: [Float], bias: [Float], inputCount: Int) -> [Float] {
    var packed: [Float] = []
    packed.reserveCapacity((bias.count + 3) / 4 * 4 * (inputCount + 1))
    for group in stride(from: 0, to: bias.count, by: 4) {
      for o in group..<(group + 4) { packed.append(o < bias.count ? bias[o] : 0) }
      for i in 0..<inputCount {
        for o in group..<(group + 4) { packed.append(o < bias.count ? weights[o * inputCount + i] : 0) }
      }
    }
    return packed
  }

  @inline(__always)
  private static func leaky(_ x: SIMD16<Float>, _ slope: Float) -> SIMD16<Float> {
    x.replacing(with: x * slope, where: x .< SIMD16<Float>(repeating: 0))
  }

  /// A hidden layer: sixteen rows of each output, one output after another.
  @unsafe
  static func hidden(
    _ packed: [Float], _ source: UnsafePointer<Float>, _ sourceStride: Int, inputCount: Int, outputCount: Int,
    slope: Float, into target: UnsafeMutablePointer<Float>
  ) {
    unsafe packed.withUnsafeBufferPointer { buffer in
      guard var weight = buffer.baseAddress else { return }
      for group in stride(from: 0, to: outputCount, by: 4) {
        var a = unsafe SIMD16<Float>(repeating: weight[0])
        var b = unsafe SIMD16<Float>(repeating: weight[1])
        var c = unsafe SIMD16<Float>(repeating: weight[2])
        var d = unsafe SIMD16<Float>(repeating: weight[3])
        unsafe weight += 4
        var column = unsafe source
        for _ in 0..<inputCount {
          let x = unsafe Lanes.load(column)
          unsafe a.addProduct(SIMD16<Float>(repeating: weight[0]), x)
          unsafe b.addProduct(SIMD16<Float>(repeating: weight[1]), x)
          unsafe c.addProduct(SIMD16<Float>(repeating: weight[2]), x)
          unsafe d.addProduct(SIMD16<Float>(repeating: weight[3]), x)
          unsafe weight += 4
          unsafe column += sourceStride
        }
        let out = unsafe target + group * MechanismRows.laneCount
        unsafe Lanes.store(leaky(a, slope), out)
        unsafe Lanes.store(leaky(b, slope), out + MechanismRows.laneCount)
        unsafe Lanes.store(leaky(c, slope), out + 2 * MechanismRows.laneCount)
        unsafe Lanes.store(leaky(d, slope), out + 3 * MechanismRows.laneCount)
      }
    }
  }

  /// The last layer: one output, linear.
  @unsafe
  static func last(
    _ weights: [Float], bias: Float, _ source: UnsafePointer<Float>, _ sourceStride: Int, inputCount: Int,
    into output: UnsafeMutablePointer<Float>
  ) {
    var sum = SIMD16<Float>(repeating: bias)
    var column = unsafe source
    for i in 0..<inputCount {
      unsafe sum.addProduct(SIMD16<Float>(repeating: weights[i]), Lanes.load(column))
      unsafe column += sourceStride
    }
    unsafe Lanes.store(sum, output)
  }
}
