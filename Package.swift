// swift-tools-version: 6.3

import PackageDescription

// The floor of the processors that the kernels are built for; see docs/decisions/0002. The bits are the same for
// any of them, only the speed differs.
#if arch(x86_64)
  let architecture = ["-Xcc", "-march=\(Context.environment["ANCESTRAL_MARCH"] ?? "x86-64-v3")"]
#else
  let architecture: [String] = []
#endif

// `-fno-math-errno` lets `squareRoot()` become an instruction, without which the loop around it stays scalar.
let kernels = SwiftSetting.unsafeFlags(
  ["-Ounchecked", "-Xcc", "-fno-math-errno"] + architecture, .when(configuration: .release))
let debugKernels = SwiftSetting.unsafeFlags(architecture, .when(configuration: .debug))

/// One folder of kernels, compiled for levels of processors: the folders of the levels above the baseline are links to that of the
/// baseline. See docs/decisions/0017. On other architectures than x86-64 all are the same, and the first is taken.
let levels: KeyValuePairs = ["SCMKernels": "x86-64", "SCMKernelsV3": "x86-64-v3", "SCMKernelsV4": "x86-64-v4"]

/// In debug builds, where modules share what isn't inlined, all are for the floor.
func settings(forLevel level: String) -> [SwiftSetting] {
  var flags = ["-Ounchecked", "-Xcc", "-fno-math-errno"]
  #if arch(x86_64)
    flags += ["-Xcc", "-march=\(level)"]
    // Loops get registers of 512 bits as well, which the compiler leaves out by itself for the sake of the first processors that had them.
    if level == "x86-64-v4" { flags += ["-Xcc", "-mprefer-vector-width=512", "-DWIDE"] }
  #endif
  return [.unsafeFlags(flags, .when(configuration: .release)), debugKernels]
}

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// What each target imports of the others, lowest first: the arrows of the house. scripts/check_imports.py holds the files against it.
let imports: KeyValuePairs = [
  "SCMBase": ["CDigest"],
  "SCMElementary": [],
  "SCMKernels": ["SCMElementary", "CLanes"],
  "SCMKernelsV3": ["SCMElementary", "CLanes"],
  "SCMKernelsV4": ["SCMElementary", "CLanes"],
  "SCMRandom": ["SCMBase", "SCMElementary", "CProcessor", "SCMKernels", "SCMKernelsV3", "SCMKernelsV4"],
  "SCMGraphs": ["SCMBase", "SCMRandom"],
  "SCMMechanisms": ["SCMBase", "SCMRandom"],
  "SCMFamilies": ["SCMBase", "SCMRandom", "SCMGraphs", "SCMMechanisms"],
  "SCMExperiments": ["SCMBase", "SCMRandom", "SCMGraphs", "SCMMechanisms", "SCMFamilies"],
  "SCMDatasets": ["SCMBase", "SCMRandom", "SCMGraphs", "SCMFamilies", "SCMExperiments"],
  "SCMFiles": ["SCMBase", "SCMRandom", "SCMGraphs", "SCMFamilies", "SCMExperiments", "SCMDatasets"],
  "SCMAnalysis": [
    "SCMBase", "SCMRandom", "SCMGraphs", "SCMMechanisms", "SCMFamilies", "SCMExperiments", "SCMDatasets",
  ],
  "Ancestral": [
    "SCMBase", "SCMElementary", "SCMRandom", "SCMGraphs", "SCMMechanisms", "SCMFamilies", "SCMExperiments",
    "SCMDatasets", "SCMFiles", "SCMAnalysis",
  ],
  "AncestralBridge": [
    "SCMBase", "SCMMechanisms", "SCMFamilies", "SCMExperiments", "SCMDatasets", "Ancestral", "CAncestral",
  ],
  "AncestralCommand": ["Ancestral"],
  "SCMTestSupport": [
    "SCMBase", "SCMRandom", "SCMGraphs", "SCMMechanisms", "SCMFamilies", "SCMExperiments", "SCMDatasets",
  ],
]
let layers = imports.map(\.key).filter {
  $0.hasPrefix("SCM") && !$0.hasPrefix("SCMKernels") && $0 != "SCMTestSupport"
}

/// What some targets need, those that they import and all behind them: SwiftPM compiles a target again when one that it depends on
/// by name has changed, and links what was compiled against the old one when only one behind that has (Swift 6.3, debug builds).
func reach(_ names: String...) -> [Target.Dependency] {
  var found: [String] = []
  func visit(_ name: String) {
    guard !found.contains(name) else { return }
    imports.first { $0.key == name }?.value.forEach(visit)
    found.append(name)
  }
  names.forEach(visit)
  return found.map { .byName(name: $0) }
}

/// What is below a target.
func below(_ name: String) -> [Target.Dependency] { reach(name).dropLast() }

let package = Package(
  name: "ancestral",
  platforms: [.macOS(.v15)],
  products: [
    // With the layers, so that `swift package diagnose-api-breaking-changes` compares them and not the umbrella alone.
    .library(name: "Ancestral", targets: ["Ancestral"] + layers),
    .library(name: "AncestralBridge", type: .dynamic, targets: ["AncestralBridge"]),
    .executable(name: "ancestral", targets: ["AncestralCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // What a user imports.
    .target(name: "Ancestral", dependencies: below("Ancestral")),
    // The layers.
    .target(name: "CDigest"),
    .target(name: "CProcessor"),
    .target(name: "CLanes"),
    .target(name: "SCMBase", dependencies: below("SCMBase")),
    .target(name: "SCMElementary"),
    .target(name: "SCMRandom", dependencies: below("SCMRandom")),
    .target(name: "SCMGraphs", dependencies: below("SCMGraphs")),
    .target(name: "SCMMechanisms", dependencies: below("SCMMechanisms")),
    .target(name: "SCMFamilies", dependencies: below("SCMFamilies")),
    .target(name: "SCMExperiments", dependencies: below("SCMExperiments")),
    .target(name: "SCMDatasets", dependencies: below("SCMDatasets")),
    .target(name: "SCMFiles", dependencies: below("SCMFiles")),
    .target(name: "SCMAnalysis", dependencies: below("SCMAnalysis")),
    // How others reach it: C for Python, a command for the shell.
    .target(name: "CAncestral"),
    .target(name: "AncestralBridge", dependencies: below("AncestralBridge")),
    .executableTarget(name: "AncestralCommand", dependencies: below("AncestralCommand") + [arguments, yams]),
    // One test target per layer.
    .testTarget(name: "SCMBaseTests", dependencies: reach("SCMBase")),
    .testTarget(name: "SCMRandomTests", dependencies: reach("SCMRandom")),
    .testTarget(name: "SCMGraphsTests", dependencies: reach("SCMGraphs")),
    .testTarget(name: "SCMMechanismsTests", dependencies: reach("SCMMechanisms", "SCMTestSupport")),
    .testTarget(name: "SCMFamiliesTests", dependencies: reach("SCMFamilies", "SCMTestSupport")),
    .testTarget(name: "SCMExperimentsTests", dependencies: reach("SCMDatasets", "SCMTestSupport")),
    .testTarget(name: "SCMDatasetsTests", dependencies: reach("SCMDatasets", "SCMTestSupport")),
    .testTarget(name: "SCMFilesTests", dependencies: reach("SCMFiles", "SCMTestSupport")),
    .testTarget(name: "SCMAnalysisTests", dependencies: reach("SCMAnalysis", "SCMTestSupport")),
    .testTarget(name: "AncestralBridgeTests", dependencies: reach("AncestralBridge", "SCMTestSupport")),
    // The tool as its users run it.
    .testTarget(name: "AncestralCommandTests", dependencies: ["AncestralCommand"]),
    // What the tests share, and a small program that scripts/check_bits.sh builds in many ways.
    .target(name: "SCMTestSupport", dependencies: below("SCMTestSupport"), path: "Tests/Support"),
    .executableTarget(name: "GoldenBits", dependencies: reach("SCMTestSupport"), path: "Tests/GoldenBits"),
  ],
  swiftLanguageModes: [.v6]
)

package.targets += levels.map { .target(name: $0.key, dependencies: below($0.key)) }

let withKernels: Set = [
  "SCMElementary", "SCMRandom", "SCMGraphs", "SCMMechanisms", "SCMFamilies", "SCMExperiments", "SCMDatasets",
  "SCMAnalysis",
]
// Files are read with all checks: what is in them is not ours.
let withCheckedPointers = withKernels.union(["SCMFiles"]).union(levels.map(\.key))

for target in package.targets where !["CAncestral", "CDigest", "CProcessor"].contains(target.name) {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
  ]
  if withKernels.contains(target.name) { target.swiftSettings? += [kernels, debugKernels] }
  if let level = levels.first(where: { $0.key == target.name }) {
    target.swiftSettings? += settings(forLevel: level.value)
  }
  if withCheckedPointers.contains(target.name) {
    target.swiftSettings? += [.strictMemorySafety(.when(configuration: .debug))]
  }
}
