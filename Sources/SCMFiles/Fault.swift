public import SCMBase

/// Something that is wrong with what was written for others to check; its description is one sentence.
public enum Fault: Equatable, Sendable {
  /// A file that can't be read, or that no writer of ours leaves.
  case file(FileError)
  /// A file of a registry has other bytes than its manifest says.
  case changed(file: String)
  /// Another version of the engine drew a run, or a fixed set.
  case runOfOtherEngine(version: String)
  case setOfOtherEngine(file: String, version: String)
  /// A family is another one here than where the registry was written, so that all its tasks are.
  case otherFamily(file: String, name: String)
  /// A place has a seed that is not its own, written down in the file.
  case otherSeed(file: String, place: String, seed: UInt64)
  case repeatedSeed(place: String, of: String)
  /// The graph of a place's seed has another hash than was written down.
  case otherHash(place: String, seed: UInt64)
  /// A graph of a fixed set is one of another set too.
  case sharedGraph(place: String, with: String)
  /// A training task's graph is one of a fixed set.
  case reservedGraph(place: String)
  /// A training task's graph is neither that of its seed nor the one which keeps clear of the fixed sets.
  case otherGraph(place: String)
  /// A task that can't be drawn, with the error's sentence.
  case undrawn(place: String, error: String)
  /// A fixed set's fingerprint is not its configuration's; where the engine has one for it, that.
  case otherFingerprint(file: String, here: String?)
  /// A fixed set has other seeds, rows or configuration than its name says.
  case otherName(file: String, here: String)
  /// A fixed set's task is drawn with other values than the tensors hold.
  case otherValues(file: String, task: Int, seed: UInt64, tensors: [String])
  /// As many more that are not told one by one.
  case more(file: String, count: Int)
}

extension Fault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .changed(let file): "\(file) is not as it was written."
    case .runOfOtherEngine(let version):
      "manifest.json: engine \(version) drew the run, and this engine is \(ancestralVersion)."
    case .setOfOtherEngine(let file, let version):
      "\(file): metadata engine_version is \(JSONValue.string(version)), and this engine's is \"\(ancestralVersion)\"."
    case .otherFamily(let file, let name):
      "\(file): \(name): this engine gives the family another fingerprint than manifest.json has, so other tasks."
    case .otherSeed(let file, let place, let seed): "\(file): \(place): \(Self.hex(seed)) is not the seed of its place."
    case .repeatedSeed(let place, let other): "seeds.json: \(place): has the seed of \(other)."
    case .otherHash(let place, let seed):
      "hashes.json: \(place): the graph of seed \(Self.hex(seed)) has another hash."
    case .sharedGraph(let place, let other): "hashes.json: \(place): its graph is also one of \(other)."
    case .reservedGraph(let place): "\(place): its graph is one of a fixed set."
    case .otherGraph(let place): "\(place): its graph is not the one that keeps clear of the fixed sets."
    case .undrawn(let place, let error): "\(place): \(error)"
    case .otherFingerprint(let file, nil):
      "\(file): metadata fingerprint is not that of its config: it was changed."
    case .otherFingerprint(let file, let here?):
      "\(file): metadata fingerprint is not that of its config, \(here): another engine wrote it, or it was changed."
    case .otherName(let file, let here):
      "\(file): its seeds, rows or config are not those of its name; theirs is \(here)."
    case .otherValues(let file, let task, let seed, let tensors):
      "\(file): seeds[\(task)] = \(Self.hex(seed)) gives other values than "
        + tensors.map { "\($0)[\(task)]" }.joined(separator: ", ") + "."
    case .more(let file, let count): "\(file): \(count) more faults like these."
    }
  }

  private static func hex(_ seed: UInt64) -> String { FixedSetLayout.bytes(of: [seed]).hex }
}
