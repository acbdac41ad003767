/// The weights of a dense layer as the kernels of `KernelTable` read them.
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
}
