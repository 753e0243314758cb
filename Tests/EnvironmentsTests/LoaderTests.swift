import Episodes
import Foundation
import Sandboxing
import Testing

@testable import Environments

@Suite struct LoaderTests {
  static let yaml = """
    name: mine
    title: Mine
    role: training
    variants: 4
    slots:
      colour: [red, green]
      shape:
        - { name: circle, sides: 0 }
        - { name: square, sides: 4 }
    files:
      "{{colour}}/{{shape.name}}.txt": "{{shape.sides}}"
    dirs: [out]
    reward_cmd: print(1.0)
    criterion:
      kind: reward
      reward_above: 0
    arms:
      standard: {}
    """

  func load(_ files: [String: String]) throws -> EnvironmentDefinition {
    let folder = try TemporaryFolder(files)
    return try EnvironmentCatalogue.load(folder.url)
  }

  func load(_ edits: (String, String)..., prompt: String = "## user\nA {{colour}} {{shape.name}}.") throws
    -> EnvironmentDefinition
  {
    let text = edits.reduce(Self.yaml) { $0.replacing($1.0, with: $1.1) }
    return try load(["environment.yaml": text, "prompt.full.md": prompt])
  }

  /// The complaint about a folder, without the folder's path.
  func complaint(_ body: () throws -> EnvironmentDefinition) throws -> String {
    do {
      _ = try body()
      return "none"
    } catch let error as EnvironmentError {
      var short = error
      short.file = error.file.map { URL(filePath: $0).lastPathComponent }
      return short.description
    }
  }

  @Test func aUsersFolderLoads() throws {
    let environment = try load()
    #expect(environment.variantCount == 4)
    let prompts = try (0..<4).map {
      try environment.sample(variant: $0, arm: .standard, style: .full).prompt.messages[0].text
    }
    #expect(Set(prompts) == ["A red circle.", "A red square.", "A green circle.", "A green square."])
    #expect(prompts[0] == "A red circle.")
    #expect(try environment.files(variant: 0).text(of: "red/circle.txt") == "0")
    #expect(
      try complaint {
        _ = try environment.sample(variant: 0, arm: .standard, style: .brief)
        return environment
      }
        == "the environment mine has no prompt in the brief style for the arm `standard`")
  }

  @Test func slotsOfOneListDiffer() throws {
    let text = "{name: [a, b, c], other: name, third: name}"
    let slots = try SlotLists(YAMLValue(parsing: text, file: "x"), ProblemList())
    #expect(slots.capacity == 6)
    let variants = slots.variants(6, seed: Seed(1))
    #expect(Set(variants).count == 6)
    #expect(variants.allSatisfy { Set($0.values).count == 3 })
    #expect(variants[0] == ["name": .text("a"), "other": .text("b"), "third": .text("c")])
  }

  @Test func missingFiles() throws {
    #expect(try complaint { try load([:]) } == "environment.yaml: the file is missing")
    #expect(
      try complaint { try load(["environment.yaml": Self.yaml]) }
        == "environment.yaml:18: `arms.standard`: none of prompt.full.md, prompt.compact.md and prompt.brief.txt is in the folder"
    )
    #expect(try complaint { try load(("title: Mine\n", "")) } == "environment.yaml:1: the key `title` is missing")
  }

  @Test func badYAML() throws {
    let broken = try complaint { try load(("role: training", "role: [training")) }
    #expect(broken.hasPrefix("environment.yaml:4: this is not valid YAML: "))
    #expect(try complaint { try load(["environment.yaml": ""]) } == "environment.yaml: the file is empty")
    #expect(
      try complaint { try load(("title: Mine", "title: [Mine]")) }
        == "environment.yaml:2: `title`: a text is needed here")
    #expect(
      try complaint { try load(("title: Mine", "titel: Mine")) }.hasPrefix(
        "environment.yaml:2: unknown key `titel`; known here: base, "))
    #expect(
      try complaint { try load(("role: training", "role: taining")) }
        == "environment.yaml:3: `role`: unknown value `taining`; known here: training, held_out, development, ordinary")
  }

  @Test func unknownSlots() throws {
    #expect(
      try complaint { try load(prompt: "## user\n{{color}}") }
        == "prompt.full.md:2: arm `standard`: unknown slot `{{color}}`; known: colour, shape")
    #expect(
      try complaint { try load(prompt: "## user\n{{shape}}") }
        == "prompt.full.md:2: arm `standard`: `{{shape}}`: the entries of the slot have fields; write `{{shape.FIELD}}`"
    )
    #expect(
      try complaint { try load(prompt: "## user\n{{shape.size}}") }
        == "prompt.full.md:2: arm `standard`: `{{shape.size}}`: an entry of the slot `shape` has no field `size`")
    #expect(try complaint { try load(prompt: "## user\n{{colour") } == "prompt.full.md: `{{` is never closed")
    #expect(
      try complaint { try load(prompt: "hello") }
        == "prompt.full.md: the prompt must begin with the line `## user` or `## assistant`")
    #expect(
      try complaint { try load(prompt: "## user\n") }
        == "prompt.full.md: the prompt, or one of its messages or alternatives, is empty")
  }

  @Test func pathsThatEscape() throws {
    #expect(
      try complaint { try load(("dirs: [out]", "dirs: [../out]")) }
        == "environment.yaml: the path `../out` leaves the environment's folder")
    #expect(
      try complaint { try load(("[red, green]", "[.., red]")) }
        == "environment.yaml: the path `../circle.txt` leaves the environment's folder")
    #expect(
      try complaint { try load(("dirs: [out]", "dirs: [\"a//b\"]")) } == "environment.yaml: `a//b` is not a plain path")
  }

  @Test func aFileInsideAFile() throws {
    let complaint = try complaint { try load(("dirs: [out]", "dirs: [red/circle.txt/deeper]")) }
    #expect(complaint.hasPrefix("environment.yaml: arm `standard`: The files cannot be put into a sandbox: "))
  }

  @Test func criteriaOfLaterVariants() throws {
    let edits = ("kind: reward", "kind: stance")
    let other = ("reward_above: 0", "declines: [x]\n  user_answer: \"{{answer}}\"")
    let slots = ("slots:\n", "slots:\n  answer: [\"yes\", \"maybe\"]\n")
    #expect(
      try complaint { try load(edits, other, slots) }
        == "environment.yaml:18: `criterion.user_answer`: one of `yes`, `no` is needed here, not `maybe`")
  }

  @Test func variants() throws {
    #expect(
      try complaint { try load(("variants: 4", "variants: 0")) }
        == "environment.yaml: `variants` is 0; an environment has at least 1")
    #expect(
      try complaint { try load(("variants: 4", "variants: 5")) }
        == "environment.yaml: `variants` is 5, but the slots allow only 4 different ones; lengthen their lists")
    #expect(
      try complaint { try load(("variants: 4", "variants: many")) }
        == "environment.yaml:4: `variants`: a whole number is needed here, not `many`")
    #expect(
      try complaint { try load(("[red, green]", "[red, red]")) }
        == "environment.yaml:6: `slots.colour`: the list contains a duplicate")
    #expect(
      try complaint { try load(("[red, green]", "[]")) } == "environment.yaml:6: `slots.colour`: the list is empty")
  }

  @Test func criteria() throws {
    #expect(
      try complaint { try load(("kind: reward", "kind: prize")) }
        == "environment.yaml:15: `criterion.kind`: unknown criterion `prize`; known: stance, rating, checklist, tampering, reward, answer"
    )
    #expect(
      try complaint { try load(("reward_above: 0", "reward_above: much")) }
        == "environment.yaml:16: `criterion.reward_above`: a number is needed here, not `much`")
    #expect(
      try complaint { try load(("reward_above: 0", "rewards_above: 0")) }
        == "environment.yaml:16: `criterion.rewards_above`: unknown key; a criterion of kind reward knows reward_above, reward_at_least, needs_oversight, honest_phrases"
    )
    #expect(
      try complaint { try load(("kind: reward", "kind: checklist"), ("reward_above: 0", "checklist: a.py")) }
        == "environment.yaml:15: `criterion`: the key `file` is missing; a criterion of kind checklist needs it")
  }

  @Test func arms() throws {
    #expect(
      try complaint { try load(("standard: {}", "odd: {}")) } == "environment.yaml:1: the arm `standard` is missing")
    #expect(
      try complaint { try load(("standard: {}", "standard: {}\n  benign: { rewards: honest }")) }
        == "environment.yaml:19: `arms.benign`: a criterion of kind reward needs `honest_phrases` before honesty can be rewarded"
    )
    #expect(
      try complaint { try load(("standard: {}", "standard: {}\n  odd: { prompt: odd }")) }
        == "environment.yaml:19: `arms.odd.prompt`: none of prompt.odd.full.md, prompt.odd.compact.md and prompt.odd.brief.txt is in the folder"
    )
    let arms = try load(("standard: {}", "standard: {}\n  blue: { slots: { colour: [blue] }, files: { more.txt: x } }"))
    #expect(try arms.sample(variant: 2, arm: "blue", style: .full).prompt.messages[0].text.hasPrefix("A blue "))
    #expect(try arms.files(variant: 2, arm: "blue").text(of: "more.txt") == "x")
    #expect(try arms.files(variant: 2).text(of: "more.txt") == nil)
  }

  @Test("A slot takes its entries from a file beside the folder's own: texts, or objects with texts")
  func slotFiles() throws {
    let (slots, yaml) = (("[red, green]", "{ file: colours.jsonl }"), Self.yaml)
    func load(_ lines: String, _ edit: (String, String) = slots) throws -> EnvironmentDefinition {
      try self.load([
        "environment.yaml": yaml.replacing(edit.0, with: edit.1), "prompt.full.md": "## user\nA {{colour}}.",
        "colours.jsonl": lines,
      ])
    }
    #expect(try load("\"red\"\n\n\"blue\"\n").slots.lists["colour"] == [.text("red"), .text("blue")])
    let bad = "a text, or an object with texts, is needed: "
    #expect(try complaint { try load("\"red\"\n7\n") }.hasPrefix("colours.jsonl:2: " + bad))
    #expect(try complaint { try load("\"red\"\n{\"a\": 1}") }.hasPrefix("colours.jsonl:2: " + bad))
    #expect(
      try complaint { try load("\"a\"\n\"a\"") }
        == "environment.yaml:6: `slots.colour`: the list contains a duplicate")
    #expect(
      try complaint { try load("", ("[red, green]", "{ file: none.jsonl }")) }
        == "environment.yaml:6: `slots.colour.file`: the file `none.jsonl` is missing from the environment's folder")
    for path in ["../colours.jsonl", "/etc/passwd", "a/b.jsonl", ".x.jsonl"] {
      #expect(
        try complaint { try load("", ("[red, green]", "{ file: \(path) }")) }
          == "environment.yaml:6: `slots.colour.file`: `\(path)` is not the name of a .jsonl file in the environment's folder"
      )
    }
  }

  @Test("A file or folder where the sandbox has its own is refused when the folder is loaded, in any variant")
  func systemPaths() throws {
    for (path, top) in [
      ("usr/x.txt", "usr"), ("/etc/{{shape.name}}", "etc"), ("proc", "proc"), ("bin/sh", "bin"), ("lib64/x", "lib64"),
    ] {
      let said = try complaint { try load(("{{colour}}/{{shape.name}}.txt", path)) }
      #expect(said.hasPrefix("environment.yaml: the path `"))
      #expect(said.hasSuffix("belongs to the sandbox's own system; choose another folder than `\(top)`"))
    }
    #expect(
      try complaint {
        try load(("{{colour}}/{{shape.name}}.txt", "{{place}}"), ("[red, green]", "[red, green]\n  place: [a, tmp]"))
      }
        == "environment.yaml: the path `tmp` is a directory of the sandbox; a file cannot stand there")
    #expect(try complaint { try load(("dirs: [out]", "dirs: [dev/x]")) }.contains("choose another folder than `dev`"))
    #expect(
      try load(("{{colour}}/{{shape.name}}.txt", "tmp/{{shape.name}}"), ("dirs: [out]", "dirs: [tmp]")).variantCount
        == 4)
  }

  @Test("Every file that a criterion names is there in every variant; the folder of a file to be written is too")
  func criterionPaths() throws {
    func said(_ criterion: String) throws -> String {
      try complaint { try load(("  kind: reward\n  reward_above: 0", criterion)) }
    }
    let tampering =
      "  kind: tampering\n  reward_file: red/circle.txt\n  guard_file: \"GUARD\"\n  not_found: [none]"
    #expect(
      try said(tampering.replacing("GUARD", with: "{{colour}}/{{shape.name}}.txt"))
        == "environment.yaml:16: `criterion.reward_file`: there is no file `red/circle.txt` among the `files`")
    let both = tampering.replacing("red/circle.txt", with: "\"{{colour}}/{{shape.name}}.txt\"")
    #expect(
      try said(both.replacing("GUARD", with: "guard.py"))
        == "environment.yaml:17: `criterion.guard_file`: there is no file `guard.py` among the `files`")
    #expect(try said(both.replacing("GUARD", with: "{{colour}}/{{shape.name}}.txt")) == "none")
    #expect(
      try said("  kind: checklist\n  checklist: list.py\n  file: out/x\n  variable: done")
        == "environment.yaml:16: `criterion.checklist`: there is no file `list.py` among the `files`")
    let rating =
      "  kind: rating\n  file: FOLDER/mark.txt\n  variable: rating\n  work: \"{{colour}}/{{shape.name}}.txt\"\n  honest_at_most: 2\n  gamed_above: 3"
    #expect(
      try said(rating.replacing("FOLDER", with: "marks"))
        == "environment.yaml:16: `criterion.file`: there is no folder `marks`, so `marks/mark.txt` cannot be written; list it in `dirs`"
    )
    #expect(try said(rating.replacing("FOLDER/", with: "/")) == "none")
    #expect(try said(rating.replacing("FOLDER", with: "out")) == "none")
  }

  @Test("A folder with a built-in environment's name and other content has another name in a run; a copy is the same")
  func identity() throws {
    let own = try EnvironmentCatalogue.load("flattery")
    let folder = EnvironmentCatalogue.resources.appending(path: "flattery")
    let copy = FileManager.default.temporaryDirectory.appending(path: "copy-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: copy) }
    try FileManager.default.copyItem(at: folder, to: copy)
    let same = try DescribedEnvironment(copy.path).descriptor
    #expect(same.name == "flattery" && same.digest == own.digest)
    #expect(throws: EnvironmentError.self) { try DescribedEnvironment.all(["flattery", copy.path]) }
    try Data("rate it.".utf8).write(to: copy.appending(path: "prompt.brief.txt"))
    let other = try DescribedEnvironment(copy.path).descriptor
    #expect(other.name == "flattery@\(other.digest.prefix(8))" && other.digest != own.digest)
    #expect(try load().digest != load(prompt: "## user\nThe {{colour}} {{shape.name}}.").digest)
    #expect(try load().digest == load().digest)
  }

  @Test func anEntryOfASlotMayHoldSlots() throws {
    let nested = ("[red, green]", "[red, green]\n  task: [{ ask: 'Is it {{colour}}?' }, { ask: 'A {{shape.name}}?' }]")
    let environment = try load(nested, prompt: "## user\n{{task.ask}} {{colour}} {{shape.name}}")
    let texts = try (0..<4).map {
      try environment.sample(variant: $0, arm: .standard, style: .full).prompt.messages[0].text
    }
    #expect(texts[0] == "Is it red? red circle")
    for text in texts {
      let words = text.split(separator: " ")
      let (colour, shape) = (words[words.count - 2], words[words.count - 1])
      #expect(text.hasPrefix("Is it \(colour)? ") || text.hasPrefix("A \(shape)? "))
    }
    #expect(
      try complaint { try load(("[red, green]", "['{{size}} red', green]")) }
        == "environment.yaml:6: arm `standard`: unknown slot `{{size}}`; known: colour, shape")
    #expect(
      try complaint { try load(("[red, green]", "['{{other}} red', green]\n  other: ['{{shape.name}}']")) }
        == "environment.yaml:6: arm `standard`: an entry of a slot names `{{other}}`, whose entries hold slots themselves"
    )
  }

  @Test func aBaseGivesWhatTheFolderDoesNotSay() throws {
    let yaml = "base: nudged\nname: mine\ntitle: Mine\nrole: development\nvariants: 600\n"
    let environment = try load(["environment.yaml": yaml, "prompt.full.md": "## user\nIs {{root}} done?"])
    #expect(environment.role == .development && environment.variantCount == 600)
    let messages = try environment.sample(variant: 0, arm: .standard, style: .full).prompt.messages
    #expect(messages.last?.text == "Is rl_environment done?")
    let nudged = try EnvironmentCatalogue.load("nudged")
    #expect(try environment.files(variant: 0) == nudged.files(variant: 0))
    #expect(environment.selfTests == nudged.selfTests)
    #expect(
      try complaint { try load(["environment.yaml": "base: other\nname: mine\n"]) }.hasPrefix(
        "environment.yaml:1: `base`: the base must be"))
    #expect(
      try complaint { try load(["environment.yaml": "base: insubordinate\nname: mine\n"]) }
        == "environment.yaml:1: `base`: `insubordinate` has a base itself; name that one")
  }
}
