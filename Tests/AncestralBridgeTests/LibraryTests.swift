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
      var needed = 0
      answers.append(anc_cancel_on(number))
      answers.append(anc_family_describe(handle, nil, 0, &needed))
      number.pointee = 1
      answers.append(anc_family_describe(handle, nil, 0, &needed))
      _ = anc_cancel_on(nil)
      answers.append(anc_family_describe(handle, nil, 0, &needed))
      done.signal()
    }
    done.wait()
    #expect(answers == [ANC_OK, ANC_OK, ANC_ERROR_ENGINE, ANC_OK])
    var needed = 0
    #expect(anc_family_describe(family.handle, nil, 0, &needed) == ANC_OK)
  }

  @Test func limitsAreThoseThatTheSchemaSays() throws {
    #expect(try text { anc_limits($0, $1, $2) } == #"{"n_nodes":2048,"threads":1024}"#)
    #expect(
      try text { anc_schema($0, $1, $2) }.contains(
        #""n_nodes":{"default":20,"description":"Number of nodes, or the least of a range.","maximum":2048,"#))
  }

  @Test func aWrongNameIsToldByAnotherWordOrByASlip() throws {
    func meant(_ word: String, _ names: String...) throws -> String {
      try text { anc_meant_name(word, #"{"names": ["\#(names.joined(separator: "\", \""))"]}"#, $0, $1, $2) }
    }
    #expect(try meant("ER", "scale_free", "erdos_renyi") == "erdos_renyi")
    #expect(try meant("num_worker", "batch_size", "num_workers") == "num_workers")
    #expect(try meant("Spectral_W", "spectral_w1", "edge_kl") == "spectral_w1")
    #expect(try meant("banana", "batch_size", "num_workers") == "")
    var needed = 0
    expectError(anc_meant_name(nil, "{}", nil, 0, &needed), ANC_ERROR_CONFIG, "word = NULL")
    expectError(anc_meant_name("a", #"{"names": [1]}"#, nil, 0, &needed), ANC_ERROR_CONFIG, "must be a list of names")
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
      { anc_instance_describe(instance.handle, 1, $0, $1, $2) }, { anc_family_describe(family.handle, $0, $1, $2) },
      { anc_limits($0, $1, $2) },
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
