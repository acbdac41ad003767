// swift-tools-version: 6.3

import PackageDescription

let package = Package(
  name: "hello-ancestral",
  platforms: [.macOS(.v15)],
  dependencies: [
    // Write the address of the repository that you use; scripts/check_swift_package.sh puts a clone of this one in its place.
    .package(url: "https://git.example.org/ancestral.git", from: "0.1.0")
  ],
  targets: [
    .executableTarget(name: "Hello", dependencies: [.product(name: "Ancestral", package: "ancestral")])
  ]
)
