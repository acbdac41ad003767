/// The weights of a dense layer as the kernels of `KernelTable` read them.
enum DenseKernel {
  /// Groups of four outputs: their biases, then for each input their four weights; missing outputs are 0.
  static func pack(weights: [Float], bias: [Float], inputCount: Int) -> [Float] {
    let count = (bias.count + 3) / 4 * 4 * (inputCount + 1)
    return unsafe [Float](unsafeUninitializedCapacity: count) { packed, written in
      var place = 0
      for group in stride(from: 0, to: bias.count, by: 4) {
        let outputs = min(4, bias.count - group)
        for o in 0..<4 { unsafe packed[place + o] = o < outputs ? bias[group + o] : 0 }
        for o in 0..<4 {
          let first = (group + o) * inputCount
          for i in 0..<inputCount { unsafe packed[place + 4 * (i + 1) + o] = o < outputs ? weights[first + i] : 0 }
        }
        place += 4 * (inputCount + 1)
      }
      written = count
    }
  }
}
