import SCMBase
import Testing

@Suite struct FileErrorTests {
  @Test func isOneSentenceOfOneLineWhateverThePath() {
    let reason = "can't be read: No such file or directory"
    #expect(FileError(path: "set.safetensors", reason: reason).description == "set.safetensors \(reason).")
    #expect(FileError(path: "a\nb", reason: reason).description == "a\u{FFFD}b \(reason).")
    let long = FileError(path: String(repeating: "x", count: 9000), reason: reason).description
    #expect(long.count < 1100 && long.hasSuffix("x \(reason)."))
  }
}
