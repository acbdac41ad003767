package import SCMBase

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A regular file, read by places.
package final class FileReader {
  let path: String
  let size: Int
  private let descriptor: Int32
  private let isOurs: Bool

  convenience init(_ path: String) throws(FileError) {
    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(path, "can't be read") }
    do throws(FileError) {
      try self.init(descriptor, path: path, isOurs: true)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// A file that somebody else has open and closes.
  package convenience init(descriptor: Int32) throws(FileError) {
    try self.init(descriptor, path: "the file", isOurs: false)
  }

  private init(_ descriptor: Int32, path: String, isOurs: Bool) throws(FileError) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(path: path, reason: "can't be read: it must be a regular file")
    }
    (self.path, self.descriptor, self.isOurs) = (path, descriptor, isOurs)
    size = Int(status.st_size)
  }

  deinit { if isOurs { close(descriptor) } }

  /// Bytes offset ..< offset + count.
  func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    guard offset >= 0, count >= 0, offset <= size - count else {
      throw FileError(path: path, reason: "can't be read: it ends after \(size) bytes, before byte \(offset + count)")
    }
    var isWhole = true
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let base = buffer.baseAddress {
        let step = unsafe pread(descriptor, base + filled, count - filled, off_t(offset + filled))
        if step < 0, errno == EINTR { continue }
        guard step > 0 else {
          isWhole = false
          return
        }
        filled += step
      }
    }
    guard isWhole else { throw FileError(path: path, reason: "can't be read to its end") }
    return bytes
  }

  /// A whole file of at most `limit` bytes.
  static func contents(_ path: String, limit: Int = 1 << 30) throws(FileError) -> [UInt8] {
    let file = try FileReader(path)
    guard file.size <= limit else {
      throw FileError(path: path, reason: "has \(file.size) bytes: must have at most \(limit)")
    }
    return try file.bytes(at: 0, count: file.size)
  }
}
