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

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// The layers, lowest first: each may import those before it. Targets name all that they import, also through others: a target is
// compiled again when one that it names has changed, and only then.
let layers = [
  "SCMBase", "SCMRandom", "SCMGraphs", "SCMMechanisms", "SCMFamilies", "SCMDatasets", "SCMAnalysis",
]

func upTo(_ last: String) -> [Target.Dependency] {
  layers.prefix { $0 != last }.map { .byName(name: $0) } + [.byName(name: last)]
}

func below(_ layer: String) -> [Target.Dependency] { layers.prefix { $0 != layer }.map { .byName(name: $0) } }

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
    .target(name: "Ancestral", dependencies: upTo("SCMAnalysis")),
    // The layers.
    .target(name: "CDigest"),
    .target(name: "SCMBase", dependencies: ["CDigest"]),
    .target(name: "SCMRandom", dependencies: below("SCMRandom")),
    .target(name: "SCMGraphs", dependencies: below("SCMGraphs")),
    .target(name: "SCMMechanisms", dependencies: below("SCMMechanisms")),
    .target(name: "SCMFamilies", dependencies: below("SCMFamilies")),
    .target(name: "SCMDatasets", dependencies: below("SCMDatasets")),
    .target(name: "SCMAnalysis", dependencies: below("SCMAnalysis")),
    // How others reach it: C for Python, a command for the shell.
    .target(name: "CAncestral"),
    .target(name: "AncestralBridge", dependencies: ["Ancestral", "CAncestral"] + upTo("SCMAnalysis")),
    .executableTarget(name: "AncestralCommand", dependencies: ["Ancestral", arguments, yams] + upTo("SCMAnalysis")),
    // One test target per layer.
    .testTarget(name: "SCMBaseTests", dependencies: upTo("SCMBase") + ["CDigest"]),
    .testTarget(name: "SCMRandomTests", dependencies: upTo("SCMRandom")),
    .testTarget(name: "SCMGraphsTests", dependencies: upTo("SCMGraphs")),
    .testTarget(name: "SCMMechanismsTests", dependencies: upTo("SCMMechanisms") + ["SCMTestSupport"]),
    .testTarget(name: "SCMFamiliesTests", dependencies: upTo("SCMFamilies") + ["SCMTestSupport"]),
    .testTarget(name: "SCMDatasetsTests", dependencies: upTo("SCMDatasets") + ["SCMTestSupport"]),
    .testTarget(name: "SCMAnalysisTests", dependencies: upTo("SCMAnalysis") + ["SCMTestSupport"]),
    .testTarget(
      name: "AncestralBridgeTests",
      dependencies: upTo("SCMAnalysis") + ["AncestralBridge", "CAncestral", "SCMTestSupport"]),
    // The tool as its users run it.
    .testTarget(name: "AncestralCommandTests", dependencies: ["AncestralCommand"]),
    // What the tests share, and a small program that scripts/check_bits.sh builds in many ways.
    .target(name: "SCMTestSupport", dependencies: upTo("SCMDatasets"), path: "Tests/Support"),
    .executableTarget(
      name: "GoldenBits", dependencies: upTo("SCMDatasets") + ["SCMTestSupport"], path: "Tests/GoldenBits"),
  ],
  swiftLanguageModes: [.v6]
)

let withKernels: Set = [
  "SCMRandom", "SCMGraphs", "SCMMechanisms", "SCMFamilies", "SCMDatasets", "SCMAnalysis",
]

for target in package.targets where !["CAncestral", "CDigest"].contains(target.name) {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
  ]
  if withKernels.contains(target.name) {
    target.swiftSettings? += [kernels, debugKernels, .strictMemorySafety(.when(configuration: .debug))]
  }
}
