import SCMElementary

// Sums of cosines: Σ amplitudeₖ·cos 2π(frequencyₖ·x + phaseₖ), the features in order, added to what stands in `sums`. Rows lie in lanes;
// two vectors of them share what is loaded for a feature.

/// - Parameter rows: a multiple of sixteen.
@unsafe
func addFourier(
  _ frequencies: UnsafePointer<Float>, _ phases: UnsafePointer<Float>, _ amplitudes: UnsafePointer<Float>,
  _ count: Int, _ dimensions: Int, _ inputs: UnsafePointer<Float>, _ stride: Int,
  _ sums: UnsafeMutablePointer<Float>, _ rows: Int
) {
  withUnrolled(dimensions) { dimensions in
    unsafe eachRows(amplitudes, count, inputs, sums, rows) { k, x in
      unsafe turns(phases[k], frequencies + k * dimensions, x, stride, dimensions)
    }
  }
}

/// The same for frequencies so high that phases need more than Float32 products.
@unsafe
func addFastFourier(
  _ frequencies: UnsafePointer<Float>, _ phases: UnsafePointer<Float>, _ amplitudes: UnsafePointer<Float>,
  _ count: Int, _ dimensions: Int, _ inputs: UnsafePointer<Float>, _ stride: Int,
  _ sums: UnsafeMutablePointer<Float>, _ rows: Int
) {
  withUnrolled(dimensions) { dimensions in
    unsafe eachRows(amplitudes, count, inputs, sums, rows) { k, x in
      unsafe reducedTurns(phases[k], frequencies + k * dimensions, x, stride, dimensions)
    }
  }
}

/// A loop over features for each of the usual numbers of dimensions, so that the loop inside it is none.
@inline(__always)
private func withUnrolled(_ dimensions: Int, _ body: (Int) -> Void) {
  switch dimensions {
  case 1: body(1)
  case 2: body(2)
  case 3: body(3)
  case 4: body(4)
  case 5: body(5)
  default: body(dimensions)
  }
}

@unsafe @inline(__always)
private func eachRows(
  _ amplitudes: UnsafePointer<Float>, _ count: Int, _ inputs: UnsafePointer<Float>,
  _ sums: UnsafeMutablePointer<Float>, _ rows: Int,
  _ turns: (_ feature: Int, _ inputs: UnsafePointer<Float>) -> SIMD16<Float>
) {
  var row = 0
  while row + 32 <= rows {
    var a = unsafe Lanes.load(UnsafePointer(sums + row))
    var b = unsafe Lanes.load(UnsafePointer(sums + row + 16))
    for k in 0..<count {
      let amplitude = unsafe SIMD16<Float>(repeating: amplitudes[k])
      unsafe a.addProduct(amplitude, Elementary.cosTurns(turns(k, inputs + row)))
      unsafe b.addProduct(amplitude, Elementary.cosTurns(turns(k, inputs + row + 16)))
    }
    unsafe Lanes.store(a, sums + row)
    unsafe Lanes.store(b, sums + row + 16)
    row += 32
  }
  guard row < rows else { return }
  var sum = unsafe Lanes.load(UnsafePointer(sums + row))
  for k in 0..<count {
    unsafe sum.addProduct(SIMD16(repeating: amplitudes[k]), Elementary.cosTurns(turns(k, inputs + row)))
  }
  unsafe Lanes.store(sum, sums + row)
}

@unsafe @inline(__always)
private func turns(
  _ phase: Float, _ frequency: UnsafePointer<Float>, _ inputs: UnsafePointer<Float>, _ stride: Int, _ dimensions: Int
) -> SIMD16<Float> {
  var turns = SIMD16<Float>(repeating: phase)
  for d in 0..<dimensions {
    unsafe turns.addProduct(SIMD16(repeating: frequency[d]), Lanes.load(inputs + d * stride))
  }
  return turns - turns.rounded(.toNearestOrEven)
}

/// As ``turns``, each product reduced to a turn by itself with its rounding error added back, so that thousands of turns keep
/// their fraction.
@unsafe @inline(__always)
private func reducedTurns(
  _ phase: Float, _ frequency: UnsafePointer<Float>, _ inputs: UnsafePointer<Float>, _ stride: Int, _ dimensions: Int
) -> SIMD16<Float> {
  var turns = SIMD16<Float>(repeating: phase)
  for d in 0..<dimensions {
    let f = unsafe SIMD16<Float>(repeating: frequency[d])
    let x = unsafe Lanes.load(inputs + d * stride)
    let product = f * x
    let error = (-product).addingProduct(f, x)
    turns += (product - product.rounded(.toNearestOrEven)) + error
  }
  return turns - turns.rounded(.toNearestOrEven)
}
