package import SCMElementary

/// The kernels as this module has them compiled.
package func kernelTable() -> KernelTable {
  unsafe KernelTable(
    words: fillWords, rowWords: fillRowWords, gaussian: fillGaussian, gaussianBlocks: fillGaussianBlocks,
    laplace: fillLaplace, uniform: fillUniform, gumbel: fillGumbel, logistic: fillLogistic,
    exponential: fillExponential, cauchy: fillCauchy, studentT: fillStudentT, scaledNormals: fillScaledNormals,
    scatteredNormals: fillScatteredNormals, normals: fillNormals, gammas: fillGammas, siteGammas: fillSiteGammas,
    stableScales: fillStableScales, featureWeights: fillFeatureWeights, hidden: hiddenLayer, last: lastLayer,
    fourier: addFourier, fastFourier: addFastFourier, classes: chooseClasses, oneHot: writeOneHot, tanh: applyTanh,
    sigmoid: applySigmoid, transpose: transposeColumns, standardize: standardizeColumns, multiplyAdds: multiplyAdds)
}
