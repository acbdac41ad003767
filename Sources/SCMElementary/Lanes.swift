/// Vectors of rows to and from memory, whatever its alignment: sixteen floats or eight doubles, one register of the widest processors.
// Usable from inline code, as other modules would else call these functions instead of inlining them.
@usableFromInline package enum Lanes {
  @unsafe @inlinable @inline(__always)
  package static func load(_ pointer: UnsafePointer<Float>) -> SIMD16<Float> {
    unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Float>.self)
  }

  @unsafe @inlinable @inline(__always)
  package static func load8(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
    unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
  }

  @unsafe @inlinable @inline(__always)
  package static func load(_ pointer: UnsafePointer<Double>) -> SIMD8<Double> {
    unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Double>.self)
  }

  // Lane by lane, of which the compiler makes one instruction for each register.
  @inlinable @inline(__always)
  package static func wide(_ x: SIMD8<Float>) -> SIMD8<Double> {
    SIMD8(
      Double(x[0]), Double(x[1]), Double(x[2]), Double(x[3]), Double(x[4]), Double(x[5]), Double(x[6]), Double(x[7]))
  }

  @unsafe @inlinable @inline(__always)
  package static func store<Vector: SIMD>(_ value: Vector, _ pointer: UnsafeMutablePointer<Vector.Scalar>) {
    unsafe UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Vector.self)
  }
}
