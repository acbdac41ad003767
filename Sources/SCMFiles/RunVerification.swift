import SCMBase
import SCMDatasets
import SCMExperiments
import SCMFamilies
import SCMGraphs
import SCMRandom

extension RunRegistry {
  /// What is wrong with the registry, and what can't be proved, a sentence each.
  ///
  /// Computed again are the checksums of all files, the fingerprints of the families, the seeds and graph hashes of the fixed sets, and
  /// of the training tasks that the stream wrote down their seeds and graphs, none of which may be reserved. Files that were
  /// changed prove nothing, and are all that is then told.
  ///
  /// - Parameters:
  ///   - trainingTasks: how many of the training tasks that were written down are checked.
  ///   - checked: families with strategies written in Python that the caller checks by itself.
  /// - Throws: ``VerificationCancelled``.
  public func report(
    trainingTasks: Int = 1000, checked: Set<String> = [],
    progress: (_ done: Int, _ count: Int) -> Void = { _, _ in }, isCancelled: () -> Bool = { false }
  ) throws -> VerificationReport {
    let changed = changedFiles()
    guard changed.isEmpty else { return VerificationReport(faults: changed) }
    do {
      var content = try RunContent(self, checked: checked)
      return try content.verify(trainingTasks: trainingTasks) { done, count in
        progress(done, count)
        if isCancelled() { throw VerificationCancelled() }
      }
    } catch let error as FileError {
      return VerificationReport(faults: [.file(error)])
    }
  }
}

/// A family of a registry.
struct RunFamily {
  let family: SCMFamily
  let strategies: OwnStrategies
  /// What is done to its tasks; `nil` for plain ones.
  let design: Design?
  /// Rows of each plain task.
  let rows: Int

  var fingerprint: String { strategies.fingerprint(under: design) }

  /// The graph and the seed of what is drawn for a seed; see ``SCMFamily/taken(seed:avoiding:for:rows:firstSeed:)``.
  func taken(
    _ seed: UInt64, avoiding reserved: HashRegistry? = nil, firstSeed: UInt64? = nil
  ) throws -> (graph: DirectedAcyclicGraph, seed: UInt64) {
    try family.taken(seed: seed, avoiding: reserved, for: design, rows: rows, firstSeed: firstSeed)
  }
}

extension RunContent {
  /// - Parameter progress: told after each task how many of how many are done; what it throws ends the verification.
  mutating func verify(
    trainingTasks: Int, progress: (Int, Int) throws -> Void
  ) throws -> VerificationReport {
    // Other families than the manifest's draw other tasks, and each would be a fault.
    let hasOtherFamilies = report.faults.contains { if case .otherFamily = $0 { true } else { false } }
    guard !hasOtherFamilies else { return report }
    let sets = seeds.sorted { $0.key < $1.key }
    let training = Array(record?.entries.prefix(trainingTasks) ?? [])
    let count = sets.reduce(training.count) { $0 + $1.value.count }
    var done = 0
    func step() throws {
      done += 1
      try progress(done, count)
    }
    let reserved = HashRegistry(level: level, digests: hashes.values.joined().compactMap(GraphDigest.init(hex:)))
    try checkSets(sets, reserved, step)
    try checkTraining(training, reserved, step)
    tellOfStrategies()
    return report
  }

  private mutating func checkSets(
    _ sets: [(key: String, value: [UInt64])], _ reserved: HashRegistry, _ step: () throws -> Void
  ) throws {
    // A task is its family and its seed: lists of a user's own may give the same seeds to sets of different families.
    var owners: [String: [UInt64: String]] = [:]
    var sources: [String: String] = [:]
    for (name, seeds) in sets {
      guard let known = families[name], let hashes = hashes[name] else { continue }
      let fingerprint = known.fingerprint
      let slots = DataModule.seeds(of: name, baseSeed: baseSeed, count: seeds.count)
      for (index, seed) in seeds.enumerated() {
        let place = "\(name)[\(index)]"
        if try !given.contains(name) && !isSeed(seed, of: slots[index], known, reserved) {
          report.faults.append(.otherSeed(file: "seeds.json", place: place, seed: seed))
        }
        if let other = owners[fingerprint, default: [:]].updateValue(place, forKey: seed) {
          report.faults.append(.repeatedSeed(place: place, of: other))
        }
        if known.strategies.haveEngineGraphs {
          let graph = try known.taken(seed).graph
          if graph.adjacency.digest(level: level).hex != hashes[index] {
            report.faults.append(.otherHash(place: place, seed: seed))
          }
        }
        if areSetsDisjoint, let other = sources.updateValue(name, forKey: hashes[index]), other != name {
          report.faults.append(.sharedGraph(place: place, with: other))
        }
        try step()
      }
    }
  }

  /// The graphs that the stream wrote down are compared with those that keep clear of the reserved ones, which this draws again.
  private mutating func checkTraining(
    _ entries: [TrainingRecord.Entry], _ reserved: HashRegistry, _ step: () throws -> Void
  ) throws {
    guard let train = families["train"] else { return }
    if entries.isEmpty {
      report.unproved.append(record == nil ? .noRecord : .noTrainingTask)
    }
    for entry in entries {
      let place = entry.epoch == 0 ? "train[\(entry.number)]" : "train[\(entry.number)] of epoch \(entry.epoch)"
      let stream = SeedSequence.training(base: baseSeed, epoch: entry.epoch == 0 ? nil : entry.epoch)
      if stream[entry.number] != entry.seed {
        report.faults.append(.otherSeed(file: "training.json", place: place, seed: entry.seed))
      } else if train.strategies.haveEngineGraphs {
        // A design may let the first task of a batch decide the number of its rows.
        let first = batchCount.map { stream[entry.number - entry.number % UInt64($0)] }
        try checkGraph(of: entry, train, reserved, firstSeed: first, place)
      } else if level == .exact, let digest = GraphDigest(hex: entry.hash), reserved.digests.contains(digest) {
        report.faults.append(.reservedGraph(place: place))
      }
      try step()
    }
  }

  private mutating func checkGraph(
    of entry: TrainingRecord.Entry, _ train: RunFamily, _ reserved: HashRegistry, firstSeed: UInt64?, _ place: String
  ) throws {
    let first = try train.family.sampleGraph(seed: entry.seed)
    if first.adjacency.digest().hex == entry.hash {
      if reserved.contains(first.adjacency) { report.faults.append(.reservedGraph(place: place)) }
      let hasRoom = train.family.has(roomFor: train.design, in: first, ofSeed: entry.seed)
      if hasRoom, !train.family.redrawsDivergent { return }
    }
    do {
      let drawn = try train.taken(entry.seed, avoiding: reserved, firstSeed: firstSeed).graph.adjacency
      guard drawn.digest().hex != entry.hash else { return }
      report.faults.append(.otherGraph(place: place))
    } catch {
      report.faults.append(.undrawn(place: place, error: "\(error)"))
    }
  }

  private mutating func tellOfStrategies() {
    for (name, known) in families.sorted(by: { $0.key < $1.key })
    where !known.strategies.isEmpty && !checked.contains(name) {
      let graphs: Unproved.Graphs =
        known.strategies.haveEngineGraphs
        ? .none : name == "train" ? .ofTraining : .ofSet(count: hashes[name]?.count ?? 0)
      report.unproved.append(.family(name: name, strategies: known.strategies.description, graphs: graphs))
    }
  }

  /// Whether a seed is that of its slot, or of the first attempt after rejected ones where sets keep clear of each other.
  private func isSeed(_ seed: UInt64, of slot: UInt64, _ known: RunFamily, _ reserved: HashRegistry) throws -> Bool {
    if seed == slot { return true }
    guard areSetsDisjoint,
      let attempt = (1..<Limits.attempts).first(where: { SeedSequence.retry(of: slot, attempt: $0) == seed })
    else { return false }
    guard known.strategies.haveEngineGraphs else { return true }
    return try (0..<attempt).allSatisfy {
      let candidate = SeedSequence.retry(of: slot, attempt: $0)
      // One that diverges, or has no room for the design, is another task's seed.
      return try reserved.contains(known.family.sampleGraph(seed: candidate).adjacency)
        || known.taken(candidate).seed != candidate
    }
  }
}

extension GraphDigest {
  /// 64 hex digits.
  fileprivate init?(hex: String) {
    guard let bytes = [UInt8](hex: hex) else { return nil }
    self.init(bytes: bytes)
  }
}
