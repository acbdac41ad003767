public import SCMBase

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The check of what was written for others to check.
public enum Verification {
  /// What is wrong with a fixed set's file, or with the folder of a run's registry, and what can't be proved.
  ///
  /// - Parameters:
  ///   - configs: what config.yaml of an older run's folder holds; `nil` where it can't be read.
  ///   - trainingTasks: how many of the training tasks that a run wrote down are checked.
  ///   - checked: the run's families with strategies written in Python that the caller checks by itself.
  ///   - progress: told how many of how many tasks are done.
  ///   - isCancelled: asked now and then.
  /// - Throws: `FileError` where there is nothing to check, ``VerificationCancelled``.
  public static func report(
    at path: String, configs: JSONValue?, trainingTasks: Int = 1000, checked: Set<String> = [], threads: Int = 1,
    progress: (_ done: Int, _ count: Int) -> Void = { _, _ in }, isCancelled: () -> Bool = { false }
  ) throws -> VerificationReport {
    var status = stat()
    if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      return try RunRegistry(folder: path, configs: configs).report(
        trainingTasks: trainingTasks, checked: checked, progress: progress, isCancelled: isCancelled
      ).cut(path)
    }
    return try FixedSetFile.report(of: path, threads: threads, progress: progress, isCancelled: isCancelled).cut(path)
  }
}
