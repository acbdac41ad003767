/// The weights of dense layers as the kernels of `KernelTable` read them.
enum DenseKernel {
  /// How many numbers a layer has there.
  static func count(inputs: Int, outputs: Int) -> Int { (outputs + 3) / 4 * 4 * (inputs + 1) }

  /// Layer after layer, each in groups of four outputs: their biases, then for each input their four weights; missing outputs are 0.
  static func pack(_ layers: [MLPMechanism.Layer]) -> [Float] {
    let count = layers.reduce(0) { $0 + Self.count(inputs: $1.inputCount, outputs: $1.bias.count) }
    return unsafe [Float](unsafeUninitializedCapacity: count) { packed, written in
      for layer in layers {
        let (inputs, outputs) = (layer.inputCount, layer.bias.count)
        for group in stride(from: 0, to: outputs, by: 4) {
          for o in 0..<4 {
            let isThere = group + o < outputs
            let first = (group + o) * inputs
            unsafe packed[written + o] = isThere ? layer.bias[group + o] : 0
            for i in 0..<inputs { unsafe packed[written + 4 * (i + 1) + o] = isThere ? layer.weights[first + i] : 0 }
          }
          written += 4 * (inputs + 1)
        }
      }
    }
  }
}
