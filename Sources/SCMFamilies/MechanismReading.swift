package import SCMMechanisms

/// What a mechanism says of the columns that it reads and of its values. It is kept beside the mechanism: to ask for it in each tile would
/// count references and, of noise, make an array.
package struct MechanismReading: Sendable {
  /// The columns of its parents.
  package let inputCount: Int
  /// The columns of noise behind them.
  package let channels: [NoiseChannel]
  /// Whether it reads its parents where they lie.
  let isInPlace: Bool
  let readsClassNumbers: Bool
  let values: ValueKind

  init(_ mechanism: any Mechanism) {
    inputCount = mechanism.parentCount
    channels = mechanism.noise
    isInPlace = mechanism.readsParentsInPlace
    readsClassNumbers = mechanism.readsClassNumbers
    values = mechanism.values
  }
}
