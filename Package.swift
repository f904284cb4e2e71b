// swift-tools-version: 6.2
import PackageDescription

// `scripts/bootstrap.sh` puts the C libraries that no package registry of Swift carries into `.deps`.
let deps = Context.packageDirectory + "/.deps"

let swift: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
  .unsafeFlags(["-Xcc", "-I\(deps)/include", "-Xcc", "-I\(deps)/include/quickjs"]),
]
let link: [LinkerSetting] = [.unsafeFlags(["-L\(deps)/lib"])]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser",
  package: "swift-argument-parser"
)
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let crypto: [Target.Dependency] = [
  .product(name: "Crypto", package: "swift-crypto"),
  .product(name: "CryptoExtras", package: "swift-crypto"),
]
let http: [Target.Dependency] = [
  .product(name: "Hummingbird", package: "hummingbird"),
  .product(name: "HummingbirdCore", package: "hummingbird"),
  .product(name: "HummingbirdTLS", package: "hummingbird"),
  .product(name: "HTTPTypes", package: "swift-http-types"),
  .product(name: "Logging", package: "swift-log"),
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOSSL", package: "swift-nio-ssl"),
  .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
]

func room(
  _ name: String,
  _ doors: Target.Dependency...,
  libraries: [Target.Dependency] = [],
  resources: [Resource]? = nil
) -> Target {
  .target(
    name: name,
    dependencies: doors + libraries,
    resources: resources,
    swiftSettings: swift
  )
}
func library(_ name: String, pkgConfig: String? = nil) -> Target {
  .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig)
}
func tests(
  _ name: String,
  _ doors: Target.Dependency...,
  libraries: [Target.Dependency] = [],
  resources: [Resource]? = nil
) -> Target {
  .testTarget(
    name: name,
    dependencies: doors + libraries + ["TestKit"],
    resources: resources,
    swiftSettings: swift,
    linkerSettings: link
  )
}

let package = Package(
  name: "tadoru",
  products: [.executable(name: "tadoru", targets: ["CLI"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird",
      exact: "2.28.1",
      traits: ["FullFoundation"]
    ),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
  ],
  targets: [
    library("CYAML", pkgConfig: "yaml-0.1"),
    library("CQuickJS"),
    library("CDuckDB"),
    library("CCurl"),
    library("CPostgreSQL"),
    library("CZlib"),
    library("CArchive"),

    room("Values"),
    room("WorkflowLanguage", "Values", "CYAML", "CQuickJS"),
    room("Storage", "Values", grdb),
    room("Evaluation"),
    room("WorkflowEngine", "Values", "WorkflowLanguage", "Storage"),
    room("SQLWarehouse", "Values", "Evaluation", "CDuckDB"),
    room("Notebooks", "Values", subprocess, systemPackage),
    room("Tracking", "Values", "Storage"),
    room(
      "Operators",
      "Values",
      "Storage",
      "WorkflowEngine",
      "WorkflowLanguage",
      "SQLWarehouse",
      "Evaluation",
      "Notebooks",
      "Tracking",
      "CCurl",
      "CPostgreSQL",
      "CZlib",
      subprocess,
      systemPackage
    ),
    room("Access", "Values", "Storage", libraries: crypto),
    room("Projects", "Values", "Storage", "WorkflowLanguage", "CArchive"),
    room(
      "Server",
      "Values",
      "Storage",
      "WorkflowLanguage",
      "WorkflowEngine",
      "Projects",
      "Access",
      "Tracking",
      libraries: http,
      resources: ["css", "js"].map { .embedInCode("Console/Assets/console.\($0)") }
        + [.embedInCode("Console/Assets/icon.svg")]
    ),
    .executableTarget(
      name: "CLI",
      dependencies: [
        "Values", "WorkflowLanguage", "Storage", "Evaluation", "WorkflowEngine", "SQLWarehouse",
        "Notebooks", "Tracking", "Operators", "Access", "Projects", "Server", argumentParser,
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: swift,
      linkerSettings: link
    ),
    .target(
      name: "TestKit",
      dependencies: ["Values"],
      path: "Tests/TestKit",
      resources: [.copy("Fixtures")],
      swiftSettings: swift
    ),

    tests("ValuesTests", "Values"),
    tests("WorkflowLanguageTests", "WorkflowLanguage", "Values"),
    tests("StorageTests", "Storage", "Values", grdb),
    tests("EvaluationTests", "Evaluation"),
    tests("WorkflowEngineTests", "WorkflowEngine", "WorkflowLanguage", "Storage", "Values"),
    tests("SQLWarehouseTests", "SQLWarehouse", "Values"),
    tests("NotebooksTests", "Notebooks", "Values"),
    tests("TrackingTests", "Tracking", "Storage", "Values"),
    tests(
      "OperatorsTests",
      "Operators",
      "WorkflowEngine",
      "WorkflowLanguage",
      "SQLWarehouse",
      "Notebooks",
      "Tracking",
      "Storage",
      "Values"
    ),
    tests("AccessTests", "Access", "Storage", "Values"),
    tests("ProjectsTests", "Projects", "Storage", "Values", "WorkflowLanguage"),
    tests(
      "ServerTests",
      "Server",
      "Access",
      "Projects",
      "WorkflowEngine",
      "WorkflowLanguage",
      "Storage",
      "Tracking",
      "Values",
      libraries: http,
      resources: [.copy("Console/Golden")]
    ),
    tests("EndToEndTests", "Values"),
  ],
  swiftLanguageModes: [.v6]
)
