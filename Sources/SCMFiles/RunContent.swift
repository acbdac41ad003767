import SCMBase
import SCMExperiments
import SCMFamilies
import SCMGraphs

/// The content of a registry's files, once they are known to be as they were written.
struct RunContent {
  let families: [String: RunFamily]
  let level: GraphLevel
  let baseSeed: UInt64
  let seeds: [String: [UInt64]]
  let hashes: [String: [String]]
  let areSetsDisjoint: Bool
  /// Tasks of a training batch, where the registry tells.
  let batchCount: Int?
  /// The sets whose seeds are the user's own list, so that they have no place in the module's.
  let given: Set<String>
  /// `nil` in a registry of an older format.
  let record: TrainingRecord?
  /// Families that the caller checks by itself.
  let checked: Set<String>
  var report = VerificationReport()

  /// - Throws: a sentence for what no writer of ours leaves.
  init(_ run: RunRegistry, checked: Set<String>) throws(FileError) {
    func refuse(_ name: String, _ reason: String) -> FileError { FileError(path: name, reason: reason) }
    let configs = try run.configs()
    let (seedFile, hashFile) = (try run.members("seeds.json"), try run.members("hashes.json"))
    guard let level = run.manifest["disjoint"]?.string.flatMap(GraphLevel.init) else {
      throw refuse("manifest.json", "has no level of identity, disjoint")
    }
    guard hashFile["level"] == .string(level.rawValue) else {
      throw refuse(
        "hashes.json", "has level \(hashFile["level"] ?? .null): must be \(level.rawValue), as in manifest.json")
    }
    guard let baseSeed = seedFile["base_seed"]?.string.flatMap(Self.seed) else {
      throw refuse("seeds.json", "has no base_seed of 16 hex digits")
    }
    guard let prints = run.manifest["fingerprints"]?.members, Set(prints.keys) == Set(configs.keys) else {
      throw refuse("manifest.json", "must have the fingerprints of the families in \(run.configFile)")
    }
    guard let seedSets = seedFile["sets"]?.members, let hashSets = hashFile["sets"]?.members,
      Set(seedSets.keys).union(["train"]) == Set(configs.keys), seedSets.keys == hashSets.keys
    else { throw refuse("seeds.json", "must have the sets of \(run.configFile) and hashes.json") }
    self.level = level
    self.baseSeed = baseSeed
    self.checked = checked
    areSetsDisjoint = run.manifest["disjoint_sets"] == .bool(true)
    batchCount = run.manifest["batch_size"]?.natural.flatMap { $0 > 0 ? $0 : nil }
    let rows = run.manifest["n_samples"]?.natural ?? 0
    given = Set(seedFile["given"]?.texts ?? [])
    record = run.hasTrainingRecord ? try TrainingRecord(run.members("training.json")) : nil
    if let version = run.manifest["versions"]?["engine"]?.string, version != ancestralVersion {
      report.faults.append(.runOfOtherEngine(version: version))
    }
    var families: [String: RunFamily] = [:]
    for (name, entry) in configs.sorted(by: { $0.key < $1.key }) {
      guard let members = entry["config"]?.members else { throw refuse(run.configFile, "has no config of \(name)") }
      do throws(ConfigError) {
        let strategies = try OwnStrategies(members)
        let design = try Self.design(entry["design"])
        let family = RunFamily(
          family: try SCMFamily(strategies.specification), strategies: strategies, design: design, rows: rows)
        families[name] = family
        if family.fingerprint != prints[name]?.string {
          report.faults.append(.otherFamily(file: run.configFile, name: name))
        }
      } catch {
        throw refuse(run.configFile, "can't be used: \(name): \(error.path) = \(error.value): \(error.reason)")
      }
    }
    self.families = families
    (seeds, hashes) = try Self.sets(seedSets, hashSets)
  }

  /// What config.json says is done to a family's tasks; `nil` for plain ones.
  private static func design(_ given: JSONValue?) throws(ConfigError) -> Design? {
    guard let given, given != .null else { return nil }
    guard let members = given.members else {
      throw ConfigError(path: "design", value: "\(given)", reason: "must be an object")
    }
    return try Design(members)
  }

  private static func sets(
    _ seedSets: [String: JSONValue], _ hashSets: [String: JSONValue]
  ) throws(FileError) -> (seeds: [String: [UInt64]], hashes: [String: [String]]) {
    var (seeds, hashes) = ([String: [UInt64]](), [String: [String]]())
    for (name, list) in seedSets.sorted(by: { $0.key < $1.key }) {
      guard let texts = list.texts, let digests = hashSets[name]?.texts, texts.count == digests.count else {
        throw FileError(path: "hashes.json", reason: "must have as many hashes of \(name) as seeds.json has seeds")
      }
      hashes[name] = digests
      seeds[name] = texts.compactMap(seed)
      guard seeds[name]?.count == texts.count else {
        throw FileError(path: "seeds.json", reason: "must have seeds of 16 hex digits in \(name)")
      }
    }
    return (seeds, hashes)
  }

  /// Sixteen hex digits.
  static func seed(_ text: String) -> UInt64? {
    [UInt8](hex: text).flatMap { $0.count == 8 ? FixedSetLayout.seeds(in: $0)[0] : nil }
  }
}
