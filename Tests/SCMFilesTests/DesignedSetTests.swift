import Foundation
import SCMBase
import SCMDatasets
import SCMExperiments
import SCMFamilies
import SCMFiles
import SCMGraphs
import SCMTestSupport
import Testing

/// Fixed sets whose tasks are experiments of a design.
@Suite struct DesignedSetTests {
  private let family: [String: JSONValue] = ["n_nodes": 3, "n_nodes_max": 5, "sparsity_param": 1]

  /// Refuses graphs without a pair, of which small sparse ones are many, and has arrays of all types.
  private func design(_ json: String? = nil) throws -> Design {
    try Design(
      json: json
        ?? #"{"n_samples": 6, "n_samples_max": 9, "query": 3, "knowledge": {}, "effects": {"population_rows": 64, "mu_draws": 4}}"#
    )
  }

  private func set(_ count: Int, _ design: Design) throws -> FixedSetFile {
    try FixedSetFile(FamilySpecification(family), seeds: (0..<UInt64(count)).map { ~$0 }, design: design)
  }

  private func write(_ set: FixedSetFile, to path: String, threads: Int = 2) throws {
    let file = try AtomicFile(replacing: path)
    try set.write(to: file, threads: threads)
    try file.commit()
  }

  @Test func itHoldsEveryArrayOfItsExperiments() throws {
    try temporaryFolder { folder in
      let path = folder.appending(path: "set").path
      let design = try design()
      let set = try set(300, design)
      try write(set, to: path)
      #expect(try FixedSetFile.report(of: path, threads: 2) == VerificationReport())
      let reader = try SafetensorsReader(path)
      let own = try SCMFamily(set.specification)
      for seed in [~UInt64(0), ~299] {
        let data = try own.experiments(design, seeds: [seed])
        let place = Int(~seed)
        for name in data.names {
          let tensor = try #require(reader.header[name])
          #expect(tensor.shape == [300] + (data.shape(name) ?? []).dropFirst())
          #expect(try reader.bytes(tensor, place..<place + 1) == data.bytes(name), "\(name) of \(place)")
        }
        let hashes = try #require(reader.header["hashes"])
        let drawn = try own.graph(seed: seed, avoiding: nil, for: design).graph
        #expect(try reader.bytes(hashes, place..<place + 1) == drawn.adjacency.digest().bytes)
      }
      #expect(Set(reader.header.tensors.map(\.type)) == [.float32, .int32, .int8, .uint8, .bool])
      #expect(reader.header.metadata["design"] == design.canonicalJSON)
      #expect(reader.header.metadata["fingerprint"] == design.fingerprint(family: set.specification.fingerprint))
    }
  }

  @Test func anyNumberOfThreadsWritesTheSameFile() throws {
    try temporaryFolder { folder in
      let paths = ["one", "three"].map { folder.appending(path: $0).path }
      try write(set(40, design()), to: paths[0], threads: 1)
      try write(set(40, design()), to: paths[1], threads: 3)
      #expect(FileManager.default.contentsEqual(atPath: paths[0], andPath: paths[1]))
    }
  }

  @Test func aChangedNumberIsAFaultOfItsTaskAndTensor() throws {
    try temporaryFolder { folder in
      let path = folder.appending(path: "set").path
      let set = try set(3, design())
      try write(set, to: path)
      let right = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let header = try set.header()
      #expect(header.tensors.count > 12)
      for tensor in header.tensors where tensor.name != "seeds" {
        var bytes = right
        bytes[header.bytes.count + tensor.bytes.lowerBound + tensor.bytes.count / 3] ^= 1  // Of task 1.
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let wrong = Fault.otherValues(file: path, task: 1, seed: ~1, tensors: [tensor.name])
        #expect(try FixedSetFile.report(of: path).faults == [wrong])
      }
      var bytes = right
      let seeds = try #require(header["seeds"])
      bytes[header.bytes.count + seeds.bytes.lowerBound + 15] ^= 1
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let faults = try FixedSetFile.report(of: path).faults
      #expect(faults.count == 1 && faults[0].description.contains(": seeds[1] = "))
    }
  }

  @Test func anotherDesignInTheMetadataIsAnotherFingerprint() throws {
    try temporaryFolder { folder in
      let path = folder.appending(path: "set").path
      try write(set(2, design(#"{"n_samples": 6, "knowledge": {"unknown_min": 0.25}}"#)), to: path)
      let file = try Data(contentsOf: URL(fileURLWithPath: path))
      for (old, new, said) in [
        (#"\"unknown_min\":0.25"#, #"\"unknown_min\":0.35"#, "metadata fingerprint is not that of its config"),
        (
          #"\"n_samples\":6"#, #"\"n_samples\":7"#,
          "is no fixed set of its config and design: X must be F32 of shape [2, 7, 5]"
        ),
        (#"\"unknown_min\":0.25"#, #"\"unknown_min\":9.25"#, "design.knowledge.unknown_min"),
      ] {
        var changed = file
        changed.replaceSubrange(try #require(changed.range(of: Data(old.utf8))), with: Data(new.utf8))
        try changed.write(to: URL(fileURLWithPath: path))
        let faults = try FixedSetFile.report(of: path).faults.map(\.description)
        #expect(faults.count == 1 && faults[0].contains(said), "\(faults)")
      }
    }
  }

  @Test func whatAFamilyOrASetCanNotHaveIsRefused() throws {
    for (json, path) in [
      (#"{"interventions": {"targets": 4}}"#, "design.interventions.targets"),
      (#"{"n_samples": 5, "n_samples_max": 9, "n_samples_per": "per_batch"}"#, "design.n_samples_per"),
      (
        #"{"n_samples": 16000000, "outputs": ["truth_noise"], "counterfactuals": {}, "interventions": {"n_samples": 16000000, "regimes": 9}}"#,
        "design"
      ),
    ] {
      let error = #expect(throws: ConfigError.self) { try set(1, design(json)) }
      #expect(error?.path == path, "\(error.debugDescription)")
    }
  }

  @Test func emptySetsAreSets() throws {
    try temporaryFolder { folder in
      let path = folder.appending(path: "set").path
      try write(set(0, design()), to: path)
      #expect(try FixedSetFile.report(of: path) == VerificationReport())
    }
  }

  /// Plain tasks of a family whose nodes may have classes have to say what their nodes are: one file, whichever way they were asked for.
  @Test func rowsOfDiscreteFamiliesAreThoseOfADesign() throws {
    try temporaryFolder { folder in
      let discrete = try FamilySpecification(
        family.merging(["mechanism_proportions": .object(["linear": .integer(1), "categorical": .integer(1)])]) { $1 })
      let seeds: [UInt64] = [4, 5, 6]
      let plain = try FixedSetFile(discrete, seeds: seeds, sampleCount: 20)
      let designed = try FixedSetFile(discrete, seeds: seeds, design: Design(json: #"{"n_samples": 20}"#))
      #expect(plain.name == designed.name && plain.fingerprint == designed.fingerprint)
      #expect(plain.sampleCount == 20 && designed.sampleCount == 0)
      let paths = [plain, designed].map { folder.appending(path: "\($0.sampleCount)").path }
      try write(plain, to: paths[0])
      try write(designed, to: paths[1], threads: 1)
      #expect(FileManager.default.contentsEqual(atPath: paths[0], andPath: paths[1]))
      #expect(try FixedSetFile.report(of: paths[0]) == VerificationReport())
      let header = try SafetensorsReader(paths[0]).header
      #expect(header["kind"]?.type == .int8 && header["n_classes"]?.type == .int16 && header["n_nodes"] != nil)
      // Without rows there is nothing that has to be told, and a continuous family's set is what it was.
      #expect(try FixedSetFile(discrete, seeds: seeds, sampleCount: 0).design == nil)
      #expect(try FixedSetFile(FamilySpecification(family), seeds: seeds, sampleCount: 20).design == nil)
    }
  }
}
