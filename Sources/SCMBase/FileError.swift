#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file that can't be read or written, or that holds something else than it should.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  public let path: String
  /// The end of a sentence: "can't be read: No such file or directory".
  public let reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// With the words of the system for its last error in this thread.
  package static func system(_ path: String, _ reason: String) -> FileError {
    FileError(path: path, reason: unsafe "\(reason): \(String(cString: strerror(errno)))")
  }

  /// One sentence: "set.safetensors can't be read: No such file or directory."
  public var description: String { "\(printable(path, most: 1000)) \(reason)." }
}
