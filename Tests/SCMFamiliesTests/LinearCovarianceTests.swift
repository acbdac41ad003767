import SCMFamilies
import SCMRandom
import Testing

struct LinearCovarianceTests {
  /// Node after node, each number as a sum over the parents in their order: cov(x, y) = Σ wᵢ cov(parentᵢ, y), and the noise's variance on
  /// the diagonal.
  private func plain(_ order: [Int], parents: [[Int]], weights: [[Double]], noise: [Double]) -> [[Double]] {
    var found = [[Double]](repeating: [Double](repeating: .nan, count: order.count), count: order.count)
    for (place, node) in order.enumerated() {
      for other in order[..<place] {
        found[node][other] = zip(parents[node], weights[node]).reduce(0) { $0 + $1.1 * found[$1.0][other] }
        found[other][node] = found[node][other]
      }
      found[node][node] = zip(parents[node], weights[node]).reduce(noise[node]) { $0 + $1.1 * found[node][$1.0] }
    }
    return found
  }

  /// To the bit, along orders that aren't those of the numbers.
  @Test(arguments: 0..<20 as Range<UInt64>) func numbersAreThoseOfTheRecursion(seed: UInt64) {
    var words = TaskKey(seed: seed).words(purpose: .user)
    let count = 1 + words.next(below: 23)
    let order = words.permutation(of: count)
    var parents = [[Int]](repeating: [], count: count)
    for (place, node) in order.enumerated() {
      parents[node] = order[..<place].filter { _ in words.next(below: 3) == 0 }.sorted()
    }
    func number() -> Double { Double(unit: words.next64()) * 4 - 2 }
    let weights = parents.map { $0.map { _ in number() } }
    let noise = (0..<count).map { _ in abs(number()) }
    var covariance = LinearCovariance(nodeCount: count)
    for node in order {
      covariance.add(node, parents: parents[node][...], noiseVariance: noise[node]) { weights[node][$0] }
    }
    let expected = plain(order, parents: parents, weights: weights, noise: noise)
    for a in 0..<count {
      for b in 0..<count { #expect(covariance[a, b].bitPattern == expected[a][b].bitPattern, "\(a), \(b)") }
    }
  }
}
