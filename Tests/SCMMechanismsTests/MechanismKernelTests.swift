import SCMElementary
import SCMMechanisms
import SCMRandom
import Testing

/// The kernels of mechanisms of all levels that this processor has, against the baseline's, whose plain forms other tests hold.
struct MechanismKernelTests {
  private let numbers = TaskKey(seed: 5).normals(count: 20_000, purpose: .user).map { Float($0) }

  /// What each level writes, by the bits: the baseline first.
  private func fills(_ count: Int, _ body: (KernelTable, UnsafeMutablePointer<Float>) -> Void) -> [(String, [UInt32])] {
    Kernels.Level.allCases.filter { $0.isHere }.map { level in
      var values = Array(numbers.suffix(count))
      unsafe values.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress { unsafe body(level.table, base) }
      }
      return (level.rawValue, values.map(\.bitPattern))
    }
  }

  private func expectEqual(_ fills: [(String, [UInt32])], _ what: String) {
    for (level, bits) in fills.dropFirst() { #expect(bits == fills[0].1, "\(what), \(level)") }
  }

  @Test(arguments: [16, 32, 48, 64]) func layersHaveTheSameBits(rows: Int) {
    for (inputs, outputs) in [(1, 4), (3, 32), (33, 8)] {
      let hidden = fills(outputs * rows) { table, out in
        unsafe table.hidden(numbers, numbers, 528, inputs, outputs, 0.01, out, rows, rows)
      }
      expectEqual(hidden, "\(inputs) to \(outputs), \(rows) rows")
      // The plain chain of one value, by hand: bias, then the inputs in order, then the slope.
      let row = rows - 1
      var sum = numbers[3]
      for i in 0..<inputs { sum.addProduct(numbers[4 * (i + 1) + 3], numbers[528 * i + row]) }
      #expect(hidden[0].1[3 * rows + row] == (sum < 0 ? sum * 0.01 : sum).bitPattern)
      let last = fills(rows) { table, out in unsafe table.last(numbers, numbers, 528, inputs, 1, 1, out, 0, rows) }
      expectEqual(last, "last of \(inputs), \(rows) rows")
    }
  }

  @Test(arguments: 0...7) func sumsOfCosinesHaveTheSameBits(dimensions: Int) {
    for rows in [16, 32, 80] {
      for (name, kernel) in [("slow", \KernelTable.fourier), ("fast", \KernelTable.fastFourier)] {
        let sums = fills(rows) { table, out in
          unsafe table[keyPath: kernel](numbers, numbers, numbers, 37, dimensions, numbers, 528, out, rows)
        }
        expectEqual(sums, "\(name), \(dimensions) dimensions, \(rows) rows")
      }
    }
  }

  @Test func activationsHaveTheSameBits() {
    for count in [1, 16, 77] {
      expectEqual(fills(count) { table, out in unsafe table.tanh(out, count) }, "tanh of \(count)")
      expectEqual(fills(count) { table, out in unsafe table.sigmoid(out, count) }, "sigmoid of \(count)")
    }
  }

  @Test func featuresHaveTheSameBits() {
    let count = 100
    let weights = fills(2 * count) { table, out in
      unsafe table.featureWeights(out, out + count, count, 0.5, 8, 3, 10, 1)
    }
    expectEqual(weights, "phases and amplitudes")
    for shape in [0.05, 0.4, 0.95] {
      let scales = fills(2 * count) { table, out in
        var values = [Double](repeating: 0, count: count)
        unsafe table.stableScales(&values, 0, count, shape, 8, 3, 12, 1)
        for k in 0..<count {
          unsafe out[2 * k] = Float(bitPattern: UInt32(truncatingIfNeeded: values[k].bitPattern))
          unsafe out[2 * k + 1] = Float(bitPattern: UInt32(values[k].bitPattern >> 32))
        }
      }
      expectEqual(scales, "stable scales of \(shape)")
    }
  }

  @Test func columnsBecomeTheSameRows() {
    for (nodes, rows) in [(1, 3), (4, 8), (5, 17), (20, 40)] {
      let turned = fills(nodes * rows) { table, out in
        #expect(unsafe table.transpose(numbers, 528, nil, nodes, 4, rows, out, nodes, nil))
      }
      expectEqual(turned, "\(nodes) nodes, \(rows) rows")
      #expect(turned[0].1 == (0..<rows).flatMap { r in (0..<nodes).map { numbers[528 * $0 + 4 + r].bitPattern } })
    }
  }
}
