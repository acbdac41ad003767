import SCMBase

/// The record that a training stream kept of the tasks that it drew: those with the smallest seeds, which are an even sample of all.
struct TrainingRecord {
  struct Entry {
    /// 0 for a stream that no epoch was set for.
    let epoch: UInt64
    let number: UInt64
    /// Of the task's slot, before any graph was rejected.
    let seed: UInt64
    /// Of the graph that was drawn, at level exact; 64 hex digits.
    let hash: String
  }

  let entries: [Entry]

  /// - Throws: a sentence for what no writer of ours leaves.
  init(_ members: [String: JSONValue]) throws(FileError) {
    guard case .array(let listed)? = members["tasks"] else {
      throw FileError(path: "training.json", reason: "must list tasks")
    }
    entries = listed.compactMap { entry in
      guard let epoch = entry["epoch"]?.natural, let number = entry["number"]?.natural,
        let seed = entry["seed"]?.string.flatMap(RunContent.seed), let hash = entry["hash"]?.string
      else { return nil }
      return Entry(epoch: UInt64(epoch), number: UInt64(number), seed: seed, hash: hash)
    }
    guard entries.count == listed.count else {
      throw FileError(path: "training.json", reason: "must have the epoch, number, seed and hash of each task")
    }
  }
}
