public import SCMConfiguration

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The check of what was written for others to check.
public enum Verification {
  /// What is wrong with a fixed set's file, or with the folder of a run's registry; a sentence each.
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
    var status = stat()
    if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      return try RunRegistry(folder: path, configs: configs).faults(
        trainingTasks: trainingTasks, progress: progress, isCancelled: isCancelled)
    }
    return try FixedSetFile.faults(of: path, threads: threads, progress: progress, isCancelled: isCancelled)
  }
}
