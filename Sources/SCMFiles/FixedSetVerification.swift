import SCMBase
import SCMDatasets
import SCMExperiments
import SCMFamilies

extension FixedSetFile {
  /// What is wrong with the file of a fixed set, a sentence each: all that it holds is drawn again and compared, unless
  /// strategies written in Python drew it.
  ///
  /// - Parameters:
  ///   - progress: told how many of how many tasks are done.
  ///   - isCancelled: asked between batches of tasks.
  /// - Throws: where there is no file to read, or ``VerificationCancelled``.
  public static func report(
    of path: String, threads: Int = 1, progress: (_ done: Int, _ count: Int) -> Void = { _, _ in },
    isCancelled: () -> Bool = { false }
  ) throws -> VerificationReport {
    _ = try FileReader(path)
    do {
      let reader = try SafetensorsReader(path)
      if let unproved = try ownStrategies(reader.header.metadata, path: path) { return unproved }
      let set = try FixedSetFile(of: reader, path: path)
      var faults = set.signsOfOtherOrigin(reader.header.metadata, path: path)
      guard reader.header.metadata["fingerprint"] == set.fingerprint else {
        faults.append(.otherFingerprint(file: path, here: set.fingerprint))
        return VerificationReport(faults: faults)
      }
      try set.forEachBatch(threads: threads) { first, batch in
        guard !isCancelled() else { throw VerificationCancelled() }
        let seeds = Array(set.seeds[first..<first + batch.taskCount])
        try batch.fill(seeds: seeds, threads: threads)
        faults += try set.differences(batch, seeds: seeds, first: first, reader, path: path)
        progress(first + batch.taskCount, set.seeds.count)
      }
      return VerificationReport(faults: faults)
    } catch let error as VerificationCancelled {
      throw error
    } catch let error as FileError {
      return VerificationReport(faults: [.file(error)])
    } catch {
      return VerificationReport(faults: [.undrawn(place: path, error: "\(error)")])
    }
  }

  /// Of a file that strategies written in Python drew, which can't be drawn again here.
  private static func ownStrategies(_ metadata: [String: String], path: String) throws -> VerificationReport? {
    let config = try JSONValue.object(
      in: Array((metadata["config"] ?? "{}").utf8), ofFile: "Metadata config of \(path)")
    guard OwnStrategies.roles.contains(where: { config[$0]?.members != nil }) else { return nil }
    let strategies = try OwnStrategies(config)
    guard metadata["fingerprint"] == strategies.fingerprint(under: try design(metadata, path: path)) else {
      return VerificationReport(faults: [.otherFingerprint(file: path, here: nil)])
    }
    return VerificationReport(unproved: [.set(file: path, strategies: strategies.description)])
  }

  /// What a file says was done to its tasks; `nil` where they are plain.
  private static func design(_ metadata: [String: String], path: String) throws -> Design? {
    try metadata["design"].map { text in
      try Design(JSONValue.object(in: Array(text.utf8), ofFile: "Metadata design of \(path)"))
    }
  }

  /// The set that a file says it holds.
  private init(of reader: SafetensorsReader, path: String) throws {
    let header = reader.header
    guard header.metadata["format"] == FixedSetLayout.format else {
      throw FileError(
        path: path,
        reason:
          "is no fixed set: metadata format is \(header.metadata["format"].map { "\(JSONValue.string($0))" } ?? "missing"), "
          + "and must be \"\(FixedSetLayout.format)\"")
    }
    guard let x = header["X"], x.shape.count == 3, let seeds = header["seeds"], seeds.shape == [x.shape[0], 8],
      seeds.type == .uint8
    else {
      throw FileError(path: path, reason: "is no fixed set: X and seeds must be of shapes [T, rows, N] and [T, 8]")
    }
    let config = try JSONValue.object(
      in: Array((header.metadata["config"] ?? "").utf8), ofFile: "Metadata config of \(path)")
    let (family, listed) = (try FamilySpecification(config), FixedSetLayout.seeds(in: try reader.bytes(seeds)))
    if let design = try Self.design(header.metadata, path: path) {
      try self.init(family, seeds: listed, design: design)
    } else {
      try self.init(family, seeds: listed, sampleCount: x.shape[1])
    }
    for wanted in try self.header().tensors {
      guard let tensor = header[wanted.name], tensor.type == wanted.type, tensor.shape == wanted.shape else {
        throw FileError(
          path: path,
          reason:
            "is no fixed set of its config\(design == nil ? "" : " and design"): \(wanted.name) must be \(wanted.type.rawValue) of shape \(wanted.shape)"
        )
      }
    }
  }

  /// Signs that other tasks, or another version, stood behind the file.
  private func signsOfOtherOrigin(_ metadata: [String: String], path: String) -> [Fault] {
    var faults: [Fault] = []
    let version = metadata["engine_version"] ?? ""
    if version != ancestralVersion { faults.append(.setOfOtherEngine(file: path, version: version)) }
    let base = path.split(separator: "/").last.map(String.init) ?? path
    if version == ancestralVersion, base.hasPrefix("fixed-"), base.hasSuffix(".safetensors"), base.count == name.count,
      base != name
    {
      faults.append(.otherName(file: path, here: name))
    }
    return faults
  }

  /// The tasks of one batch that are not what the file holds.
  private func differences(
    _ batch: SetBatch, seeds: [UInt64], first: Int, _ reader: SafetensorsReader, path: String
  ) throws -> [Fault] {
    let tasks = first..<first + batch.taskCount
    let parts: [(name: String, drawn: [UInt8], held: [UInt8])] = try batch.tensors.map { name, drawn in
      (name, drawn, try reader.header[name].map { try reader.bytes($0, tasks) } ?? [])
    }
    guard parts.contains(where: { $0.drawn != $0.held }) else { return [] }
    return tasks.indices.compactMap { task -> Fault? in
      let index = task - first
      let wrong = parts.filter { part in
        let size = part.drawn.count / batch.taskCount
        let place = index * size..<(index + 1) * size
        return part.drawn[place] != part.held[place]
      }
      guard !wrong.isEmpty else { return nil }
      return .otherValues(file: path, task: task, seed: seeds[index], tensors: wrong.map(\.name))
    }
  }
}

/// A verification that was given up half-way because its caller said so.
public struct VerificationCancelled: Error, Sendable, CustomStringConvertible {
  public let description = "The verification was cancelled."

  public init() {}
}
