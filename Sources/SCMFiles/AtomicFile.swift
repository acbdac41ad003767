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
/// Its rights are what the user's umask leaves of 666. Where `path` is a link, the file behind it is written, and made if need be.
/// What was not committed is removed with this object. Only a process that is killed leaves it, under ``temporaryPath``.
public final class AtomicFile {
  /// As it was given.
  public let path: String
  public let temporaryPath: String
  /// The file that gets replaced, whatever folder the process works in later.
  private let target: String
  private let descriptor: Int32
  private var isCommitted = false

  /// - Throws: where the folder is missing or can't be written, or the path is there and no regular file.
  public init(replacing path: String) throws(FileError) {
    self.path = path
    target = try Self.target(of: path)
    let (folder, name) = Self.split(target)
    guard !name.isEmpty else { throw FileError(path: path, reason: "can't be written: it must name a file") }
    var status = stat()
    if unsafe stat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw FileError(path: path, reason: "can't be written: it must be a regular file, or not be there yet")
    }
    // Random, as threads, and machines on one shared disk, may write the same file at once.
    let token = UInt64.random(in: .min ... .max)
    temporaryPath = "\(folder).\(Self.start(of: name)).\(String(token, radix: 16)).tmp"
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
    guard fsync(descriptor) == 0, unsafe rename(temporaryPath, target) == 0 else {
      throw .system(path, "can't be written")
    }
    isCommitted = true
    // The name is durable when the folder is; a file system that can't do that has done its best.
    let folder = unsafe open(Self.split(target).folder, O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  deinit {
    close(descriptor)
    if !isCommitted { unsafe unlink(temporaryPath) }
  }

  /// The folder with its closing slash, and the name in it.
  private static func split(_ path: String) -> (folder: String, name: String) {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? path
    return (String(path.dropLast(name.count)), name)
  }

  /// So much of a name that a temporary one, which is longer, is no longer than the 255 bytes that most file systems take.
  private static func start(of name: String) -> String {
    var start = name[...]
    while start.utf8.count > 200 { start.removeLast() }
    return String(start)
  }

  /// The absolute path of the file that `open` would write, which is behind any links.
  private static func target(of path: String) throws(FileError) -> String {
    var target = try absolute(path, in: nil, asked: path)
    // As many as Linux follows.
    for _ in 0..<40 {
      guard let link = linkedPath(target) else { return target }
      if isOfProcess(target) {
        throw FileError(path: path, reason: "can't be written: it must be a regular file, or not be there yet")
      }
      target = try absolute(link, in: split(target).folder, asked: path)
    }
    errno = ELOOP
    throw .system(path, "can't be written")
  }

  /// Whether a link leads to what a process has open, as /dev/stdout and those in /dev/fd do: a pipe, or a file that it goes on
  /// writing and that isn't to be replaced under it.
  private static func isOfProcess(_ link: String) -> Bool {
    guard let folder = unsafe realpath(split(link).folder, nil) else { return false }
    defer { unsafe free(folder) }
    return unsafe String(cString: folder).hasPrefix("/proc/")
  }

  private static func absolute(_ path: String, in folder: String?, asked: String) throws(FileError) -> String {
    guard !path.hasPrefix("/"), !path.isEmpty else { return path }
    if let folder { return folder + path }
    guard let current = unsafe getcwd(nil, 0) else { throw .system(asked, "can't be written") }
    defer { unsafe free(current) }
    return unsafe "\(String(cString: current))/\(path)"
  }

  /// The path that a symbolic link holds; `nil` where there is none.
  private static func linkedPath(_ path: String) -> String? {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      guard let base = buffer.baseAddress else { return -1 }
      return unsafe readlink(path, base, buffer.count)
    }
    return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
