import SCMBase
import SCMFamilies
import SCMGraphs
import SCMRandom

extension RunRegistry {
  /// What is wrong with the registry, a sentence each.
  ///
  /// Computed again are the checksums of all files, the fingerprints of the families, the seeds and graph hashes of the fixed sets, and
  /// the first training tasks, none of which may have a reserved graph. Files that were changed prove nothing, and are all that is
  /// then told.
  ///
  /// - Throws: ``VerificationCancelled``.
  public func faults(
    trainingTasks: Int = 1000, progress: (_ done: Int, _ count: Int) -> Void = { _, _ in },
    isCancelled: () -> Bool = { false }
  ) throws -> [String] {
    let changed = changedFiles()
    guard changed.isEmpty else { return changed }
    do {
      var content = try RunContent(self)
      return try content.faults(trainingTasks: trainingTasks) { done, count in
        progress(done, count)
        if isCancelled() { throw VerificationCancelled() }
      }
    } catch let error as FileError {
      return [error.description]
    }
  }
}

/// What the files of a registry say, once they are known to be as they were written.
private struct RunContent {
  let families: [String: SCMFamily]
  let fingerprints: [String: String]
  let level: GraphLevel
  let baseSeed: UInt64
  let seeds: [String: [UInt64]]
  let hashes: [String: [String]]
  let areSetsDisjoint: Bool
  private var faults: [String] = []

  /// - Throws: a sentence for what no writer of ours leaves.
  init(_ run: RunRegistry) throws(FileError) {
    func refuse(_ name: String, _ reason: String) -> FileError { FileError(path: name, reason: reason) }
    guard let configs = run.configs?.members else { throw refuse("config.yaml", "must map names to families") }
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
    guard let fingerprints = run.manifest["fingerprints"]?.members, Set(fingerprints.keys) == Set(configs.keys) else {
      throw refuse("manifest.json", "must have the fingerprints of the families in config.yaml")
    }
    guard let seedSets = seedFile["sets"]?.members, let hashSets = hashFile["sets"]?.members,
      Set(seedSets.keys).union(["train"]) == Set(configs.keys), seedSets.keys == hashSets.keys
    else { throw refuse("seeds.json", "must have the sets of config.yaml and hashes.json") }
    self.level = level
    self.baseSeed = baseSeed
    self.fingerprints = fingerprints.compactMapValues { $0.string }
    areSetsDisjoint = run.manifest["disjoint_sets"] == .bool(true)
    if let version = run.manifest["versions"]?["engine"]?.string, version != ancestralVersion {
      faults.append("manifest.json: engine \(version) drew the run, and this engine is \(ancestralVersion).")
    }
    var families: [String: SCMFamily] = [:]
    for (name, entry) in configs.sorted(by: { $0.key < $1.key }) {
      guard let members = entry["config"]?.members else { throw refuse("config.yaml", "has no config of \(name)") }
      do throws(ConfigError) {
        let specification = try FamilySpecification(members)
        families[name] = try SCMFamily(specification)
        if specification.fingerprint != self.fingerprints[name] {
          faults.append(
            "config.yaml: \(name): this engine gives the family another fingerprint than manifest.json has, so other tasks."
          )
        }
      } catch {
        throw refuse("config.yaml", "can't be used: \(name): \(error.path) = \(error.value): \(error.reason)")
      }
    }
    self.families = families
    var (seeds, hashes) = ([String: [UInt64]](), [String: [String]]())
    for (name, list) in seedSets {
      guard let texts = list.texts, let digests = hashSets[name]?.texts, texts.count == digests.count else {
        throw refuse("hashes.json", "must have as many hashes of \(name) as seeds.json has seeds")
      }
      hashes[name] = digests
      seeds[name] = texts.compactMap(Self.seed)
      guard seeds[name]?.count == texts.count else {
        throw refuse("seeds.json", "must have seeds of 16 hex digits in \(name)")
      }
    }
    self.seeds = seeds
    self.hashes = hashes
  }

  /// - Parameter progress: told after each task how many of how many are done; what it throws ends the verification.
  mutating func faults(trainingTasks: Int, progress: (Int, Int) throws -> Void) throws -> [String] {
    // Other families than the manifest's draw other tasks, and each would be a fault.
    guard faults.allSatisfy({ !$0.hasPrefix("config.yaml") }) else { return faults }
    let sets = seeds.sorted { $0.key < $1.key }
    let count = sets.reduce(trainingTasks) { $0 + $1.value.count }
    var done = 0
    var owners: [UInt64: String] = [:]
    var sources: [String: String] = [:]
    let reserved = HashRegistry(level: level, digests: hashes.values.joined().compactMap(GraphDigest.init(hex:)))
    for (name, seeds) in sets {
      guard let family = families[name], let hashes = hashes[name] else { continue }
      let slots = DataModule.seeds(of: name, baseSeed: baseSeed, count: seeds.count)
      for (index, seed) in seeds.enumerated() {
        let place = "\(name)[\(index)]"
        if try !isSeed(seed, of: slots[index], family, reserved) {
          faults.append("seeds.json: \(place): \(FixedSetFile.bytes(of: [seed]).hex) is not the seed of its place.")
        }
        if let other = owners.updateValue(place, forKey: seed) {
          faults.append("seeds.json: \(place): has the seed of \(other).")
        }
        let digest = try family.sampleGraph(seed: seed).adjacency.digest(level: level).hex
        if digest != hashes[index] {
          faults.append(
            "hashes.json: \(place): the graph of seed \(FixedSetFile.bytes(of: [seed]).hex) has another hash.")
        }
        if areSetsDisjoint, let other = sources.updateValue(name, forKey: digest), other != name {
          faults.append("hashes.json: \(place): its graph is also one of \(other).")
        }
        done += 1
        try progress(done, count)
      }
    }
    try checkTraining(trainingTasks, reserved) {
      done += 1; try progress(done, count)
    }
    return faults
  }

  /// Training tasks are drawn as a stream would draw them.
  private mutating func checkTraining(_ count: Int, _ reserved: HashRegistry, progress: () throws -> Void) throws {
    guard let family = families["train"] else { return }
    let stream = SeedSequence.training(base: baseSeed)
    for index in 0..<UInt64(count) {
      do {
        if reserved.contains(try family.graph(seed: stream[index], avoiding: reserved).graph.adjacency) {
          faults.append("train[\(index)]: its graph is reserved.")
        }
      } catch {
        faults.append("train[\(index)]: \(error)")
      }
      try progress()
    }
  }

  /// Whether a seed is that of its slot, or of the first attempt after reserved ones where sets keep clear of each other.
  private func isSeed(_ seed: UInt64, of slot: UInt64, _ family: SCMFamily, _ reserved: HashRegistry) throws -> Bool {
    if seed == slot { return true }
    guard areSetsDisjoint,
      let attempt = (1..<SCMFamily.mostAttempts).first(where: { SeedSequence.retry(of: slot, attempt: $0) == seed })
    else { return false }
    return try (0..<attempt).allSatisfy {
      reserved.contains(try family.sampleGraph(seed: SeedSequence.retry(of: slot, attempt: $0)).adjacency)
    }
  }

  private static func seed(_ text: String) -> UInt64? { text.utf8.count == 16 ? UInt64(text, radix: 16) : nil }
}

extension GraphDigest {
  /// 64 hex digits.
  fileprivate init?(hex: String) {
    let digits = Array(hex)
    guard digits.count == 64 else { return nil }
    let bytes = stride(from: 0, to: 64, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    self.init(bytes: bytes)
  }
}
