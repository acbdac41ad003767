import SCMBase
import Testing

/// What can't be had is refused in words: Swift would end the process.
@Suite struct MemoryTests {
  @Test func whatNoMachineHasIsRefused() {
    let error = #expect(throws: MemoryError.self) { try ensureMemory(1 << 60, for: "A thing") }
    #expect(
      error?.description
        == "A thing would take about 1099511627776 MiB of memory, which can't be had; ask for less.")
  }

  @Test(arguments: [0, 1, 1 << 20, 1 << 26])
  func whatIsThereIsNot(byteCount: Int) throws { try ensureMemory(byteCount, for: "A thing") }
}
