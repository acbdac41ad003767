import CAncestral
import Foundation
import Testing

@Suite struct VerificationTests {
  private let run = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Vectors/run").path

  private func faults(_ path: String, _ options: String) throws -> String {
    var bytes = [CChar](repeating: 0, count: 1 << 16)
    var needed = 0
    try succeed(anc_verify(path, options, &bytes, bytes.count, &needed))
    return String(decoding: bytes.prefix(needed - 1).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  @Test func aRunWithoutReadableFamiliesHasAFault() throws {
    #expect(
      try faults(run, #"{"training_tasks": 0}"#)
        == #"{"faults":["config.yaml must map names to families."],"unproved":[]}"#)
    #expect(try faults(run, #"{"configs": {"train": 3}}"#).contains("must have the fingerprints of the families"))
  }

  @Test func whatCanNotBeCheckedIsAnErrorInWords() {
    var needed = 0
    func expect(_ path: String?, _ options: String?, _ fragment: String) {
      expectError(anc_verify(path, options, nil, 0, &needed), ANC_ERROR_CONFIG, fragment)
    }
    expect(nil, "{}", "path = NULL")
    expect(run, nil, "options = NULL")
    expect(run, "[]", "must be a JSON object")
    expect(run, #"{"threads": 0}"#, "threads = 0")
    expect(run, #"{"more": 0}"#, "more = 0")
    expect(run, #"{"checked": 3}"#, "checked = 3: must be a list of names")
    expect("/nowhere", "{}", "/nowhere can't be read: No such file or directory")
    expect("", "{}", "can't be read")
    expect("/dev/null", "{}", "must be a regular file")
  }
}
