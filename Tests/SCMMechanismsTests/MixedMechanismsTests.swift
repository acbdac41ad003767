import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct MixedMechanismsTests {
  private func kinds(_ factory: MixedMechanisms, nodes: Int, seed: UInt64) -> [String] {
    factory.makeMechanisms(parentCounts: [Int](repeating: 1, count: nodes), key: TaskKey(seed: seed)).map(\.kind)
  }

  /// Cheap models, so that many can be drawn.
  private var small: (gpcde: GaussianProcessModel, mlp: MLPModel) {
    var gpcde = GaussianProcessModel.gpcde
    gpcde.law.features = 4
    var mlp = MLPModel()
    mlp.hidden = [1]
    return (gpcde, mlp)
  }

  @Test func countsOfKindsAreMultinomial() {
    let factory = MixedMechanisms([(LinearModel(), 1), (small.mlp, 2), (small.gpcde, 5)])
    let drawn = (0..<400).flatMap { kinds(factory, nodes: 20, seed: UInt64($0)) }
    let counts = ["linear", "mlp", "gpcde"].map { kind in drawn.count { $0 == kind } }
    #expect(counts.reduce(0, +) == 8000)
    #expect(fits(counts, [0.125, 0.25, 0.625]), "\(counts)")
    // Within a task too: the number of linear nodes of 20 is binomial, its variance 20·⅛·⅞.
    let perTask = (0..<400).map { task in Double(drawn[(20 * task)..<(20 * task + 20)].count { $0 == "linear" }) }
    #expect(abs(Sample(perTask).deviationsFromVariance(20 * 0.125 * 0.875)) < 5)
  }

  @Test func readsTheInverseDistributionInTheOrderOfNames() {
    let factory = MixedMechanisms([(small.mlp, 1), (LinearModel(), 2), (small.gpcde, 1)])
    for seed in 0..<200 as Range<UInt64> {
      let key = TaskKey(seed: seed)
      let expected = (0..<5).map { node in
        let u = Double(unit: key.block(0, site: UInt32(node), purpose: .mechanismKind).word64(0))
        return u < 0.25 ? "gpcde" : u < 0.75 ? "linear" : "mlp"
      }
      #expect(kinds(factory, nodes: 5, seed: seed) == expected, "seed \(seed)")
    }
  }

  @Test func theOrderInWhichModelsAreGivenSaysNothing() {
    let forward = MixedMechanisms([(LinearModel(), 0.3), (small.mlp, 0.7)])
    let backward = MixedMechanisms([(small.mlp, 7), (LinearModel(), 3)])
    for seed in 0..<100 as Range<UInt64> {
      #expect(kinds(forward, nodes: 10, seed: seed) == kinds(backward, nodes: 10, seed: seed))
    }
  }

  @Test func aWeightOfZeroIsNeverDrawnAndChangesNothing() {
    let with = MixedMechanisms([(LinearModel(), 1), (small.mlp, 1), (small.gpcde, 0)])
    let without = MixedMechanisms([(LinearModel(), 1), (small.mlp, 1)])
    for seed in 0..<100 as Range<UInt64> {
      #expect(kinds(with, nodes: 10, seed: seed) == kinds(without, nodes: 10, seed: seed))
    }
  }

  @Test func aNodesMechanismDoesNotDependOnOtherNodes() {
    let factory = MixedMechanisms([(LinearModel(), 1), (small.mlp, 1)])
    let key = TaskKey(seed: 77)
    let few = factory.makeMechanisms(parentCounts: [0, 2, 1], key: key)
    let many = factory.makeMechanisms(parentCounts: [3, 2, 0, 1, 1], key: key)
    #expect(few[1].kind == many[1].kind)
    #expect(few[1].parameters == many[1].parameters)
  }

  @Test func oneModelWithNothingAroundItGivesWhatTheGeneralWayDoes() {
    let counts = [0, 3, 1, 2], parents = [[], [0, 2, 3], [0], [0, 2]]
    let models: [any MechanismModel] = [
      LinearModel(), small.mlp, small.gpcde, PolynomialModel(), TreeModel(), ProductModel(),
    ]
    for model in models {
      let factory = MixedMechanisms([(model, 1)])
      let key = TaskKey(seed: 5), other = TaskKey(seed: 6)
      for node in counts.indices {
        let drawn = factory.drawMechanism(node: node, parentCounts: counts, key: other)
        for made in [
          factory.makeMechanism(node: node, parentCounts: counts, key: other),
          factory.makeMechanisms(parentCounts: counts, key: other)[node],
          factory.remakeMechanism(node: node, parents: parents, kinds: [], key: key, newKey: other),
        ] {
          #expect(made.kind == drawn.kind)
          #expect(made.parameters == drawn.parameters, "\(model.kind), node \(node)")
        }
      }
    }
  }

  @Test func rootsGetAMechanismOfTheDrawnKindByDefault() {
    let factory = MixedMechanisms([(LinearModel(), 1), (small.mlp, 1), (small.gpcde, 1)])
    let parentless = (0..<300).map { seed in
      factory.makeMechanisms(parentCounts: [0], key: TaskKey(seed: UInt64(seed)))[0].kind
    }
    let counts = MechanismModels.kinds.map { kind in parentless.count { $0 == kind } }
    #expect(fits(counts, [Double](repeating: 1 / 3, count: 3)), "\(counts)")
  }

  @Test func theNoisePolicyGivesRootsTheNoiseItself() {
    let factory = MixedMechanisms([(LinearModel(), 1)], roots: .noise)
    let mechanisms = factory.makeMechanisms(parentCounts: [0, 1], key: TaskKey(seed: 1))
    #expect(mechanisms.map(\.kind) == ["noise", "linear"])
    let noise = normalColumn(300)
    #expect(evaluate(mechanisms[0], [noise]) == noise)
  }
}
