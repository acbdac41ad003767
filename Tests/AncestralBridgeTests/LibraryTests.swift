import CAncestral
import Foundation
import Testing

@Suite struct LibraryTests {
  @Test func versionsAreTold() throws {
    #expect(anc_abi_version() == ANC_ABI_VERSION)
    let version = try text { anc_version($0, $1, $2) }
    #expect(version.split(separator: ".").count == 3)
  }

  /// On a thread of its own, as the number is the thread's.
  @Test func aRaisedNumberEndsTheCallsOfItsThreadOnly() throws {
    let family = try Family("{}")
    let flag = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
    flag.initialize(to: 0)
    defer { flag.deallocate() }
    nonisolated(unsafe) let (handle, number) = (family.handle, flag)
    nonisolated(unsafe) var answers: [anc_status] = []
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      var width: Int64 = 0
      answers.append(anc_cancel_on(number))
      answers.append(anc_family_max_nodes(handle, &width))
      number.pointee = 1
      answers.append(anc_family_max_nodes(handle, &width))
      _ = anc_cancel_on(nil)
      answers.append(anc_family_max_nodes(handle, &width))
      done.signal()
    }
    done.wait()
    #expect(answers == [ANC_OK, ANC_OK, ANC_ERROR_ENGINE, ANC_OK])
    var width: Int64 = 0
    #expect(anc_family_max_nodes(family.handle, &width) == ANC_OK)
  }

  @Test func theSchemaIsJSON() throws {
    let schema = try text { anc_schema($0, $1, $2) }
    let object = try JSONSerialization.jsonObject(with: Data(schema.utf8)) as? [String: Any]
    let properties = try #require(object?["properties"] as? [String: Any])
    #expect(properties["n_nodes"] != nil)
  }

  /// Every function with a text output, at every capacity around what it needs.
  @Test func textsAreCutToTheCapacityAndClosedWithNUL() throws {
    let family = try Family("{}")
    let instance = try Instance(family, seed: 1)
    var out: OpaquePointer?
    expectError(anc_family_create("[", &out))
    let calls: [(UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<Int>) -> anc_status] = [
      { anc_version($0, $1, $2) }, { anc_last_error($0, $1, $2) }, { anc_schema($0, $1, $2) },
      { anc_family_config(family.handle, $0, $1, $2) }, { anc_family_fingerprint(family.handle, $0, $1, $2) },
      { anc_instance_mechanisms(instance.handle, $0, $1, $2) },
    ]
    for call in calls {
      let whole = Array(try text(call).utf8)
      for capacity in [0, 1, 2, whole.count - 1, whole.count, whole.count + 1, whole.count + 9] {
        var bytes = [CChar](repeating: 42, count: whole.count + 16)
        var needed = 0
        try succeed(call(&bytes, capacity, &needed))
        #expect(needed == whole.count + 1)
        let written = max(0, min(whole.count, capacity - 1))
        #expect(bytes.prefix(written).map(UInt8.init(bitPattern:)) == Array(whole.prefix(written)))
        if capacity > 0 { #expect(bytes[written] == 0) }
        let rest = bytes.dropFirst(min(capacity, written + 1)).allSatisfy { $0 == 42 }
        #expect(rest, "wrote past \(capacity) bytes")
      }
      // A capacity is unsigned: SIZE_MAX says that there is room enough.
      var bytes = [CChar](repeating: 42, count: whole.count + 1)
      var needed = 0
      try succeed(call(&bytes, hugeSize, &needed))
      #expect(bytes.dropLast().map(UInt8.init(bitPattern:)) == whole)
    }
  }

  @Test func theLastErrorIsTheThreadsOwn() throws {
    #expect(anc_family_free(nil) == ANC_OK)
    var out: OpaquePointer?
    expectError(anc_family_create(#"{"n_nodes": 0}"#, &out), ANC_ERROR_CONFIG, "n_nodes = 0")
    let other = Mailbox()
    let thread = Thread {
      other.before = lastError()
      var out: OpaquePointer?
      _ = anc_family_create(#"{"graph": "x"}"#, &out)
      other.after = lastError()
      other.done.signal()
    }
    thread.start()
    other.done.wait()
    #expect(other.before == "")
    #expect(other.after.hasPrefix("graph = "))
    #expect(lastError().hasPrefix("n_nodes = 0"))
  }

  /// What the thread leaves behind; read after `done`.
  private final class Mailbox: @unchecked Sendable {
    var before = "never"
    var after = "never"
    let done = DispatchSemaphore(value: 0)
  }
}
