// swift-tools-version: 6.1
import PackageDescription

// Laid out by Scripts/setup.sh: the unpacked mlx-cpu wheel and a link to OpenBLAS.
let deps = Context.packageDirectory + "/.deps"
let mlx = Context.environment["MLX_ROOT"] ?? deps + "/site/mlx"

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

// Optimised in debug builds too: the kernels are what tests spend their time in. MLX's headers use std::bind, which GCC's
// library reports as deprecated at every use.
let mlxCompile: [CXXSetting] = [.unsafeFlags(["-O2", "-Wno-deprecated-declarations", "-isystem", mlx + "/include"])]
let mlxLink: [LinkerSetting] = [
  .unsafeFlags([
    // OpenBLAS as a direct dependency of the executable wins over the reference BLAS that libmlx.so itself names.
    "-L" + deps + "/lib", "-Xlinker", "--no-as-needed", "-lopenblas",
    "-L" + mlx + "/lib", "-lmlx", "-Xlinker", "-rpath", "-Xlinker", mlx + "/lib",
  ])
]

// Optimised in debug builds too: tests generate documents, read answers and count tables by the hundred thousand.
let optimised = settings + [.unsafeFlags(["-O"])]

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
// The dashboard's server.
let flyingFox = ["FlyingFox", "FlyingSocks"].map { Target.Dependency.product(name: $0, package: "FlyingFox") }
// The servers that tests ask.
let nio = ["NIOCore", "NIOPosix", "NIOHTTP1"].map { Target.Dependency.product(name: $0, package: "swift-nio") }
let numerics = Target.Dependency.product(name: "RealModule", package: "swift-numerics")

let targets: [Target] = [
  .target(name: "Episodes", swiftSettings: settings),
  .target(name: "CSandbox"),
  .systemLibrary(name: "COpenSSL"),
  .systemLibrary(name: "CZlib"),
  .target(name: "Digests", dependencies: ["COpenSSL"], swiftSettings: settings),
  .target(name: "CHTTP", linkerSettings: [.linkedLibrary("curl")]),
  .target(name: "HTTP", dependencies: ["CHTTP"], swiftSettings: settings),
  .target(
    name: "Sandboxing", dependencies: ["CSandbox", "Digests"], resources: [.copy("Resources")], swiftSettings: settings),
  .target(name: "Statistics", dependencies: [numerics], swiftSettings: optimised),
  .target(name: "CMLX", cxxSettings: mlxCompile, linkerSettings: mlxLink),
  .target(name: "MLX", dependencies: ["CMLX", "ModelFiles"], swiftSettings: settings),
  .target(name: "Tokenization", swiftSettings: optimised),
  .target(name: "CModelFiles", cSettings: [.unsafeFlags(["-O2"])]),
  .target(name: "ModelFiles", dependencies: ["CModelFiles", "Tokenization"], swiftSettings: settings),
  .target(name: "ModelHub", dependencies: ["Digests", "HTTP"], swiftSettings: settings),
  .target(
    name: "LanguageModels", dependencies: ["CMLX", "MLX", "Tokenization", "ModelFiles", "Digests"],
    resources: [.copy("Resources")], swiftSettings: settings),
  .target(name: "SeedlingCorpus", dependencies: ["Episodes"], swiftSettings: optimised),
  .target(
    name: "Environments", dependencies: ["Episodes", "Sandboxing", yams], resources: [.copy("Resources")],
    swiftSettings: optimised),
  .target(
    name: "Policies", dependencies: ["Episodes", "Tokenization", "LanguageModels", "HTTP"], swiftSettings: settings),
  .target(
    name: "Training", dependencies: ["Episodes", "Tokenization", "LanguageModels", "MLX"], swiftSettings: settings),
  .target(
    name: "Judging", dependencies: ["Episodes", "Tokenization", "LanguageModels", "Training", "HTTP"],
    swiftSettings: settings),
  .target(name: "Tables", swiftSettings: settings),
  .target(name: "Telemetry", swiftSettings: settings),
  .target(name: "Runs", dependencies: ["Episodes"], swiftSettings: settings),
  .target(name: "Storage", dependencies: ["Episodes", "Digests", "Runs", grdb], swiftSettings: settings),
  .target(
    name: "Reporting", dependencies: ["Episodes", "Runs", "Storage", "Statistics", "Tables"], swiftSettings: settings),
  .target(name: "Interop", dependencies: ["CZlib", "Episodes", "Runs", "Storage", "Tables"], swiftSettings: settings),
  .target(
    name: "Dashboard", dependencies: ["Episodes", "Runs", "Storage", "Statistics", "Reporting", "Interop"] + flyingFox,
    resources: [.copy("Resources")], swiftSettings: settings),
  .target(
    name: "Experiments",
    dependencies: [
      "Episodes", "Environments", "Policies", "Tokenization", "ModelFiles", "ModelHub", "LanguageModels",
      "SeedlingCorpus", "Training", "Judging", "HTTP", "Telemetry", "Runs", "Storage", "Statistics", yams,
    ],
    resources: [.copy("Resources")], swiftSettings: settings),
  .target(
    name: "Auditing", dependencies: ["Episodes", "Environments", "Sandboxing", "Statistics"], swiftSettings: settings),
  .executableTarget(
    name: "subterfuge",
    dependencies: [
      "Episodes", "Sandboxing", "Environments", "Policies", "Tokenization", "ModelFiles", "ModelHub", "LanguageModels",
      "MLX", "SeedlingCorpus", "Training", "Judging", "Runs", "Storage", "Statistics", "Reporting", "Interop",
      "Tables", "HTTP", "Dashboard", "Experiments", "Auditing", arguments,
    ], swiftSettings: settings, plugins: ["RecordCommit"]),
  .plugin(name: "RecordCommit", capability: .buildTool()),
  .executableTarget(
    name: "SandboxEpisodes", dependencies: ["Sandboxing"], path: "Benchmarks/SandboxEpisodes",
    exclude: ["inspect_peer.py", "template"], swiftSettings: settings),
  .executableTarget(
    name: "TrainingStep", dependencies: ["MLX"], path: "Benchmarks/TrainingStep", exclude: ["torch_peer.py"],
    swiftSettings: settings),
  .executableTarget(
    name: "FineTuning",
    dependencies: ["Episodes", "LanguageModels", "MLX", "ModelFiles", "Tokenization", "Training"],
    path: "Benchmarks/FineTuning", exclude: ["torch_peer.py"], swiftSettings: settings),
  .executableTarget(
    name: "Sampling", dependencies: ["LanguageModels", "MLX", "ModelFiles", "Tokenization"],
    path: "Benchmarks/Sampling", exclude: ["llama_peer.py", "transformers_peer.py", "vllm_peer.py"],
    swiftSettings: settings),
  .executableTarget(
    name: "EpisodeStore",
    dependencies: ["Dashboard", "Episodes", "Interop", "Reporting", "Runs", "Statistics", "Storage"],
    path: "Benchmarks/EpisodeStore", exclude: ["pandas_peer.py"], swiftSettings: settings),
  .target(name: "TestSupport", dependencies: ["Episodes", "Runs", "Sandboxing"] + nio, swiftSettings: settings),
  .testTarget(name: "EpisodesTests", dependencies: ["Episodes"], swiftSettings: settings),
  .testTarget(name: "DigestsTests", dependencies: ["Digests"], swiftSettings: settings),
  .testTarget(name: "HTTPTests", dependencies: ["HTTP", "TestSupport"], swiftSettings: settings),
  .testTarget(name: "SandboxingTests", dependencies: ["Sandboxing", "TestSupport"], swiftSettings: settings),
  .testTarget(
    name: "StatisticsTests", dependencies: ["Statistics"], resources: [.copy("Fixtures")], swiftSettings: settings),
  .testTarget(
    name: "MLXTests", dependencies: ["MLX", "CMLX"], resources: [.copy("Fixtures")], swiftSettings: settings),
  .testTarget(
    name: "TokenizationTests", dependencies: ["Episodes", "Tokenization", "ModelFiles"], resources: [.copy("Fixtures")],
    swiftSettings: settings),
  .testTarget(
    name: "ModelHubTests", dependencies: ["ModelHub", "subterfuge"] + nio, exclude: ["Fixtures"],
    swiftSettings: settings),
  .testTarget(
    name: "ModelFilesTests", dependencies: ["ModelFiles", "Tokenization"], resources: [.copy("Fixtures")],
    swiftSettings: settings),
  .testTarget(
    name: "LanguageModelsTests", dependencies: ["LanguageModels", "MLX", "ModelFiles", "Tokenization"],
    resources: [.copy("Fixtures")], swiftSettings: settings),
  .testTarget(
    name: "SeedlingCorpusTests", dependencies: ["SeedlingCorpus", "Episodes", "Environments", "Sandboxing"],
    swiftSettings: settings),
  .testTarget(
    name: "EnvironmentsTests", dependencies: ["Environments", "Episodes", "Sandboxing", "Statistics", "TestSupport"],
    resources: [.copy("Fixtures")], swiftSettings: settings),
  .testTarget(
    name: "PoliciesTests",
    dependencies: [
      "Policies", "Environments", "Episodes", "HTTP", "LanguageModels", "MLX", "ModelFiles", "Sandboxing",
      "TestSupport",
      "Tokenization",
    ] + nio,
    swiftSettings: settings),
  .testTarget(
    name: "TrainingTests",
    dependencies: [
      "Training", "LanguageModels", "ModelFiles", "Tokenization", "MLX", "SeedlingCorpus", "Episodes", "Policies",
    ],
    resources: [.copy("Fixtures")], swiftSettings: settings),
  .testTarget(
    name: "JudgingTests",
    dependencies: [
      "Judging", "Training", "LanguageModels", "ModelFiles", "Tokenization", "MLX", "SeedlingCorpus", "Episodes",
      "HTTP",
      "TestSupport",
    ] + nio,
    resources: [.copy("Fixtures")], swiftSettings: settings),
  .testTarget(
    name: "TelemetryTests", dependencies: ["Telemetry"], resources: [.copy("Fixtures")], swiftSettings: settings),
  .testTarget(name: "RunsTests", dependencies: ["Runs", "Episodes"], swiftSettings: settings),
  .testTarget(
    name: "StorageTests", dependencies: ["Storage", "Runs", "Episodes", "TestSupport", grdb], swiftSettings: settings),
  .testTarget(
    name: "ReportingTests", dependencies: ["Reporting", "Runs", "Storage", "Episodes", "Statistics", "TestSupport"],
    exclude: ["Snapshots"],
    swiftSettings: settings),
  .testTarget(
    name: "InteropTests", dependencies: ["Interop", "Runs", "Storage", "Episodes", "Tables", "TestSupport"],
    resources: [.copy("Fixtures")],
    swiftSettings: settings),
  .testTarget(
    name: "DashboardTests",
    dependencies: ["Dashboard", "Reporting", "Interop", "Runs", "Storage", "Episodes", "HTTP", "TestSupport"],
    swiftSettings: settings),
  .testTarget(name: "TablesTests", dependencies: ["Tables"], swiftSettings: settings),
  .testTarget(
    name: "ExperimentsTests",
    dependencies: [
      "Experiments", "Episodes", "Environments", "HTTP", "Judging", "LanguageModels", "MLX", "Policies", "Sandboxing",
      "Runs", "Statistics", "Storage", "TestSupport", "Tokenization", "Training",
    ] + nio,
    swiftSettings: settings),
  .testTarget(
    name: "AuditingTests", dependencies: ["Auditing", "Environments", "Episodes", "Sandboxing", "Statistics"],
    resources: [.copy("Fixtures")], swiftSettings: settings),
  .testTarget(
    name: "AcceptanceTests", dependencies: ["Episodes", "Runs", "Storage", "subterfuge"],
    exclude: ["Fixtures"],
    swiftSettings: settings),
]

let package = Package(
  name: "Subterfuge",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: targets,
  cxxLanguageStandard: .cxx20
)
