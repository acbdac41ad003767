import SCMBase
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct PostNonlinearTests {
  @Test(arguments: OuterFunction.allCases) func appliesItsFunctionToAnyMechanism(outer: OuterFunction) {
    let columns = (0..<3).map { normalColumn(300, site: $0) }
    let inner = LinearMechanism(weights: [0.5, -1], bias: 0.2, noiseScale: 0.7)
    let plain = evaluate(inner, columns)
    let values = evaluate(PostNonlinearMechanism(inner, outer: outer), columns)
    for (x, y) in zip(plain, values) {
      let expected: Float =
        switch outer {
        case .identity: x
        case .tanh: Float(EvaluatedFunction.tanh(Double(x)))
        case .sigmoid: Float(0.5 + 0.5 * EvaluatedFunction.tanh(0.5 * Double(x)))
        case .cube: x * x * x
        case .leakyReLU: x < 0 ? 0.1 * x : x
        }
      #expect(abs(y - expected) <= 3e-7 * (1 + abs(expected)))
    }
  }

  @Test func isOtherwiseTheMechanismThatItChanges() throws {
    let tree = TreeModel().makeMechanism(parentCount: 2, node: 1, key: TaskKey(seed: 2))
    let mechanism = PostNonlinearMechanism(tree, outer: .cube)
    #expect(mechanism.kind == "tree")
    #expect(mechanism.parentCount == 2)
    #expect(mechanism.parameters == tree.parameters)
    #expect(mechanism.needsAnchors)
    #expect(mechanism.settings["post_nonlinear"] == .name("cube"))
    let drawn = try #require(mechanism.anchored(at: (0..<3).map { normalColumn(40, site: $0) }))
    #expect(!drawn.needsAnchors)
    #expect(drawn is PostNonlinearMechanism)
  }

  @Test func nodesDrawTheirFunctionsWithEqualProbability() {
    let factory = MixedMechanisms([(LinearModel(), 1)], outers: [.identity, .tanh, .cube])
    var counts = [0, 0, 0]
    for seed in 0..<300 as Range<UInt64> {
      for made in factory.makeMechanisms(parentCounts: [Int](repeating: 1, count: 20), key: TaskKey(seed: seed)) {
        counts[(made as? PostNonlinearMechanism).map { $0.outer == .tanh ? 1 : 2 } ?? 0] += 1
      }
    }
    #expect(fits(counts, [1.0 / 3, 1.0 / 3, 1.0 / 3]), "\(counts)")
  }

  @Test func rootsThatAreNoiseStayNoise() {
    let factory = MixedMechanisms([(LinearModel(), 1)], roots: .noise, outers: [.cube])
    let made = factory.makeMechanisms(parentCounts: [0, 1], key: TaskKey(seed: 1))
    #expect(made[0].kind == "noise")
    #expect(made[1] is PostNonlinearMechanism)
  }
}

/// In Float64, from exponentials.
private enum EvaluatedFunction {
  static func tanh(_ x: Double) -> Double {
    let e = Elementary.exp(-2 * abs(x))
    return (x < 0 ? -1 : 1) * (1 - e) / (1 + e)
  }
}
