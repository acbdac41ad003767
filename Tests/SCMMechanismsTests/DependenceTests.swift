import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// What every mechanism must do, of whatever kind.
@Suite struct DependenceTests {
  private static let rows = 530
  private static let parentCount = 4

  private func make(_ kind: String, seed: UInt64 = 6) throws -> any Mechanism {
    try #require(MechanismModels.named(kind))
      .makeMechanism(parentCount: Self.parentCount, node: 2, key: TaskKey(seed: seed))
  }

  private func columns(_ mechanism: any Mechanism) -> [[Float]] {
    (0..<(Self.parentCount + mechanism.noise.count)).map { normalColumn(Self.rows, site: $0) }
  }

  /// The words of Gumbel noise have no order: the largest noise instead, or the least.
  private static func moved(_ value: Float, by step: Float, in column: Int, of mechanism: any Mechanism) -> Float {
    guard column >= parentCount, case .gumbel = mechanism.noise[column - parentCount] else { return value + step }
    return Float(bitPattern: step > 0 ? .min : .max)
  }

  @Test(arguments: MechanismModels.kinds)
  func everyParentAndEveryNoiseChangesTheChildInItsOwnRowOnly(kind: String) throws {
    let mechanism = try make(kind)
    let columns = columns(mechanism)
    let before = evaluate(mechanism, columns)
    let isDiscrete = mechanism.values != .continuous
    for column in columns.indices {
      var hasMoved = false
      for row in [0, 15, 16, 255, 256, Self.rows - 1] {
        // Far to either side, so that a threshold of a tree lies between.
        let moved = ([-9, 9] as [Float]).map { step -> [Int] in
          var changed = columns
          changed[column][row] = Self.moved(changed[column][row], by: step, in: column, of: mechanism)
          let after = evaluate(mechanism, changed)
          return (0..<Self.rows).filter { before[$0] != after[$0] }
        }
        // A class may stay what it is wherever one value goes.
        #expect(Set(moved.joined()) == [row] || isDiscrete && Set(moved.joined()).isEmpty, "column \(column)")
        if !moved.joined().isEmpty { hasMoved = true }
      }
      #expect(hasMoved, "column \(column)")
    }
  }

  @Test(arguments: MechanismModels.kinds)
  func aRowsValueDoesNotDependOnItsPlace(kind: String) throws {
    let mechanism = try make(kind)
    let columns = columns(mechanism)
    let values = evaluate(mechanism, columns)
    #expect(evaluate(mechanism, columns.map { $0.reversed() }) == values.reversed())
    #expect(evaluate(mechanism, columns.map { Array($0.dropFirst(7)) }) == Array(values.dropFirst(7)))
  }

  @Test(arguments: MechanismModels.kinds)
  func sameKeyAndNodeSameMechanismElseAnother(kind: String) throws {
    let model = try #require(MechanismModels.named(kind))
    let key = TaskKey(seed: 6)
    let mechanism = model.makeMechanism(parentCount: 3, node: 2, key: key)
    #expect(model.makeMechanism(parentCount: 3, node: 2, key: key).parameters == mechanism.parameters)
    #expect(model.makeMechanism(parentCount: 3, node: 3, key: key).parameters != mechanism.parameters)
    #expect(
      model.makeMechanism(parentCount: 3, node: 2, key: TaskKey(seed: 7)).parameters != mechanism.parameters)
  }

  @Test(arguments: MechanismModels.kinds)
  func parametersFillTheirShapes(kind: String) throws {
    for parentCount in [0, 1, 5] {
      let model = try #require(MechanismModels.named(kind))
      let mechanism = model.makeMechanism(parentCount: parentCount, node: 0, key: TaskKey(seed: 1))
      // A root may be its noise alone.
      #expect(mechanism.kind == kind || (parentCount == 0 && mechanism.kind == LinearModel.kind))
      #expect(mechanism.parentCount == parentCount)
      for parameter in mechanism.parameters {
        #expect(parameter.values.count == parameter.shape.reduce(1, *), "\(parameter.name)")
        #expect(parameter.values.allSatisfy { $0.isFinite }, "\(parameter.name)")
      }
    }
  }

  @Test func anOwnMechanismReadsAndWritesRowsThroughTheSubscript() {
    struct Doubled: Mechanism {
      let kind = "doubled"
      let parentCount = 1
      let noise: [NoiseChannel] = [.noise]
      let parameters: [MechanismParameter] = []

      func evaluate(_ rows: MechanismRows) {
        for row in 0..<rows.count { rows.setOutput(row, 2 * rows[column: 0, row: row] + rows[column: 1, row: row]) }
      }
    }
    #expect(evaluate(Doubled(), [[1, 2, 3], [0.5, 0, -1]]) == [2.5, 4, 5])
  }
}
