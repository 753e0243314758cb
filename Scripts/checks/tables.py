"""Who may import what. A new row or name here is a design decision: say why in the commit."""

# Every target of the package, and the targets below it that it may import.
LAYERS = {
    "Episodes": (),
    "CSandbox": (),
    "Sandboxing": ("CSandbox",),
    "Statistics": (),
    "CMLX": (),
    "MLX": ("CMLX", "ModelFiles"),  # ModelFiles: safetensors has one reader
    "Tokenization": (),
    "CModelFiles": (),
    "ModelFiles": ("CModelFiles", "Tokenization"),
    "ModelHub": (),
    "LanguageModels": ("CMLX", "MLX", "Tokenization", "ModelFiles"),  # CMLX: the batched decoder's arithmetic is one kernel
    "SeedlingCorpus": ("Episodes",),
    "Environments": ("Episodes", "Sandboxing"),
    "Policies": ("Episodes", "Tokenization", "LanguageModels"),
    "Training": ("Episodes", "Tokenization", "LanguageModels", "MLX"),
    "Judging": ("Episodes", "Tokenization", "LanguageModels", "Training"),
    "Telemetry": (),
    "Storage": ("Episodes",),
    "Reporting": ("Episodes", "Storage", "Statistics", "Tables"),
    "Tables": (),
    "Interop": ("Episodes", "Storage", "Tables"),
    "Experiments": (
        "Episodes", "Environments", "Policies", "Tokenization", "ModelFiles", "ModelHub", "LanguageModels",
        "SeedlingCorpus", "Training", "Judging", "Telemetry", "Storage", "Statistics"),
    "TestSupport": ("Episodes", "Sandboxing"),
    "subterfuge": (
        "Episodes", "Sandboxing", "Environments", "Policies", "Tokenization", "ModelFiles", "ModelHub", "LanguageModels",
        "MLX", "SeedlingCorpus", "Training", "Judging", "Storage", "Statistics", "Reporting", "Interop",
        "Tables", "Experiments"),
}

# Third-party modules and the targets that may import them.
THIRD_PARTY = {
    "ArgumentParser": ("subterfuge",),
    "AsyncHTTPClient": ("ModelHub", "Judging"),
    "Crypto": ("Sandboxing", "LanguageModels", "ModelHub", "Storage"),
    "GRDB": ("Storage",),
    # TestSupport: the server that stands for a remote judge in the tests of Judging and Experiments
    "NIOCore": ("ModelHub", "Judging", "TestSupport"),
    "NIOHTTP1": ("ModelHub", "Judging", "TestSupport"),
    "NIOPosix": ("ModelHub", "Judging", "TestSupport"),  # Judging: an error that it names
    "RealModule": ("Statistics",),
    "Yams": ("Environments", "Experiments"),
}

SYSTEM_MODULES = ("Foundation", "FoundationNetworking", "Glibc", "Dispatch", "Synchronization")
TEST_MODULES = ("Testing",)
