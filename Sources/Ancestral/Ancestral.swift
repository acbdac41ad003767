// What `import Ancestral` gives: everything, and no logic of its own.
@_exported public import SCMAnalysis
@_exported public import SCMBase
@_exported public import SCMDatasets
@_exported public import SCMElementary
@_exported public import SCMExperiments
@_exported public import SCMFamilies
@_exported public import SCMFiles
@_exported public import SCMGraphs
@_exported public import SCMMechanisms
@_exported public import SCMRandom
