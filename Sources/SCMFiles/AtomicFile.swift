public import SCMBase

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file that appears whole or not at all: it is written under a temporary name in the same folder, and renamed by ``commit()``.
///
///     let file = try AtomicFile(replacing: "set.safetensors")
///     try file.write(bytes, at: 0)
///     try file.commit()
///
/// What was not committed is removed with this object. Only a process that is killed leaves it, under ``temporaryPath``.
public final class AtomicFile {
  public let path: String
  public let temporaryPath: String
  private let descriptor: Int32
  private var isCommitted = false

  /// - Throws: where the folder is missing or can't be written, or the path is there and no regular file.
  public init(replacing path: String) throws(FileError) {
    let (folder, name) = Self.split(path)
    var status = stat()
    if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw FileError(path: path, reason: "can't be written: it must be a regular file, or not be there yet")
    }
    self.path = path
    temporaryPath = "\(folder).\(name).\(getpid()).tmp"
    unsafe unlink(temporaryPath)
    descriptor = unsafe open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .system(path, "can't be written") }
  }

  /// - Throws: where the disk is full, for instance.
  public func write(_ bytes: some Collection<UInt8>, at offset: Int) throws(FileError) {
    try write(contentsOf: Array(bytes), at: offset)
  }

  /// Writes the values as they lie in memory, which is little-endian on every machine that Swift runs on.
  func write<Value: BitwiseCopyable>(contentsOf values: [Value], at offset: Int) throws(FileError) {
    let isWhole = unsafe values.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        guard let base = bytes.baseAddress else { return true }
        let count = unsafe pwrite(descriptor, base + done, bytes.count - done, off_t(offset + done))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        done += count
      }
      return true
    }
    guard isWhole else { throw .system(path, "can't be written") }
  }

  /// Makes the content durable, and gives it its name.
  public func commit() throws(FileError) {
    guard fsync(descriptor) == 0, unsafe rename(temporaryPath, path) == 0 else {
      throw .system(path, "can't be written")
    }
    isCommitted = true
    // The name is durable when the folder is; a file system that can't do that has done its best.
    let folder = unsafe open(Self.split(path).folder.isEmpty ? "." : Self.split(path).folder, O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  deinit {
    close(descriptor)
    if !isCommitted { unsafe unlink(temporaryPath) }
  }

  /// The folder with its closing slash, empty for the working folder, and the name in it.
  private static func split(_ path: String) -> (folder: String, name: String) {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? path
    return (String(path.dropLast(name.count)), name)
  }
}
