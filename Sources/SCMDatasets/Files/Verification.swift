public import SCMBase

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The check of what was written for others to check.
public enum Verification {
  /// The most faults that are told one by one.
  private static let mostFaults = 200

  /// What is wrong with a fixed set's file, or with the folder of a run's registry; a sentence each, and where there are very many a last
  /// one that counts the rest.
  ///
  /// - Parameters:
  ///   - configs: what config.yaml of the folder holds; `nil` where it can't be read.
  ///   - trainingTasks: how many of a run's training tasks are drawn.
  ///   - progress: told how many of how many tasks are done.
  ///   - isCancelled: asked now and then.
  /// - Throws: `FileError` where there is nothing to check, ``VerificationCancelled``.
  public static func faults(
    at path: String, configs: JSONValue?, trainingTasks: Int = 1000, threads: Int = 1,
    progress: (_ done: Int, _ count: Int) -> Void = { _, _ in }, isCancelled: () -> Bool = { false }
  ) throws -> [String] {
    let faults = try allFaults(
      at: path, configs: configs, trainingTasks: trainingTasks, threads: threads, progress: progress,
      isCancelled: isCancelled)
    let rest = faults.count - mostFaults
    return rest > 0 ? faults.prefix(mostFaults) + ["\(path): \(rest) more faults like these."] : faults
  }

  private static func allFaults(
    at path: String, configs: JSONValue?, trainingTasks: Int, threads: Int, progress: (Int, Int) -> Void,
    isCancelled: () -> Bool
  ) throws -> [String] {
    var status = stat()
    if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      return try RunRegistry(folder: path, configs: configs).faults(
        trainingTasks: trainingTasks, progress: progress, isCancelled: isCancelled)
    }
    return try FixedSetFile.faults(of: path, threads: threads, progress: progress, isCancelled: isCancelled)
  }
}
