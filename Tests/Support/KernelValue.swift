import Foundation
package import SCMMechanisms

/// The value of a kernel of variance and length scale 1 at a distance, from its formula by the system's functions.
package func kernelValue(_ kernel: SpectralKernel, _ r: Double, alpha: Double, gamma: Double) -> Double {
  switch kernel {
  case .rbf: exp(-r * r / 2)
  case .matern12: exp(-r)
  case .matern32: (1 + 3.0.squareRoot() * r) * exp(-3.0.squareRoot() * r)
  case .matern52: (1 + 5.0.squareRoot() * r + 5 * r * r / 3) * exp(-5.0.squareRoot() * r)
  case .rationalQuadratic: pow(1 + r * r / (2 * alpha), -alpha)
  case .gammaExponential: exp(-pow(r, gamma))
  }
}
