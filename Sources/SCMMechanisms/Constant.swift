/// The mechanism of a node that an intervention holds at a value.
public struct ConstantMechanism: Mechanism, Hashable {
  public let value: Float

  public init(value: Float) {
    self.value = value
  }

  public var kind: String { "constant" }
  public var parentCount: Int { 0 }
  public var noise: [NoiseChannel] { [] }
  public var parameters: [MechanismParameter] { [.init("value", value)] }

  public func evaluate(_ rows: MechanismRows) {
    for row in 0..<rows.count { rows.setOutput(row, value) }
  }
}
