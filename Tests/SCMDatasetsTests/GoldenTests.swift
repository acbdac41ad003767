import Foundation
import SCMBase
import SCMExperiments
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// The bits of whole tasks, the same from every build on every machine. `scripts/check_bits.sh` computes them from other
/// builds; `make vectors` rewrites the file, which is a breaking change with a line in the CHANGELOG.
@Suite struct GoldenTests {
  private static let path = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Vectors/golden.json").path

  /// The file's lines; rewritten before they are read, once, where the environment asks for it.
  private static let lines = Result {
    if ProcessInfo.processInfo.environment["ANCESTRAL_WRITE_VECTORS"] == "1" {
      try GoldenFile.write(try GoldenTask.all.map { ($0, try $0.bits(threads: 1)) }, to: path)
    }
    return try GoldenFile.read(path)
  }

  @Test func theDefaultFamilyHasItsGoldenFingerprint() throws {
    _ = try Self.lines.get()
    #expect(try GoldenFile.readFingerprint(Self.path) == FamilyConfig().fingerprint)
  }

  @Test func wholeTasksHaveTheirGoldenBitsWithAnyNumberOfThreads() throws {
    let lines = try Self.lines.get()
    #expect(
      lines.map(\.task) == GoldenTask.all, "the file has other tasks than GoldenTask.all: run make vectors")
    for (task, bits) in lines {
      for threads in [1, 2, 4] { #expect(try task.bits(threads: threads) == bits, "\(task.name)") }
    }
  }

  @Test func goldenTasksCoverEveryKindModeAndLaw() throws {
    let configs = try GoldenTask.all.filter { $0.config["mixture"] == nil }.map { try FamilyConfig($0.config) }
    for mechanism in MechanismModels.kinds {
      let own = configs.filter { $0.normalizedProportions == [mechanism: 1] }
      #expect(Set(own.map(\.graphKind)) == Set(GraphModels.all.map { $0.kind }), "\(mechanism)")
      #expect(Set(own.map(\.standardization)) == Set(FamilyConfig.Standardization.allCases), "\(mechanism)")
    }
    #expect(Set(configs.map(\.noiseKind)) == Set(NoiseLaws.kinds))
    #expect(Set(configs.map(\.roots)) == Set(MixedMechanisms.RootPolicy.allCases))
  }

  /// A part or an output of designs that no golden task has would change without a word.
  @Test func goldenDesignsCoverEveryPartAndOutput() throws {
    let tasks = GoldenTask.all.filter { $0.design != nil }
    var (parts, outputs): (Set<String>, Set<String>) = ([], [])
    for task in tasks {
      let design = try Design(task.design ?? [:])
      let family = try SCMFamily(FamilySpecification(task.config))
      outputs.formUnion(try Layout(design, of: family).entries.map(\.output.plainName))
      parts.formUnion((task.design ?? [:]).keys)
    }
    #expect(Set(Output.all.map(\.plainName)).subtracting(outputs) == [])
    #expect(Set(Design.schema["properties"]?.members.map { Array($0.keys) } ?? []).subtracting(parts) == [])
  }

  @Test func otherTasksHaveOtherBits() throws {
    let lines = try Self.lines.get()
    for (bits, same) in Dictionary(grouping: lines, by: \.bits) where same.count > 1 {
      // Some read standardised parents in any mode, and few of the others have parents that a mode could scale.
      let others = try same.map { line in
        var members = line.task.config
        members["standardization"] = nil
        let kinds = try FamilyConfig(members).normalizedProportions.keys
        #expect(kinds.contains { MechanismModels.named($0)?.readsStandardizedParents == true }, "\(line.task.name)")
        return JSONValue.object(members).text
      }
      #expect(Set(others).count == 1, "\(bits): \(others)")
    }
  }
}
