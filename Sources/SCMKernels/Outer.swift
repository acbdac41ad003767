import SCMElementary

@unsafe
func applyTanh(_ values: UnsafeMutablePointer<Float>, _ count: Int) {
  for r in 0..<count { unsafe values[r] = Elementary.tanh(values[r]) }
}

@unsafe
func applySigmoid(_ values: UnsafeMutablePointer<Float>, _ count: Int) {
  for r in 0..<count { unsafe values[r] = 0.5 + 0.5 * Elementary.tanh(0.5 * values[r]) }
}
