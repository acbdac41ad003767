import SCMExperiments
import SCMRandom
import Testing

@Suite struct SmallestTests {
  /// Against the plain version, which orders them all.
  @Test(arguments: [1, 2, 3, 17, 256]) func theElementOfANumberIsThatOfTheOrderedList(count: Int) {
    for draw in 0..<20 as Range<UInt32> {
      var words = TaskKey(seed: 7).words(purpose: .user, draw: draw)
      // Some draws have few values, each many times.
      let kinds = draw & 1 == 0 ? 1 << 20 : 5
      let values = (0..<count).map { _ in Float(words.next(below: kinds) - kinds / 2) * 0.37 }
      let sorted = values.sorted()
      for number in 0..<count { #expect(values.smallest(number) == sorted[number]) }
    }
  }
}
