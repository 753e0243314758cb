"""Who may import what. A new row or name here is a design decision: say why in the commit."""

# Every target of the package, and the targets below it that it may import.
LAYERS = {
    "Episodes": (),
    "CSandbox": (),
    "Sandboxing": ("CSandbox",),
    "Statistics": (),
    "CMLX": (),
    "MLX": ("CMLX",),
    "LanguageModels": ("CMLX", "MLX"),  # CMLX: the batched decoder's arithmetic is one kernel
    "SeedlingCorpus": ("Episodes",),
    "Environments": ("Episodes", "Sandboxing"),
    "Policies": ("Episodes", "LanguageModels"),
    "Training": ("Episodes", "LanguageModels", "MLX"),
    "Storage": ("Episodes",),
    "Reporting": ("Episodes", "Storage", "Statistics"),
    "Experiments": (
        "Episodes", "Environments", "Policies", "LanguageModels",
        "SeedlingCorpus", "Training", "Storage"),
    "TestSupport": ("Episodes", "Sandboxing"),
    "subterfuge": (
        "Episodes", "Sandboxing", "Environments", "Policies", "LanguageModels", "MLX", "SeedlingCorpus", "Training",
        "Storage", "Statistics", "Reporting", "Experiments"),
}

# Third-party modules and the targets that may import them.
THIRD_PARTY = {
    "ArgumentParser": ("subterfuge",),
    "Crypto": ("Sandboxing", "LanguageModels", "Storage"),
    "GRDB": ("Storage",),
    "RealModule": ("Statistics",),
    "Yams": ("Environments", "Experiments"),
}

SYSTEM_MODULES = ("Foundation", "FoundationNetworking", "Glibc", "Dispatch", "Synchronization")
TEST_MODULES = ("Testing",)
