import Ancestral
import CAncestral
import SCMBase

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Runs the body of a function of the header: an error becomes a status, its sentence the thread's last error. Whatever rounding the
/// caller has set, the body runs in the default one.
func guarded(_ body: () throws -> anc_status) -> anc_status {
  let environment = anc_enter_default_environment()
  defer { anc_leave_default_environment(environment) }
  do {
    let status = try body()
    // Loops that were interrupted leave results that mean nothing.
    guard !Interruption.isRequested else { throw Interrupted() }
    return status
  } catch let error as ConfigError {
    LastError.set(error.description)
    return ANC_ERROR_CONFIG
  } catch let error as FileError {
    LastError.set(error.description)
    return ANC_ERROR_CONFIG
  } catch let error as DisjointnessError {
    LastError.set(error.description)
    return ANC_ERROR_DISJOINT
  } catch {
    LastError.set("\(error)")
    return ANC_ERROR_ENGINE
  }
}

struct Interrupted: Error, CustomStringConvertible {
  var description: String { "The call was cancelled." }
}

/// The sentence of the last error, one per thread.
enum LastError {
  private final class Box {
    var text = ""
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { raw in
      #if canImport(Darwin)
        Unmanaged<Box>.fromOpaque(raw).release()
      #else
        if let raw { Unmanaged<Box>.fromOpaque(raw).release() }
      #endif
    }
    return key
  }()

  static func set(_ text: String) {
    if let raw = pthread_getspecific(key) {
      Unmanaged<Box>.fromOpaque(raw).takeUnretainedValue().text = text
    } else {
      let box = Box()
      box.text = text
      pthread_setspecific(key, Unmanaged.passRetained(box).toOpaque())
    }
  }

  static var text: String {
    guard let raw = pthread_getspecific(key) else { return "" }
    return Unmanaged<Box>.fromOpaque(raw).takeUnretainedValue().text
  }
}

/// Writes a text as the header's "text output" says.
func write(
  _ text: String, to out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> anc_status {
  let bytes = Array(text.utf8)
  guard let needed else {
    return guarded { throw ConfigError(path: "needed", value: "NULL", reason: "must be a valid pointer") }
  }
  needed.pointee = bytes.count + 1
  // A capacity is unsigned in C: the largest ones arrive here as negative numbers.
  guard let out, capacity != 0 else { return ANC_OK }
  let count = min(bytes.count, Int(clamping: UInt(bitPattern: capacity)) - 1)
  for index in 0..<count { out[index] = CChar(bitPattern: bytes[index]) }
  out[count] = 0
  return ANC_OK
}

/// A pointer that the caller must have given.
func required<Pointer>(_ pointer: Pointer?, _ name: String) throws -> Pointer {
  guard let pointer else { throw ConfigError(path: name, value: "NULL", reason: "must be a valid pointer") }
  return pointer
}

/// What a handle points to.
private final class Box<Value: Sendable>: Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}

/// The Swift value behind a handle.
func unwrap<Value: Sendable>(_ handle: OpaquePointer?, as type: Value.Type, _ name: String) throws -> Value {
  Unmanaged<Box<Value>>.fromOpaque(UnsafeRawPointer(try required(handle, name))).takeUnretainedValue().value
}

func makeHandle(_ value: some Sendable) -> OpaquePointer {
  OpaquePointer(Unmanaged.passRetained(Box(value)).toOpaque())
}

func freeHandle<Value: Sendable>(_ handle: OpaquePointer?, as type: Value.Type) -> anc_status {
  if let handle { Unmanaged<Box<Value>>.fromOpaque(UnsafeRawPointer(handle)).release() }
  return ANC_OK
}

/// A size that must lie within a range.
func checked(_ value: some BinaryInteger, in range: ClosedRange<Int>, _ name: String) throws -> Int {
  guard let size = Int(exactly: value), range.contains(size) else {
    throw ConfigError(
      path: name, value: "\(value)", reason: "must be from \(range.lowerBound) to \(range.upperBound)")
  }
  return size
}

/// The most rows of one task.
let mostRows = SCMInstance.mostRows

/// Refuses arrays that no memory could hold, before a product overflows.
func checkProduct(_ factors: [Int], _ name: String) throws {
  var product = 1
  for factor in factors {
    let (next, overflow) = product.multipliedReportingOverflow(by: factor)
    guard !overflow, next <= 1 << 48 else {
      throw ConfigError(path: name, value: "\(factors)", reason: "must describe arrays of at most 2^48 elements")
    }
    product = next
  }
}

/// How long a call works before it returns ANC_MORE, so that Python can serve Ctrl-C.
struct TimeSlice: Sendable {
  private let end: UInt64

  init(milliseconds: UInt64 = 50) { end = Self.now + milliseconds * 1_000_000 }

  var isOver: Bool { Self.now >= end }

  private static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
