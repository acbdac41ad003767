public import SCMBase
import SCMGraphs

extension RunRegistry {
  /// What the registry says, for whoever draws its tasks again:
  ///
  ///     {"base_seed", "level", "rows", "batch", "families": {name: {"config", "design", "fingerprint"}},
  ///      "sets": {name: {"seeds": [..], "hashes": [..]}}, "training": [{"epoch", "number", "seed", "hash"}]}
  ///
  /// Seeds and hashes are hex digits; epoch 0 is that of a stream without epochs. `design` is null for plain tasks, of whose rows
  /// `rows` is the number, null where there are none; `batch` is the number of tasks of a training batch.
  ///
  /// - Throws: a sentence for what no writer of ours leaves.
  public func json() throws(FileError) -> JSONValue {
    let content = try RunContent(self, checked: [])
    let rows = manifest["n_samples"] ?? .null
    guard rows.natural != nil || rows == .null && content.families.values.allSatisfy({ $0.design != nil }) else {
      throw FileError(path: "manifest.json", reason: "has no number of rows, n_samples")
    }
    let (configs, prints) = (try configs(), manifest["fingerprints"])
    let families = configs.map { name, entry in
      let own = [
        "config": entry["config"] ?? .null, "design": entry["design"] ?? .null, "fingerprint": prints?[name] ?? .null,
      ]
      return (name, JSONValue.object(own))
    }
    let sets = content.seeds.map { name, seeds in
      let hashes = (content.hashes[name] ?? []).map(JSONValue.string)
      return (name, JSONValue.object(["seeds": .array(seeds.map(Self.hex)), "hashes": .array(hashes)]))
    }
    let training = (content.record?.entries ?? []).map { entry in
      JSONValue.object([
        "epoch": .integer(Int(clamping: entry.epoch)), "number": .integer(Int(clamping: entry.number)),
        "seed": Self.hex(entry.seed), "hash": .string(entry.hash),
      ])
    }
    return .object([
      "base_seed": Self.hex(content.baseSeed), "level": .string(content.level.rawValue), "rows": rows,
      "batch": manifest["batch_size"] ?? .null,
      "families": .object(Dictionary(uniqueKeysWithValues: families)),
      "sets": .object(Dictionary(uniqueKeysWithValues: sets)), "training": .array(training),
    ])
  }

  private static func hex(_ seed: UInt64) -> JSONValue { .string(FixedSetLayout.bytes(of: [seed]).hex) }
}
