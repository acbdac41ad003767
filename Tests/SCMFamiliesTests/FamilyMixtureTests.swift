import SCMBase
import SCMFamilies
import SCMGraphs
import SCMRandom
import SCMTestSupport
import Testing

/// Each task comes from one component, chosen by the task's key.
@Suite struct FamilyMixtureTests {
  private static let json = """
    {"mixture": [{"weight": 3, "family": {"n_nodes": 4, "sparsity_param": 1}},
     {"family": {"n_nodes": 7, "graph": "scale_free", "sparsity_param": 1, "linear_weight_scale": 2}}]}
    """

  @Test func componentsComeInTheirShares() throws {
    let family = try SCMFamily(json: Self.json)
    let drawn = (0..<8000).map { family.component(ofSeed: $0) }
    #expect(fits([drawn.count { $0 == 0 }, drawn.count { $0 == 1 }], [0.75, 0.25]))
  }

  @Test func aTaskIsThatOfItsComponentToTheBit() throws {
    let family = try SCMFamily(json: Self.json)
    let parts = [
      try SCMFamily(json: #"{"n_nodes": 4, "sparsity_param": 1}"#),
      try SCMFamily(
        json: #"{"n_nodes": 7, "graph": "scale_free", "sparsity_param": 1, "linear_weight_scale": 2}"#),
    ]
    #expect(family.nodeCounts == 4...7)
    for seed in 0..<40 as Range<UInt64> {
      let task = try family.sampleTask(seed: seed)
      let part = parts[family.component(ofSeed: seed)]
      #expect(task.component == family.component(ofSeed: seed))
      #expect(try task.graph == family.sampleGraph(seed: seed))
      #expect(try task.sample(20) == part.sampleTask(seed: seed).sample(20), "seed \(seed)")
    }
  }

  @Test func aMixtureNeverPosesAsItsFirstFamily() throws {
    let family = try SCMFamily(
      json: #"{"mixture": [{"family": {"n_nodes": 4, "sparsity_param": 1}}, {"family": {"noise_type": "cauchy"}}]}"#)
    #expect(family.config == nil)
    for seed in 0..<20 as Range<UInt64> {
      let own = family.family(ofSeed: seed)
      #expect(own.noise == (family.component(ofSeed: seed) == 0 ? NoiseSource(.gaussian) : NoiseSource(.cauchy)))
      #expect(try family.sampleTask(seed: seed).noise == own.noise)
    }
  }

  @Test func weightsOfOneRatioHaveOneFingerprint() throws {
    func fingerprint(_ a: String, _ b: String) throws -> String {
      try FamilySpecification(
        json: #"{"mixture": [{"weight": \#(a), "family": {}}, {"weight": \#(b), "family": {"n_nodes": 9}}]}"#
      ).fingerprint
    }
    #expect(try fingerprint("1", "1") == fingerprint("0.5", "0.5"))
    #expect(try fingerprint("3", "1") == fingerprint("0.75", "0.25"))
    #expect(try fingerprint("3", "1") != fingerprint("1", "3"))
  }

  @Test func theCanonicalTextReadsBackTheSame() throws {
    for (a, b) in [(1.0, 2.0), (0.1, 0.7), (3, 11), (1e-9, 5), (0.3, 0.9)] {
      let mixture = try FamilySpecification(
        json: #"{"mixture": [{"weight": \#(a), "family": {}}, {"weight": \#(b), "family": {"n_nodes": 9}}]}"#)
      let again = try FamilySpecification(json: mixture.canonicalJSON)
      #expect(again.fingerprint == mixture.fingerprint, "\(a), \(b)")
    }
  }

  @Test(arguments: [
    (#"{"mixture": []}"#, "mixture"), (#"{"mixture": {}}"#, "mixture"), (#"{"mixture": [1]}"#, "mixture[0]"),
    (#"{"mixture": [{"weight": 1}]}"#, "mixture[0]"), (#"{"mixture": [{"family": "iscm"}]}"#, "mixture[0].family"),
    (#"{"mixture": [{"weight": -1, "family": {}}]}"#, "mixture[0].weight"),
    (#"{"mixture": [{"weight": 0, "family": {}}]}"#, "mixture"),
    (#"{"mixture": [{"weight": "x", "family": {}}]}"#, "mixture[0].weight"),
    (#"{"mixture": [{"family": {}}, {"family": {"n_nodes": 0}}]}"#, "mixture[1].n_nodes"),
    (#"{"mixture": [{"family": {}, "name": "a"}]}"#, "mixture[0].name"),
    (#"{"mixture": [{"family": {}}], "n_nodes": 5}"#, "n_nodes"),
    (#"{"mixture": [{"family": {"mixture": []}}]}"#, "mixture[0].mixture"),
  ])
  func badMixturesAreRefusedWithTheirPlace(json: String, path: String) throws {
    let error = try #require(throws: ConfigError.self) { try SCMFamily(json: json) }
    #expect(error.path == path)
  }
}
