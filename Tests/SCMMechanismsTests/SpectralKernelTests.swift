import Foundation
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// Random features against the kernel whose spectral law they are drawn from.
@Suite struct SpectralKernelTests {
  private static let alpha = 0.7
  private static let gamma = 1.3

  private func value(_ kernel: SpectralKernel, _ r: Double) -> Double {
    kernelValue(kernel, r, alpha: Self.alpha, gamma: Self.gamma)
  }

  @Test(arguments: SpectralKernel.allCases)
  func theMeanProductOfTwoValuesIsTheKernel(kernel: SpectralKernel) {
    var model = GaussianProcessModel.gpcde
    model.law.features = 16
    model.law.kernels = [kernel]
    (model.law.alpha, model.law.gammaMin, model.law.gammaMax) = (Self.alpha, Self.gamma, Self.gamma)
    model.law.length.second = 0
    model.latentWeight = 0
    model.noiseScale = 0
    // Row 0 is the origin; the others lie at these distances, along one input, the other, and both.
    let parent: [Float] = [0, 0.5, 0, 0.6, 2]
    let latent: [Float] = [0, 0, 1, 0.8, -1.5]
    let rows = (0..<4000).map { seed in
      evaluate(
        model.makeMechanism(parentCount: 1, node: 0, key: TaskKey(seed: UInt64(seed))),
        [parent, latent, [0, 0, 0, 0, 0], normalColumn(5, seed: UInt64(seed))])
    }
    for row in parent.indices {
      let distance = Double(hypot(parent[row], latent[row]))
      let products = Sample(rows.map { Double($0[0]) * Double($0[row]) })
      #expect(abs(products.deviationsFromMean(value(kernel, distance))) < 5, "distance \(distance)")
    }
    #expect(abs(Sample(rows.map { $0[3] }).deviationsFromMean(0)) < 5)
  }

  @Test func aSumOfKernelsIsTheirMean() {
    var model = GaussianProcessModel.gpcde
    model.law.features = 16
    model.law.kernels = [.rbf, .matern12]
    model.law.length.second = 0
    model.latentWeight = 0
    model.noiseScale = 0
    let products = (0..<4000).map { seed in
      let mechanism = model.makeMechanism(parentCount: 0, node: 0, key: TaskKey(seed: UInt64(seed)))
      let values = evaluate(mechanism, [[0, 1], [0, 0], normalColumn(2, seed: UInt64(seed))])
      return Double(values[0]) * Double(values[1])
    }
    #expect(abs(Sample(products).deviationsFromMean((value(.rbf, 1) + value(.matern12, 1)) / 2)) < 5)
  }
}
