"""Who may import what. A new row or name here is a design decision: say why in the commit."""

# Every target of the package, and the targets below it that it may import.
LAYERS = {
    "Episodes": (),
    "COpenSSL": (),
    "CZlib": (),
    "Digests": ("COpenSSL",),
    "CHTTP": (),
    "HTTP": ("CHTTP",),
    "CSandbox": (),
    "Sandboxing": ("CSandbox", "Digests"),
    "Statistics": (),
    "CMLX": (),
    "MLX": ("CMLX", "ModelFiles"),  # ModelFiles: safetensors has one reader
    "Tokenization": (),
    "CModelFiles": (),
    "ModelFiles": ("CModelFiles", "Tokenization"),
    "ModelHub": ("Digests", "HTTP"),
    "LanguageModels": ("CMLX", "MLX", "Tokenization", "ModelFiles", "Digests"),  # CMLX: the batched decoder's arithmetic is one kernel
    "SeedlingCorpus": ("Episodes",),
    "Environments": ("Episodes", "Sandboxing"),
    "Policies": ("Episodes", "Tokenization", "LanguageModels", "HTTP"),
    "Training": ("Episodes", "Tokenization", "LanguageModels", "MLX"),
    "Judging": ("Episodes", "Tokenization", "LanguageModels", "Training", "HTTP"),
    "Telemetry": (),
    "Runs": ("Episodes",),
    "Storage": ("Episodes", "Digests", "Runs"),
    "Reporting": ("Episodes", "Runs", "Storage", "Statistics", "Tables"),
    "Tables": (),
    "Interop": ("CZlib", "Episodes", "Runs", "Storage", "Tables"),  # CZlib: Inspect's logs are ZIP archives
    "Dashboard": ("Episodes", "Runs", "Storage", "Statistics", "Reporting", "Interop"),
    "Experiments": (
        "Episodes", "Environments", "Policies", "Tokenization", "ModelFiles", "ModelHub", "LanguageModels",
        "SeedlingCorpus", "Training", "Judging", "HTTP", "Telemetry", "Runs", "Storage", "Statistics"),
    "Auditing": ("Episodes", "Environments", "Sandboxing", "Statistics"),  # attacks on graders: no models, no store
    "TestSupport": ("Episodes", "Runs", "Sandboxing"),
    "subterfuge": (
        "Episodes", "Sandboxing", "Environments", "Policies", "Tokenization", "ModelFiles", "ModelHub", "LanguageModels",
        "MLX", "SeedlingCorpus", "Training", "Judging", "Runs", "Storage", "Statistics", "Reporting", "Interop",
        "Tables", "Experiments", "Auditing", "HTTP", "Dashboard"),
}

# Third-party modules and the targets that may import them.
THIRD_PARTY = {
    "ArgumentParser": ("subterfuge",),
    "FlyingFox": ("Dashboard",),
    "FlyingSocks": ("Dashboard",),
    "GRDB": ("Storage",),
    # TestSupport: the server that stands for a remote judge in the tests of Judging and Experiments
    "NIOCore": ("TestSupport",),
    "NIOHTTP1": ("TestSupport",),
    "NIOPosix": ("TestSupport",),
    "RealModule": ("Statistics",),
    "Yams": ("Environments", "Experiments"),
}

SYSTEM_MODULES = ("Foundation", "FoundationNetworking", "Glibc", "Dispatch", "Synchronization")
TEST_MODULES = ("Testing",)
