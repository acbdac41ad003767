// swift-tools-version: 6.1

import PackageDescription

#if arch(x86_64)
let architecture = ["-Xcc", "-march=\(Context.environment["ANCESTRAL_MARCH"] ?? "x86-64-v3")"]
#else
let architecture: [String] = []
#endif

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "ancestral", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Engine",
      dependencies: [
        .product(name: "Ancestral", package: "ancestral"), .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Benchmarks/Engine",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    )
  ]
)
