import SCMTestSupport

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

// Computes the tasks of golden.json and compares their bits: built in many ways by scripts/check_bits.sh.

guard CommandLine.arguments.count == 2 else {
  print("usage: GoldenBits path/to/golden.json")
  exit(2)
}
let lines = try GoldenFile.read(CommandLine.arguments[1])
var wrong = 0
for (task, expected) in lines {
  for threads in [1, 4] {
    let bits = try task.bits(threads: threads)
    guard bits != expected else { continue }
    wrong += 1
    print("\(GoldenFile.hex(bits)) is not \(GoldenFile.hex(expected)) with \(threads) threads: \(task.name)")
  }
}
guard wrong == 0, !lines.isEmpty else {
  print("\(wrong) of \(2 * lines.count) batches have other bits")
  exit(1)
}
print("\(lines.count) batches, 1 and 4 threads")
