/// The loops over rows and parameters of one level of processors, as functions to be called through a pointer.
///
/// Each gets a block of rows or more, never one value. All levels give the same bits.
@safe
package struct KernelTable: Sendable {
  /// Writes rows of noise, or words: of `blocks` blocks from number `first` on, at an address (key, site, purpose, draw).
  package typealias Fill =
    @Sendable @convention(c) (
      _ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ seed: UInt64, _ site: UInt32,
      _ purpose: UInt32, _ draw: UInt32
    ) -> Void
  /// As ``Fill``, of given blocks of given sites and draws.
  package typealias FillBlocks =
    @Sendable @convention(c) (
      _ out: UnsafeMutablePointer<Float>, _ blocks: UnsafePointer<UInt32>, _ sites: UnsafePointer<UInt32>,
      _ draws: UnsafePointer<UInt32>, _ count: Int, _ seed: UInt64, _ purpose: UInt32
    ) -> Void
  /// As ``Fill``, of a law with the purpose of its second words and a number of degrees of freedom.
  package typealias FillStudentT =
    @Sendable @convention(c) (
      _ out: UnsafeMutablePointer<Float>, _ first: UInt32, _ blocks: Int, _ seed: UInt64, _ site: UInt32,
      _ purpose: UInt32, _ anglePurpose: UInt32, _ draw: UInt32, _ degreesOfFreedom: Double
    ) -> Void
  package typealias FillWords =
    @Sendable @convention(c) (
      _ out: UnsafeMutablePointer<UInt32>, _ first: UInt32, _ count: Int, _ seed: UInt64, _ site: UInt32,
      _ purpose: UInt32, _ draw: UInt32
    ) -> Void
  package typealias FillParameters =
    @Sendable @convention(c) (
      _ out: UnsafeMutablePointer<Double>, _ first: UInt32, _ count: Int, _ shape: Double, _ seed: UInt64,
      _ site: UInt32, _ purpose: UInt32, _ draw: UInt32
    ) -> Void
  package typealias FillScaled =
    @Sendable @convention(c) (
      _ out: UnsafeMutablePointer<Float>, _ pairs: Int, _ scale: Double, _ seed: UInt64, _ site: UInt32,
      _ purpose: UInt32, _ draw: UInt32
    ) -> Void
  /// As ``FillParameters``, of block 0 of sites 0 ..< count.
  package typealias FillSites =
    @Sendable @convention(c) (
      _ out: UnsafeMutablePointer<Double>, _ count: Int, _ shape: Double, _ seed: UInt64, _ purpose: UInt32,
      _ draw: UInt32
    ) -> Void
  /// As ``FillScaled``, of given blocks of given sites.
  package typealias FillScattered =
    @Sendable @convention(c) (
      _ out: UnsafeMutablePointer<Float>, _ blocks: UnsafePointer<UInt32>, _ sites: UnsafePointer<UInt32>,
      _ count: Int, _ scale: Double, _ seed: UInt64, _ purpose: UInt32, _ draw: UInt32
    ) -> Void
  package typealias FillWeights =
    @Sendable @convention(c) (
      _ phases: UnsafeMutablePointer<Float>, _ amplitudes: UnsafeMutablePointer<Float>, _ count: Int,
      _ amplitude: Double, _ seed: UInt64, _ site: UInt32, _ purpose: UInt32, _ draw: UInt32
    ) -> Void
  package typealias Dense =
    @Sendable @convention(c) (
      _ weights: UnsafePointer<Float>, _ source: UnsafePointer<Float>, _ sourceStride: Int, _ inputCount: Int,
      _ outputCount: Int, _ slope: Float, _ target: UnsafeMutablePointer<Float>, _ targetStride: Int, _ rows: Int
    ) -> Void
  package typealias Fourier =
    @Sendable @convention(c) (
      _ frequencies: UnsafePointer<Float>, _ phases: UnsafePointer<Float>, _ amplitudes: UnsafePointer<Float>,
      _ count: Int, _ dimensions: Int, _ inputs: UnsafePointer<Float>, _ stride: Int,
      _ sums: UnsafeMutablePointer<Float>, _ rows: Int
    ) -> Void
  package typealias Choose =
    @Sendable @convention(c) (
      _ scores: UnsafePointer<Float>, _ scoreStride: Int, _ words: UnsafePointer<UInt32>, _ wordStride: Int,
      _ classCount: Int, _ rows: Int, _ out: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
    ) -> Void
  package typealias Spread =
    @Sendable @convention(c) (
      _ numbers: UnsafePointer<Float>, _ classCount: Int, _ rows: Int, _ out: UnsafeMutablePointer<Float>,
      _ stride: Int
    ) -> Void
  package typealias Apply = @Sendable @convention(c) (_ values: UnsafeMutablePointer<Float>, _ count: Int) -> Void
  package typealias Transpose =
    @Sendable @convention(c) (
      _ columns: UnsafePointer<Float>, _ stride: Int, _ numbers: UnsafePointer<Int>?, _ count: Int, _ firstRow: Int,
      _ rows: Int, _ out: UnsafeMutablePointer<Float>, _ rowStride: Int, _ places: UnsafePointer<Int32>?
    ) -> Bool

  package typealias Standardize =
    @Sendable @convention(c) (
      _ x: UnsafePointer<Float>, _ rows: Int, _ columns: Int, _ out: UnsafeMutablePointer<Float>
    ) -> Void

  package typealias Measure =
    @Sendable @convention(c) (_ values: UnsafeMutablePointer<Float>, _ turns: Int) -> Int

  /// Word w of block b goes to `out[w * blocksPerTile + b]`, for at most ``blocksPerTile`` blocks.
  package let words: FillWords
  /// A word for each row, as the bits of a float.
  package let rowWords: Fill
  package var gaussian: Fill
  /// Normals of blocks that don't follow each other, in whole vectors of sixteen blocks.
  package var gaussianBlocks: FillBlocks
  package let laplace: Fill
  package let uniform: Fill
  package var gumbel: Fill
  package var logistic: Fill
  package let exponential: Fill
  package let cauchy: Fill
  package let studentT: FillStudentT
  /// Standard normals in pairs, times a scale, each rounded once.
  package let scaledNormals: FillScaled
  /// The same at blocks and sites of which each pair has its own.
  package let scatteredNormals: FillScattered
  /// Standard normals 2·first … in pairs; the shape isn't read.
  package let normals: FillParameters
  /// Gamma variates of a shape and the scale 1.
  package let gammas: FillParameters
  /// The first of each of many sites.
  package let siteGammas: FillSites
  /// √(2S) of positive stable S; the shape is that of the law, between 0 and 1.
  package let stableScales: FillParameters
  /// Phases and amplitudes of random features, from number 0 on.
  package let featureWeights: FillWeights
  /// A layer with a leaky ReLU; weights in groups of four outputs, see `DenseKernel.pack`.
  package let hidden: Dense
  /// The first output alone of a layer without activation; weights as they are, behind the bias.
  package let last: Dense
  /// Adds a sum of cosines to `sums`.
  package let fourier: Fourier
  /// The same where frequencies are high; see `FourierFunction`.
  package let fastFourier: Fourier
  /// Classes by the Gumbel-max choice.
  package let classes: Choose
  /// Classes as columns of 0 and 1.
  package let oneHot: Spread
  package let tanh: Apply
  package let sigmoid: Apply
  /// Columns to rows; says whether all values are finite.
  package let transpose: Transpose
  /// Columns of rows to mean 0 and deviation 1.
  package let standardize: Standardize
  /// Independent multiply-adds, to measure the core's peak by.
  package let multiplyAdds: Measure

  package init(
    words: FillWords, rowWords: Fill, gaussian: Fill, gaussianBlocks: FillBlocks, laplace: Fill, uniform: Fill,
    gumbel: Fill, logistic: Fill, exponential: Fill, cauchy: Fill, studentT: FillStudentT, scaledNormals: FillScaled,
    scatteredNormals: FillScattered, normals: FillParameters, gammas: FillParameters, siteGammas: FillSites,
    stableScales: FillParameters, featureWeights: FillWeights, hidden: Dense, last: Dense, fourier: Fourier,
    fastFourier: Fourier, classes: Choose, oneHot: Spread, tanh: Apply, sigmoid: Apply, transpose: Transpose,
    standardize: Standardize, multiplyAdds: Measure
  ) {
    unsafe self.words = words
    unsafe self.rowWords = rowWords
    unsafe self.gaussian = gaussian
    unsafe self.gaussianBlocks = gaussianBlocks
    unsafe self.laplace = laplace
    unsafe self.uniform = uniform
    unsafe self.gumbel = gumbel
    unsafe self.logistic = logistic
    unsafe self.exponential = exponential
    unsafe self.cauchy = cauchy
    unsafe self.studentT = studentT
    unsafe self.scaledNormals = scaledNormals
    unsafe self.scatteredNormals = scatteredNormals
    unsafe self.normals = normals
    unsafe self.gammas = gammas
    unsafe self.siteGammas = siteGammas
    unsafe self.stableScales = stableScales
    unsafe self.featureWeights = featureWeights
    unsafe self.hidden = hidden
    unsafe self.last = last
    unsafe self.fourier = fourier
    unsafe self.fastFourier = fastFourier
    unsafe self.classes = classes
    unsafe self.oneHot = oneHot
    unsafe self.tanh = tanh
    unsafe self.sigmoid = sigmoid
    unsafe self.transpose = transpose
    unsafe self.standardize = standardize
    unsafe self.multiplyAdds = multiplyAdds
  }
}
